/**
 * Recipe: everything that changes a result, versioned and hashed. Environment variables hold addresses and credentials only.
 * The raster part decides pixels and patches; the history part what earlier images say of them; the judgement part decides overlaps, suspicions and scores, so that a change
 * of the latter never reads a pixel again.
 */
import { z } from 'zod';
import { contentHash } from './id.js';
import { VIOLATION_CODES } from './patch.js';

export const rasterRecipeSchema = z.strictObject({
  /** Raised whenever the code that makes pixels into patches changes its results. */
  version: z.literal(4).default(4),
  kind: z.enum(['mining', 'any']).default('mining'),
  /** Smallest patch, m² (16 pixels of 10 m ≈ 1,600; land patches in key areas: 400). */
  minAreaM2: z.number().positive().max(1e8).default(900),
  /** Pixels of a side of a block; never changes a result. Excluded from the hash. */
  blockPx: z.int().min(256).max(8192).default(1024),
  /** A pair whose residual after correction exceeds this is refused, pixels. */
  maxResidualPx: z.number().positive().max(10).default(2),
  /** Which earlier image a scene is compared with. */
  before: z.enum(['previous-quarter', 'same-season', 'both']).default('previous-quarter'),
});
export type RasterRecipe = z.infer<typeof rasterRecipeSchema>;

export const judgementRecipeSchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Tolerance in units of the positional sigma (2 × RMSE, domain facts 1.3). */
  toleranceSigmas: z.number().min(0).max(10).default(2),
  /** Outside area from which a boundary excess is worth a suspicion, m² (after shrinking by the tolerance). */
  minOutsideM2: z.number().min(0).default(400),
  /** How far from a patch a register polygon is still looked at, metres. */
  reachM: z.number().min(0).max(5000).default(300),
  /** Share of a patch that an approved project must cover for it to count as covered (patch over 2 mu; 0.9 below). */
  coveredShare: z.number().min(0.5).max(1).default(0.95),
  /** A register polygon seen less than this, and without change, counts as not seen. */
  minSeenShare: z.number().min(0).max(1).default(0.5),
  /** Changed area from which a register polygon counts as changed, m² (a pixel of 10 m: less is the staircase of an outline). */
  minChangedM2: z.number().min(0).default(100),
  /** Area that earns the full points of area and outside, m² (50 mu). */
  areaFullM2: z.number().min(1000).default(33333),
  /** Share of the points of `violation` by suspicion. */
  severity: z
    .strictObject({
      'no-licence': z.number().min(0).max(1).default(1),
      'beyond-boundary': z.number().min(0).max(1).default(0.9),
      'other-holder': z.number().min(0).max(1).default(0.9),
      exploration: z.number().min(0).max(1).default(0.9),
      restoration: z.number().min(0).max(1).default(0.8),
      'off-plan': z.number().min(0).max(1).default(0.7),
      'cannot-say': z.number().min(0).max(1).default(0.3),
      lawful: z.number().min(0).max(1).default(0),
    })
    .prefault({}),
  /** Priority weights by part; scaled so that the maxima sum to 100. */
  weights: z
    .strictObject({
      violation: z.number().min(0).default(40),
      area: z.number().min(0).default(20),
      outside: z.number().min(0).default(15),
      confidence: z.number().min(0).default(10),
      keyzone: z.number().min(0).default(15),
    })
    .prefault({}),
});
export type JudgementRecipe = z.infer<typeof judgementRecipeSchema>;

/** Earlier images of a place: they tell season from what is new. They decide no pixel, so they have no part in the raster hash. */
export const historyRecipeSchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Quarters before the one that is run; 0 together with `years` 0 = two dates only, and nothing is said about history. */
  quarters: z.int().min(0).max(40).default(8),
  /** Earlier years whose same quarter is asked as well. */
  years: z.int().min(0).max(10).default(4),
  /** Earlier years with the same look in the same season from which a patch is dropped as season; 0 = never dropped. */
  dropFromYears: z.int().min(0).max(10).default(2),
});

/**
 * Places through time, the length of the list and the random sample. They decide no pixel and no suspicion. Defaults without a source
 * are judgements; docs/sites.md says why.
 */
export const sitesRecipeSchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Quarters back in which ground that only lies near still counts as the place; ground that overlaps counts however old it is. */
  windowQuarters: z.int().min(1).max(80).default(8),
  /** Metres between two outlines that are still one place, beyond what the uncertainty of both positions explains. */
  nearM: z.number().min(0).max(1000).default(12),
  /** Share of the smaller of two outlines from which they overlap for certain. */
  overlapShare: z.number().min(0).max(1).default(0.2),
  /** Share of a place's newest ground that a patch of another place must cover for the two places to have become one. */
  mergeShare: z.number().min(0).max(1).default(0.5),
  /** New ground from which a dismissed place is raised again, m² (the smallest patch there is by default). */
  quietGrowthM2: z.number().min(0).default(900),
  /** Quarters for which a dismissal is remembered. */
  quietQuarters: z.int().min(0).max(80).default(8),
  /** Quarters in a row, those not seen left out, in which a place must look recovered to be proposed for write-off. */
  recoveredQuarters: z.int().min(1).max(40).default(4),
  /** Tasks that can be visited in a quarter; null = no cut. */
  budget: z.int().min(0).nullable().default(null),
  /** Types that the budget never cuts. */
  mustVisit: z.array(z.enum(VIOLATION_CODES)).readonly().default([]),
  /** Random tasks drawn from those beyond the budget, and from seen ground without a patch; 0 = none. */
  sampleReserve: z.int().min(0).max(1000).default(0),
  sampleGround: z.int().min(0).max(1000).default(0),
});
export type SitesRecipe = z.infer<typeof sitesRecipeSchema>;

export const recipeSchema = z.strictObject({
  raster: rasterRecipeSchema.prefault({}),
  history: historyRecipeSchema.prefault({}),
  judgement: judgementRecipeSchema.prefault({}),
  sites: sitesRecipeSchema.prefault({}),
});
export type Recipe = z.infer<typeof recipeSchema>;

export function rasterRecipeHash(recipe: RasterRecipe): string {
  const { blockPx: _layoutOnly, ...decisive } = recipe;
  return contentHash(decisive, 12);
}

export function recipeHash(recipe: Recipe): string {
  const { blockPx: _layoutOnly, ...raster } = recipe.raster;
  return contentHash({ raster, history: recipe.history, judgement: recipe.judgement, sites: recipe.sites }, 12);
}
