/** Run: one quarter worked through with one set of scenes, layers and one recipe. */
import type { PairFacts, PairModel } from './change.js';
import type { Grid, Window } from './grid.js';
import type { HistoryScene } from './history.js';
import type { JudgedPatch, Patch } from './patch.js';
import type { PairUse } from './raster.js';
import type { Recipe } from './recipe.js';
import type { Quarter } from './scene.js';
import type { Observation } from './task.js';
import type { VersionKey } from './versions.js';

/** Why a BEFORE was chosen: the nearest earlier quarter, or the same season of last year. */
export type PairRole = 'previous' | 'season';

export interface ScenePair {
  /** `P` + hash(before, after, masks, dates, raster recipe). */
  readonly id: string;
  readonly role: PairRole;
  readonly beforeId: string;
  readonly afterId: string;
  readonly beforeOn: string;
  readonly afterOn: string;
}

/** A pair with everything that the raster children need. */
export interface PlannedPair extends ScenePair {
  readonly use: PairUse;
  readonly facts: PairFacts;
  /** AFTER's grid. */
  readonly grid: Grid;
  /** Where the two dates meet, in AFTER's pixels. */
  readonly extent: Window;
}

export interface RunPlan {
  readonly quarter: Quarter;
  readonly rasterHash: string;
  readonly blockPx: number;
  /** AFTER scenes of the quarter, sorted. */
  readonly scenes: readonly string[];
  /** Sorted by id. */
  readonly pairs: readonly PlannedPair[];
  /** Earlier images that are asked what the ground looked like, sorted by id; absent in runs of before there were any. */
  readonly history?: readonly HistoryScene[];
  /** Ids of such images whose files are gone or changed: left out. */
  readonly historyGone?: readonly string[];
  /** Hash of the register layers valid in the quarter. */
  readonly layersHash: string;
}

/** The earliest BEFORE of a plan, ISO; null without pairs: register versions from then on matter. */
export function sinceOf({ pairs }: Pick<RunPlan, 'pairs'>): string | null {
  return pairs.map(({ beforeOn }) => beforeOn).sort()[0] ?? null;
}

export type RunState = 'planned' | 'running' | 'done' | 'failed';

export interface RunRecord {
  readonly id: string;
  readonly quarter: Quarter;
  readonly inputHash: string;
  readonly recipe: Recipe;
  readonly plan: RunPlan;
}

/** What fitting a pair came to: a model, or the reason why the two dates cannot be compared (its ground counts as not seen). */
export type FitOutcome = PairModel | { readonly refused: { readonly code: string; readonly message: string } };

export function isRefused(outcome: FitOutcome): outcome is Exclude<FitOutcome, PairModel> {
  return 'refused' in outcome;
}

/** What assembling a quarter gives: measured patches, not yet held against the register. */
export interface AssembledQuarter {
  readonly patches: readonly Patch[];
  /** Pixels of all pairs' extents, and how many of them were seen on both dates. */
  readonly pixels: number;
  readonly seenPixels: number;
}

/** What earlier images said: the patches with their history, and those that are season. */
export interface RecalledQuarter {
  readonly patches: readonly Patch[];
  readonly dropped: readonly Patch[];
}

/** What judging a quarter gives. */
export interface JudgedQuarter {
  readonly judged: readonly JudgedPatch[];
  readonly observations: readonly Observation[];
  /** What it rests on, so that a later judging keeps what it can and says what changed; absent in runs of before. */
  readonly basis?: JudgedBasis;
}

export interface JudgedBasis {
  /** Of each judgement, in the order of `judged`. */
  readonly patches: readonly string[];
  /** Register versions it was held against, by id. */
  readonly versions: readonly VersionKey[];
}

/** A job that failed for good: which, where and why. */
export interface JobFailure {
  readonly id: string;
  readonly job: string;
  /** The files and the block. */
  readonly where: string;
  readonly code: string;
  readonly message: string;
  readonly blame: 'input' | 'system';
}

export interface RunSummary {
  readonly run: string;
  readonly quarter: Quarter;
  readonly pairs: number;
  /** Pairs whose dates could not be laid over each other well enough; their ground counts as not seen. */
  readonly refusedPairs: readonly { readonly pair: string; readonly why: string }[];
  readonly blocks: number;
  readonly patches: number;
  /** Patches that earlier images showed to be season; absent in runs of before these were asked. */
  readonly seasonal?: number;
  /** Earlier images that could not be asked, because their files are gone or changed. */
  readonly historyGone?: number;
  readonly tasks: number;
  readonly tasksNew: number;
  readonly tasksChanged: number;
  readonly tasksWithdrawn: number;
  /** Beyond the budget; kept quiet by a dismissal; drawn at random; sites merged. Absent in runs of before there were any. */
  readonly tasksReserve?: number;
  readonly tasksQuiet?: number;
  readonly tasksSampled?: number;
  readonly sitesMerged?: number;
  readonly observations: { readonly changed: number; readonly unchanged: number; readonly notSeen: number };
  /** Share of the blocks' pixels that were not seen on both dates, 0–1; null without pairs. */
  readonly notSeenShare: number | null;
}
