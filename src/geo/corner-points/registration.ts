/**
 * registration: the text of a mining-right registration, `key=value` lines under `[登记项目]`, with the corner points as
 * `XY001=点号,X,Y` and one `XY005=标高,上限,下限,说明,标志` row that closes each ring; `矿区范围拐点坐标与标高的总行数=N` counts both.
 * In: decoded text. Out: CornerText, or the text. A second `[登记项目]` begins a second plot.
 */
import {
  type CornerPlot,
  type CornerPoint,
  type CornerRing,
  type CornerText,
  NOTHING_DECLARED,
  type ZoneWidth,
} from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { plainNumber } from './angle.js';
import { DATUM_WORDS, refuseShifted, widthNamed, zoneWidth } from './datum.js';
import { openRing } from './rings.js';
import { parseStatedArea } from './stated-area.js';

const COUNT_KEY = '矿区范围拐点坐标与标高的总行数';
const DATUM_KEY = '坐标系统';
const HEIGHT_WORD = '标高';
/** XY001 … XY999. */
export const MOST_ROWS = 999;

/** The one code of 坐标系统 whose meaning is known; any other number is asked about. */
const DATUM_CODES: Readonly<Record<string, string>> = { 2: DATUM_WORDS.Xian80 };

const ROW = /^XY\s*(\d{1,4})\s*[=＝]\s*(.*)$/i;
const PAIR = /^([^=＝]+)[=＝](.*)$/;
const SECTION = /^[[【]([^\]】]+)[\]】]$/;

export function looksLikeRegistration(text: string): boolean {
  return /^[ \t]*XY[ \t]*\d{1,4}[ \t]*[=＝]/im.test(text) || /^[ \t]*[[【][ \t]*登记项目[ \t]*[\]】]/m.test(text);
}

interface Draft {
  readonly line: number;
  readonly attributes: Record<string, string | null>;
  readonly rows: { readonly number: number; readonly line: number; readonly fields: readonly string[] }[];
}

/** Faults: corners.shifted. */
export function readRegistration(text: string): CornerText {
  const drafts: Draft[] = [];
  const notes = new Set<string>();
  let datum: string | null = null;
  let zone: number | null = null;
  let width: ZoneWidth | null = null;
  const refused: { line: number; why: string }[] = [];
  let draft: Draft | null = null;
  for (const [i, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const section = SECTION.exec(line)?.[1]?.trim();
    if (draft === null || section === '登记项目') {
      draft = { line: i + 1, attributes: {}, rows: [] };
      drafts.push(draft);
    }
    if (section !== undefined) continue;
    const row = ROW.exec(line);
    const [key, value = ''] = (PAIR.exec(line) ?? []).slice(1).map((part) => part.trim());
    if (row) {
      draft.rows.push({
        number: Number(row[1]),
        line: i + 1,
        fields: (row[2] ?? '').split(',').map((field) => field.trim()),
      });
    } else if (key === undefined) {
      notes.add(`第 ${i + 1} 行不是“名称=值”，略去：${line.slice(0, 40)}`);
    } else if (key.startsWith(DATUM_KEY) || key === '坐标系') {
      refuseShifted(value);
      datum ??= value === '' ? null : (DATUM_CODES[value] ?? (/^\d+$/.test(value) ? `${key}=${value}` : value));
    } else if (key === '带号') {
      zone ??= /^\d+$/.test(value) ? Number(value) : null;
    } else if (key === '几度分带') {
      width ??= widthNamed(value);
    } else {
      draft.attributes[key] = value === '' ? null : value;
    }
  }
  const plots: CornerPlot[] = [];
  for (const one of drafts) {
    if (one.rows.length === 0 && drafts.length > 1 && Object.keys(one.attributes).length === 0) continue;
    try {
      plots.push(plotOf(one));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      refused.push({ line: one.line, why: error.message });
    }
  }
  const declared = { ...NOTHING_DECLARED, datum, zone, width };
  return { format: 'registration', declared, plots, refused, notes: [...notes] };
}

function wrong(what: string): Fault {
  return new Fault('corners.registration', `登记文本有误：${what}，请核对 (registration text: structure wrong)`);
}

function plotOf({ line, attributes, rows }: Draft): CornerPlot {
  const { [COUNT_KEY]: counted, ...rest } = attributes;
  if (rows.length === 0) throw wrong('没有 XY001=… 这样的坐标行');
  const count = counted === undefined || counted === null ? null : Number(counted);
  if (count !== null && count !== rows.length) {
    throw wrong(`总行数写 ${counted}，实有 ${rows.length} 行，可能缺行`);
  }
  const warnings: string[] = [];
  const jump = rows.find(({ number }, i) => i > 0 && number !== (rows[i - 1]?.number ?? 0) + 1);
  if (jump)
    warnings.push(`第 ${jump.line} 行的序号 XY${String(jump.number).padStart(3, '0')} 与上一行不连续，按行的先后读`);
  const rings: CornerRing[] = [];
  let points: CornerPoint[] = [];
  for (const { line: at, fields } of rows) {
    const [name = '', first = '', second = ''] = fields;
    if (name === HEIGHT_WORD) {
      rings.push(ringOf(points, fields, at));
      points = [];
    } else if (fields.length < 3 || !/\d/.test(first) || !/\d/.test(second)) {
      throw wrong(`第 ${at} 行应为“点号,X,Y”或“标高,上限,下限,说明,标志”，得到“${fields.join(',').slice(0, 40)}”`);
    } else {
      points.push({ name, first, second, line: at });
    }
  }
  if (points.length > 0) {
    rings.push({ points: openRing(points), upper: null, lower: null, remark: null, deduct: false });
    warnings.push('最后一圈之后没有标高行，按保留圈读，标高未知');
  }
  const area = Object.entries(rest).find(([key]) => /^(?:矿区)?面积/.test(key))?.[1] ?? null;
  const statedArea = area === null ? null : parseStatedArea(area, 'km2');
  return { line, attributes: rest, rings, statedArea, warnings };
}

function ringOf(points: readonly CornerPoint[], fields: readonly string[], line: number): CornerRing {
  const [, upper = '', lower = ''] = fields;
  const flag = fields.length > 4 ? fields.at(-1) : undefined;
  if (points.length === 0) throw wrong(`第 ${line} 行的标高之前没有坐标点`);
  if (flag !== '1' && flag !== '-1') {
    throw wrong(`第 ${line} 行应为“标高,上限,下限,说明,标志”，标志为 1 或 -1，得到“${fields.join(',').slice(0, 40)}”`);
  }
  const height = (text: string): number | null => {
    const value = text === '' ? null : plainNumber(text);
    if (text !== '' && value === null) throw wrong(`第 ${line} 行的标高“${text.slice(0, 20)}”不是数值`);
    return value;
  };
  return {
    points: openRing(points),
    upper: height(upper),
    lower: height(lower),
    remark: fields.slice(3, -1).join(',') || null,
    deduct: flag === '-1',
  };
}

/** Values as they are; `zone` is null where the eastings of the plots begin with different zones. Faults: corners.rows. */
export function writeRegistration(plots: readonly CornerPlot[], zone: number | null): string {
  return plots.map((plot) => section(plot, zone)).join('\r\n');
}

function section({ attributes, rings }: CornerPlot, zone: number | null): string {
  const rows = rings.flatMap(({ points, upper, lower, remark, deduct }) => [
    ...points.map(({ name, first, second }) => [carried(name), first, second].join(',')),
    [HEIGHT_WORD, upper ?? '', lower ?? '', carried(remark ?? ''), deduct ? -1 : 1].join(','),
  ]);
  if (rows.length > MOST_ROWS) {
    throw new Fault(
      'corners.rows',
      `登记文本最多 ${MOST_ROWS} 行坐标与标高，本地块有 ${rows.length} 行；请改用 exchange 或 string 格式 (too many rows for this format)`,
    );
  }
  const pairs = Object.entries(attributes).map(
    ([key, value]) => `${key}=${String(value ?? '').replace(/[\r\n]+/g, ' ')}`,
  );
  const zoneLines = zone === null ? [] : [`带号=${zone}`, `几度分带=${zoneWidth(zone)}`];
  return [
    '[登记项目]',
    ...pairs,
    `${DATUM_KEY}=${DATUM_WORDS.CGCS2000}`,
    ...zoneLines,
    `${COUNT_KEY}=${rows.length}`,
    ...rows.map((row, i) => `XY${String(i + 1).padStart(3, '0')}=${row}`),
    '',
  ].join('\r\n');
}

function carried(text: string): string {
  return text
    .replaceAll(',', '，')
    .replace(/[\r\n]+/g, ' ')
    .trim();
}
