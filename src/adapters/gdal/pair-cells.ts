/**
 * pair-cells: the cells of two rasters on AFTER's lattice, and what of a strip has to be read by them (kernel cell-need). Only where BEFORE lies a whole
 * number of pixels aside: a value between pixels is no value of a cell.
 */
import { CELL, neededCells, type PairCells } from '../../kernels/cell-need.js';
import { shapeHaloPx } from '../../kernels/mining-shape.js';
import { sieveOf } from '../../kernels/mining-sieve.js';
import { type QualityNumbers, qualityHaloPx } from '../../kernels/quality.js';
import type { PairModel } from '../../model/change.js';
import type { Grid, Window } from '../../model/grid.js';
import type { MiningDetector } from '../../model/mining.js';
import type { PairUse } from '../../model/raster.js';
import type { Need } from './band-slide.js';
import { CELL_PX, type FileCells, readCells } from './cells.js';

export interface StripNeed {
  readonly need: Need;
  /** Fills in what is seen where nothing was read. */
  restore(seen: Uint8Array, window: Window): void;
}

export interface CellBound {
  /** For the strips within a window; says the same of a pixel for every window. null where so much is needed that all is read. */
  of(window: Window): StripNeed | null;
}

/** Share of a strip from which reading parts of it costs more than it saves. */
const MOST_NEEDED = 0.6;
/** Strips one after the other that needed more, from which the rest is not asked for. */
const ENOUGH = 2;

export interface Placing {
  readonly grid: Grid;
  readonly tile: { readonly x: number; readonly y: number };
  /** Whole pixels that BEFORE lies aside. */
  readonly offset: { readonly x: number; readonly y: number };
}

/** null where the files have no cells, or the model no sieve. */
export function cellBound(pair: PairUse, model: PairModel, placing: Placing): CellBound | null {
  const detector = model.detector as unknown as MiningDetector;
  const sieve = sieveOf(detector);
  if (sieve === null || pair.masks.length > 0 || pair.after.reduced !== undefined) return null;
  const [before, after] = [pair.before, pair.after].map(({ path, bands }) =>
    readCells(
      path,
      bands.map(({ index }) => index),
    ),
  );
  if (!before || !after) return null;
  const quality = (model.quality ?? null) as QualityNumbers | null;
  const { open, grow, close, edge } = detector.weights.shape;
  const reachPx = 2 * open + grow + 2 * close + edge + 1 + shapeHaloPx(detector.weights.shape);
  const aside = quality ? qualityHaloPx(quality) + 2 * Math.max(...Object.values(quality.radius)) : 0;
  const margin = Math.ceil(Math.max(reachPx, aside) / CELL_PX) + 2;
  let dense = 0;
  return {
    of(window) {
      if (dense >= ENOUGH) return null;
      const from = Math.max(0, Math.floor(window.row / CELL_PX) - margin);
      const to = Math.min(after.rows, Math.ceil((window.row + window.height) / CELL_PX) + margin);
      const cells = joined(before, after, placing, from, to);
      const needed = neededCells(cells, sieve, quality, reachPx);
      const strip = stripNeed(cells, needed, from, placing.tile);
      const read = strip.need(window).reduce((sum, { width, height }) => sum + width * height, 0);
      dense = read > MOST_NEEDED * window.width * window.height ? dense + 1 : 0;
      return dense > 0 ? null : strip;
    },
  };
}

/** Rows of cells `from` … `to` of both files on AFTER's lattice. */
function joined(before: FileCells, after: FileCells, { grid, offset }: Placing, from: number, to: number): PairCells {
  const { cols } = after;
  const rows = to - from;
  const count = cols * rows;
  const state = new Uint8Array(count);
  const planes = () => before.low.map(() => new Float32Array(count));
  const moved = { low: planes(), high: planes() };
  const full = (c: number, r: number) =>
    Math.min(CELL_PX, grid.width - c * CELL_PX) * Math.min(CELL_PX, grid.height - r * CELL_PX);
  for (let r = from; r < to; r++) {
    const [top, bottom] = span(r, offset.y);
    for (let c = 0; c < cols; c++) {
      const i = (r - from) * cols + c;
      const own = after.valid[r * cols + c] ?? 0;
      const [left, right] = span(c, offset.x);
      let [whole, some] = [true, false];
      for (let y = top; y <= bottom; y++) {
        for (let x = left; x <= right; x++) {
          const inside = x >= 0 && y >= 0 && x < before.cols && y < before.rows;
          const k = y * before.cols + x;
          const valid = inside ? (before.valid[k] ?? 0) : 0;
          // cells at the right and lower edge of BEFORE are smaller: they count as seen in part
          if (valid < CELL_PX * CELL_PX) whole = false;
          if (valid > 0) some = true;
        }
      }
      state[i] = own === 0 || !some ? CELL.unseen : whole && own === full(c, r) ? CELL.whole : CELL.part;
      if (state[i] !== CELL.whole) continue;
      before.low.forEach((low, b) => {
        const high = before.high[b] as Float32Array;
        let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
        for (let y = top; y <= bottom; y++)
          for (let x = left; x <= right; x++) {
            least = Math.min(least, low[y * before.cols + x] as number);
            most = Math.max(most, high[y * before.cols + x] as number);
          }
        (moved.low[b] as Float32Array)[i] = least;
        (moved.high[b] as Float32Array)[i] = most;
      });
    }
  }
  const cut = (plane: Float32Array) => plane.subarray(from * cols, to * cols);
  const now = { low: after.low.map(cut), high: after.high.map(cut) };
  return { cellPx: CELL_PX, cols, rows, before: moved, after: now, state };
}

/** First and last cell of BEFORE that a row or column of cells of AFTER lies on. */
function span(cell: number, offset: number): [number, number] {
  const first = cell * CELL_PX + offset;
  return [Math.floor(first / CELL_PX), Math.floor((first + CELL_PX - 1) / CELL_PX)];
}

/** Whole tiles are read that hold a needed cell. `from`: the first row of cells. */
function stripNeed(
  { cols, rows, state }: PairCells,
  needed: Uint8Array,
  from: number,
  tile: { readonly x: number; readonly y: number },
): StripNeed {
  const known = new Map<string, boolean>();
  const needs = (col: number, row: number): boolean => {
    const key = `${col}:${row}`;
    const said = known.get(key);
    if (said !== undefined) return said;
    const [x0, y0] = [Math.floor((col * tile.x) / CELL_PX), Math.floor((row * tile.y) / CELL_PX)];
    const [x1, y1] = [Math.ceil(((col + 1) * tile.x) / CELL_PX), Math.ceil(((row + 1) * tile.y) / CELL_PX)];
    let any = false;
    for (let y = Math.max(from, y0); y < Math.min(from + rows, y1) && !any; y++)
      any = needed.subarray((y - from) * cols + x0, (y - from) * cols + Math.min(cols, x1)).includes(1);
    known.set(key, any);
    return any;
  };
  const need: Need = ({ col, row, width, height }) => {
    const parts: Window[] = [];
    const [right, bottom] = [col + width, row + height];
    for (let y = Math.floor(row / tile.y); y * tile.y < bottom; y++) {
      const top = Math.max(row, y * tile.y);
      const tall = Math.min(bottom, (y + 1) * tile.y) - top;
      for (let x = Math.floor(col / tile.x); x * tile.x < right; x++) {
        if (!needs(x, y)) continue;
        const left = Math.max(col, x * tile.x);
        while ((x + 1) * tile.x < right && needs(x + 1, y)) x++;
        parts.push({ col: left, row: top, width: Math.min(right, (x + 1) * tile.x) - left, height: tall });
      }
    }
    return parts;
  };
  return {
    need,
    restore(seen, window) {
      const read = new Uint8Array(seen.length);
      for (const { col, row, width, height } of need(window))
        for (let r = 0; r < height; r++) {
          const at = (row - window.row + r) * window.width + col - window.col;
          read.fill(1, at, at + width);
        }
      for (let r = 0; r < window.height; r++) {
        const line = (Math.floor((window.row + r) / CELL_PX) - from) * cols;
        for (let c = 0; c < window.width; c++) {
          const i = r * window.width + c;
          if (read[i] === 0) seen[i] = state[line + Math.floor((window.col + c) / CELL_PX)] === CELL.whole ? 1 : 0;
        }
      }
    },
  };
}
