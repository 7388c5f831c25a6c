/**
 * cell-need: which cells of a pair have to be read so that a strip comes out as if all had been. What may hold a candidate (cell-bound), what may be
 * part of a cloud, shade or saturation (quality-sieve in interval arithmetic, by the boxes that make cores), each with the context that a close look
 * takes there, and what is seen in part.
 * In:  ranges of both dates on one lattice of cells, the model's numbers. Out: 1 = to be read.
 */
import { type CellRanges, cellsThatMay } from './cell-bound.js';
import type { MiningSieve } from './mining-sieve.js';
import { CORE_SHARE, FULL_SHARE, type QualityNumbers, qualityHaloPx } from './quality.js';
import { OTHER, type Side } from './quality-marks.js';
import { qualitySieve } from './quality-sieve.js';

/** What is known of the pixels of a cell: none is seen on both dates, all are, or some may be. */
export const CELL = { unseen: 0, whole: 1, part: 2 } as const;

export interface PairCells {
  readonly cellPx: number;
  readonly cols: number;
  readonly rows: number;
  readonly before: CellRanges;
  readonly after: CellRanges;
  /** CELL. Ranges of cells that are not whole mean nothing. */
  readonly state: Uint8Array;
}

/** `reachPx`: how far from a candidate a close look reads. */
export function neededCells(
  cells: PairCells,
  sieve: MiningSieve,
  quality: QualityNumbers | null,
  reachPx: number,
): Uint8Array {
  const { cols, rows, cellPx, state } = cells;
  const whole = state.map((s) => (s === CELL.whole ? 1 : 0));
  const may = cellsThatMay(cells.before, cells.after, sieve, whole);
  for (let i = 0; i < may.length; i++) if (state[i] === CELL.part) may[i] = 1;
  const need = spread(may, cols, rows, Math.ceil(reachPx / cellPx));
  if (quality === null) return need;
  const hide = spread(mayHide(cells, quality), cols, rows, Math.ceil(qualityHaloPx(quality) / cellPx));
  for (let i = 0; i < need.length; i++) if (hide[i] === 1 || maySaturate(cells, quality, i)) need[i] = 1;
  return need;
}

/** Cells that a core of cloud, snow or shade may touch. */
function mayHide(cells: PairCells, quality: QualityNumbers): Uint8Array {
  const { solid, veil, shade } = quality.radius;
  const out = new Uint8Array(cells.state.length);
  for (const date of ['before', 'after'] as const) {
    const [bright, dark] = marks(cells, quality, date);
    const boxes: [Uint8Array, number][] = [
      [bright, veil > 0 ? Math.min(solid, veil) : solid],
      [dark, quality[date].cloudy ? Math.max(3, shade >> 1) : shade],
    ];
    for (const [marked, radius] of boxes) {
      const crowded = crowdedBy(marked, cells, 2 * radius + 1);
      for (let i = 0; i < out.length; i++) if (crowded[i] === 1) out[i] = 1;
    }
  }
  return out;
}

/** Where the sieve of `quality` may leave a mark: bright ones, dark ones. */
function marks(cells: PairCells, quality: QualityNumbers, date: Side): [Uint8Array, Uint8Array] {
  const n = qualitySieve(quality, quality[date], quality.radius.veil > 0);
  const [own, other] = [cells[date], cells[OTHER[date]]];
  const { blue, red, nir } = quality;
  const bright = new Uint8Array(cells.state.length);
  const dark = new Uint8Array(cells.state.length);
  const at = (k: number) => n[k] ?? 0;
  for (let i = 0; i < bright.length; i++) {
    if (cells.state[i] !== CELL.whole) continue;
    const low = (band: number) => own.low[band]?.[i] ?? 0;
    const high = (band: number) => own.high[band]?.[i] ?? 0;
    const foretold = (band: number, k: number): [number, number] => {
      const ends = [other.low[band]?.[i] ?? 0, other.high[band]?.[i] ?? 0].map((v) => at(k) * v + at(k + 1));
      return [less(Math.min(...ends)), more(Math.max(...ends))];
    };
    const [b, r, k] = [foretold(blue, 0), foretold(red, 2), foretold(nir, 4)];
    if (more(high(blue) - b[0]) > at(6) && high(blue) > at(7)) bright[i] = 1;
    const faint = Math.min(low(blue), low(red), low(nir), b[0], r[0], k[0]) < more(at(11));
    const shade = low(nir) < more(at(10) * k[1]) && low(red) < more(at(9) * r[1]) && low(blue) < more(at(8) * b[1]);
    if (faint || shade) dark[i] = 1;
  }
  return [bright, dark];
}

const SLACK = 1e-5;

function less(value: number): number {
  return value - SLACK * Math.abs(value);
}

function more(value: number): number {
  return value + SLACK * Math.abs(value);
}

function maySaturate({ before, after }: PairCells, { ceilings }: QualityNumbers, i: number): boolean {
  return [before, after].some(
    ({ high }, side) =>
      ceilings.filter((ceiling, band) => {
        const top = ceiling[side];
        return top !== null && top !== undefined && (high[band]?.[i] ?? 0) >= top;
      }).length >= 2,
  );
}

/** Cells of every window that a box of `side` pixels can lie in and that together may hold enough marks for a core. */
function crowdedBy(marked: Uint8Array, { cols, rows, cellPx }: PairCells, side: number): Uint8Array {
  const out = new Uint8Array(marked.length);
  const span = Math.ceil((side - 1) / cellPx) + 1;
  const least = (CORE_SHARE * FULL_SHARE * side * side) / (cellPx * cellPx);
  const sums = new Int32Array((cols + 1) * (rows + 1));
  for (let y = 0; y < rows; y++) {
    let line = 0;
    for (let x = 0; x < cols; x++) {
      line += marked[y * cols + x] ?? 0;
      sums[(y + 1) * (cols + 1) + x + 1] = (sums[y * (cols + 1) + x + 1] ?? 0) + line;
    }
  }
  const sum = (x0: number, y0: number, x1: number, y1: number) =>
    (sums[y1 * (cols + 1) + x1] ?? 0) -
    (sums[y0 * (cols + 1) + x1] ?? 0) -
    (sums[y1 * (cols + 1) + x0] ?? 0) +
    (sums[y0 * (cols + 1) + x0] ?? 0);
  for (let y = 1 - span; y < rows; y++) {
    for (let x = 1 - span; x < cols; x++) {
      const [x0, y0] = [Math.max(0, x), Math.max(0, y)];
      const [x1, y1] = [Math.min(cols, x + span), Math.min(rows, y + span)];
      if (sum(x0, y0, x1, y1) < least) continue;
      for (let row = y0; row < y1; row++) out.fill(1, row * cols + x0, row * cols + x1);
    }
  }
  return out;
}

/** Every set cell and those within `by` cells of it. */
function spread(cells: Uint8Array, cols: number, rows: number, by: number): Uint8Array {
  const wide = new Uint8Array(cells.length);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < cols; x++)
      if (cells[y * cols + x] === 1)
        wide.fill(1, y * cols + Math.max(0, x - by), y * cols + Math.min(cols, x + by + 1));
  const out = new Uint8Array(cells.length);
  for (let y = 0; y < rows; y++) {
    for (let row = Math.max(0, y - by); row <= Math.min(rows - 1, y + by); row++)
      for (let x = 0; x < cols; x++) if (wide[row * cols + x] === 1) out[y * cols + x] = 1;
  }
  return out;
}
