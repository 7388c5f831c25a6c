/**
 * chip: the before/after picture of one patch, side by side, as PNG: outline, register lines, dates, scale bar, north arrow,
 * legend. Text is drawn by librsvg with the system's fonts (Noto Sans CJK where installed).
 */
import sharp from 'sharp';
import { boxOf } from '../../geo/distance.js';
import { boxesMeet, type MapFrame, scaleBar, svgPath } from '../../geo/map-frame.js';
import { BOUNDARY_KINDS, type BoundaryKind } from '../../model/boundary.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { type HandlingMark, markRecord, markText } from '../../model/handling-mark.js';
import { BOUNDARY_STYLE, type LineStyle, PATCH_STYLE } from '../../model/map-style.js';
import { BOUNDARY_WORDS, type Words } from '../../model/words.js';
import type { Picture } from '../../model/work.js';
import { canDrawChinese } from './fonts.js';

export interface ChipLine {
  readonly kind: BoundaryKind;
  readonly geometry: MultiPolygonRings;
}

export interface ChipContent {
  readonly picture: Picture;
  readonly outline: MultiPolygonRings;
  readonly boundaries: readonly ChipLine[];
  readonly title: Words;
  readonly facts: Words;
  readonly dateBefore: string | null;
  readonly dateAfter: string | null;
  /** Notice of the imagery, e.g. of Copernicus; '' = none. */
  readonly notice: string;
  /** Whose copy it is: a line below, and the description in its EXIF. Null: it leaves nothing. */
  readonly mark: HandlingMark | null;
}

const MARGIN = 14;
const GAP = 10;
const HEAD = 66;
const FOOT = 74;
const MARK_LINE = 18;
const FONT = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','WenQuanYi Zen Hei','Microsoft YaHei',sans-serif";

export async function chipPng(content: ChipContent): Promise<Buffer> {
  const { picture } = content;
  const width = 2 * picture.width + GAP + 2 * MARGIN;
  const height = HEAD + picture.height + FOOT + (content.mark ? MARK_LINE : 0);
  const chinese = await canDrawChinese();
  const raw = (rgb: Uint8Array) => ({
    input: Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength),
    raw: { width: picture.width, height: picture.height, channels: 3 as const },
    top: HEAD,
  });
  const chip = sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite([
      { ...raw(picture.before), left: MARGIN },
      { ...raw(picture.after), left: MARGIN + picture.width + GAP },
      { input: Buffer.from(chipSvg(content, width, height, chinese)), left: 0, top: 0 },
    ])
    .png({ compressionLevel: 9, adaptiveFiltering: true });
  if (content.mark) chip.withExif({ IFD0: { ImageDescription: markRecord(content.mark) } });
  return chip.toBuffer();
}

/** Everything over the two pictures, as SVG in the chip's pixels. */
export function chipSvg(content: ChipContent, width: number, height: number, chinese: boolean): string {
  const { picture } = content;
  const say = (words: Words) => escapeXml(chinese ? words.zh : words.en);
  const frame: MapFrame = picture;
  const shown = content.boundaries.filter((line) => isOn(frame, line));
  const kinds = BOUNDARY_KINDS.filter((kind) => shown.some((line) => line.kind === kind));
  const lines = (before: boolean) =>
    shown.map((line) => stroke(svgPath(line.geometry, frame), BOUNDARY_STYLE[line.kind])).join('') +
    stroke(svgPath(content.outline, frame), before ? { ...PATCH_STYLE, dash: [5, 4] } : PATCH_STYLE);
  const panel = (left: number, before: boolean) => {
    const date = before ? content.dateBefore : content.dateAfter;
    const name = chinese ? (before ? '前时相' : '后时相') : before ? 'before' : 'after';
    const text = `${name}  ${date ?? (chinese ? '日期不详' : 'date unknown')}`;
    return (
      `<svg x="${left}" y="${HEAD}" width="${picture.width}" height="${picture.height}">${lines(before)}` +
      `<rect width="${textWidth(text, 16) + 18}" height="28" fill="#000" fill-opacity=".62"/>` +
      `<text x="9" y="20" font-size="16" fill="#fff">${escapeXml(text)}</text></svg>`
    );
  };
  const bar = scaleBar(picture.metresPerPixel, picture.width * 0.4);
  const below = HEAD + picture.height;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${FONT}">` +
    `<text x="${MARGIN}" y="28" font-size="20" font-weight="bold" fill="#111">${say(content.title)}</text>` +
    `<text x="${MARGIN}" y="53" font-size="15" fill="#444">${say(content.facts)}</text>` +
    panel(MARGIN, true) +
    panel(MARGIN + picture.width + GAP, false) +
    `<g transform="translate(${width - MARGIN - 26},${HEAD + 40})"><path d="M8 -30L16 -8L8 -14L0 -8Z" fill="#fff" stroke="#000"/>` +
    `<text x="8" y="8" font-size="14" text-anchor="middle" fill="#fff" stroke="#000" stroke-width="3" paint-order="stroke">N</text></g>` +
    legend(kinds, say, below + 24) +
    `<g transform="translate(${MARGIN + 12},${below - 12})" fill="none" stroke-linejoin="round">` +
    `<path d="M0 -8v8h${bar.px}v-8" stroke="#000" stroke-width="5"/><path d="M0 -8v8h${bar.px}v-8" stroke="#fff" stroke-width="2"/>` +
    `<text x="${bar.px / 2}" y="-8" font-size="15" text-anchor="middle" fill="#fff" stroke="#000" stroke-width="3" paint-order="stroke">${bar.label}</text></g>` +
    `<text x="${MARGIN}" y="${below + 60}" font-size="12" fill="#666">${escapeXml(footNote(content, chinese))}</text>` +
    `${markLine(content, below + 60 + MARK_LINE, chinese)}</svg>`
  );
}

function markLine({ mark }: ChipContent, y: number, chinese: boolean): string {
  if (!mark) return '';
  const text = chinese ? markText(mark) : markRecord(mark);
  return `<text x="${MARGIN}" y="${y}" font-size="12" fill="#666">${escapeXml(text)}</text>`;
}

function isOn({ transform, width, height }: MapFrame, { geometry }: ChipLine): boolean {
  const right = transform[0] + width * transform[1];
  const bottom = transform[3] + height * transform[5];
  return boxesMeet(boxOf(geometry), [transform[0], bottom, right, transform[3]]);
}

function footNote({ notice, picture }: ChipContent, chinese: boolean): string {
  const rendering = {
    'true-colour': { zh: '真彩色', en: 'true colour' },
    'false-colour': { zh: '标准假彩色', en: 'false colour (NIR, R, G)' },
    grey: { zh: '单波段灰度', en: 'one band, grey' },
  }[picture.rendering];
  const caution = chinese ? '疑似结果，以实地核查为准' : 'a suspicion, not a verdict';
  return [chinese ? rendering.zh : rendering.en, caution, notice].filter((part) => part !== '').join('  ·  ');
}

function legend(kinds: readonly BoundaryKind[], say: (words: Words) => string, y: number): string {
  const entries = [
    { style: PATCH_STYLE, words: { zh: '图斑', en: 'patch' } },
    ...kinds.map((kind) => ({ style: BOUNDARY_STYLE[kind], words: BOUNDARY_WORDS[kind] })),
  ];
  let x = MARGIN;
  return entries
    .map(({ style, words }) => {
      const at = x;
      const text = say(words);
      x += 44 + textWidth(text, 14);
      const dash = style.dash.length > 0 ? ` stroke-dasharray="${style.dash.join(' ')}"` : '';
      return (
        `<path d="M${at} ${y - 5}h24" stroke="#333" stroke-width="${style.widthPx + 2}"/>` +
        `<path d="M${at} ${y - 5}h24" stroke="${style.colour}" stroke-width="${style.widthPx}"${dash}/>` +
        `<text x="${at + 30}" y="${y}" font-size="14" fill="#222">${text}</text>`
      );
    })
    .join('');
}

/** A line with a dark casing, so that it can be seen on forest and on rock. */
function stroke(path: string, style: LineStyle): string {
  const dash = style.dash.length > 0 ? ` stroke-dasharray="${style.dash.join(' ')}"` : '';
  return (
    `<path d="${path}" fill="none" stroke="#000" stroke-opacity=".45" stroke-width="${style.widthPx + 1.6}"${dash}/>` +
    `<path d="${path}" fill="none" stroke="${style.colour}" stroke-width="${style.widthPx}"${dash}/>`
  );
}

/** About how wide a text is: Chinese characters are as wide as high, Latin ones a little more than half. */
function textWidth(text: string, sizePx: number): number {
  let em = 0;
  for (const character of text) em += character > '⺀' ? 1 : 0.56;
  return Math.ceil(em * sizePx);
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
