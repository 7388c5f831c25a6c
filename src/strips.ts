/**
 * strips: how a one-off comparison is cut for speed: blocks as wide as memory allows, one below the other, ending where the context of the
 * next one needs no further row of tiles. A series of strips is one child's lane, so that each tile is decoded once.
 */
import type { FittedPair } from './comparison.js';
import { zOrder } from './geo/z-order.js';
import { sieveOf } from './kernels/mining-sieve.js';
import type { BlockResult, PairModel } from './model/change.js';
import type { Window } from './model/grid.js';
import type { MiningDetector } from './model/mining.js';
import type { PairUse } from './model/raster.js';
import type { WorkPool } from './ports/work-pool.js';

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
  if (!sieves(model)) return null;
  const rows = pair.after.reduced === undefined ? rowsFor(tileRows) : REDUCED_ROWS;
  return planStrips(extent, { haloPx: model.haloPx, rows, lanes, mostPixels: mostPixelsOf(pair, model) });
}

/** Whether the model's blocks can be looked at by the sieves first. */
export function sieves({ facts, detector }: PairModel): boolean {
  return facts.kind === 'mining' && sieveOf(detector as unknown as MiningDetector) !== null;
}

/** Pixels of a window, with its context, that one child may hold. */
function mostPixelsOf(pair: PairUse, { shift }: PairModel): number {
  const moved = shift.field !== undefined || shift.x !== 0 || shift.y !== 0;
  return PLANE_BYTES / (4 * (pair.after.bands.length + (moved ? 2 : 1) * pair.before.bands.length) + 11);
}

export interface WindowPlan {
  /** Windows that fit into one child, in batches of neighbours. */
  readonly small: readonly { readonly windows: readonly Window[]; readonly lane: number }[];
  /** Parts of those that do not. */
  readonly parts: readonly Window[];
  readonly capacity: number;
}

/** Windows of a batch. */
const BATCH = 8;
/** Neighbours are told by cells of so many pixels. */
const NEAR_PX = 512;

/** Neighbouring windows share tiles: each child gets one half of the scene, so to speak, in an order that keeps neighbours together. */
export function planWindows(
  { pair, extent, model }: Pick<FittedPair, 'pair' | 'extent' | 'model'>,
  windows: readonly Window[],
  lanes: number,
): WindowPlan {
  const around = 2 * model.haloPx;
  const most = mostPixelsOf(pair, model);
  const cost = ({ width, height }: Window) => (width + around) * (height + around);
  const side = Math.max(LEAST_WIDTH, Math.floor(Math.sqrt(most)) - around);
  const parts = windows.filter((window) => cost(window) > most).flatMap((window) => piecesOf(window, side));
  const place = ({ col, row, width, height }: Window) =>
    zOrder(Math.floor((col + width / 2) / NEAR_PX), Math.floor((row + height / 2) / NEAR_PX));
  const near = windows
    .filter((window) => cost(window) <= most)
    .map((window) => ({ window, at: place(window) }))
    .sort((a, b) => a.at - b.at);
  const total = near.reduce((sum, { window }) => sum + cost(window), 0);
  const byLane = Array.from({ length: lanes }, (): Window[] => []);
  let before = 0;
  for (const { window } of near) {
    byLane[Math.floor((before * lanes) / total)]?.push(window);
    before += cost(window);
  }
  const small = byLane.flatMap((list, lane) =>
    Array.from({ length: Math.ceil(list.length / BATCH) }, (_, k) => ({
      windows: list.slice(k * BATCH, (k + 1) * BATCH),
      lane,
    })),
  );
  const fitting = near.map(({ window }) => window);
  return { small, parts, capacity: capacityOf([...fitting, ...parts], extent, model.haloPx) };
}

function piecesOf({ col, row, width, height }: Window, side: number): Window[] {
  const pieces: Window[] = [];
  for (let y = 0; y < height; y += side)
    for (let x = 0; x < width; x += side)
      pieces.push({ col: col + x, row: row + y, width: Math.min(side, width - x), height: Math.min(side, height - y) });
  return pieces;
}

/** Rows of a strip, about: enough that context costs little, few enough for memory. */
const STRIP_ROWS = 512;
/** Of an overview, which is small: enough strips to keep all children busy. */
const REDUCED_ROWS = 256;
/** Narrower ones would be mostly context. */
const LEAST_WIDTH = 256;

/** Whole rows of tiles; files in one piece, or in very tall ones, are read across their pieces: memory comes first. */
export function rowsFor(tileRows: number): number {
  return tileRows > 2 * STRIP_ROWS ? STRIP_ROWS : Math.max(1, Math.round(STRIP_ROWS / tileRows)) * tileRows;
}

export function planStrips(
  extent: Window,
  options: {
    readonly haloPx: number;
    /** Strips' contexts end at multiples of it. */
    readonly rows: number;
    readonly lanes: number;
    /** Pixels that one child may hold. */
    readonly mostPixels: number;
  },
): StripPlan {
  const { haloPx, rows, lanes, mostPixels } = options;
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
  return { strips, capacity: capacityOf(blocks, extent, haloPx) };
}

/** Pixels that any block of a scene may have with its context: one number for all, so that they are one series. */
export function blockCapacity(blockPx: number, { haloPx }: PairModel): number {
  const side = blockPx + 2 * haloPx;
  return capacityOf(
    [{ col: 0, row: 0, width: blockPx, height: blockPx }],
    { col: 0, row: 0, width: side, height: side },
    haloPx,
  );
}

function capacityOf(blocks: readonly Window[], extent: Window, haloPx: number): number {
  const capacity = blocks.reduce((most, { width, height }) => {
    const wide = Math.min(extent.width, width + 2 * haloPx);
    const tall = Math.min(extent.height, height + 2 * haloPx);
    // shifted windows reach a few pixels further
    return Math.max(most, (wide + 8) * (tall + 8));
  }, 0);
  return Math.ceil(capacity / 64) * 64;
}

/** All blocks of the plan, in its order. */
export function compareStrips(
  pool: WorkPool,
  { pair, extent, model }: Pick<FittedPair, 'pair' | 'extent' | 'model'>,
  { strips, capacity }: StripPlan,
): Promise<BlockResult[]> {
  return Promise.all(
    strips.map(({ block, lane }) => pool.run('compare', { pair, model, extent, block, stripCapacity: capacity }, lane)),
  );
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
