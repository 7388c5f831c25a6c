/**
 * strips: how a one-off comparison is cut for speed: blocks as wide as memory allows, one below the other, ending where the context of the
 * next one needs no further row of tiles. A series of strips is one child's lane, so that each tile is decoded once.
 */
import type { FittedPair } from './comparison.js';
import { sieveOf } from './kernels/mining-sieve.js';
import type { Window } from './model/grid.js';
import type { MiningDetector } from './model/mining.js';

export interface Strip {
  readonly block: Window;
  readonly lane: number;
}

export interface StripPlan {
  readonly strips: readonly Strip[];
  /** Pixels of the largest strip with its context. */
  readonly capacity: number;
}

/** Bytes of image planes that one child may hold. */
const PLANE_BYTES = 280e6;

/** null where a block has to be looked at as a whole: other kinds of change, other detectors, scores asked for. */
export function stripPlanOf(
  { pair, extent, model }: Pick<FittedPair, 'pair' | 'extent' | 'model'>,
  tileRows: number,
  lanes: number,
): StripPlan | null {
  if (model.facts.kind !== 'mining' || sieveOf(model.detector as unknown as MiningDetector) === null) return null;
  const moved = model.shift.field !== undefined || model.shift.x !== 0 || model.shift.y !== 0;
  const bytes = 4 * (pair.after.bands.length + (moved ? 2 : 1) * pair.before.bands.length) + 11;
  return planStrips(extent, { haloPx: model.haloPx, tileRows, lanes, mostPixels: PLANE_BYTES / bytes });
}

/** Rows of a strip, about: enough that context costs little, few enough for memory. */
const STRIP_ROWS = 512;
/** Narrower ones would be mostly context. */
const LEAST_WIDTH = 256;

export function planStrips(
  extent: Window,
  options: {
    readonly haloPx: number;
    readonly tileRows: number;
    readonly lanes: number;
    /** Pixels that one child may hold. */
    readonly mostPixels: number;
  },
): StripPlan {
  const { haloPx, tileRows, lanes, mostPixels } = options;
  // files in one piece, or in very tall ones, are read across their pieces: memory comes first
  const rows = tileRows > 2 * STRIP_ROWS ? STRIP_ROWS : Math.max(1, Math.round(STRIP_ROWS / tileRows)) * tileRows;
  const tallest = rows + 2 * haloPx;
  const widest = Math.max(LEAST_WIDTH, Math.floor(mostPixels / tallest) - 2 * haloPx);
  const parts = Math.ceil(extent.width / widest);
  const bottoms = bottomsOf(extent, rows, haloPx);
  const columns = Array.from({ length: parts }, (_, i) => extent.col + Math.round((i * extent.width) / parts));
  const blocks = columns.flatMap((col, i) => {
    const width = (columns[i + 1] ?? extent.col + extent.width) - col;
    return bottoms.map((bottom, k) => {
      const row = bottoms[k - 1] ?? extent.row;
      return { col, row, width, height: bottom - row };
    });
  });
  const strips = blocks.map((block, i) => ({ block, lane: Math.floor((i * lanes) / blocks.length) }));
  const capacity = blocks.reduce((most, { width, height }) => {
    const wide = Math.min(extent.width, width + 2 * haloPx);
    const tall = Math.min(extent.height, height + 2 * haloPx);
    // shifted windows reach a few pixels further
    return Math.max(most, (wide + 8) * (tall + 8));
  }, 0);
  return { strips, capacity: Math.ceil(capacity / 64) * 64 };
}

/** Rows at which strips end: their context ends with a row of tiles. */
function bottomsOf(extent: Window, rows: number, haloPx: number): number[] {
  const end = extent.row + extent.height;
  const bottoms: number[] = [];
  for (let tile = Math.floor(extent.row / rows) + 1; tile * rows < end; tile++) {
    const bottom = tile * rows - haloPx;
    if (bottom > extent.row) bottoms.push(bottom);
  }
  return [...bottoms, end];
}
