/** A table with ruled lines: one line of text a cell, cut where it is too long unless the column wraps; goes on over pages with its heads. */
import { cut, heightOf, line, PAGE, type Paper } from './paper.js';

export interface PrintColumn {
  readonly head: string;
  readonly width: number;
  readonly align?: 'left' | 'right';
  /** Several lines instead of a cut one. */
  readonly wrap?: boolean;
}

const SIZE = 8;
const PAD = 3;

export function printTable(
  paper: Paper,
  columns: readonly PrintColumn[],
  rows: readonly (readonly string[])[],
  left: number = PAGE.left,
): void {
  const { doc } = paper;
  const total = columns.reduce((sum, { width }) => sum + width, 0);
  const rule = () =>
    doc
      .moveTo(left, doc.y)
      .lineTo(left + total, doc.y)
      .lineWidth(0.4)
      .strokeColor('#aaaaaa')
      .stroke();
  const heads = () => {
    doc.rect(left, doc.y, total, 15).fill('#e8eef5');
    let x = left;
    for (const { head, width, align = 'left' } of columns) {
      line(doc, head, x + PAD, doc.y + 2, { size: SIZE, width: width - 2 * PAD, align });
      x += width;
    }
    doc.y += 15;
    rule();
  };
  heads();
  for (const row of rows) {
    const heights = columns.map(({ wrap, width }, i) =>
      wrap ? heightOf(doc, row[i] ?? '', SIZE, width - 2 * PAD) : 11,
    );
    const height = Math.max(...heights) + 4;
    if (height > paper.room()) {
      paper.newPage();
      heads();
    }
    let x = left;
    for (const [i, { width, align = 'left', wrap }] of columns.entries()) {
      const text = row[i] ?? '';
      doc.fontSize(SIZE).fillColor('#111111', 1);
      const [shown, options] = wrap ? [text, { lineGap: 1 }] : [cut(doc, text, width - 2 * PAD), { lineBreak: false }];
      const y = doc.y;
      doc.text(shown, x + PAD, y + 2, { width: width - 2 * PAD, align, ...options });
      doc.y = y;
      x += width;
    }
    doc.y += height;
    rule();
  }
  doc.x = PAGE.left;
  doc.y += 6;
}
