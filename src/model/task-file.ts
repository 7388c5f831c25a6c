/**
 * Task file: what people do with a task: its state, who holds it until when, until when it is due, and every step of it. It holds no place. The
 * task's own state (`new`, `reserve`, `withdrawn` …) is what the newest run says of it; the file's state is what people made of it.
 */
import type { MultiPolygonRings } from './grid.js';
import type { ViolationCode } from './patch.js';
import type { ReviewLevel } from './person.js';
import type { Quarter } from './scene.js';
import type { Task } from './task.js';
import { ENDED_STATES, type FileState, type FlowAction, HELD_STATES } from './task-flow.js';

export interface TaskFile {
  readonly taskId: string;
  readonly quarter: Quarter;
  readonly state: FileState;
  /** Rises with every step; each step names the one it was based on. */
  readonly revision: number;
  readonly rank: number;
  readonly score: number;
  /** As the file was opened. */
  readonly violations: readonly ViolationCode[];
  readonly areaM2: number;
  readonly key: boolean;
  /** What the newest run makes of the task. */
  readonly listed: Task['state'];
  /** Administrative areas that hold its point, smallest first. */
  readonly areas: readonly string[];
  readonly teamId: string | null;
  readonly assignee: string | null;
  readonly holder: string | null;
  /** UTC instant. */
  readonly leaseUntil: string | null;
  /** Rises with each claim. */
  readonly leaseNo: number;
  /** Times this lease was extended. */
  readonly leaseExtensions: number;
  readonly roundId: string | null;
  readonly sealed: boolean;
  /** Who submitted last; null before the first time. */
  readonly submitter: string | null;
  /** Everyone who ever submitted it. */
  readonly authors: readonly string[];
  /** Who approved what was submitted last, in the order of the levels. */
  readonly reviewers: readonly string[];
  readonly reviewLevel: ReviewLevel | null;
  readonly returned: boolean;
  /** ISO day. */
  readonly deadline: string | null;
  /** The official calendar of a year it depends on is not out yet. */
  readonly deadlineProvisional: boolean;
  /** Day until which an extension was asked for and not yet answered. */
  readonly extensionAsked: string | null;
  /** Hash of what the newest run or licence says that a person took note of. */
  readonly acknowledged: string | null;
  readonly mergedInto: string | null;
  readonly splitFrom: string | null;
  /** UTC instants. */
  readonly openedAt: string;
  readonly changedAt: string;
}

export interface FileStep {
  readonly taskId: string;
  /** After the step. */
  readonly revision: number;
  readonly action: FlowAction;
  readonly from: FileState;
  readonly to: FileState;
  /** Null: the system. */
  readonly personId: string | null;
  readonly device: string;
  readonly at: string;
  /** Reason, deadline, lease and the like. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a later run or a late licence says otherwise than the file was opened with. */
export interface FileChange {
  /** Names what is said now: to be given back as `acknowledged`. */
  readonly hash: string;
  /** A person has taken note of exactly this. */
  readonly acknowledged: boolean;
  /** Chinese sentences: what changed. */
  readonly sentences: readonly string[];
  readonly withdrawn: boolean;
  readonly areaM2: readonly [opened: number, newest: number] | null;
  /** The outline is another one: the newest, null where it is not. */
  readonly outline: MultiPolygonRings | null;
}

/** The lease is over, whether or not anyone has swept it. */
export function leaseOver({ holder, leaseUntil }: Pick<TaskFile, 'holder' | 'leaseUntil'>, at: string): boolean {
  return holder !== null && (leaseUntil === null || Date.parse(leaseUntil) <= Date.parse(at));
}

/** Where a file waits that nobody holds. */
export function waitingState({
  returned,
  assignee,
  teamId,
}: Pick<TaskFile, 'returned' | 'assignee' | 'teamId'>): 'returned' | 'assigned' | 'new' {
  if (returned) return 'returned';
  return assignee !== null || teamId !== null ? 'assigned' : 'new';
}

/** As it stands at an instant: what is held under a lease that is over waits again. */
export function standingFile(file: TaskFile, at: string): TaskFile {
  if (!HELD_STATES.includes(file.state) || !leaseOver(file, at)) return file;
  return { ...file, state: waitingState(file), holder: null, leaseUntil: null };
}

/** `today`: the day in China. The day itself is in time. */
export function isOverdue({ deadline, state }: Pick<TaskFile, 'deadline' | 'state'>, today: string): boolean {
  return deadline !== null && deadline < today && !ENDED_STATES.includes(state);
}
