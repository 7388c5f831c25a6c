/** Verification task (核查任务), observation and site: what a quarter leaves behind for people. */
import type { JudgedPatch } from './patch.js';
import type { Quarter } from './scene.js';

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

export interface Task {
  /** `T` + patch id. */
  readonly id: string;
  readonly quarter: Quarter;
  readonly siteId: string;
  readonly rank: number;
  readonly judged: JudgedPatch;
  readonly state: 'new' | 'withdrawn';
}
