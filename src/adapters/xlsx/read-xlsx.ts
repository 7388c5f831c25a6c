/**
 * readXlsx: a sheet of a workbook as rows of plain values. Days and times come as text of the clock on the wall, `2026-10-12` or
 * `2026-10-12T09:30:00`, as spreadsheets know no time zones. Of a formula the value that was stored with it is read, and where
 * none was, the formula's text: none is evaluated, and none is read as an empty cell.
 */
import readExcelFile from 'read-excel-file/node';
import { Fault } from '../../model/fault.js';
import type { SheetCell } from '../../model/form-sheet.js';
import { formulaCells } from './formula-cells.js';

/** `file`: of an unpacked size that is known to be small. Row 0 is row 1 of the sheet. Faults: form.file, form.sheet. */
export async function readXlsx(file: Uint8Array, sheet: string): Promise<SheetCell[][]> {
  const sheets = await readExcelFile(Buffer.from(file), { trim: false }).catch((cause: unknown) => {
    throw notAWorkbook(cause);
  });
  const found = sheets.find((one) => one.sheet === sheet);
  if (!found) {
    const names = sheets.map((one) => `“${one.sheet}”`).join('、');
    throw new Fault('form.sheet', `表格里没有名为“${sheet}”的工作表，只有 ${names} (no sheet of that name)`);
  }
  const rows = found.data.map((row) => row.map(cellOf));
  for (const [place, formula] of formulaCells(file, sheet)) {
    const { row, column } = placeOf(place);
    const cells = rows[row];
    if (cells) cells[column] = formula;
  }
  return rows;
}

/** `AB7` → row 6, column 27. */
function placeOf(place: string): { readonly row: number; readonly column: number } {
  const [, letters = '', digits = ''] = /^([A-Z]+)(\d+)$/.exec(place) ?? [];
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return { row: Number(digits) - 1, column };
}

function cellOf(value: unknown): SheetCell {
  if (value instanceof Date) return wallTime(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}

/** To the second: what a spreadsheet holds is a fraction of a day. */
function wallTime(date: Date): string {
  const text = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString().slice(0, 19);
  return text.endsWith('T00:00:00') ? text.slice(0, 10) : text;
}

function notAWorkbook(cause: unknown): Fault {
  return new Fault(
    'form.file',
    '读不出这个文件：应为导出的 .xlsx 表格，填好后另存为 .xlsx (expected the exported .xlsx workbook)',
    { cause },
  );
}
