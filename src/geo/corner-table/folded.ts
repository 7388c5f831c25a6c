/**
 * foldedPoints: one list of points that a page's width has folded into several columns (点号 X Y | 点号 X Y), put back into one.
 * It goes down the first column and on at the top of the next, or from left to right row by row; the numbers of the points decide,
 * and where they fit neither way the table is refused.
 */
import { Fault } from '../../model/fault.js';
import type { Layout } from './layout.js';
import { coordinateLike, type SheetRow } from './sheet.js';

export interface TablePoint {
  readonly row: number;
  readonly name: string | null;
  /** Null: missing in a row that names a point. */
  readonly first: string | null;
  readonly second: string | null;
  /** The whole row, for its other columns. */
  readonly cells: readonly (string | null)[];
}

/** Faults: table.folded. */
export function foldedPoints(rows: readonly SheetRow[], { blocks }: Layout): TablePoint[] {
  const list: SheetRow[] = [];
  for (const row of rows) {
    const some = blocks.some(({ x, y }) => coordinateLike(row.cells[x]) && coordinateLike(row.cells[y]));
    if (some) list.push(row);
    else if (list.length > 0) break;
  }
  const at = (row: SheetRow, i: number): TablePoint[] => {
    const block = blocks[i];
    const [x, y] = block ? [row.cells[block.x], row.cells[block.y]] : [];
    if (!block || !coordinateLike(x) || !coordinateLike(y)) return [];
    const name = block.name === null ? null : (row.cells[block.name] ?? null);
    return [{ row: row.row, name, first: x, second: y, cells: row.cells }];
  };
  const down = blocks.flatMap((_, i) => list.flatMap((row) => at(row, i)));
  if (inOrder(down)) return down;
  const across = list.flatMap((row) => blocks.flatMap((_, i) => at(row, i)));
  if (inOrder(across)) return across;
  throw new Fault(
    'table.folded',
    `第 ${list[0]?.row ?? '?'} 行起点号分 ${blocks.length} 栏排列，竖读横读点号都不连续，分不清次序，请改成一栏 (a list of points folded into columns, in no order that its numbers show)`,
  );
}

/** Each number one more than the one before, or the first number of a ring again (its closing point, or the next ring). */
function inOrder(points: readonly TablePoint[]): boolean {
  const numbers = points.map(({ name }) => Number(/(\d+)\D*$/.exec(name ?? '')?.[1] ?? Number.NaN));
  let first = numbers[0] ?? Number.NaN;
  return numbers.every((number, i) => {
    const before = numbers[i - 1];
    if (before === undefined) return Number.isFinite(number);
    if (number === 1 && before !== 1) first = 1;
    return number === before + 1 || number === first;
  });
}
