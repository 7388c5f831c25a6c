/**
 * readSheets: tables of corner points as plots. A table begins with a row of titles (or, without one, with rows of a point name
 * and two coordinates); what stands above it and below it are its title, labels, heights and stated area. A ring ends at a blank
 * row, at its closing point, where numbering begins anew, where a ring number changes or at a heading of its own; a plot ends at
 * the next title, table, label of another licence, or where a column that names it changes. All of it is said.
 * In: sheets as text. Out: plots by what is declared of their numbers, which geo/corner-points/frame then decides or refuses.
 */
import type { CornerDeclared, CornerPlot } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { isDms, plainNumber } from '../corner-points/angle.js';
import { isCornerString, readCornerString } from '../corner-points/string.js';
import { foldedPoints, type TablePoint } from './folded.js';
import { isHeadRow, type Layout, layoutOf } from './layout.js';
import { PlotBuilder } from './plot-builder.js';
import { coordinateLike, type Sheet, type SheetRow } from './sheet.js';
import { declaredIn, joinDeclared } from './table-words.js';

export interface DeclaredPlots {
  readonly declared: CornerDeclared;
  readonly plots: readonly CornerPlot[];
}

export interface TableReading {
  readonly groups: readonly DeclaredPlots[];
  readonly refused: readonly { readonly line: number; readonly why: string }[];
  /** Chinese. */
  readonly notes: readonly string[];
}

/** Rows above a row of titles that may name its systems. */
const HEAD_ROWS = 3;

/** Faults: table.systems, table.folded, corners.shifted. */
export function readSheets(sheets: readonly Sheet[]): TableReading {
  const notes: string[] = [];
  const refused: { line: number; why: string }[] = [];
  const found: { declared: CornerDeclared; plot: CornerPlot }[] = [];
  for (const sheet of sheets) {
    const before = found.length + refused.length;
    const strings = stringTable(sheet);
    if (strings) {
      found.push(...strings.found);
      refused.push(...strings.refused);
      notes.push(...strings.notes.map((note) => `${sheetWord(sheet, sheets)}${note}`));
      continue;
    }
    const walked = walk(sheet);
    found.push(...walked.found);
    refused.push(...walked.refused);
    notes.push(...walked.notes.map((note) => `${sheetWord(sheet, sheets)}${note}`));
    const filled = sheet.rows.some(({ cells }) => cells.some((cell) => cell !== null));
    if (found.length + refused.length === before && filled) notes.push(`工作表“${sheet.name}”中没有坐标，未读取`);
  }
  return { groups: grouped(found), refused, notes: [...new Set(notes)] };
}

const sheetWord = ({ name }: Sheet, sheets: readonly Sheet[]): string => (sheets.length > 1 ? `工作表“${name}”：` : '');

function grouped(found: readonly { declared: CornerDeclared; plot: CornerPlot }[]): DeclaredPlots[] {
  const groups = new Map<string, { declared: CornerDeclared; plots: CornerPlot[] }>();
  for (const { declared, plot } of found) {
    const key = JSON.stringify(declared);
    const group = groups.get(key) ?? { declared, plots: [] };
    group.plots.push(plot);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** One licence a row, its points as a corner string in a cell; null = the sheet has no such cell. */
function stringTable({ rows }: Sheet) {
  const first = rows.findIndex(({ cells }) => cells.some((cell) => cell !== null && isCornerString(cell)));
  if (first < 0) return null;
  const column = rows[first]?.cells.findIndex((cell) => cell !== null && isCornerString(cell)) ?? 0;
  const head = rows.slice(0, first).findLast(({ cells }) => cells.filter((cell) => cell !== null).length > 1);
  const titles = head?.cells ?? [];
  const declared = rows
    .slice(0, first)
    .flatMap(({ cells }) => cells.map((cell) => declaredIn(cell ?? '')))
    .reduce(joinDeclared, declaredIn(''));
  const found: { declared: CornerDeclared; plot: CornerPlot }[] = [];
  const refused: { line: number; why: string }[] = [];
  for (const { row, cells } of rows.slice(first)) {
    const text = cells[column] ?? null;
    if (cells.every((cell) => cell === null)) continue;
    if (text === null || !isCornerString(text)) {
      refused.push({
        line: row,
        why: `“${titles[column] ?? `第 ${column + 1} 列`}”不是拐点坐标串：${text ?? '（空）'}`,
      });
      continue;
    }
    try {
      const rings = readCornerString(text, row);
      const attributes = Object.fromEntries(
        cells.flatMap((cell, i) =>
          i === column || cell === null ? [] : [[titles[i] ?? `第${i + 1}列`, cell] as const],
        ),
      );
      found.push({ declared, plot: { line: row, attributes, rings, statedArea: null, warnings: [] } });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      refused.push({ line: row, why: error.message });
    }
  }
  return { found, refused, notes: [`每行一个面，拐点坐标串在“${titles[column] ?? `第 ${column + 1} 列`}”中`] };
}

function walk({ name, rows }: Sheet) {
  const builder = new PlotBuilder(/^(work)?(sheet|工作表)\s*\d*$/i.test(name) ? null : name);
  let layout: Layout | null = null;
  const rest = [...rows];
  for (const [i, row] of rest.entries()) {
    if (row.cells.every((cell) => cell === null)) {
      builder.blank();
      continue;
    }
    const begun = layoutOf(row, rest.slice(Math.max(0, i - HEAD_ROWS), i));
    if (begun) {
      layout = begun;
      builder.table(row.row, layout);
      if (layout.blocks.length > 1)
        for (const point of foldedPoints(rest.slice(i + 1), layout)) builder.point(point, layout);
      continue;
    }
    const folded = layout !== null && layout.blocks.length > 1;
    const points = folded ? [] : pointsOf(row, layout);
    if (points.length === 0 && !(folded && isPointRow(row, layout))) {
      if (!isHeadRow(row)) builder.text(row);
      continue;
    }
    for (const point of points) builder.point(point, layout);
  }
  return builder.done();
}

function isPointRow({ cells }: SheetRow, layout: Layout | null): boolean {
  return layout?.blocks.some(({ x, y }) => coordinateLike(cells[x]) && coordinateLike(cells[y])) ?? false;
}

/** The point of a row, whole or with a value missing; none where the row holds something else. */
function pointsOf(row: SheetRow, layout: Layout | null): TablePoint[] {
  const { cells } = row;
  if (!layout) return bare(row);
  const [block] = layout.blocks;
  if (!block) return [];
  const [x, y] = [cells[block.x] ?? null, cells[block.y] ?? null];
  const name = block.name === null ? null : (cells[block.name] ?? null);
  const both = coordinateLike(x) && coordinateLike(y);
  const half = !both && (coordinateLike(x) || coordinateLike(y)) && name !== null;
  // Of a table with several systems: a point that has the others but not the one that is read.
  const absent = x === null && y === null && name !== null && /^[A-Za-z]?-?\d+$/.test(name) && numbers(cells) >= 3;
  if (!both && !half && !absent) return [];
  return [{ row: row.row, name, first: both ? x : null, second: both ? y : null, cells }];
}

const numbers = (cells: readonly (string | null)[]): number => cells.filter(coordinateLike).length;

/** A point without any titles above: a name and two numbers of which one can only be a coordinate. */
function bare({ row, cells }: SheetRow): TablePoint[] {
  const filled = cells.filter((cell) => cell !== null);
  const [name, first, second] = filled.length === 3 ? filled : [];
  if (!name || !coordinateLike(first) || !coordinateLike(second) || name.length > 10) return [];
  const large = [first, second].some((text) => isDms(text) || (plainNumber(text) ?? 0) >= 1_000_000);
  return large ? [{ row, name, first, second, cells }] : [];
}
