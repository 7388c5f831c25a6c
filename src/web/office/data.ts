/** What the API answers about the queue, as the pages read it (src/api/routes). */
import type { Code } from '../../model/codes.js';
import type { ViolationCode } from '../../model/patch.js';
import type { Grant } from '../../model/person.js';
import type { Round, RoundPlan } from '../../model/round.js';
import type { Task } from '../../model/task.js';
import type { FileChange, FileStep, TaskFile } from '../../model/task-file.js';
import type { FileState, FlowAction } from '../../model/task-flow.js';
import type { Opinion, PartVerdict, Remark, Verdict } from '../../model/verdict.js';

/** Score and size are null where they are withheld: the file is sealed. */
export interface ListedFile extends Omit<TaskFile, 'score' | 'areaM2'> {
  readonly score: number | null;
  readonly areaM2: number | null;
  readonly assigneeName: string | null;
  readonly teamName: string | null;
  readonly holderName: string | null;
  readonly submitterName: string | null;
  readonly areaNames: readonly string[];
  readonly overdue: boolean;
}

export interface FilePage {
  readonly files: readonly ListedFile[];
  readonly next: string | null;
}

export interface FileAnswer {
  readonly file: ListedFile;
  /** Null where the place is withheld. */
  readonly opened: Task | null;
  readonly newest: Task | null;
  /** Null: withheld, or not kept when it was opened. */
  readonly keyWhy: readonly string[] | null;
  readonly change: FileChange | null;
  readonly may: readonly FlowAction[];
}

export interface ClaimAnswer {
  readonly files: readonly ListedFile[];
  readonly refused: readonly { readonly taskId: string; readonly code: string; readonly message: string }[];
}

export interface AllotAnswer {
  readonly assigned: readonly { readonly taskId: string; readonly assignee: string | null }[];
  /** Chinese: why nobody was found. */
  readonly left: readonly { readonly taskId: string; readonly why: string }[];
}

export interface FileCounts {
  readonly byState: Readonly<Partial<Record<FileState, number>>>;
  readonly overdue: number;
  readonly mine: number;
  readonly toReview: number;
}

/** Of the task table; what is empty asks for everything. */
export interface FileFilter {
  quarter: string;
  state: FileState | 'open' | '';
  whose: 'all' | 'mine' | 'team';
  area: string;
  violation: ViolationCode | '';
  overdue: boolean;
  text: string;
  order: 'rank' | 'deadline';
}

export interface TaskVerdicts {
  readonly proposed: readonly PartVerdict[];
  readonly opinions: readonly Opinion[];
  readonly verdicts: readonly Verdict[];
  readonly remarks: readonly Remark[];
}

export interface FormDescription {
  readonly version: number;
  readonly schema: unknown;
  readonly codes: { readonly version: number; readonly codes: readonly Code[] };
}

export interface PersonEntry {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly kind: 'person' | 'cron';
  readonly phone: string | null;
  readonly email: string | null;
  readonly disabledAt: string | null;
  readonly teams: readonly string[];
  readonly grants: readonly Grant[];
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
}

export interface Area {
  readonly id: string;
  readonly name: string;
  readonly inLayer: boolean;
}

export interface RoundAnswer {
  readonly round: Round;
  readonly tasks: readonly { readonly taskId: string; readonly position: number }[];
  /** Null where the places are withheld. */
  readonly plan: RoundPlan | null;
  readonly refused: ClaimAnswer['refused'];
}

export type { FileChange, FileStep };
