/**
 * quarter-steps: the steps of a planned run and the key under which each result is stored: a hash of everything that decides it,
 * so that a later run with the same inputs finds it again. A step is a job; fit comes first, because a pair that is refused has no blocks.
 */
import { blocksOf } from './comparison.js';
import type { MultiPolygonRings, Window } from './model/grid.js';
import type { HistoryScene } from './model/history.js';
import { contentHash } from './model/id.js';
import { type FitOutcome, isRefused, type PlannedPair, type RunPlan, type RunRecord } from './model/run.js';

export interface BlockStep {
  readonly pair: PlannedPair;
  /** Position among the pair's blocks. */
  readonly index: number;
  readonly block: Window;
  readonly key: string;
}

/** The pair's id names everything that its fit depends on. */
export function fitKey(pair: PlannedPair): string {
  return pair.id;
}

/** Blocks of one pair; `fit` is what its fit gave. */
export function blockSteps(plan: RunPlan, pair: PlannedPair, fit: FitOutcome): BlockStep[] {
  if (isRefused(fit)) return [];
  const model = contentHash(fit);
  return blocksOf(pair.extent, plan.blockPx).map((block, index) => ({
    pair,
    index,
    block,
    key: contentHash({ pair: pair.id, model, extent: pair.extent, block }),
  }));
}

/** `fits` in the order of the plan's pairs. */
export function assembleKey({ plan }: RunRecord, fits: readonly FitOutcome[]): string {
  const blocks = plan.pairs.flatMap((pair, i) => blockSteps(plan, pair, fits[i] as FitOutcome).map(({ key }) => key));
  const roles = plan.pairs.map(({ id, role }) => [id, role]);
  return contentHash({ quarter: plan.quarter, raster: plan.rasterHash, roles, blocks });
}

/** Ids of scenes hold their files and masks; dates and sensors come from the register. */
export function recallKey(run: RunRecord, fits: readonly FitOutcome[]): string {
  const scenes = (run.plan.history ?? []).map(({ id, acquiredOn, use }) => [id, acquiredOn, use.sensor]);
  return contentHash({ assembled: assembleKey(run, fits), scenes, recipe: run.recipe.history });
}

/** What one scene shows of these outlines. */
export function readingKey({ id, use }: HistoryScene, patches: readonly MultiPolygonRings[]): string {
  return contentHash({ scene: id, bands: use.bands, patches });
}

export function attributeKey(run: RunRecord, fits: readonly FitOutcome[]): string {
  const { layersHash } = run.plan;
  return contentHash({ recalled: recallKey(run, fits), layers: layersHash, recipe: run.recipe.judgement });
}
