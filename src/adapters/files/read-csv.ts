/**
 * readCsv: rows of a small CSV as people save it: UTF-8 with or without mark, else GB18030; quotes doubled within quotes; the apostrophe that
 * writeCsv put before text like a formula is taken off again.
 */
import { readFile } from 'node:fs/promises';
import { Fault } from '../../model/fault.js';

/** Faults: input.file, input.csv. */
export async function readCsv(path: string): Promise<string[][]> {
  const bytes = await readFile(path).catch((cause) => {
    throw new Fault('input.file', `读不到文件 ${path} (the file cannot be read)`, { cause });
  });
  return csvRows(decodedText(bytes), path);
}

/** UTF-8 with or without mark, else GB18030, as Excel in China saves a CSV. */
export function decodedText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** Empty lines are left out. */
export function csvRows(text: string, path: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell and what ends it: comma, line, or the end of the text.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const match = cell.exec(text);
    if (!match) {
      const line = text.slice(0, at).split('\n').length;
      throw new Fault('input.csv', `${path} 第 ${line} 行的引号不成对 (a quote is not closed in this line)`);
    }
    const [, quoted, plain = '', end] = match;
    row.push((quoted === undefined ? plain : quoted.replaceAll('""', '"')).replace(/^'(?=[=+\-@\t\r])/, ''));
    if (end === ',' && cell.lastIndex < text.length) continue;
    if (end === ',') row.push('');
    if (row.some((value) => value !== '')) rows.push(row);
    row = [];
  }
  return rows;
}
