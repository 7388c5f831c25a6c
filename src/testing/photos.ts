/** Small photos with EXIF as phones write it. */
import sharp from 'sharp';

export interface PhotoWish {
  readonly lon?: number;
  readonly lat?: number;
  /** `2026:10:02 09:30:00`. */
  readonly takenAt?: string;
  readonly offset?: string;
  readonly headingDeg?: number;
  readonly software?: string;
  readonly datum?: string;
  /** Makes its bytes differ. */
  readonly shade?: number;
  readonly format?: 'jpeg' | 'png' | 'webp' | 'tiff';
}

export async function photo(wish: PhotoWish = {}): Promise<Buffer> {
  const {
    lon,
    lat,
    takenAt,
    offset = '+08:00',
    headingDeg,
    software,
    datum = 'WGS-84',
    shade = 120,
    format = 'jpeg',
  } = wish;
  const picture = sharp({
    create: { width: 640, height: 480, channels: 3, background: { r: shade % 256, g: 90, b: (shade * 7) % 256 } },
  });
  const place =
    lon === undefined || lat === undefined
      ? {}
      : {
          GPSLatitudeRef: lat < 0 ? 'S' : 'N',
          GPSLatitude: sexagesimal(lat),
          GPSLongitudeRef: lon < 0 ? 'W' : 'E',
          GPSLongitude: sexagesimal(lon),
          ...(headingDeg === undefined
            ? {}
            : { GPSImgDirection: `${Math.round(headingDeg * 100)}/100`, GPSImgDirectionRef: 'T' }),
          GPSMapDatum: datum,
        };
  const plain = Object.keys(wish).every((key) => key === 'shade' || key === 'format');
  const described = plain
    ? picture
    : picture.withExif({
        IFD0: { Make: 'HUAWEI', Model: 'P60', ...(software === undefined ? {} : { Software: software }) },
        IFD2:
          takenAt === undefined
            ? {}
            : { DateTimeOriginal: takenAt, ...(offset === '' ? {} : { OffsetTimeOriginal: offset }) },
        IFD3: place,
      });
  return described.toFormat(format).toBuffer();
}

function sexagesimal(degrees: number): string {
  const whole = Math.floor(Math.abs(degrees));
  const minutes = Math.floor((Math.abs(degrees) - whole) * 60);
  const seconds = (Math.abs(degrees) - whole - minutes / 60) * 3600;
  return `${whole}/1 ${minutes}/1 ${Math.round(seconds * 10000)}/10000`;
}

export async function* streamed(bytes: Uint8Array, chunk = 4096): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += chunk) yield bytes.subarray(from, from + chunk);
}
