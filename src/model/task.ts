/** Verification task (核查任务), observation and site: what a quarter leaves behind for people. */
import type { IssuedResult } from './issued.js';
import type { JudgedPatch } from './patch.js';
import type { Quarter } from './scene.js';
import type { SiteFacts } from './site-facts.js';

/** What became of one register polygon in one quarter. Exactly one per polygon and quarter. */
export interface Observation {
  readonly boundaryId: string;
  readonly quarter: Quarter;
  readonly result: 'changed' | 'unchanged' | 'not-seen';
  /** Share of the polygon that was seen on both dates, 0–1. */
  readonly seenShare: number;
  readonly changedM2: number;
  /** Pairs that served it, sorted. */
  readonly pairs: readonly string[];
  readonly patches: readonly string[];
  /** Chinese; why it was not seen, or empty. */
  readonly reason: string;
}

/**
 * `new`: on the list. `reserve` (后备): beyond the budget. `quiet`: a dismissed place that did not grow. `decided`: a person decided about
 * it. `withdrawn`: no longer stands.
 */
export const TASK_STATES = ['new', 'decided', 'reserve', 'quiet', 'withdrawn'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** How a task of the random sample was drawn: enough to draw it again, and to weigh what is found. */
export interface SampleDraw {
  readonly stratum: 'reserve' | 'ground';
  /** Members of the stratum, and how many of them were drawn. */
  readonly size: number;
  readonly drawn: number;
  /** drawn / size. */
  readonly probability: number;
  readonly seed: string;
}

export interface Task {
  /** `T` + patch id. */
  readonly id: string;
  readonly quarter: Quarter;
  readonly siteId: string;
  readonly rank: number;
  readonly judged: JudgedPatch;
  readonly state: TaskState;
  /** A change that was found (also where absent, in tasks of before there were others), the random sample, issued from above, or reported by people. */
  readonly origin?: 'change' | 'sample' | 'issued' | 'reported';
  /** Chinese: why it is on the list, in reserve or quiet, and what the place's record says. */
  readonly notes?: readonly string[];
  readonly sample?: SampleDraw;
  /** What the score was given of the place. */
  readonly facts?: SiteFacts;
  /** Issued patches that it carries: its own where it is of origin issued, those at the same place where it is not. */
  readonly issued?: readonly IssuedMark[];
}

/** What the issuer calls a patch, and what the newest imagery said of it. */
export interface IssuedMark {
  readonly keyId: string;
  readonly source: string;
  readonly county: string | null;
  readonly number: string;
  readonly result: IssuedResult;
}
