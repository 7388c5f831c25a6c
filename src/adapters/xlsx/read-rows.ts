/** readRows: the first sheet of an XLSX as text, row by row. Numbers and dates that were typed for codes come as they are written. */
import { readFile } from 'node:fs/promises';
import { readSheet } from 'read-excel-file/node';
import { Fault } from '../../model/fault.js';

/** Faults: input.file, input.xlsx. */
export async function readRows(path: string): Promise<string[][]> {
  const bytes = await readFile(path).catch((cause) => {
    throw new Fault('input.file', `读不到文件 ${path} (the file cannot be read)`, { cause });
  });
  try {
    const rows = await readSheet(bytes);
    return rows.map((row) => row.map((value) => (value === null || value === undefined ? '' : String(value))));
  } catch (cause) {
    throw new Fault('input.xlsx', `${path} 不是可读的 XLSX 文件 (not a readable XLSX file)`, { cause });
  }
}
