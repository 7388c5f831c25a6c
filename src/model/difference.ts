/** Difference: what judging a quarter again changes of its list of tasks, and which polygons of the register caused it. */
import type { MultiPolygonRings } from './grid.js';
import type { ViolationCode } from './patch.js';
import type { Quarter } from './scene.js';
import type { Task } from './task.js';

/**
 * `decided`: it would change, but a person has decided about it, so it stays as it is. `listing`: same type and score, but into the reserve or out of it. `reasons`: other reasons
 * or measures. In the order of a report.
 */
export const CHANGE_WORDS = {
  appeared: { zh: '新出现', en: 'appeared' },
  vanished: { zh: '撤回', en: 'withdrawn' },
  type: { zh: '疑似类型改变', en: 'type changed' },
  priority: { zh: '优先级改变', en: 'priority changed' },
  listing: { zh: '列入情况改变', en: 'list changed' },
  reasons: { zh: '理由或量测改变', en: 'reasons changed' },
  decided: { zh: '已有人工决定，未改动', en: 'decided by a person: kept' },
} as const;
export type TaskChange = keyof typeof CHANGE_WORDS;

export interface TaskState {
  readonly violations: readonly ViolationCode[];
  readonly score: number;
  /** Null: not on the list. */
  readonly rank: number | null;
  /** On the list, in reserve, quiet or decided; null: not a task. */
  readonly state: Task['state'] | null;
  readonly licenceNo: string | null;
}

export interface PartMove {
  readonly part: string;
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

export interface TaskDifference {
  readonly id: string;
  readonly change: TaskChange;
  /** Null where it was not judged before. */
  readonly before: TaskState | null;
  /** Null where the patch is gone. */
  readonly after: TaskState | null;
  /** Parts of the score that moved. */
  readonly parts: readonly PartMove[];
  /** Polygons of the register that changed and lie near the patch, by title, sorted. */
  readonly causes: readonly string[];
  /** Reasons that are new. */
  readonly reasons: readonly string[];
  readonly lon: number;
  readonly lat: number;
  readonly geometry: MultiPolygonRings;
}

export interface QuarterDifference {
  readonly quarter: Quarter;
  /** Nothing was stored. */
  readonly dryRun: boolean;
  readonly runBefore: string;
  readonly runAfter: string;
  /** By kind of change, then rank, then id. */
  readonly tasks: readonly TaskDifference[];
  /** Tasks that are the same but for their rank. */
  readonly untouched: number;
  /** Of these, tasks whose rank moved because of others. */
  readonly rankOnly: number;
  readonly patches: number;
  /** Patches that were judged again, because something that their judgement rests on changed. */
  readonly judgedAgain: number;
}
