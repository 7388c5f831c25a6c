/**
 * Paper: an A4 document that leaves page by page: each page carries the handling mark (above, and faint across it) and its number; the same mark
 * is in the file's metadata. What was drawn is handed on with flush, so that a long list needs the memory of one sheet.
 */
import { once } from 'node:events';
import PDFDocument from 'pdfkit';
import { HANDLING_WORDS, type HandlingMark, markRecord, markText } from '../../model/handling-mark.js';
import { type PrintFont, printFont } from './font.js';

export type Doc = InstanceType<typeof PDFDocument>;

export const PAGE = { width: 595.28, height: 841.89, left: 36, right: 559.28, top: 52, bottom: 806 } as const;
export const INNER = PAGE.right - PAGE.left;
const GREY = '#666666';
const MARK_RED = '#b00020';

export interface Paper {
  readonly doc: Doc;
  /** A new page; text goes on below its head. */
  newPage(): void;
  /** Points from here to the bottom of the page. */
  room(): number;
  flush(): Promise<void>;
  /** Number of pages. */
  close(): Promise<number>;
}

export interface PaperWish {
  readonly title: string;
  readonly mark: HandlingMark;
  readonly put: (chunk: Uint8Array) => Promise<void>;
}

/** Fault pdf.font. */
export async function openPaper({ title, mark, put }: PaperWish): Promise<Paper> {
  const font = await printFont();
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    pdfVersion: '1.7',
    lang: 'zh-CN',
    displayTitle: true,
    // Otherwise the first page is laid out in a font without Chinese characters.
    font: '',
    info: {
      Title: title,
      Author: mark.name,
      Subject: HANDLING_WORDS,
      Keywords: markRecord(mark),
      Creator: 'tuban',
      CreationDate: new Date(mark.at),
      ModDate: new Date(mark.at),
    },
  });
  const waiting: Uint8Array[] = [];
  doc.on('data', (chunk: Uint8Array) => waiting.push(chunk));
  registerFont(doc, font);
  let pages = 0;
  const hand = async () => {
    for (let chunk = waiting.shift(); chunk; chunk = waiting.shift()) await put(chunk);
  };
  return {
    doc,
    newPage() {
      doc.addPage();
      pages += 1;
      drawFrame(doc, title, mark, pages);
    },
    room: () => PAGE.bottom - doc.y,
    async flush() {
      // The document speaks as a stream: what was pushed arrives after this turn.
      await new Promise((resolve) => setImmediate(resolve));
      await hand();
    },
    async close() {
      const ended = once(doc, 'end');
      doc.end();
      await ended;
      await hand();
      return pages;
    },
  };
}

function registerFont(doc: Doc, { path, name }: PrintFont): void {
  if (/\.(ttc|otc)$/i.test(path)) doc.registerFont('print', path, name);
  else doc.registerFont('print', path);
  doc.font('print');
}

function drawFrame(doc: Doc, title: string, mark: HandlingMark, page: number): void {
  doc.save();
  doc.rotate(-52, { origin: [PAGE.width / 2, PAGE.height / 2] });
  doc.fillColor('#000000', 0.05).fontSize(26);
  doc.text(markText(mark), -80, PAGE.height / 2 - 16, { width: PAGE.width + 160, align: 'center', lineBreak: false });
  doc.restore();
  line(doc, markText(mark), PAGE.left, 24, { size: 9, colour: MARK_RED });
  doc.moveTo(PAGE.left, 40).lineTo(PAGE.right, 40).lineWidth(0.6).strokeColor('#999999').stroke();
  line(doc, title, PAGE.left, 814, { size: 8, colour: GREY });
  line(doc, `第 ${page} 页`, PAGE.right - 120, 814, { size: 8, colour: GREY, width: 120, align: 'right' });
  doc.x = PAGE.left;
  doc.y = PAGE.top;
}

export interface LineStyle {
  readonly size: number;
  readonly colour?: string;
  /** Longer text is cut with … */
  readonly width?: number;
  readonly align?: 'left' | 'right' | 'center';
}

/** One line of text at a place; the place where text goes on stays. */
export function line(doc: Doc, text: string, x: number, y: number, style: LineStyle): void {
  const { size, colour = '#111111', width, align = 'left' } = style;
  const kept = { x: doc.x, y: doc.y };
  doc.fontSize(size).fillColor(colour, 1);
  const shown = width === undefined ? text : cut(doc, text, width);
  doc.text(shown, x, y, { lineBreak: false, align, ...(width === undefined ? {} : { width }) });
  doc.x = kept.x;
  doc.y = kept.y;
}

/** The beginning that fits in a width, with … where something is left out. */
export function cut(doc: Doc, text: string, width: number): string {
  const clean = text.replace(/[\r\n\t]+/g, ' ');
  if (doc.widthOfString(clean) <= width) return clean;
  let kept = '';
  for (const character of clean) {
    if (doc.widthOfString(`${kept}${character}…`) > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Text over several lines, below what was written before. */
export function paragraph(
  doc: Doc,
  text: string,
  style: LineStyle & { readonly x?: number; readonly gap?: number },
): void {
  const { size, colour = '#111111', width = INNER, x = PAGE.left, gap = 2 } = style;
  doc.fontSize(size).fillColor(colour, 1);
  doc.text(text, x, doc.y, { width, lineGap: 1 });
  doc.x = PAGE.left;
  doc.y += gap;
}

export function heightOf(doc: Doc, text: string, size: number, width: number): number {
  doc.fontSize(size);
  return doc.heightOfString(text, { width, lineGap: 1 });
}

export function heading(doc: Doc, text: string): void {
  doc.y += 3;
  doc.rect(PAGE.left, doc.y + 2, 3, 10).fill('#1f4e79');
  line(doc, text, PAGE.left + 8, doc.y, { size: 10, colour: '#1f4e79' });
  doc.y += 17;
}
