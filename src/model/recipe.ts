/**
 * Recipe: everything that changes a result, versioned and hashed. Environment variables hold addresses and credentials only.
 * The raster part decides pixels and patches; the history part what earlier images say of them; the judgement part decides overlaps, suspicions and scores, so that a change
 * of the latter never reads a pixel again.
 */
import { z } from 'zod';
import { contentHash } from './id.js';
import { type JudgementRecipe, judgementRecipeSchema } from './judgement-recipe.js';
import { VIOLATION_CODES } from './violation.js';

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
  sampleReserve: z.int().min(0).max(1000).default(3),
  sampleGround: z.int().min(0).max(1000).default(3),
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

/** Names a rule set: what a judgement was made by. */
export function ruleSetHash(judgement: JudgementRecipe): string {
  return contentHash(judgement, 12);
}
