/**
 * MissedPits: suspected pits that people report by hand, whatever the detector saw. Each becomes a place and a task of origin `reported`, judged and
 * scored like our own, never cut by the budget and never withdrawn by a run. Who reported it is in the audit and nowhere else.
 */
import type { MultiPolygonRings } from '../model/grid.js';
import type { Actor } from '../model/person.js';
import type { Quarter } from '../model/scene.js';
import type { Task } from '../model/task.js';

/** Where it is: its outline (one polygon, lon/lat), or a point and about how large it is. */
export type PitPlace =
  | { readonly outline: MultiPolygonRings }
  | { readonly lon: number; readonly lat: number; readonly areaM2?: number };

export interface PitReport {
  /** The quarter whose list lacks it. */
  readonly quarter: Quarter;
  readonly place: PitPlace;
  /** What was seen, 1–500 characters; stands on the task. */
  readonly note: string;
  /** ISO day; default: today in China. */
  readonly seenOn?: string;
}

export interface PitAnswer {
  readonly task: Task;
  /** False: the very same report was made before. */
  readonly added: boolean;
}

export interface MissedPits {
  /**
   * By officers, analysts, reviewers and supervisors of an area that holds it. Faults: pit.role, pit.outline (details.errors), pit.outside (not in China),
   * pit.size, pit.future, pit.quarter (seen before the quarter, or the quarter has not begun), pit.note, pit.known (details.taskId: a task for the place
   * is there; null where it is not yours to see).
   */
  report(actor: Actor, report: PitReport): Promise<PitAnswer>;
}
