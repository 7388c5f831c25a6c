/**
 * dbf: the attribute table of a shapefile, decoded here and not by GDAL, because files lie about their encoding and GDAL's own
 * recoding depends on how it was built. Encoding: the one given, else .cpg, else the language byte of the header, else UTF-8
 * when every text is strict UTF-8, else GB18030 (which contains GBK and GB2312). A .cpg that says UTF-8 over bytes that are not
 * is overruled, and the report says so.
 */
import { existsSync, readFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import { Fault } from '../../model/fault.js';

export type DbfValue = string | number | null;

export interface DbfTable {
  readonly names: readonly string[];
  /** As the header declares them, in the order of `names`. */
  readonly fields: readonly { readonly type: string; readonly length: number; readonly decimals: number }[];
  /** By record number from 0; null = deleted. */
  readonly records: readonly (readonly DbfValue[] | null)[];
  readonly encoding: string;
  /** How the encoding was found, Chinese. */
  readonly encodingFrom: string;
}

interface DbfField {
  readonly name: Buffer;
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly decimals: number;
}

/** Language bytes that name a Chinese code page or UTF-8; others say too little. */
const LANGUAGE_BYTES: Readonly<Record<number, string>> = { 77: 'GB18030', 122: 'GB18030' };

export function readDbf(path: string, givenEncoding: string | null): DbfTable {
  const bytes = readFileSync(path);
  const { fields, records } = parse(bytes, path);
  const texts = (): Buffer[] => [
    ...fields.map(({ name }) => name),
    ...records.flatMap((record) => (record === null ? [] : fields.filter(isText).map((field) => slice(record, field)))),
  ];
  const [encoding, encodingFrom] = encodingOf(path, bytes[29] ?? 0, givenEncoding, texts);
  const decode = (raw: Buffer): string => iconv.decode(raw, encoding).replace(/\0+$/, '').trimEnd();
  return {
    names: different(fields.map(({ name }) => decode(name))),
    fields: fields.map(({ type, length, decimals }) => ({ type, length, decimals })),
    records: records.map((record) =>
      record === null ? null : fields.map((field) => decoded(slice(record, field), field, decode)),
    ),
    encoding,
    encodingFrom,
  };
}

function parse(bytes: Buffer, path: string): { fields: DbfField[]; records: (Buffer | null)[] } {
  const count = bytes.length >= 32 ? bytes.readUInt32LE(4) : 0;
  const headerLength = bytes.length >= 32 ? bytes.readUInt16LE(8) : 0;
  const recordLength = bytes.length >= 32 ? bytes.readUInt16LE(10) : 0;
  // The last record may lack the end-of-file byte, no more.
  if (headerLength < 33 || bytes.length < headerLength + count * recordLength) {
    throw new Fault(
      'layer.dbf',
      `属性表损坏或不完整：${path}（应有 ${count} 条记录）(the .dbf is damaged or truncated)`,
    );
  }
  const fields: DbfField[] = [];
  let offset = 1;
  for (let at = 32; at + 32 <= headerLength && bytes[at] !== 0x0d; at += 32) {
    const length = bytes[at + 16] ?? 0;
    const name = bytes.subarray(at, at + 11);
    const end = name.indexOf(0);
    fields.push({
      name: end < 0 ? name : name.subarray(0, end),
      type: String.fromCharCode(bytes[at + 11] ?? 0),
      offset,
      length,
      decimals: bytes[at + 17] ?? 0,
    });
    offset += length;
  }
  const records = Array.from({ length: count }, (_, i) => {
    const record = bytes.subarray(headerLength + i * recordLength, headerLength + (i + 1) * recordLength);
    return record[0] === 0x2a ? null : record;
  });
  return { fields, records };
}

/** Names that were cut to the same text are told apart: 有效期, 有效期_2. */
function different(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

const isText = ({ type }: DbfField): boolean => type === 'C' || type === 'M';
const slice = (record: Buffer, { offset, length }: DbfField): Buffer => record.subarray(offset, offset + length);

function decoded(raw: Buffer, field: DbfField, decode: (raw: Buffer) => string): DbfValue {
  const text = decode(raw).trim();
  if (text === '' || /^\*+$/.test(text)) return null;
  if (isText(field)) return text;
  if (field.type === 'D') return /^0*$/.test(text) ? null : text;
  if (field.type !== 'N' && field.type !== 'F') return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function encodingOf(
  path: string,
  language: number,
  given: string | null,
  texts: () => Buffer[],
): readonly [encoding: string, from: string] {
  if (given !== null) return [knownEncoding(given), '由 --encoding 指定'];
  const cpg = [path.replace(/\.dbf$/i, '.cpg'), path.replace(/\.dbf$/i, '.CPG')].find((file) => existsSync(file));
  const declared = cpg === undefined ? '' : readFileSync(cpg, 'latin1').trim();
  const byFile = declared === '' ? null : codePage(declared);
  if (byFile !== null && byFile !== 'UTF-8') return [byFile, `.cpg 声明 ${declared}`];
  const strict = texts().every(isStrictUtf8);
  if (byFile === 'UTF-8') {
    return strict
      ? ['UTF-8', `.cpg 声明 ${declared}`]
      : ['GB18030', `.cpg 声明 ${declared}，但内容不是 UTF-8，按 GB18030 读取`];
  }
  const byHeader = LANGUAGE_BYTES[language];
  if (byHeader !== undefined) return [byHeader, `.dbf 语言标识 ${language}`];
  return strict ? ['UTF-8', '无声明，内容符合 UTF-8'] : ['GB18030', '无声明，内容不符合 UTF-8，按 GB18030 读取'];
}

function isStrictUtf8(raw: Buffer): boolean {
  try {
    // A name or text cut by its field's width may end inside a character: that much is forgiven.
    new TextDecoder('utf-8', { fatal: true }).decode(raw, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** `936`, `CP936`, `ANSI 936`, `GBK`, `65001`, `UTF8` …; null for what is not known. */
export function codePage(declared: string): string | null {
  const plain = declared.toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (/^(UTF8|65001|CP65001)$/.test(plain)) return 'UTF-8';
  if (
    /(^|[^0-9])(936|54936)$/.test(plain.replace(/^(ANSI|CP|OEM|WINDOWS|MS)/, ' ')) ||
    /^(GBK|GB2312|GB18030|EUCCN)$/.test(plain)
  ) {
    return 'GB18030';
  }
  return iconv.encodingExists(declared) ? declared : null;
}

function knownEncoding(given: string): string {
  const known = codePage(given);
  if (known === null) {
    throw new Fault('layer.encoding', `不认识编码“${given}”，请用 GBK、GB18030 或 UTF-8 (unknown encoding)`);
  }
  return known;
}
