/**
 * compare-strip: wide blocks one below the other, each tile decoded once. The sieves (kernels/strip) rule out what cannot be hidden and
 * cannot be a candidate; the rest is looked at closely, with its context: the same patches as by blocks, byte for byte.
 */
import { labelComponents, runsOf } from '../../kernels/components.js';
import { islandsOf, widened } from '../../kernels/islands.js';
import { shapeHaloPx } from '../../kernels/mining-shape.js';
import { MiningWindows } from '../../kernels/mining-window.js';
import type { QualityNumbers } from '../../kernels/quality.js';
import { checkShift } from '../../kernels/shift-check.js';
import { intersection, PIECE_PX, piecesOf, type StripKernels, stripBytes, stripKernels } from '../../kernels/strip.js';
import { KernelMemory } from '../../kernels/wasm.js';
import type { AlignedPair, BlockPatch, BlockResult, PairModel } from '../../model/change.js';
import type { Window } from '../../model/grid.js';
import type { MiningDetector } from '../../model/mining.js';
import type { PairUse } from '../../model/raster.js';
import { guide } from './guide.js';
import { type CellBound, cellBound, type StripNeed } from './pair-cells.js';
import { openPair, type PairReader, slidingBytes } from './pair-reader.js';

export interface StripInput {
  readonly pair: PairUse;
  readonly model: PairModel;
  readonly context: Window;
  readonly block: Window;
  /** Pixels of the largest context of the series of strips. */
  readonly capacity: number;
  /** Leave unread what the files' cells rule out: the result is the same. */
  readonly bounded: boolean;
}

interface Series {
  readonly key: string;
  readonly reader: PairReader;
  readonly kernels: StripKernels;
  readonly windows: MiningWindows;
  readonly detector: MiningDetector;
  /** null: all is read. */
  readonly bound: CellBound | null;
}

/** The series of strips that this child works on: one at a time. */
let series: Series | null = null;

export interface StripLook {
  readonly result: BlockResult;
  /** Both dates of the context without what is hidden; valid until the next look. */
  readonly pair: AlignedPair;
}

/** null where the model has no sieve: then blocks are the way. */
export function compareStrip(input: StripInput): StripLook | null {
  const found = seriesOf(input);
  if (!found) return null;
  const { model, context, block } = input;
  const part = found.bound?.of(context) ?? null;
  const strip = found.reader.read(context, model.shift, part?.need);
  const seen = found.kernels.seen(strip);
  const clear = seen === strip.seen ? strip : { ...strip, seen };
  const core = { col: block.col - context.col, row: block.row - context.row, width: block.width, height: block.height };
  const patches: BlockPatch[] = [];
  const { shape } = found.detector.weights;
  const [halo, ring] = [shapeHaloPx(shape), shape.ring];
  for (const island of found.kernels.candidates(clear)) {
    const inside = intersection(island, core);
    if (inside === null) continue;
    // beyond the island every mask is empty: only measures look there
    const worth = widened(island, ring + 1, context.width, context.height);
    for (const piece of piecesOf(inside)) {
      const around = intersection(widened(piece, halo, context.width, context.height), worth);
      if (around === null) continue;
      const own = { ...piece, col: piece.col - around.col, row: piece.row - around.row };
      const corner = { col: context.col + around.col, row: context.row + around.row };
      found.windows.masks(clear, around).forEach(({ change, measures }, level) => {
        const parts = labelComponents(change, around.width, own, corner, measures);
        patches.push(...parts.map((part) => (level === 0 ? part : { ...part, level })));
      });
    }
  }
  const seenRuns = runsOf(part ? withUnread(seen, part, context) : seen, context.width, core, context);
  let seenPixels = 0;
  for (let i = 0; i < seenRuns.length; i += 3) seenPixels += (seenRuns[i + 2] ?? 0) - (seenRuns[i + 1] ?? 0) + 1;
  const changedPixels = patches.reduce((sum, { level = 0, pixels }) => sum + (level === 0 ? pixels : 0), 0);
  const { reduced = 1 } = input.pair.after;
  const checks = checkShift(guide(clear), core, context, reduced);
  const hidden = reduced === 1 || seen === strip.seen ? [] : hiddenBoxes(strip, seen, core, context);
  const result = { window: block, patches, seenRuns, seenPixels, changedPixels, checks, hidden };
  return { result, pair: clear };
}

function withUnread(seen: Uint8Array, part: StripNeed, window: Window): Uint8Array {
  const all = seen.slice();
  part.restore(all, window);
  return all;
}

/** Pixels of a side of the cells that hidden ground is told by. */
const HIDDEN_CELL_PX = 16;

function hiddenBoxes(strip: AlignedPair, clear: Uint8Array, core: Window, corner: Window): Window[] {
  const across = Math.ceil(core.width / HIDDEN_CELL_PX);
  const cells = new Uint8Array(across * Math.ceil(core.height / HIDDEN_CELL_PX));
  for (let r = 0; r < core.height; r++) {
    const line = (core.row + r) * strip.width + core.col;
    const cell = Math.floor(r / HIDDEN_CELL_PX) * across;
    for (let c = 0; c < core.width; c++)
      if (clear[line + c] === 0 && strip.seen[line + c] === 1) cells[cell + Math.floor(c / HIDDEN_CELL_PX)] = 1;
  }
  return islandsOf(cells, across, HIDDEN_CELL_PX, 0, core.width, core.height).map(({ col, row, width, height }) => ({
    col: corner.col + core.col + col,
    row: corner.row + core.row + row,
    width,
    height,
  }));
}

function seriesOf({ pair, model, capacity, bounded }: StripInput): Series | null {
  const key = JSON.stringify([pair, model, capacity, bounded]);
  if (series?.key === key) return series;
  series = null;
  const memory = new KernelMemory(slidingBytes(pair, capacity) + stripBytes(capacity));
  const detector = model.detector as unknown as MiningDetector;
  const quality = (model.quality ?? null) as QualityNumbers | null;
  const kernels = stripKernels(memory, capacity, detector, quality);
  if (!kernels) return null;
  const side = PIECE_PX + 2 * shapeHaloPx(detector.weights.shape) + 1;
  const windows = new MiningWindows(detector, pair.after.bands.length, side * side);
  const reader = openPair(pair, { memory, capacity });
  const offset = bounded ? reader.wholeOffset(model.shift) : null;
  const bound = offset && cellBound(pair, model, { grid: reader.grid, tile: reader.tile, offset });
  series = { key, reader, kernels, windows, detector, bound };
  return series;
}
