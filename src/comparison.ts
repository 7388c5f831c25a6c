/**
 * comparison: two dates of one place become described patches. Used alike by the one-off `diff` and by a run's pairs; the one
 * calls everything in turn, the other as jobs with stored results. No database, no files but the images.
 *   meet → fit (whole pair, fixed sample) → compare (per block) → componentsOf (seams closed, judged) → patchesOf (measured)
 */
import { perimeterM, polygonAreaM2 } from './geo/ellipsoid-area.js';
import { interiorPoint } from './geo/interior-point.js';
import { quantise } from './geo/quantise.js';
import type { BlockResult, Component, JudgedComponent, PairFacts, PairModel } from './model/change.js';
import { Fault } from './model/fault.js';
import type { Grid, MultiPolygonRings, Window } from './model/grid.js';
import { judgementRecipeSchema } from './model/judgement-recipe.js';
import type { Patch } from './model/patch.js';
import { imageSigmaM } from './model/position.js';
import type { PairUse } from './model/raster.js';
import { type RasterRecipe, rasterRecipeHash } from './model/recipe.js';
import type { WorkPool } from './ports/work-pool.js';
import { chooseComponents, leastPixels } from './stages/assemble/choose.js';
import { shapeOf } from './stages/assemble/shape.js';
import { judgeObject } from './stages/detect/object.js';
import { withOutline } from './stages/detect/outline.js';

/** A pair whose two dates meet, with its fitted model. */
export interface FittedPair {
  readonly pair: PairUse;
  readonly grid: Grid;
  readonly extent: Window;
  readonly model: PairModel;
}

/** Blocks of the extent on the absolute lattice of AFTER's pixels, row by row. */
export function blocksOf(extent: Window, blockPx: number): Window[] {
  const blocks: Window[] = [];
  const right = extent.col + extent.width;
  const bottom = extent.row + extent.height;
  for (let row = extent.row; row < bottom; ) {
    const nextRow = Math.min(bottom, (Math.floor(row / blockPx) + 1) * blockPx);
    for (let col = extent.col; col < right; ) {
      const nextCol = Math.min(right, (Math.floor(col / blockPx) + 1) * blockPx);
      blocks.push({ col, row, width: nextCol - col, height: nextRow - row });
      col = nextCol;
    }
    row = nextRow;
  }
  return blocks;
}

/** Faults: pair.no-overlap, pair.shift (the dates cannot be brought to lie on each other), and those of the children. */
export async function fitPair(
  pool: WorkPool,
  pair: PairUse,
  recipe: RasterRecipe,
  fieldLater = false,
): Promise<FittedPair> {
  const { grid, window, gsdM, pixelAreaM2 } = await pool.run('meet', { pair });
  if (!window) {
    throw new Fault(
      'pair.no-overlap',
      `两期影像没有重叠：${pair.before.path} 与 ${pair.after.path}。请检查是否为同一地区、坐标系是否正确 (the two images do not overlap)`,
    );
  }
  const facts: PairFacts = {
    kind: recipe.kind,
    gsdM,
    pixelAreaM2,
    minAreaM2: recipe.minAreaM2,
    sensorBefore: pair.before.sensor,
    sensorAfter: pair.after.sensor,
    dateBefore: pair.before.acquiredOn,
    dateAfter: pair.after.acquiredOn,
  };
  const { maxResidualPx } = recipe;
  const model = await pool.run('fit', {
    pair,
    window,
    facts,
    seed: rasterRecipeHash(recipe),
    maxResidualPx,
    fieldLater,
  });
  return { pair, grid, extent: window, model };
}

/** Whole components over all blocks, large enough and kept by the detector's object stage. */
export function componentsOf(results: readonly BlockResult[], model: PairModel): JudgedComponent[] {
  return chooseComponents(results, model, judgeObject);
}

/** Objects whose outlines are drawn again once they are whole, where the model asks for it: those that are still kept and large enough. */
export async function recutComponents(
  pool: WorkPool,
  fitted: Pick<FittedPair, 'pair' | 'extent' | 'model'>,
  judged: readonly JudgedComponent[],
): Promise<JudgedComponent[]> {
  return keptApart(await drawnAgain(pool, fitted, judged), fitted.model);
}

/** Of objects with their last outlines: those that are kept, large enough, and not over an earlier one. */
export function keptApart(drawn: readonly JudgedComponent[], model: PairModel): JudgedComponent[] {
  const least = leastPixels(model);
  const whole = drawn.filter(({ component, judgement }) => judgement.keep && component.pixels >= least);
  return whole.filter(({ component }, i) => !whole.slice(0, i).some((other) => overlap(component, other.component)));
}

/** The same, with all of them, in the order given. */
export async function drawnAgain(
  pool: WorkPool,
  { pair, extent, model }: Pick<FittedPair, 'pair' | 'extent' | 'model'>,
  judged: readonly JudgedComponent[],
): Promise<JudgedComponent[]> {
  const marginPx = model.recutMarginPx;
  if (marginPx === undefined || judged.length === 0) return [...judged];
  // neighbours share tiles: those of one place go to one child, one after the other
  const order = judged
    .map(({ component: { runs } }, i) => ({ i, runs, band: Math.floor((runs[0] ?? 0) / NEAR_PX), col: runs[1] ?? 0 }))
    .sort((a, b) => a.band - b.band || (a.band % 2 === 0 ? a.col - b.col : b.col - a.col) || a.i - b.i);
  const batches = Array.from({ length: Math.ceil(order.length / RECUT_BATCH) }, (_, k) =>
    order.slice(k * RECUT_BATCH, (k + 1) * RECUT_BATCH),
  );
  const drawn = await Promise.all(
    batches.map(async (batch, k) => {
      const objects = batch.map(({ runs }) => runs);
      const lane = Math.floor((k * pool.size) / batches.length);
      const found = await pool.run('recut', { pair, model, extent, marginPx, objects }, lane);
      return batch.map(({ i }, n) => [i, found[n]] as const);
    }),
  );
  const found = new Map(drawn.flat());
  return judged.map((one, i) => withOutline(one, found.get(i), model));
}

/** Objects within this many rows are taken along a row of tiles. */
const NEAR_PX = 512;
/** Few a job: they are of very different size. */
const RECUT_BATCH = 4;

/** Whether two components share a pixel. */
function overlap(a: Component, b: Component): boolean {
  let j = 0;
  for (let i = 0; i + 2 < a.runs.length; i += 3) {
    const [row = 0, from = 0, to = 0] = a.runs.subarray(i, i + 3);
    while (j + 2 < b.runs.length && ((b.runs[j] ?? 0) < row || (b.runs[j] === row && (b.runs[j + 2] ?? 0) < from)))
      j += 3;
    if (j + 2 >= b.runs.length) return false;
    if (b.runs[j] === row && (b.runs[j + 1] ?? 0) <= to) return true;
  }
  return false;
}

/** What the position of an outline rests on: pixel size, and one sigma of the residual of the pair's shift, metres. */
export function imageFacts({ facts, shift }: PairModel): NonNullable<Patch['image']> {
  const gsdM = facts.gsdM ?? 0;
  return { gsdM, shiftM: shift.residualPx * gsdM };
}

/** Standard positional error of an outline by the default image classes, metres. */
export function sigmaOf({ gsdM, shiftM }: NonNullable<Patch['image']>): number {
  return Math.hypot(imageSigmaM(gsdM, DEFAULT_POSITION), shiftM);
}

const DEFAULT_POSITION = judgementRecipeSchema.parse({}).position;

/** Components of one pair as measured patches, in the order given; ids are left to the caller. */
export async function patchesOf(
  pool: WorkPool,
  fitted: FittedPair,
  components: readonly JudgedComponent[],
  seenShareOf: (component: Component) => number,
  pairId: string,
): Promise<Patch[]> {
  const polygons = components.map(({ component }): MultiPolygonRings => [shapeOf(component, fitted.grid.transform)]);
  const lonLat = await pool.run('toLonLat', { crs: fitted.grid.crs, polygons });
  const image = imageFacts(fitted.model);
  return components.map(({ component, judgement }, i) => {
    const geometry = quantise(lonLat[i] ?? []);
    const inside = interiorPoint(geometry);
    return {
      id: String(i + 1),
      pairs: [pairId],
      geometry,
      areaM2: polygonAreaM2(geometry),
      perimeterM: perimeterM(geometry),
      lon: inside.lon,
      lat: inside.lat,
      confidence: judgement.confidence,
      changeType: judgement.changeType,
      seenShare: seenShareOf(component),
      sigmaM: sigmaOf(image),
      image,
      dateBefore: fitted.pair.before.acquiredOn,
      dateAfter: fitted.pair.after.acquiredOn,
      reasons: judgement.reasons,
    };
  });
}

/**
 * Share of seen pixels in the box around a component, widened by three pixels and cut to the extent: less than 1 says that
 * the patch may go on under a cloud.
 */
export function seenShares(results: readonly BlockResult[], extent: Window): (component: Component) => number {
  const byRow = new Map<number, number[]>();
  for (const { seenRuns } of results) {
    for (let i = 0; i + 2 < seenRuns.length; i += 3) {
      const row = seenRuns[i] ?? 0;
      const list = byRow.get(row);
      if (list) list.push(seenRuns[i + 1] ?? 0, seenRuns[i + 2] ?? 0);
      else byRow.set(row, [seenRuns[i + 1] ?? 0, seenRuns[i + 2] ?? 0]);
    }
  }
  return ({ runs }) => {
    let left = Number.POSITIVE_INFINITY;
    let right = Number.NEGATIVE_INFINITY;
    for (let i = 0; i + 2 < runs.length; i += 3) {
      left = Math.min(left, runs[i + 1] ?? 0);
      right = Math.max(right, runs[i + 2] ?? 0);
    }
    const from = Math.max(extent.col, left - 3);
    const to = Math.min(extent.col + extent.width - 1, right + 3);
    const top = Math.max(extent.row, (runs[0] ?? 0) - 3);
    const bottom = Math.min(extent.row + extent.height - 1, (runs[runs.length - 3] ?? 0) + 3);
    let seen = 0;
    for (let row = top; row <= bottom; row++) {
      const list = byRow.get(row) ?? [];
      for (let i = 0; i + 1 < list.length; i += 2) {
        seen += Math.max(0, Math.min(to, list[i + 1] ?? 0) - Math.max(from, list[i] ?? 0) + 1);
      }
    }
    return seen / ((to - from + 1) * (bottom - top + 1));
  };
}
