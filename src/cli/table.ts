/** Tables for terminals. Chinese characters take two columns; numbers stand to the right. */

export interface Column<T> {
  readonly head: string;
  readonly right?: boolean;
  cell(row: T): string;
}

/** Columns that a text takes in a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) {
    if (/\p{Mark}/u.test(char)) continue;
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u.test(char)
      ? 2
      : 1;
  }
  return width;
}

/** One line per row under a line of heads, without trailing spaces; each line ends with a newline. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const cells = [columns.map((c) => c.head), ...rows.map((row) => columns.map((c) => c.cell(row)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => textWidth(line[i] ?? ''))));
  return cells
    .map((line) => {
      const padded = line.map((text, i) => {
        const gap = ' '.repeat((widths[i] ?? 0) - textWidth(text));
        return columns[i]?.right ? gap + text : text + gap;
      });
      return `${padded.join('  ').trimEnd()}\n`;
    })
    .join('');
}
