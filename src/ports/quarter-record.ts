/** What the report and the page read of a workspace: quarters, their tasks, the register, the pairs that were compared. */
import type { Boundary } from '../model/boundary.js';
import type { Box } from '../model/grid.js';
import type { JudgedPatch, ViolationCode } from '../model/patch.js';
import type { PlannedPair, RunSummary } from '../model/run.js';
import type { Quarter } from '../model/scene.js';
import type { Observation, Task } from '../model/task.js';

export interface QuarterEntry {
  readonly quarter: Quarter;
  readonly tasks: number;
  readonly finishedAt: string | null;
}

export interface TaskQuery {
  readonly state?: Task['state'];
  readonly violation?: ViolationCode;
  /** Part of a task's id, licence number or place in the list. */
  readonly text?: string;
  readonly minScore?: number;
  readonly offset: number;
  readonly limit: number;
}

export interface TaskPage {
  /** Tasks that answer the query, on all pages. */
  readonly total: number;
  readonly tasks: readonly Task[];
}

/** A polygon for pages: with the mineral that its attributes name, without the others. */
export type MappedBoundary = Omit<Boundary, 'attributes'> & { readonly mineral?: string };

export interface FinishedRun {
  readonly id: string;
  readonly recipeHash: string;
  readonly pairs: readonly PlannedPair[];
  readonly summary: RunSummary | null;
}

export interface QuarterRecord {
  quarters(): Promise<readonly QuarterEntry[]>;
  tasks(quarter: Quarter, query: TaskQuery): Promise<TaskPage>;
  task(id: string): Promise<Task | null>;
  /** All patches of a quarter, highest score first, then by id. */
  patches(quarter: Quarter): Promise<readonly JudgedPatch[]>;
  /** The newest run of the quarter that finished, else the newest; null where there is none. */
  run(quarter: Quarter): Promise<FinishedRun | null>;
  /** Register polygons that meet the box (lon/lat), in the versions that stand on a day (the newest without one); no secret areas. */
  boundaries(box: Box, on?: string): Promise<readonly MappedBoundary[]>;
  observations(quarter: Quarter): Promise<readonly Observation[]>;
  /** The measured shift of a compared pair, pixels of AFTER; [0, 0] where it was never fitted. */
  shiftPx(pairId: string): Promise<readonly [x: number, y: number]>;
}
