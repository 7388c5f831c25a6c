/**
 * sheetFits: whether a worksheet's XML spans no more cells than a list has. A reader of spreadsheets fills the space up to the last cell that is
 * named, so that one cell in the far corner (XFD1048576) is enough to exhaust a program's memory.
 */
const MOST_CELLS = 4_000_000;
const WORKSHEET = /(^|\/)worksheets\/|(^|\/)sheet\d*\.xml$/i;
const TAG = /<(?:[\w.-]+:)?(row|c)\b([^>]*)>/g;
const PLACE = /(?:^|\s)(r)\s*=\s*("[^"]*"|'[^']*')/g;
const CELL = /^([A-Z]{1,2})([1-9]\d{0,5})$/;
const ROW = /^[1-9]\d{0,5}$/;

/** Files of an archive that are no worksheets fit. A place that is written otherwise than spreadsheets write it does not. */
export function sheetFits(name: string, content: Uint8Array): boolean {
  if (!WORKSHEET.test(name)) return true;
  let [rows, columns] = [0, 0];
  for (const [, tag, attributes = ''] of new TextDecoder().decode(content).matchAll(TAG)) {
    // A `>` inside of quotes: nobody writes it there.
    if (unbalanced(attributes, '"') || unbalanced(attributes, "'")) return false;
    for (const [, , quoted = ''] of attributes.matchAll(PLACE)) {
      const text = quoted.slice(1, -1);
      const [row, column] = tag === 'row' ? [ROW.test(text) ? Number(text) : Number.NaN, 0] : placeOf(text);
      rows = Math.max(rows, row);
      columns = Math.max(columns, column);
      if (!(rows * columns <= MOST_CELLS && rows <= MOST_CELLS)) return false;
    }
  }
  return true;
}

function placeOf(text: string): readonly [row: number, column: number] {
  const [, letters, row] = CELL.exec(text) ?? [];
  if (letters === undefined) return [Number.NaN, Number.NaN];
  return [Number(row), [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)];
}

function unbalanced(text: string, quote: string): boolean {
  return text.split(quote).length % 2 === 0;
}
