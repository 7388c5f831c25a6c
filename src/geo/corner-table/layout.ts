/**
 * layout: which column of a table of corner points is what, from its row of titles and the rows above it: names of points, the
 * two coordinates (one or several systems side by side, or one list folded into several columns), ring, heights, attributes.
 * X is the northing, as the Chinese formats have it; the numbers themselves decide (geo/corner-points/frame), not the letter.
 */
import { type CornerDeclared, NOTHING_DECLARED } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { datumNamed } from '../corner-points/datum.js';
import { plainTitle, type SheetRow } from './sheet.js';
import { declaredIn, joinDeclared, systemNamed } from './table-words.js';

export interface Block {
  readonly name: number | null;
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  /** One; several where one list is folded into several columns. */
  readonly blocks: readonly Block[];
  readonly ring: number | null;
  readonly deduct: number | null;
  readonly upper: number | null;
  readonly lower: number | null;
  readonly remark: number | null;
  readonly system: number | null;
  /** Column → title. */
  readonly attributes: ReadonlyMap<number, string>;
  readonly declared: CornerDeclared;
  /** Chinese. */
  readonly notes: readonly string[];
}

interface Pair extends Block {
  readonly system: string | null;
  readonly geographic: boolean;
}

const POINT_NAME =
  /^(点号|点名|点序|拐点(编号|号|序号|名称|点号)?|界址点(号|编号)?|桩号|顶点(号|编号)?|点位(编号)?|坐标点(号|编号)?)$/;
const WEAK_POINT_NAME = /^(序号|编号|no\.?)$/;
const COLUMNS = {
  ring: /^(地块)?(圈|环)号$|^圈$/,
  deduct: /^(是否)?扣除(标志)?$|^标志$/,
  upper: /^(开采)?标高(上限|\(上限\)|由)|^上限(标高|高程)/,
  lower: /^(开采)?标高(下限|\(下限\)|至)|^下限(标高|高程)/,
  remark: /^(圈)?说明$/,
  system: /^坐标系(统)?$/,
} as const;

/** `north` and `east` where the title says so itself, `x` and `y` where it only has the letter. */
type Axis = 'north' | 'east' | 'x' | 'y';
const AXES: readonly (readonly [RegExp, Axis])[] = [
  [/^(纵|北|纬|纬度|n|b|lat|latitude)$/, 'north'],
  [/^(横|东|经|经度|e|l|lon|lng|longitude)$/, 'east'],
  [/^x$/, 'x'],
  [/^y$/, 'y'],
];

function axisOf(title: string): Axis | null {
  const plain = plainTitle(title);
  const bracket = /[([](.*?)[)\]]/.exec(plain)?.[1] ?? '';
  const bare = plain
    .replace(/[([].*?[)\]]/g, '')
    .replace(
      /cgcs-?2000|2000国家大地坐标系?|(1980)?西安80?|80西安|(1954)?北京54?|54北京|wgs-?84|2000|1980|1954|80|54/g,
      '',
    )
    .replace(/大地|国家|坐标系?|拐点|值|轴|方?向|米|系|_/g, '');
  for (const text of [bare, bare === '' ? bracket : '']) {
    const axis = AXES.find(([pattern]) => pattern.test(text))?.[1];
    if (axis !== undefined) return axis;
  }
  return null;
}

const isGeographic = (title: string): boolean => /经|纬|lat|lon|lng|^[bl]$/.test(plainTitle(title));

/** null: no row of titles. `above`: the rows over it, nearest last. Faults: table.systems, corners.shifted. */
export function layoutOf({ row, cells }: SheetRow, above: readonly SheetRow[]): Layout | null {
  const axes = cells.map((cell) => (cell === null ? null : axisOf(cell)));
  const names = columnsOf(cells, POINT_NAME);
  const weak = names.length > 0 ? [] : columnsOf(cells, WEAK_POINT_NAME);
  const upper =
    names.length + weak.length > 0 ? [] : above.slice(-2).flatMap((over) => columnsOf(over.cells, POINT_NAME));
  const pairs = pairsOf(cells, axes, [...names, ...weak, ...upper], above);
  if (pairs.length === 0) return null;
  const chosen = choose(pairs, row);
  const used = new Set(pairs.flatMap(({ name, x, y }) => [name, x, y]));
  const special = Object.fromEntries(
    Object.entries(COLUMNS).map(([key, pattern]) => [
      key,
      columnsOf(cells, pattern).find((at) => !used.has(at)) ?? null,
    ]),
  ) as Record<keyof typeof COLUMNS, number | null>;
  for (const at of Object.values(special)) used.add(at);
  const attributes = new Map(
    cells.flatMap((cell, i) => (cell === null || used.has(i) ? [] : [[i, cell.trim()] as const])),
  );
  const titles = chosen.blocks.flatMap(({ x, y }) => [x, y]).map((at) => cells[at] ?? '');
  const certain = chosen.blocks.every(({ x, y }) => axes[x] === 'north' && axes[y] === 'east');
  const own = titles.map(declaredIn).reduce(joinDeclared, NOTHING_DECLARED);
  const declared = { ...own, datum: own.datum ?? chosen.system, axis: certain ? ('xy' as const) : null };
  return { ...special, blocks: chosen.blocks, attributes, declared, notes: chosen.notes };
}

/** A row that only names systems and columns for the row of titles under it. */
export function isHeadRow({ cells }: SheetRow): boolean {
  const filled = cells.filter((cell) => cell !== null);
  const systems = filled.filter((cell) => systemNamed(cell) !== null).length;
  return filled.length > 1 && systems + columnsOf(filled, POINT_NAME).length === filled.length;
}

function columnsOf(cells: readonly (string | null)[], pattern: RegExp): number[] {
  return cells.flatMap((cell, i) => (cell !== null && pattern.test(plainTitle(cell)) ? [i] : []));
}

function pairsOf(
  cells: readonly (string | null)[],
  axes: readonly (Axis | null)[],
  names: readonly number[],
  above: readonly SheetRow[],
): Pair[] {
  const pairs: Pair[] = [];
  let open: number | null = null;
  for (const [i, axis] of axes.entries()) {
    if (axis === null) continue;
    const before = open === null ? null : (axes[open] ?? null);
    if (open === null || before === null || northward(before) === northward(axis)) {
      open = i;
      continue;
    }
    const [x, y] = northward(axis) ? [i, open] : [open, i];
    const name = names.filter((at) => at < Math.min(x, y)).at(-1) ?? names[0] ?? null;
    const system = systemIn(cells[x]) ?? systemIn(cells[y]) ?? systemAbove(Math.min(x, y), above);
    pairs.push({ name, x, y, system, geographic: isGeographic(cells[x] ?? '') });
    open = null;
  }
  return pairs;
}

/** Of a title: `X（2000）` names its system in the brackets, where the bare number is enough. */
function systemIn(title: string | null | undefined): string | null {
  const bracket = /[(（]([^()（）]*)[)）]/.exec(title ?? '')?.[1];
  return systemNamed(title ?? '') ?? (bracket === undefined ? null : systemNamed(bracket));
}

const northward = (axis: Axis): boolean => axis === 'north' || axis === 'x';

/** A merged cell keeps its text in its first column: the nearest one at or left of the column. */
function systemAbove(column: number, above: readonly SheetRow[]): string | null {
  for (const { cells } of above.toReversed()) {
    const text = cells.slice(0, column + 1).findLast((cell) => cell !== null);
    const system = text ? systemNamed(text) : null;
    if (system !== null) return system;
  }
  return null;
}

interface Choice {
  readonly blocks: readonly Block[];
  readonly system: string | null;
  readonly notes: readonly string[];
}

function choose(pairs: readonly Pair[], row: number): Choice {
  const [first] = pairs as [Pair, ...Pair[]];
  if (pairs.length === 1) return { blocks: [first], system: first.system, notes: [] };
  const datums = new Set(pairs.map(({ system }) => (system === null ? null : datumNamed(system))));
  const names = new Set(pairs.map(({ name }) => name));
  const alike = datums.size === 1 && pairs.every(({ geographic }) => geographic === first.geographic);
  if (alike && names.size === pairs.length) {
    return {
      blocks: pairs,
      system: first.system,
      notes: [`第 ${row} 行起点号分 ${pairs.length} 栏排列，按点号顺序读`],
    };
  }
  const words = pairs.map(({ system, geographic }) => `${system ?? '未写明'}${geographic ? '经纬度' : '平面坐标'}`);
  const official = pairs.filter(({ system }) => system !== null && datumNamed(system) === 'CGCS2000');
  const candidates = official.length > 0 ? official : datums.size === 1 ? pairs : [];
  const planes = candidates.filter(({ geographic }) => !geographic);
  const [taken, ...others] = planes.length > 0 ? planes : candidates;
  if (!taken || others.length > 0) {
    throw new Fault(
      'table.systems',
      `第 ${row} 行的表有 ${pairs.length} 套坐标（${words.join('、')}），分不清该用哪一套；请在表头写明“2000国家大地坐标系”，或只保留一套 (several coordinate systems side by side; name the CGCS2000 one)`,
    );
  }
  const kind = `${taken.system ?? '未写明坐标系'}${taken.geographic ? '经纬度' : '平面坐标'}`;
  return {
    blocks: [taken],
    system: taken.system,
    notes: [`第 ${row} 行的表有 ${pairs.length} 套坐标（${words.join('、')}），取${kind}，其余未用`],
  };
}
