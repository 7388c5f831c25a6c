/** An exported workbook filled in as an officer does it: only the form sheet comes back, its cells set by row and head. */
import writeExcelFile, { type Cell } from 'write-excel-file/node';
import { readXlsx } from '../adapters/xlsx/read-xlsx.js';
import { FORM_SHEET } from '../model/form-sheet.js';

/** A Date is what a cell with a date format holds: the clock on the wall as if it were UTC. */
export type Filling = string | number | Date | null;

export async function filledWorkbook(
  book: Uint8Array,
  fill: Readonly<Record<string, Readonly<Record<string, Filling>>>>,
): Promise<{ readonly file: Buffer; readonly cell: (taskId: string, head: string) => string }> {
  const rows: Filling[][] = (await readXlsx(book, FORM_SHEET)).map((row) =>
    row.map((cell) => (typeof cell === 'boolean' ? String(cell) : cell)),
  );
  const heads = rows[1] ?? [];
  const at = (head: string) => {
    const column = heads.indexOf(head);
    if (column < 0) throw new Error(`no column ${head}`);
    return column;
  };
  const lines = new Map(rows.map((row, i) => [String(row[0]), i]));
  for (const [taskId, cells] of Object.entries(fill)) {
    const row = rows[lines.get(taskId) ?? -1];
    if (!row) throw new Error(`no row of ${taskId}`);
    for (const [head, value] of Object.entries(cells)) row[at(head)] = value;
  }
  const data = rows.map((row) =>
    row.map((value): Cell => (value instanceof Date ? { value, type: Date, format: 'yyyy-mm-dd hh:mm' } : value)),
  );
  return {
    file: await writeExcelFile(data, { sheet: FORM_SHEET }).toBuffer(),
    cell: (taskId, head) => {
      const n = at(head);
      return `${n < 26 ? '' : 'A'}${String.fromCharCode(65 + (n % 26))}${(lines.get(taskId) ?? 0) + 1}`;
    },
  };
}
