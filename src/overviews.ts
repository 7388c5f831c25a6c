/**
 * overviews: a one-off comparison from coarse to fine. The detector looks at an overview of both files first (propose); at full size only the
 * windows are read that it proposes, each with its context, so that what they hold comes out as if all had been read. A window whose
 * kept object reaches its edge is widened and read again. `--exact` does without.
 *   reduced pair → compare (strips of the overview) → proposals → compare (windows at full size) → components
 */
import { componentsOf, drawnAgain, type FittedPair, keptApart } from './comparison.js';
import { disjoint, widened } from './kernels/islands.js';
import { shiftVaries } from './kernels/shift-check.js';
import { contains, reachesEdge } from './kernels/window-edge.js';
import type { BlockResult, JudgedComponent } from './model/change.js';
import type { Window } from './model/grid.js';
import type { PairUse } from './model/raster.js';
import type { WorkPool } from './ports/work-pool.js';
import { assembleLevels } from './stages/assemble/assemble.js';
import { clearModel, proposals, reducedModel } from './stages/propose/propose.js';
import { compareStrips, planWindows, sieves, stripPlanOf } from './strips.js';

export interface CoarseToFine {
  readonly results: readonly BlockResult[];
  /** Judged, with their last outlines. */
  readonly components: readonly JudgedComponent[];
  /** Of the extent; measured on the overview. */
  readonly seenPixels: number;
  /** Share of the extent that was read at full size. */
  readonly readShare: number;
}

/** Overviews that serve: their pixels are at most so large on the ground, metres, and the file's so many times as large. */
const COARSEST_M = 10;
const FACTORS = [4, 3, 2];
/** Around what the overview shows, pixels of the file: outlines differ by a pixel of the overview, and grow by less than this. */
const MARGIN_PX = 8;
/** Share of the extent from which windows cost more than reading all of it in strips. */
const MOST_READ = 0.7;
const WIDEN_PX = 128;
const MOST_ROUNDS = 4;

/** The factor by which both files have an overview that serves, the coarsest first; null = none. */
export function overviewFactor(
  before: readonly number[],
  after: readonly number[],
  gsdM: number | null,
): number | null {
  const serves = (factor: number) =>
    before.includes(factor) && after.includes(factor) && gsdM !== null && factor * gsdM <= COARSEST_M;
  return FACTORS.find(serves) ?? null;
}

/** null where the overview shows that the shift is not the same everywhere or nearly all is worth a look, or the model has no sieves: then all is read. */
export async function compareByOverviews(
  pool: WorkPool,
  fitted: FittedPair,
  factor: number,
): Promise<CoarseToFine | null> {
  const { extent, model } = fitted;
  if (!sieves(model) || model.shift.field !== undefined) return null;
  const pair = reducedPair(fitted.pair, factor);
  const met = await pool.run('meet', { pair });
  if (!met.window) return null;
  const coarse: FittedPair = { pair, grid: met.grid, extent: met.window, model: reducedModel(model, factor) };
  const plan = stripPlanOf(coarse, met.tileRows, pool.size);
  if (!plan) return null;
  const looked = await compareStrips(pool, coarse, plan);
  if (shiftVaries(looked.flatMap(({ checks = [] }) => checks))) return null;
  const hidden = looked.flatMap(({ hidden: boxes = [] }) => boxes).map((box) => atFullSize(box, factor, extent));
  const found = proposals(assembleLevels(looked.flatMap(({ patches }) => patches)), coarse.model);
  const wanted = [...found.map((box) => atFullSize(box, factor, extent)), ...hidden];
  const area = disjoint(wanted).reduce((sum, { width, height }) => sum + width * height, 0);
  if (area > MOST_READ * extent.width * extent.height) return null;
  const close = await lookClosely(pool, fitted, wanted, hidden);
  const seen = looked.reduce((sum, { seenPixels }) => sum + seenPixels, 0);
  const share = seen / (met.window.width * met.window.height);
  return { ...close, seenPixels: Math.round(share * extent.width * extent.height) };
}

function reducedPair({ before, after, masks }: PairUse, reduced: number): PairUse {
  return { before: { ...before, reduced }, after: { ...after, reduced }, masks };
}

function atFullSize({ col, row, width, height }: Window, factor: number, extent: Window): Window {
  const whole = { col: col * factor, row: row * factor, width: width * factor, height: height * factor };
  return around(whole, MARGIN_PX, extent);
}

/** The window with so much around it, cut at the extent. */
function around({ col, row, width, height }: Window, by: number, extent: Window): Window {
  const own = { col: col - extent.col, row: row - extent.row, width, height };
  const wide = widened(own, by, extent.width, extent.height);
  return { ...wide, col: wide.col + extent.col, row: wide.row + extent.row };
}

interface Looked {
  readonly results: readonly BlockResult[];
  /** Judged, with their last outlines. */
  readonly objects: readonly JudgedComponent[];
  /** A kept object may go on beyond the window. */
  readonly tight: boolean;
}

async function lookClosely(
  pool: WorkPool,
  fitted: FittedPair,
  wanted: readonly Window[],
  hidden: readonly Window[],
): Promise<Omit<CoarseToFine, 'seenPixels'>> {
  const { extent, model } = fitted;
  const clear = { ...fitted, model: clearModel(model) };
  const isClear = (window: Window) => {
    const wide = around(window, model.haloPx, extent);
    return !hidden.some((box) => meets(box, wide));
  };
  const known = new Map<string, Looked>();
  let windows = disjoint(wanted.filter(({ width, height }) => width > 0 && height > 0));
  for (let round = 1; ; round++) {
    const open = windows.filter((window) => !known.has(keyOf(window)));
    for (const [one, some] of [
      [clear, open.filter(isClear)],
      [fitted, open.filter((window) => !isClear(window))],
    ] as const)
      for (const [window, looked] of await lookAt(pool, one, some)) known.set(keyOf(window), looked);
    const tight = windows.filter((window) => known.get(keyOf(window))?.tight);
    if (tight.length === 0 || round === MOST_ROUNDS) break;
    windows = disjoint(windows.map((window) => (tight.includes(window) ? around(window, WIDEN_PX, extent) : window)));
  }
  const looked = windows.flatMap((window) => known.get(keyOf(window)) ?? []);
  const objects = looked.flatMap((one) => one.objects).sort((a, b) => inOrder(a.component.runs, b.component.runs));
  const read = windows.reduce((sum, window) => {
    const { width, height } = around(window, (isClear(window) ? clear : fitted).model.haloPx, extent);
    return sum + width * height;
  }, 0);
  return {
    results: looked.flatMap(({ results }) => results),
    components: keptApart(objects, model),
    readShare: Math.min(1, read / (extent.width * extent.height)),
  };
}

/** By the first pixel, as components of a whole scene are. */
function inOrder(a: Int32Array, b: Int32Array): number {
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}

/** Windows that fit into one child are finished there; of larger ones the parts come back. */
async function lookAt(pool: WorkPool, fitted: FittedPair, windows: readonly Window[]): Promise<[Window, Looked][]> {
  if (windows.length === 0) return [];
  const { pair, extent, model } = fitted;
  const { small, parts, capacity } = planWindows(fitted, windows, pool.size);
  const compare = (block: Window) => pool.run('compare', { pair, model, extent, block, stripCapacity: capacity });
  const [finished, results] = await Promise.all([
    Promise.all(
      small.map(({ windows: batch, lane }) =>
        pool.run('look', { pair, model, extent, windows: batch, capacity }, lane),
      ),
    ),
    Promise.all(parts.map(compare)),
  ]);
  const looks = finished.flat();
  const bySmall = new Map(small.flatMap((batch) => batch.windows).map((window, i) => [window, looks[i]] as const));
  return Promise.all(
    windows.map(async (window): Promise<[Window, Looked]> => {
      const look = bySmall.get(window);
      if (look?.objects) return [window, { results: [look.result], objects: look.objects, tight: false }];
      const own = look ? [look.result] : results.filter((result) => contains(window, result.window));
      const components = componentsOf(own, model);
      const tight = components.some(({ component }) => reachesEdge(component.runs, window, extent));
      return [window, { results: own, objects: await drawnAgain(pool, fitted, components), tight }];
    }),
  );
}

function keyOf({ col, row, width, height }: Window): string {
  return `${col}:${row}:${width}:${height}`;
}

function meets(a: Window, b: Window): boolean {
  return a.col < b.col + b.width && b.col < a.col + a.width && a.row < b.row + b.height && b.row < a.row + a.height;
}
