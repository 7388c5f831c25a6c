/**
 * corner-file: a text file of corner points as the rows of a layer. Told by its content, whatever its ending; encoding found out.
 * null: not such a text, another reader may try.
 */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { cornerFormat, readCornerText } from '../../geo/corner-points/corner-text.js';
import { CORNER_FORMAT_WORDS, type CornerWish } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import type { OwnDatum } from '../../model/own-datum.js';
import { placePlots } from './corner-plots.js';
import type { LayerRows } from './layer-rows.js';
import { decodeText } from './text-encoding.js';

/** Bytes that show what a file is. */
const HEAD_BYTES = 65_536;
/** Formats of their own, by their first character: JSON, XML, zip, SQLite, shapefile. */
const OTHER = /^\s*(?:[{<]|PK|SQLite|\0\0\x27\n)/;

/** Faults: corners.unknown-format, layer.encoding, those of placePlots and of the readers. */
export function cornerFile(
  path: string,
  encoding: string | null,
  wish: CornerWish,
  ownDatum: OwnDatum | null,
): LayerRows | null {
  const head = statSync(path).isFile() ? headOf(path) : Buffer.alloc(0);
  const text = extname(path).toLowerCase() === '.txt';
  if (head.length === 0 || OTHER.test(head.toString('latin1', 0, 16))) return null;
  const format = cornerFormat(decodeText(head, encoding).text);
  if (format === null && !text) return null;
  if (format === null) {
    throw new Fault(
      'corners.unknown-format',
      `${basename(path)} 不是认识的坐标文本：应为${Object.values(CORNER_FORMAT_WORDS).join('、')}之一，请核对内容和编码 (not a known corner-point text)`,
    );
  }
  const decoded = decodeText(readFileSync(path), encoding);
  const read = readCornerText(decoded.text, format);
  const placed = placePlots(read.plots, read.declared, wish, ownDatum);
  return {
    rows: placed.rows,
    names: placed.names,
    reference: null,
    decided: placed.decided,
    refused: [...read.refused.map(({ line, why }) => ({ row: line, why })), ...placed.refused],
    encoding: decoded.encoding,
    notes: [
      `格式：${CORNER_FORMAT_WORDS[format]}；行号为文件中的行`,
      `编码 ${decoded.encoding}：${decoded.encodingFrom}`,
      ...read.notes,
      ...placed.notes,
    ],
    nameBytes: [],
  };
}

function headOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const length = readSync(file, buffer, 0, HEAD_BYTES, 0);
    // A character that is cut in two would look like another encoding.
    return buffer.subarray(0, length < HEAD_BYTES ? length : buffer.lastIndexOf(10) + 1 || length);
  } finally {
    closeSync(file);
  }
}
