/**
 * string: the corner-point string of the mining-right registration database (拐点坐标串).
 * Grammar: `圈数,{点数,{点号,X,Y}…,标高上限,标高下限,说明,标志}…,` with flag 1 = kept, −1 = deducted; the trailing comma is normal.
 * A text file of such strings has one plot a line; what stands before the string, divided by tabs, are its attributes, named by
 * the first line where that holds no string. In: decoded text. Out: CornerText, or one string with its tab-divided row.
 */
import type { CornerPlot, CornerPoint, CornerRing, CornerText } from '../../model/corners.js';
import { NOTHING_DECLARED } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { plainNumber } from './angle.js';
import { refuseShifted } from './datum.js';
import { openRing } from './rings.js';

/** The column of the string itself in a tab-divided file. */
export const STRING_COLUMN = '拐点坐标';

/** Ring count, point count, name, and two values with a decimal point or a degree sign. */
const LOOKS = /^\s*\d{1,3}\s*,\s*\d{1,4}\s*,[^,]{0,20},\s*[\d°′″'".]+\s*,\s*[\d°′″'".]+\s*,/;
const DATUM_IN_TITLE =
  /CGCS ?2000|2000国家大地坐标系|国家2000|WGS[- ]?84|西安80|1980西安|80西安|北京54|1954北京|54北京/i;
const LICENCE = /^[CTD]\d{17,22}$/;

export function isCornerString(text: string): boolean {
  return LOOKS.test(text);
}

/** Faults: corners.string (line, what was expected and found). */
export function readCornerString(text: string, line: number): readonly CornerRing[] {
  const tokens = text.split(',').map((token) => token.trim());
  while (tokens.at(-1) === '') tokens.pop();
  const reader = new Tokens(tokens);
  const count = reader.count('圈数');
  const rings = Array.from({ length: count }, (_, i) => readRing(reader, i + 1, line));
  if (reader.left > 0) {
    throw wrong(`圈数写 ${count}，读完后还剩 ${reader.left} 项（“${tokens.at(-reader.left) ?? ''}”起）`);
  }
  return rings;
}

function wrong(what: string): Fault {
  return new Fault('corners.string', `拐点坐标串有误：${what}，请核对 (corner string: structure wrong)`);
}

class Tokens {
  private at = 0;
  constructor(private readonly tokens: readonly string[]) {}

  get left(): number {
    return this.tokens.length - this.at;
  }

  next(what: string): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw wrong(`到第 ${this.at} 项就结束了，缺${what}`);
    this.at++;
    return token;
  }

  count(what: string): number {
    const token = this.next(what);
    if (/^\d{1,4}$/.test(token) && Number(token) > 0) return Number(token);
    throw wrong(`第 ${this.at} 项应为${what}，得到“${token.slice(0, 30)}”`);
  }

  height(what: string): number | null {
    const token = this.next(what);
    if (token === '') return null;
    const value = plainNumber(token);
    if (value !== null) return value;
    throw wrong(`第 ${this.at} 项应为${what}（米），得到“${token.slice(0, 30)}”`);
  }
}

function readRing(reader: Tokens, number: number, line: number): CornerRing {
  const count = reader.count(`第 ${number} 圈的点数`);
  const points = Array.from({ length: count }, (): CornerPoint => {
    const name = reader.next('点号');
    const first = reader.next(`点 ${name} 的 X`);
    const second = reader.next(`点 ${name} 的 Y`);
    if (!/\d/.test(first) || !/\d/.test(second)) {
      throw wrong(`第 ${number} 圈点 ${name} 的坐标应为数值，得到“${first}”“${second}”，点数可能不对`);
    }
    return { name, first, second, line };
  });
  const upper = reader.height(`第 ${number} 圈的标高上限`);
  const lower = reader.height(`第 ${number} 圈的标高下限`);
  // A remark may hold commas of its own; the flag ends it.
  const remark = [reader.next('说明')];
  let flag = reader.next('标志');
  while (flag !== '1' && flag !== '-1') {
    remark.push(flag);
    if (remark.length > 20) throw wrong(`第 ${number} 圈的标志应为 1 或 -1`);
    flag = reader.next(`第 ${number} 圈的标志（1 或 -1）`);
  }
  return { points: openRing(points), upper, lower, remark: remark.join(',') || null, deduct: flag === '-1' };
}

/** Values as they are; commas inside a remark become full-width ones, which is all that the grammar can carry. */
export function writeCornerString(rings: readonly CornerRing[]): string {
  const tokens = rings.flatMap(({ points, upper, lower, remark, deduct }) => [
    String(points.length),
    ...points.flatMap(({ name, first, second }) => [carried(name), first, second]),
    upper === null ? '' : String(upper),
    lower === null ? '' : String(lower),
    carried(remark ?? ''),
    deduct ? '-1' : '1',
  ]);
  return `${[String(rings.length), ...tokens].join(',')},`;
}

function carried(text: string): string {
  return text
    .replaceAll(',', '，')
    .replace(/[\t\r\n]+/g, ' ')
    .trim();
}

/** Faults: corners.shifted. */
export function readStringText(text: string): CornerText {
  const plots: CornerPlot[] = [];
  const refused: { line: number; why: string }[] = [];
  const notes: string[] = [];
  let names: readonly string[] | null = null;
  let datum: string | null = null;
  for (const [i, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = i + 1;
    const cells = raw.split('\t').map((cell) => cell.trim());
    if (cells.every((cell) => cell === '')) continue;
    const at = cells.findIndex(isCornerString);
    if (at < 0 && plots.length === 0 && refused.length === 0 && names === null && !/^[\d.\s]+,/.test(raw)) {
      refuseShifted(raw);
      datum ??= DATUM_IN_TITLE.exec(raw)?.[0] ?? null;
      if (cells.length > 1) {
        names = cells;
        notes.push(`第 ${line} 行作为列名：${cells.join('、')}`);
      } else {
        notes.push(`第 ${line} 行不是坐标串，作为标题略去：${raw.trim().slice(0, 40)}`);
      }
      continue;
    }
    try {
      if (at < 0) throw wrong('应以“圈数,点数,点号,X,Y,…”开头');
      const rings = readCornerString(cells[at] ?? '', line);
      plots.push({ line, attributes: attributesOf(cells, at, names), rings, statedArea: null, warnings: [] });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      refused.push({ line, why: error.message });
    }
  }
  return { format: 'string', declared: { ...NOTHING_DECLARED, datum }, plots, refused, notes };
}

function attributesOf(cells: readonly string[], at: number, names: readonly string[] | null): CornerPlot['attributes'] {
  const attributes: Record<string, string | null> = {};
  for (const [i, cell] of cells.entries()) {
    if (i === at) continue;
    const name = names?.[i] ?? (LICENCE.test(cell) ? '许可证号' : `第${i + 1}列`);
    if (name !== '') attributes[name] = cell === '' ? null : cell;
  }
  return attributes;
}

/** One plot a line behind its attributes; `columns` name them in the first line. */
export function writeStringText(plots: readonly CornerPlot[], columns: readonly string[]): string {
  const rows = plots.map(({ attributes, rings }) => [
    ...columns.map((name) => String(attributes[name] ?? '').replace(/[\t\r\n]+/g, ' ')),
    writeCornerString(rings),
  ]);
  const head = columns.length === 0 ? [] : [[...columns, STRING_COLUMN]];
  return [...head, ...rows].map((row) => `${row.join('\t')}\n`).join('');
}
