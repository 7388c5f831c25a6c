/**
 * writeDbf: an attribute table with the fields as they are given: names in GBK bytes, types, widths and decimals kept. Written here
 * and not by GDAL, which cuts Chinese names in the middle of a character and chooses widths of its own. dBASE III, as ESRI reads it.
 */
import { writeFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import type { IssuedField } from '../../model/issued.js';

const LETTERS: Readonly<Record<IssuedField['type'], string>> = { text: 'C', integer: 'N', real: 'N', date: 'D' };
const NAME_BYTES = 10;
const TEXT_BYTES = 254;
/** Widths for fields of files that declare none: the widest integer, metres and shares with their digits. */
const WIDTHS: Readonly<Record<IssuedField['type'], number>> = { text: TEXT_BYTES, integer: 18, real: 24, date: 8 };
const REAL_DECIMALS = 6;
/** GBK. */
const LANGUAGE = 77;

type Value = string | number | null;

/** `GBK`, or `GB18030` where a rare character needs its four bytes: what belongs into the .cpg. */
export function writeDbf(path: string, fields: readonly IssuedField[], rows: readonly (readonly Value[])[]): string {
  const columns = fields.map(columnOf);
  const length = 1 + columns.reduce((sum, { width }) => sum + width, 0);
  const header = Buffer.alloc(32 + 32 * columns.length + 1);
  // Version, then a date that says nothing of the time of writing.
  header.set([3, 70, 1, 1]);
  header.writeUInt32LE(rows.length, 4);
  header.writeUInt16LE(header.length, 8);
  header.writeUInt16LE(length, 10);
  header[29] = LANGUAGE;
  columns.forEach(({ name, letter, width, decimals }, i) => {
    const at = 32 + 32 * i;
    name.copy(header, at);
    header[at + 11] = letter.charCodeAt(0);
    header[at + 16] = width;
    header[at + 17] = decimals;
  });
  header[header.length - 1] = 0x0d;
  const records = rows.map((values) => {
    const record = Buffer.alloc(length, 0x20);
    let at = 1;
    columns.forEach((column, i) => {
      cellOf(values[i] ?? null, column).copy(record, at);
      at += column.width;
    });
    return record;
  });
  writeFileSync(path, Buffer.concat([header, ...records, Buffer.from([0x1a])]));
  const texts = [...fields.map(({ name }) => name), ...rows.flat().filter((value) => typeof value === 'string')];
  const rare = texts.some((text) => [...text].some((character) => iconv.encode(character, 'gb18030').length === 4));
  return rare ? 'GB18030' : 'GBK';
}

interface Column {
  readonly name: Buffer;
  readonly letter: string;
  readonly width: number;
  readonly decimals: number;
  readonly type: IssuedField['type'];
}

function columnOf({ name, type, width, decimals }: IssuedField): Column {
  const wide = width > 0 ? Math.min(width, TEXT_BYTES) : WIDTHS[type];
  const digits = type === 'real' ? (width > 0 ? decimals : REAL_DECIMALS) : 0;
  return {
    name: cut(name, NAME_BYTES),
    letter: LETTERS[type],
    width: type === 'date' ? 8 : wide,
    decimals: digits,
    type,
  };
}

function cellOf(value: Value, { type, width, decimals }: Column): Buffer {
  if (value === null) return Buffer.alloc(width, 0x20);
  if (type === 'text') return cut(String(value), width);
  if (type === 'date') return Buffer.from(String(value).replaceAll('-', '').slice(0, 8));
  const number = typeof value === 'number' ? value : Number(value);
  // A text in a number field (a file's own damage) goes back as it came, as far as it fits.
  const text = Number.isFinite(number) ? number.toFixed(decimals) : String(value);
  return text.length <= width
    ? Buffer.from(text.padStart(width))
    : Buffer.from(String(number).slice(0, width).padStart(width));
}

/** The longest beginning that fits, between characters. */
function cut(text: string, bytes: number): Buffer {
  let kept = Buffer.alloc(0);
  for (const character of text) {
    const more = iconv.encode(character, 'gb18030');
    if (kept.length + more.length > bytes) break;
    kept = Buffer.concat([kept, more]);
  }
  return kept;
}
