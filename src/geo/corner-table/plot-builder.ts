/** PlotBuilder: the state of reading one sheet: the plot, the ring, and the words that wait for the next one. */
import {
  type CornerDeclared,
  type CornerPlot,
  type CornerPoint,
  type CornerRing,
  NOTHING_DECLARED,
  type StatedArea,
} from '../../model/corners.js';
import { mapFields } from '../../model/layer-fields.js';
import { samePlace } from '../corner-points/rings.js';
import { parseStatedArea } from '../corner-points/stated-area.js';
import type { TablePoint } from './folded.js';
import type { Layout } from './layout.js';
import type { SheetRow } from './sheet.js';
import {
  declaredIn,
  type Heights,
  heightsIn,
  joinDeclared,
  labelsOf,
  type RingHeading,
  ringHeading,
  subjectOf,
} from './table-words.js';

interface OpenRing {
  readonly points: CornerPoint[];
  readonly number: string | null;
  upper: number | null;
  lower: number | null;
  remark: string | null;
  deduct: boolean;
}

interface OpenPlot {
  readonly line: number;
  readonly attributes: Record<string, string>;
  readonly rings: OpenRing[];
  readonly warnings: string[];
  declared: CornerDeclared;
  statedArea: StatedArea | null;
  /** Chinese: why it cannot serve. */
  broken: string | null;
  /** What its columns say of which plot it is. */
  readonly key: string | null;
}

/** Columns by which one plot is told from the next, best first. */
const KEYS =
  /^(编号|许可证号|采矿许可证号|勘查许可证号|证号|地块编号|图斑编号|项目编号|矿山名称|矿区名称|地块名称|项目名称|名称)$/;
/** Labels that stand below a table and belong to it. */
const TRAILING = /标高|面积|坐标系|备注|说明|深度|单位|中央|带号/;

export class PlotBuilder {
  private readonly found: { declared: CornerDeclared; plot: CornerPlot }[] = [];
  private readonly refused: { line: number; why: string }[] = [];
  private readonly notes: string[] = [];
  private plot: OpenPlot | null = null;
  private waiting: {
    title: string | null;
    attributes: Record<string, string>;
    declared: CornerDeclared;
    area: StatedArea | null;
    heights: Heights | null;
  };
  private heading: RingHeading | null = null;
  private ringEnds = false;

  constructor(private readonly sheetName: string | null) {
    this.waiting = nothing();
  }

  /** A row of titles. */
  table(row: number, layout: Layout): void {
    if (this.hasPoints() && this.heading === null) this.finish();
    else this.ringEnds = true;
    this.notes.push(...layout.notes);
    if (layout.attributes.size > 0 && layout.blocks.length === 1) return;
    if (layout.blocks[0]?.name === null) this.notes.push(`第 ${row} 行的表没有点号，按行序编号`);
  }

  blank(): void {
    this.ringEnds = true;
  }

  text({ row, cells }: SheetRow): void {
    const { labels, texts } = labelsOf(cells);
    for (const { name, value } of labels) this.label(name, value);
    for (const text of texts) this.words(text, row);
  }

  private label(name: string, value: string): void {
    const trailing = TRAILING.test(name);
    if (this.hasPoints() && !trailing && Object.keys(mapFields([name])).length > 0) this.finish();
    const target = this.hasPoints() ? this.plot : null;
    const attributes = target?.attributes ?? this.waiting.attributes;
    attributes[name] = value;
    this.take(`${name}：${value}`, target);
    if (!/面积/.test(name)) return;
    const area = parseStatedArea(value, 'km2');
    if (target) target.statedArea = area;
    else this.waiting.area = area;
  }

  /** What a text says of heights and numbers, for the plot before it or for the one that comes. */
  private take(text: string, target: OpenPlot | null): void {
    const declared = declaredIn(text);
    const heights = heightsIn(text);
    if (target) {
      target.declared = joinDeclared(target.declared, declared);
      if (heights) setHeights(target, heights);
      return;
    }
    this.waiting.declared = joinDeclared(this.waiting.declared, declared);
    if (heights) this.waiting.heights = heights;
  }

  private words(text: string, row: number): void {
    const heading = this.hasPoints() ? ringHeading(text) : null;
    if (heading) {
      this.heading = heading;
      this.ringEnds = true;
      this.notes.push(`第 ${row} 行“${heading.text}”：其后为同一面的另一圈${heading.deduct ? '，按扣除读' : ''}`);
      return;
    }
    if (this.hasPoints() && (heightsIn(text) || /^(备注|说明|注)/.test(text))) {
      this.take(text, this.plot);
      return;
    }
    if (this.hasPoints()) this.finish();
    this.take(text, null);
    const bare = text.replace(/[（(][^（）()]*[）)]/g, '');
    const says = bare.trim() === '' || Object.values(declaredIn(bare)).some((value) => value !== null);
    if (!says || /坐标表|一览表|成果表|范围/.test(text)) this.waiting.title ??= text.trim();
  }

  point(point: TablePoint, layout: Layout | null): void {
    const { row, cells, first, second } = point;
    const plot = this.plotFor(point, layout);
    this.notePlot(plot, cells, layout);
    if (first === null || second === null) {
      plot.broken ??= `第 ${row} 行的点 ${point.name ?? ''} 缺少坐标`;
      return;
    }
    const ring = this.ringFor(plot, point, layout);
    const corner: CornerPoint = { name: point.name ?? String(ring.points.length + 1), first, second, line: row };
    ring.points.push(corner);
    const [begin] = ring.points;
    if (begin && ring.points.length > 3 && samePlace(begin, corner)) this.ringEnds = true;
  }

  private plotFor({ row, cells }: TablePoint, layout: Layout | null): OpenPlot {
    const key = layout ? keyOf(cells, layout) : null;
    if (this.plot && key !== null && this.plot.key !== null && key !== this.plot.key) this.finish();
    if (this.plot) return this.plot;
    const { title, attributes, declared, area } = this.waiting;
    const name = title === null ? this.sheetName : subjectOf(title);
    const named = Object.keys(mapFields(Object.keys(attributes))).includes('name') || key !== null;
    if (!named && name !== null)
      this.notes.push(`第 ${row} 行起的面以${title === null ? '工作表名' : '表题'}“${name}”为名称`);
    const plot: OpenPlot = {
      line: row,
      attributes: { ...(named || name === null ? {} : { 名称: name }), ...attributes },
      rings: [],
      warnings: [],
      declared: joinDeclared(declared, layout?.declared ?? NOTHING_DECLARED),
      statedArea: area,
      broken: null,
      key,
    };
    if (!layout) this.notes.push(`第 ${row} 行起没有表头，按“点号、坐标、坐标”读`);
    this.plot = plot;
    return plot;
  }

  /** Values beside the points belong to the plot: the first of each column. */
  private notePlot(plot: OpenPlot, cells: readonly (string | null)[], layout: Layout | null): void {
    for (const [column, title] of layout?.attributes ?? []) {
      const value = cells[column] ?? null;
      if (value === null) continue;
      plot.attributes[title] ??= value;
      if (/面积/.test(title)) plot.statedArea ??= parseStatedArea(value, unitOf(title));
    }
    const system = layout?.system === null || layout === null ? null : (cells[layout.system] ?? null);
    if (system !== null) plot.declared = joinDeclared(plot.declared, declaredIn(system));
  }

  private ringFor(plot: OpenPlot, { row, name, cells }: TablePoint, layout: Layout | null): OpenRing {
    const cell = (column: number | null | undefined): string | null =>
      column === null || column === undefined ? null : (cells[column] ?? null);
    const number = cell(layout?.ring);
    const last = plot.rings.at(-1);
    const begin = last?.points[0];
    const restarts = last !== undefined && last.points.length >= 3 && name !== null && name === begin?.name;
    const closes = restarts && begin !== undefined && layout !== null && closesRing(cells, layout, begin);
    const changed = last !== undefined && number !== null && number !== last.number;
    if (last && !changed && !(this.ringEnds && !closes) && !(restarts && !closes)) return last;
    if (last && restarts && !this.ringEnds && !changed) this.notes.push(`第 ${row} 行点号重新开始，作为同一面的另一圈`);
    else if (last && this.ringEnds && this.heading === null && !changed) {
      this.notes.push(`第 ${row} 行之前断开（空行或已闭合），作为同一面的另一圈`);
    }
    const heights = this.waiting.heights;
    const flag = cell(layout?.deduct);
    const ring: OpenRing = {
      points: [],
      number,
      upper: heightOf(cell(layout?.upper)) ?? heights?.upper ?? null,
      lower: heightOf(cell(layout?.lower)) ?? heights?.lower ?? null,
      remark: cell(layout?.remark) ?? this.heading?.text ?? null,
      deduct: flag === null ? (this.heading?.deduct ?? false) : /^(-1|是|扣除|y|yes|true)$/i.test(flag),
    };
    plot.rings.push(ring);
    this.ringEnds = false;
    this.heading = null;
    return ring;
  }

  private hasPoints(): boolean {
    return (this.plot?.rings.length ?? 0) > 0 || this.plot?.broken != null;
  }

  private finish(): void {
    const { plot } = this;
    this.plot = null;
    this.waiting = nothing();
    this.heading = null;
    this.ringEnds = false;
    if (!plot) return;
    if (plot.broken !== null) {
      this.refused.push({ line: plot.line, why: plot.broken });
      return;
    }
    const rings = plot.rings.map(({ number: _, ...ring }): CornerRing => ring);
    const { line, attributes, statedArea, warnings, declared } = plot;
    this.found.push({ declared, plot: { line, attributes, rings, statedArea, warnings } });
  }

  done() {
    if (this.hasPoints()) this.finish();
    return { found: this.found, refused: this.refused, notes: this.notes };
  }
}

function nothing(): {
  title: null;
  attributes: Record<string, string>;
  declared: CornerDeclared;
  area: null;
  heights: null;
} {
  return { title: null, attributes: {}, declared: NOTHING_DECLARED, area: null, heights: null };
}

function keyOf(cells: readonly (string | null)[], { attributes }: Layout): string | null {
  for (const [column, title] of attributes) {
    const value = KEYS.test(title) ? (cells[column] ?? null) : null;
    if (value !== null) return `${title}=${value}`;
  }
  return null;
}

function closesRing(cells: readonly (string | null)[], { blocks }: Layout, begin: CornerPoint): boolean {
  return blocks.some(({ x, y }) => {
    const [first, second] = [cells[x] ?? null, cells[y] ?? null];
    return first !== null && second !== null && samePlace(begin, { ...begin, first, second });
  });
}

function setHeights(plot: OpenPlot, { upper, lower }: Heights): void {
  for (const ring of plot.rings) {
    ring.upper ??= upper;
    ring.lower ??= lower;
  }
}

function heightOf(text: string | null): number | null {
  const value = text === null ? Number.NaN : Number(text.replace(/[^\d.+-]/g, ''));
  return text !== null && text.trim() !== '' && Number.isFinite(value) ? value : null;
}

function unitOf(title: string): StatedArea['unit'] {
  const named = parseStatedArea(`1${title}`, 'km2');
  return named?.unit ?? 'km2';
}
