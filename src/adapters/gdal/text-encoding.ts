/**
 * text-encoding: bytes of a text file as text. Encoding: the one given, else a byte order mark, else UTF-16 where every other
 * byte is zero, else UTF-8 when the bytes are strict UTF-8, else GB18030 (which contains GBK and GB2312).
 */
import iconv from 'iconv-lite';
import { Fault } from '../../model/fault.js';

export interface DecodedText {
  readonly text: string;
  readonly encoding: string;
  /** How it was found, Chinese. */
  readonly encodingFrom: string;
}

const MARKS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'UTF-8'],
  [[0xff, 0xfe], 'UTF-16LE'],
  [[0xfe, 0xff], 'UTF-16BE'],
];

/** Faults: layer.encoding. */
export function decodeText(bytes: Buffer, given: string | null): DecodedText {
  const [encoding, encodingFrom] = encodingOf(bytes, given);
  return { text: iconv.decode(bytes, encoding).replace(/^\uFEFF/, ''), encoding, encodingFrom };
}

function encodingOf(bytes: Buffer, given: string | null): readonly [string, string] {
  if (given !== null) {
    if (iconv.encodingExists(given)) return [given, '按 --encoding'];
    throw new Fault('layer.encoding', `不认识的编码“${given}”，可用 GBK、GB18030、UTF-8 (unknown encoding)`);
  }
  const mark = MARKS.find(([start]) => start.every((byte, i) => bytes[i] === byte));
  if (mark) return [mark[1], '按文件开头的字节序标记（BOM）'];
  const wide = utf16(bytes);
  if (wide !== null) return [wide, '隔字节为零'];
  if (iconv.decode(bytes, 'utf8').includes('\uFFFD')) return ['GB18030', '内容不符合 UTF-8'];
  return ['UTF-8', '内容符合 UTF-8'];
}

/** Line breaks, digits and commas are half zeros in UTF-16. */
function utf16(bytes: Buffer): string | null {
  const zeros = [0, 0];
  const length = Math.min(bytes.length, 4096);
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > length / 8 && even === 0) return 'UTF-16LE';
  return even > length / 8 && odd === 0 ? 'UTF-16BE' : null;
}
