/**
 * readExif: the few fields of EXIF that the queue asks for. Layout by TIFF 6.0 and Exif 2.32. What is read is bounded whatever the block says of
 * itself: three folders (IFDs) once each, of each entry that is asked for the first, of a value as much as such a value can be. A block of 65 kB
 * whose entries all point at the same bytes is read like any other.
 * In:  the block, with or without its `Exif` mark. Out: values by tag, as they stand; what cannot be read is left out.
 */

/** Text, or numbers (NaN where 0/0 stands). */
export type ExifValue = string | readonly number[];
type Fields = ReadonlyMap<number, ExifValue>;

export interface ExifFields {
  readonly image: Fields;
  readonly photo: Fields;
  readonly gps: Fields;
  /** In all three, whatever their tags. */
  readonly entries: number;
}

export const IMAGE = {
  processing: 0x000b,
  make: 0x010f,
  model: 0x0110,
  software: 0x0131,
  photo: 0x8769,
  gps: 0x8825,
} as const;
export const PHOTO = { takenAt: 0x9003, offset: 0x9011 } as const;
export const GPS = {
  latRef: 0x01,
  lat: 0x02,
  lonRef: 0x03,
  lon: 0x04,
  headingRef: 0x10,
  heading: 0x11,
  datum: 0x12,
  accuracy: 0x1f,
} as const;

const MOST_TEXT_BYTES = 256;
/** Degrees, minutes, seconds. */
const MOST_NUMBERS = 3;
const ENTRY_BYTES = 12;
const ASCII = 2;
/** Text by another name: some write it so. */
const UTF8 = 129;

export const NO_EXIF: ExifFields = { image: new Map(), photo: new Map(), gps: new Map(), entries: 0 };

export function readExif(bytes: Uint8Array): ExifFields {
  const block = bytes.subarray(String.fromCharCode(...bytes.subarray(0, 4)) === 'Exif' ? 6 : 0);
  const order = String.fromCharCode(...block.subarray(0, 2));
  if (block.length < 8 || (order !== 'II' && order !== 'MM')) return NO_EXIF;
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const little = order === 'II';
  const image = folder(view, little, view.getUint32(4, little), IMAGE);
  const photo = folder(view, little, pointer(image.fields.get(IMAGE.photo)), PHOTO);
  const gps = folder(view, little, pointer(image.fields.get(IMAGE.gps)), GPS);
  const entries = image.entries + photo.entries + gps.entries;
  return { image: image.fields, photo: photo.fields, gps: gps.fields, entries };
}

/** 0: nowhere. */
function pointer(value: ExifValue | undefined): number {
  return typeof value === 'object' ? (value[0] ?? 0) : 0;
}

function folder(
  view: DataView,
  little: boolean,
  at: number,
  tags: Readonly<Record<string, number>>,
): { readonly fields: Fields; readonly entries: number } {
  const fields = new Map<number, ExifValue>();
  if (at < 8 || at + 2 > view.byteLength) return { fields, entries: 0 };
  const wanted = new Set(Object.values(tags));
  const room = Math.floor((view.byteLength - at - 2) / ENTRY_BYTES);
  const entries = Math.min(view.getUint16(at, little), room);
  for (let i = 0; i < entries; i++) {
    const entry = at + 2 + i * ENTRY_BYTES;
    const tag = view.getUint16(entry, little);
    const value = wanted.has(tag) && !fields.has(tag) ? readValue(view, little, entry) : null;
    if (value !== null) fields.set(tag, value);
  }
  return { fields, entries };
}

function readValue(view: DataView, little: boolean, entry: number): ExifValue | null {
  const type = view.getUint16(entry + 2, little);
  const count = view.getUint32(entry + 4, little);
  const size = SIZES[type];
  if (size === undefined || count === 0) return null;
  const at = size * count <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  if (type === ASCII || type === UTF8) return textOf(view, at, Math.min(count, MOST_TEXT_BYTES));
  if (count > MOST_NUMBERS || at + size * count > view.byteLength) return null;
  return Array.from({ length: count }, (_, i) => numberAt(view, little, type, at + i * size));
}

function numberAt(view: DataView, little: boolean, type: number, at: number): number {
  if (type === 1) return view.getUint8(at);
  if (type === 3) return view.getUint16(at, little);
  if (type === 4) return view.getUint32(at, little);
  if (type === 5) return view.getUint32(at, little) / view.getUint32(at + 4, little);
  if (type === 9) return view.getInt32(at, little);
  return view.getInt32(at, little) / view.getInt32(at + 4, little);
}

/** Bytes of a value by type: byte, text, 16 and 32 bits, fraction, signed 32 bits, signed fraction. */
const SIZES: Readonly<Record<number, number>> = { 1: 1, [ASCII]: 1, 3: 2, 4: 4, 5: 8, 9: 4, 10: 8, [UTF8]: 1 };

/** Up to its end mark; UTF-8, as Exif 3 has it, else GBK, as Chinese editors write it; else nothing. */
function textOf(view: DataView, at: number, count: number): string | null {
  if (at >= view.byteLength) return null;
  const stated = new Uint8Array(view.buffer, view.byteOffset + at, Math.min(count, view.byteLength - at));
  const end = stated.indexOf(0);
  const own = end < 0 ? stated : stated.subarray(0, end);
  return decoded(own, 'utf-8') ?? decoded(own, 'gbk');
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
