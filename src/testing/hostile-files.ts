/** Files as nobody's camera or office makes them: small ones that would fill memory, lie about themselves, or are two things at once. */
import { crc32, deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';

/** An entry of EXIF: tag, type by TIFF 6.0, how many it says there are, and its bytes (4 at most lie in the entry itself) or where they lie. */
export type ExifEntry = readonly [tag: number, type: number, count: number, value: Uint8Array | number];

export const [ASCII, LONG, FRACTION, SIGNED_FRACTION] = [2, 4, 5, 10];
export const IMAGE_TAG = { make: 0x010f, software: 0x0131, photo: 0x8769, gps: 0x8825 };
export const PHOTO_TAG = { takenAt: 0x9003, offset: 0x9011, makerNote: 0x927c };
export const GPS_TAG = { latRef: 1, lat: 2, lonRef: 3, lon: 4, headingRef: 0x10, heading: 0x11, accuracy: 0x1f };

export interface ExifWish {
  readonly image?: readonly ExifEntry[];
  readonly photo?: readonly ExifEntry[];
  readonly gps?: readonly ExifEntry[];
}

/** A block of EXIF whose folders hold these entries, just as they are given. */
export function exifBlock({ image = [], photo = [], gps = [] }: ExifWish): Buffer {
  const head = Buffer.from('II*\0\u0008\0\0\0', 'latin1');
  const sizeOf = (entries: readonly ExifEntry[]) => 2 + entries.length * 12 + 4;
  const pointers: ExifEntry[] = [
    ...(photo.length > 0 ? [[IMAGE_TAG.photo, LONG, 1, head.length + sizeOf(image) + 24] as const] : []),
    ...(gps.length > 0 ? [[IMAGE_TAG.gps, LONG, 1, head.length + sizeOf(image) + 24 + sizeOf(photo)] as const] : []),
  ];
  const folders: [readonly ExifEntry[], number][] = [
    [[...image, ...pointers], sizeOf(image) + 24],
    [photo, sizeOf(photo)],
    [gps, sizeOf(gps)],
  ];
  let free = head.length + folders.reduce((sum, [, size]) => sum + size, 0);
  const values: Uint8Array[] = [];
  const written = folders.map(([entries, size]) => {
    const folder = Buffer.alloc(size);
    folder.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag, type, count, value], i) => {
      const at = 2 + i * 12;
      folder.writeUInt16LE(tag, at);
      folder.writeUInt16LE(type, at + 2);
      folder.writeUInt32LE(count >>> 0, at + 4);
      if (typeof value === 'number') folder.writeUInt32LE(value >>> 0, at + 8);
      else if (value.length <= 4) folder.set(value, at + 8);
      else {
        folder.writeUInt32LE(free, at + 8);
        values.push(value);
        free += value.length;
      }
    });
    return folder;
  });
  return Buffer.concat([head, ...written, ...values]);
}

export const text = (value: string | Uint8Array): [number, number, Uint8Array] => {
  const bytes = Buffer.concat([Buffer.from(value), Buffer.from([0])]);
  return [ASCII, bytes.length, bytes];
};

/** Numerators and denominators. */
export function fractions(...of: readonly (readonly [number, number])[]): [number, number, Uint8Array] {
  const bytes = Buffer.alloc(of.length * 8);
  of.forEach(([above, below], i) => {
    bytes.writeInt32LE(above | 0, i * 8);
    bytes.writeInt32LE(below | 0, i * 8 + 4);
  });
  return [of.some(([above, below]) => above < 0 || below < 0) ? SIGNED_FRACTION : FRACTION, of.length, bytes];
}

/** The JPEG with a block of EXIF as its first segment. */
export function jpegWithExif(jpeg: Uint8Array, block: Uint8Array): Buffer {
  const segment = Buffer.concat([Buffer.from('\u00ff\u00e1\0\0Exif\0\0', 'latin1'), block]);
  segment.writeUInt16BE(Math.min(segment.length - 2, 0xffff), 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

/** Every entry of it points at all of it: 65 kB that unfold into gigabytes when they are all read. */
export function unfoldingExif(): Buffer {
  const block = Buffer.alloc(65_000);
  block.write('II*\0\u0008', 0, 'latin1');
  const entries = 5_400;
  block.writeUInt16LE(entries, 8);
  for (let i = 0; i < entries; i++) {
    block.writeUInt16LE(30_000 + i, 10 + i * 12);
    block.writeUInt16LE(1, 12 + i * 12);
    block.writeUInt32LE(65_000, 14 + i * 12);
    block.writeUInt32LE(8, 18 + i * 12);
  }
  return block;
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** A PNG that says it is so large; its pixels are a few zeros. */
export function vastPng(width: number, height: number, interlaced: boolean): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // 16 bits, red, green, blue and alpha.
  head.set([16, 6, 0, 0, interlaced ? 1 : 0], 8);
  const begin = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = pngChunk('IDAT', deflateSync(Buffer.alloc(100_000)));
  return Buffer.concat([begin, pngChunk('IHDR', head), pixels, pngChunk('IEND', new Uint8Array())]);
}

/** An archive of the kind that offices write, with a part that grows a thousandfold when it is unpacked. */
export function officeBomb(part: 'word/document.xml' | 'xl/workbook.xml', megabytes: number): Buffer {
  const type = part.startsWith('word')
    ? 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
    : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml';
  return Buffer.from(
    zipSync({
      '[Content_Types].xml': Buffer.from(`<Types><Override PartName="/${part}" ContentType="${type}"/></Types>`),
      [part]: new Uint8Array(megabytes * 1_000_000),
    }),
  );
}

/** An archive whose table of contents is the bomb. */
export function contentsBomb(megabytes: number): Buffer {
  return Buffer.from(zipSync({ '[Content_Types].xml': new Uint8Array(megabytes * 1_000_000) }));
}
