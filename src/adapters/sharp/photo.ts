/**
 * photo: what a picture says of itself (EXIF by exif-reader out of sharp's metadata), whether it decodes, and a preview that is drawn anew from its
 * pixels alone: no metadata, no other bytes of the original. What EXIF holds is taken as it stands; what does not fit is left out, not mended.
 */
import exifReader from 'exif-reader';
import sharp from 'sharp';
import type { PhotoFacts } from '../../model/evidence.js';
import { Fault } from '../../model/fault.js';

/** Pixels that a picture may have: a 100-megapixel camera and some more; beyond lies what is made to fill memory. */
const MOST_PIXELS = 200_000_000;

type Exif = ReturnType<typeof exifReader>;

/** Fault evidence.broken: no picture comes out of it. */
export async function readPhoto(path: string): Promise<PhotoFacts> {
  const input = { limitInputPixels: MOST_PIXELS, sequentialRead: true } as const;
  try {
    const { width, height, exif } = await sharp(path, { ...input, failOn: 'none' }).metadata();
    const decodes = (failOn: 'none' | 'truncated') =>
      sharp(path, { ...input, failOn })
        .resize(64, 64, { fit: 'inside' })
        .raw()
        .toBuffer();
    const whole = await decodes('truncated').then(
      () => true,
      () => false,
    );
    if (!whole) await decodes('none');
    return { ...facts(exif ? parsed(exif) : null), width, height, truncated: !whole };
  } catch (cause) {
    throw new Fault(
      'evidence.broken',
      '图像打不开，可能已损坏或过大 (the picture cannot be opened: damaged, or too large)',
      { cause },
    );
  }
}

/** Fault evidence.broken. */
export async function previewJpeg(path: string, maxPx: number): Promise<Uint8Array> {
  try {
    return await sharp(path, { limitInputPixels: MOST_PIXELS, sequentialRead: true, failOn: 'none' })
      .autoOrient()
      .resize(maxPx, maxPx, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 82 })
      .toBuffer();
  } catch (cause) {
    throw new Fault('evidence.broken', '图像打不开，可能已损坏 (the picture cannot be opened)', { cause });
  }
}

function parsed(bytes: Buffer): Exif | null {
  try {
    return exifReader(bytes);
  } catch {
    return null;
  }
}

function facts(exif: Exif | null): Omit<PhotoFacts, 'width' | 'height' | 'truncated'> {
  const { Image: image, Photo: photo, GPSInfo: gps } = exif ?? {};
  const ref = text(gps?.GPSImgDirectionRef);
  const lat = degrees(gps?.GPSLatitude, text(gps?.GPSLatitudeRef) === 'S', 90);
  const lon = degrees(gps?.GPSLongitude, text(gps?.GPSLongitudeRef) === 'W', 180);
  // Cameras without a fix write zeros.
  const fixed = lat !== null && lon !== null && (lat !== 0 || lon !== 0);
  const heading = number(gps?.GPSImgDirection);
  const headingDeg = heading !== null && heading >= 0 && heading <= 360 ? heading % 360 : null;
  return {
    exif: exif !== null && [image, photo, gps].some((part) => part && Object.keys(part).length > 0),
    takenAt: local(photo?.DateTimeOriginal),
    offset: offset(photo?.OffsetTimeOriginal),
    lon: fixed ? lon : null,
    lat: fixed ? lat : null,
    statedDatum: text(gps?.GPSMapDatum),
    accuracyM: number(gps?.GPSHPositioningError),
    headingDeg,
    headingFrom: headingDeg === null ? null : ref === 'M' ? 'magnetic' : ref === 'T' ? 'true' : null,
    device: [text(image?.Make), text(image?.Model)].filter((part) => part !== null).join(' ') || null,
    software: text(image?.Software) ?? text(image?.ProcessingSoftware),
  };
}

function text(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const plain = value
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 120);
  return plain === '' ? null : plain;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function degrees(value: unknown, negative: boolean, most: number): number | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > 3) return null;
  const [whole = 0, minutes = 0, seconds = 0] = value.map(number);
  if (whole === null || minutes === null || seconds === null) return null;
  const result = Math.round((whole + minutes / 60 + seconds / 3600) * 1e8) / 1e8;
  return result >= 0 && result <= most ? (negative && result !== 0 ? -result : result) : null;
}

/** exif-reader puts the camera's own numerals into a Date as if they were UTC. */
function local(value: unknown): string | null {
  return value instanceof Date && Number.isFinite(value.getTime()) ? value.toISOString().slice(0, 19) : null;
}

function offset(value: unknown): string | null {
  const found = text(value);
  return found !== null && /^[+-](0\d|1[0-4]):[0-5]\d$/.test(found) ? found : null;
}
