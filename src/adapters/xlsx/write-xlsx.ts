/**
 * writeXlsx: a list as an Excel sheet: Chinese heads in a frozen first row, set widths, numbers as numbers with their digits.
 * All text is written as text, so that nothing in it can become a formula. Whole or not at all. A second sheet says whose copy it is, where that
 * is given (not in workbooks that are read in again, where every sheet counts).
 */
import writeExcelFile, { type Cell } from 'write-excel-file/node';
import { type HandlingMark, MARK_TITLE, markRecord, markText } from '../../model/handling-mark.js';
import type { ExportList, ListColumn, ListValue } from '../../model/patch-list.js';

/** Longest text that a cell of the format takes. */
const CELL_CHARACTERS = 32767;

export async function xlsxOf(
  { name, columns, rows }: ExportList,
  mark: HandlingMark | null = null,
): Promise<Uint8Array> {
  const heads = columns.map(({ zh }) => headCell(zh));
  const body = rows.map(({ values }) => columns.map((column, i) => valueCell(values[i] ?? null, column)));
  const options = { sheet: name, columns: columns.map(({ width }) => ({ width })), stickyRowsCount: 1 };
  if (mark === null) return await writeExcelFile([heads, ...body], options).toBuffer();
  const lines = [markText(mark), markRecord(mark)].map((value): Cell[] => [{ value, type: String }]);
  return await writeExcelFile([
    { data: [heads, ...body], ...options },
    { data: lines, sheet: MARK_TITLE, columns: [{ width: 80 }] },
  ]).toBuffer();
}

export function headCell(text: string): Cell {
  return { value: text, type: String, fontWeight: 'bold', backgroundColor: '#DCE6F1' };
}

export function valueCell(value: ListValue, { digits }: Pick<ListColumn, 'digits'>): Cell {
  if (value === null) return null;
  if (typeof value === 'number') {
    return { value, type: Number, format: digits === undefined || digits === 0 ? '0' : `0.${'0'.repeat(digits)}` };
  }
  const text = typeof value === 'string' ? value : value.join(',');
  // Stays text when somebody opens the cell and leaves it again.
  const asText = /^[=+\-@]/.test(text) ? { format: '@' } : {};
  return { value: text.slice(0, CELL_CHARACTERS), type: String, wrap: text.length > 60, ...asText };
}
