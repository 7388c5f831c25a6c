/**
 * exchange-plot: one plot of the exchange text of boundary points (界址点坐标交换格式), from its heading line and point lines.
 * Heading: `界址点数,地块面积,地块编号,地块名称,面,图幅号,地块用途,地类编码,@`, with 8, 9 or 12 attributes. Point: `点号,圈号,X,Y`. The first ring number
 * is the outline, any other is taken out of it; a ring ends where its first point comes again or its number changes. Point counts
 * come with and without the closing points; any other count means that lines are missing.
 */
import type { CornerPlot, CornerPoint, CornerRing } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { samePlace } from './rings.js';
import { parseStatedArea } from './stated-area.js';

/** 1 to 8; what further attributes mean differs from one issuer to the next. */
export const PLOT_FIELDS = [
  '界址点数',
  '地块面积',
  '地块编号',
  '地块名称',
  '图形类型',
  '图幅号',
  '地块用途',
  '地类编码',
] as const;

export interface TextLine {
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

/** Name, ring number and two values; null: not a point. */
function pointFields(text: string): readonly [name: string, ring: string, first: string, second: string] | null {
  const fields = text.split(',').map((field) => field.trim());
  if (fields.at(-1) === '') fields.pop();
  const [name = '', ring = '', first = '', second = ''] = fields;
  const point = fields.length === 4 && /^\d{1,3}$/.test(ring) && /\d/.test(first) && /\d/.test(second);
  return point && !text.includes('@') ? [name, ring, first, second] : null;
}

/** A point line has four values; its second is a ring number. */
export function isPointLine(text: string): boolean {
  return pointFields(text) !== null;
}

function wrong(what: string): Fault {
  return new Fault('corners.exchange', `${what}，请核对 (exchange text: structure wrong)`);
}

interface NumberedRing {
  readonly number: number;
  readonly points: CornerPoint[];
  closed: boolean;
}

/** Faults: corners.exchange. */
export function readPlot(heading: TextLine, lines: readonly TextLine[]): CornerPlot {
  const fields = heading.text
    .replace(/,\s*@[,\s]*$/, '')
    .split(',')
    .map((field) => field.trim());
  const warnings: string[] = [];
  const rings: NumberedRing[] = [];
  for (const { text, line } of lines) {
    const fields = pointFields(text);
    if (fields === null) throw wrong(`第 ${line} 行应为“点号,圈号,X,Y”，得到“${text.slice(0, 40)}”`);
    const [name, number, first, second] = fields;
    const point = { name, first, second, line };
    const current = rings.at(-1);
    if (!current || current.closed || current.number !== Number(number)) {
      rings.push({ number: Number(number), points: [point], closed: false });
    } else if (current.points.length > 2 && current.points[0] && samePlace(current.points[0], point)) {
      current.closed = true;
    } else {
      current.points.push(point);
    }
  }
  const [outer] = rings;
  if (!outer) throw wrong('地块没有界址点');
  checkCount(fields[0] ?? '', lines.length, rings);
  if (outer.number !== 1) warnings.push(`圈号从 ${outer.number} 起，按圈号 ${outer.number} 为外圈读`);
  const outlines = rings.filter(({ number }) => number === outer.number).length;
  if (outlines > 1) warnings.push(`圈号 ${outer.number} 出现 ${outlines} 次，按 ${outlines} 个外圈读`);
  if (!heading.text.includes('@')) warnings.push('地块行末尾缺少 @');
  const named: Record<string, string | null> = {};
  for (const [i, value] of fields.entries()) {
    if (i > 0) named[PLOT_FIELDS[i] ?? `属性${i + 1}`] = value === '' ? null : value;
  }
  const shape = named.图形类型 ?? null;
  if (shape !== null && shape !== '面') warnings.push(`图形类型写“${shape}”，按面读`);
  return {
    line: heading.line,
    attributes: named,
    rings: rings.map(
      ({ number, points }): CornerRing => ({
        points,
        upper: null,
        lower: null,
        remark: null,
        deduct: number !== outer.number,
      }),
    ),
    statedArea: parseStatedArea(named.地块面积 ?? '', 'ha'),
    warnings,
  };
}

/** With all closing points, with none, or with that of the first ring only. */
function checkCount(text: string, lines: number, rings: readonly NumberedRing[]): void {
  if (!/^\d+$/.test(text)) throw wrong(`地块行第一项应为界址点数，得到“${text.slice(0, 20)}”`);
  const points = rings.reduce((sum, ring) => sum + ring.points.length, 0);
  const counts = [points, lines, points + rings.length, points + 1];
  if (counts.includes(Number(text))) return;
  throw wrong(`界址点数写 ${text}，实有 ${lines} 行（${rings.length} 圈 ${points} 个不同的点），可能缺行或多行`);
}

/** Kept rings first, all with ring number 1, then the deducted ones from 2; each ring ends with its first point again. */
export function writePlot({ attributes, rings: given }: CornerPlot): string[] {
  const rings = [...given.filter(({ deduct }) => !deduct), ...given.filter(({ deduct }) => deduct)];
  let number = 1;
  const lines = rings.flatMap(({ points, deduct }) => {
    if (deduct) number++;
    const of = deduct ? number : 1;
    const [first] = points;
    return (first ? [...points, first] : []).map((point) =>
      [carried(point.name), of, point.first, point.second].join(','),
    );
  });
  const count = rings.reduce((sum, { points }) => sum + points.length, 0);
  const values = PLOT_FIELDS.slice(1).map((name) => carried(String(attributes[name] ?? '')));
  return [[count, ...values, '@'].join(','), ...lines];
}

function carried(text: string): string {
  return text
    .replaceAll(',', '，')
    .replaceAll('@', '＠')
    .replace(/[\r\n]+/g, ' ')
    .trim();
}
