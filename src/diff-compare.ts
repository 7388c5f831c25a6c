/**
 * diff-compare: both dates of a one-off comparison to judged components: coarse to fine where both files have overviews that serve, else by
 * strips with the sieves where the detector allows it, else by blocks.
 * In large fine scenes one shift is taken to serve everywhere while the strips check it; where it does not, all is done once more with
 * the shift measured over the whole scene: what nearly every pair would pay for nothing is paid by the few that need it.
 */
import { blocksOf, componentsOf, type FittedPair, fitPair, recutComponents } from './comparison.js';
import { shiftVaries } from './kernels/shift-check.js';
import type { BlockResult, JudgedComponent } from './model/change.js';
import type { PairUse } from './model/raster.js';
import type { RasterRecipe } from './model/recipe.js';
import type { WorkCatalogue } from './model/work.js';
import { compareByOverviews } from './overviews.js';
import type { WorkPool } from './ports/work-pool.js';
import { compareStrips, stripPlanOf } from './strips.js';

/** Pixels from which the checks of the strips are as good as measuring beforehand, and much cheaper. */
const LARGE_PX = 8e6;
const FINE_BELOW_M = 5;

export interface Compared {
  readonly fitted: FittedPair;
  readonly results: readonly BlockResult[];
  /** Kept, with their last outlines. */
  readonly components: readonly JudgedComponent[];
  readonly seenPixels: number;
  /** exact: every pixel was decoded. overviews: those that an overview proposed, a share of them. */
  readonly mode: 'exact' | 'overviews';
  readonly readShare: number;
}

export interface CompareOptions {
  readonly met: WorkCatalogue['meet']['output'];
  /** Both files have an overview reduced by this factor that may serve; null = every pixel is to be decoded. */
  readonly overview: number | null;
  /** Called once the pair is fitted; gives where blocks keep their scores, null = they are not wanted. */
  readonly scores: ((fitted: FittedPair) => NonNullable<WorkCatalogue['compare']['input']['keep']>) | null;
}

export async function comparePair(
  pool: WorkPool,
  pair: PairUse,
  recipe: RasterRecipe,
  { met, overview, scores }: CompareOptions,
): Promise<Compared> {
  const pixels = (met.window?.width ?? 0) * (met.window?.height ?? 0);
  const later =
    scores === null && recipe.kind === 'mining' && (met.gsdM ?? FINE_BELOW_M) < FINE_BELOW_M && pixels > LARGE_PX;
  if (later) {
    const fitted = await fitPair(pool, pair, recipe, true);
    const coarse = overview === null ? null : await compareByOverviews(pool, fitted, overview);
    if (coarse) return { fitted, ...coarse, mode: 'overviews' };
    const results = await byStrips(pool, fitted, met.tileRows);
    const measured = fitted.model.shift.field !== undefined;
    const serves = measured || !shiftVaries(results?.flatMap(({ checks = [] }) => checks) ?? []);
    if (results && serves) return whole(pool, fitted, results);
  }
  const fitted = await fitPair(pool, pair, recipe);
  const strips = scores === null ? await byStrips(pool, fitted, met.tileRows) : null;
  if (strips) return whole(pool, fitted, strips);
  const { extent, model } = fitted;
  const keep = scores ? { keep: scores(fitted) } : {};
  const results = await Promise.all(
    blocksOf(extent, recipe.blockPx).map((block) => pool.run('compare', { pair, model, extent, block, ...keep })),
  );
  return whole(pool, fitted, results);
}

async function whole(pool: WorkPool, fitted: FittedPair, results: readonly BlockResult[]): Promise<Compared> {
  const seenPixels = results.reduce((sum, result) => sum + result.seenPixels, 0);
  const components = await recutComponents(pool, fitted, componentsOf(results, fitted.model));
  return { fitted, results, components, seenPixels, mode: 'exact', readShare: 1 };
}

async function byStrips(pool: WorkPool, fitted: FittedPair, tileRows: number): Promise<BlockResult[] | null> {
  const plan = stripPlanOf(fitted, tileRows, pool.size);
  return plan && compareStrips(pool, fitted, plan);
}
