/**
 * diff-compare: both dates of a one-off comparison to block results: by strips with the sieves where the detector allows it, else by blocks.
 * In large fine scenes one shift is taken to serve everywhere while the strips check it; where it does not, all is done once more with
 * the shift measured over the whole scene: what nearly every pair would pay for nothing is paid by the few that need it.
 */
import { blocksOf, type FittedPair, fitPair } from './comparison.js';
import { shiftVaries } from './kernels/shift-check.js';
import type { BlockResult } from './model/change.js';
import type { PairUse } from './model/raster.js';
import type { RasterRecipe } from './model/recipe.js';
import type { WorkCatalogue } from './model/work.js';
import type { WorkPool } from './ports/work-pool.js';
import { stripPlanOf } from './strips.js';

/** Pixels from which the checks of the strips are as good as measuring beforehand, and much cheaper. */
const LARGE_PX = 8e6;
const FINE_BELOW_M = 5;

export interface Compared {
  readonly fitted: FittedPair;
  readonly results: readonly BlockResult[];
}

/** `scores`: called once the pair is fitted; gives where blocks keep their scores, null = they are not wanted. */
export async function comparePair(
  pool: WorkPool,
  pair: PairUse,
  recipe: RasterRecipe,
  met: WorkCatalogue['meet']['output'],
  scores: ((fitted: FittedPair) => NonNullable<WorkCatalogue['compare']['input']['keep']>) | null,
): Promise<Compared> {
  const pixels = (met.window?.width ?? 0) * (met.window?.height ?? 0);
  const later =
    scores === null && recipe.kind === 'mining' && (met.gsdM ?? FINE_BELOW_M) < FINE_BELOW_M && pixels > LARGE_PX;
  if (later) {
    const fitted = await fitPair(pool, pair, recipe, true);
    const results = await byStrips(pool, fitted, met.tileRows);
    const measured = fitted.model.shift.field !== undefined;
    const serves = measured || !shiftVaries(results?.flatMap(({ checks = [] }) => checks) ?? []);
    if (results && serves) return { fitted, results };
  }
  const fitted = await fitPair(pool, pair, recipe);
  const strips = scores === null ? await byStrips(pool, fitted, met.tileRows) : null;
  if (strips) return { fitted, results: strips };
  const { extent, model } = fitted;
  const keep = scores ? { keep: scores(fitted) } : {};
  const results = await Promise.all(
    blocksOf(extent, recipe.blockPx).map((block) => pool.run('compare', { pair, model, extent, block, ...keep })),
  );
  return { fitted, results };
}

async function byStrips(pool: WorkPool, fitted: FittedPair, tileRows: number): Promise<BlockResult[] | null> {
  const plan = stripPlanOf(fitted, tileRows, pool.size);
  if (!plan) return null;
  const { pair, extent, model } = fitted;
  return Promise.all(
    plan.strips.map(({ block, lane }) =>
      pool.run('compare', { pair, model, extent, block, stripCapacity: plan.capacity }, lane),
    ),
  );
}
