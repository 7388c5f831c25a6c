/** place-pictures: before and after side by side, the outline and boundaries drawn over them as lines, with dates, north and a scale bar. */
import { boxOf } from '../../geo/distance.js';
import { boxesMeet, scaleBar, svgPath } from '../../geo/map-frame.js';
import { BOUNDARY_STYLE, type LineStyle, PATCH_STYLE } from '../../model/map-style.js';
import type { SheetPictures, TaskSheet } from '../../model/task-sheet.js';
import { BOUNDARY_WORDS } from '../../model/words.js';
import { type Doc, line, PAGE } from './paper.js';

const GAP = 11;

/** Height that was used. */
export function drawPictures(doc: Doc, sheet: TaskSheet, pictures: SheetPictures, y: number): number {
  const { patch } = sheet.task.judged;
  const width = (PAGE.right - PAGE.left - GAP) / 2;
  const height = (width * pictures.height) / pictures.width;
  panel(doc, sheet, pictures, { x: PAGE.left, y, width, height, before: true });
  panel(doc, sheet, pictures, { x: PAGE.left + width + GAP, y, width, height, before: false });
  line(doc, `前时相 ${patch.dateBefore ?? '日期不详'}（虚线为图斑位置）`, PAGE.left, y + height + 2, { size: 8 });
  line(doc, `后时相 ${patch.dateAfter ?? '日期不详'}`, PAGE.left + width + GAP, y + height + 2, { size: 8 });
  if (pictures.notice !== '') {
    line(doc, pictures.notice, PAGE.left + width + GAP + 110, y + height + 3, {
      size: 6.5,
      colour: '#666666',
      width: width - 110,
      align: 'right',
    });
  }
  return height + 15;
}

interface Panel {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly before: boolean;
}

function panel(doc: Doc, sheet: TaskSheet, pictures: SheetPictures, { x, y, width, height, before }: Panel): void {
  const scale = width / pictures.width;
  const { transform } = pictures;
  const box = [
    transform[0],
    transform[3] + pictures.height * transform[5],
    transform[0] + pictures.width * transform[1],
    transform[3],
  ] as const;
  doc.save();
  doc.rect(x, y, width, height).clip();
  doc.image(Buffer.from(before ? pictures.before : pictures.after), x, y, { width, height });
  doc.translate(x, y).scale(scale);
  for (const { kind, geometry } of sheet.boundaries) {
    if (boxesMeet(boxOf(geometry), box)) stroke(doc, svgPath(geometry, pictures), BOUNDARY_STYLE[kind]);
  }
  const outline = svgPath(sheet.task.judged.patch.geometry, pictures);
  stroke(doc, outline, before ? { ...PATCH_STYLE, dash: [6, 5] } : PATCH_STYLE);
  doc.restore();
  doc.rect(x, y, width, height).lineWidth(0.6).strokeColor('#333333').stroke();
  const bar = scaleBar(pictures.metresPerPixel, pictures.width * 0.4);
  const length = bar.px * scale;
  doc.rect(x + 8, y + height - 12, length, 3).fillAndStroke('#ffffff', '#000000');
  doc.rect(x + 8, y + height - 24, 44, 11).fill('#ffffff');
  line(doc, bar.label, x + 10, y + height - 24, { size: 7.5 });
  doc.path(`M${x + width - 14} ${y + 6}l5 14l-5 -4l-5 4Z`).fillAndStroke('#ffffff', '#000000');
}

/** A line with a dark casing, so that it can be seen on forest and on rock. */
function stroke(doc: Doc, path: string, { colour, widthPx, dash }: LineStyle): void {
  if (path === '') return;
  const width = widthPx * 1.2;
  doc
    .undash()
    .path(path)
    .lineWidth(width + 1.6)
    .strokeColor('#000000', 0.45)
    .stroke();
  if (dash.length > 0) doc.dash(dash[0] ?? 4, { space: dash[1] ?? 4 });
  doc.path(path).lineWidth(width).strokeColor(colour, 1).stroke().undash();
}

/** The lines that are on the sheet, in words. */
export function drawLegend(doc: Doc, { boundaries }: TaskSheet, x: number, y: number): void {
  const kinds = [...new Set(boundaries.map(({ kind }) => kind))];
  const entries = [
    { style: PATCH_STYLE, text: '图斑' },
    ...kinds.map((kind) => ({ style: BOUNDARY_STYLE[kind], text: BOUNDARY_WORDS[kind].zh })),
  ];
  let at = x;
  for (const { style, text } of entries) {
    doc
      .undash()
      .moveTo(at, y + 5)
      .lineTo(at + 18, y + 5)
      .lineWidth(2.6)
      .strokeColor('#555555', 1)
      .stroke();
    if (style.dash.length > 0) doc.dash(3, { space: 2 });
    doc
      .moveTo(at, y + 5)
      .lineTo(at + 18, y + 5)
      .lineWidth(1.6)
      .strokeColor(style.colour, 1)
      .stroke()
      .undash();
    line(doc, text, at + 21, y - 0.5, { size: 7.5 });
    at += 27 + doc.widthOfString(text);
  }
}
