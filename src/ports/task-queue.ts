/**
 * TaskQueue: the verification queue as people use it: what waits, whose it is, and every step of the table of transitions. Who may see what is
 * settled by the desk; who may do what by the table (src/model/task-flow.ts).
 */

import type { DeadlineFor } from '../model/flow-rules.js';
import type { ViolationCode } from '../model/patch.js';
import type { Actor } from '../model/person.js';
import type { Quarter } from '../model/scene.js';
import type { StepDetails } from '../model/step-details.js';
import type { Task } from '../model/task.js';
import type { FileChange, FileStep, TaskFile } from '../model/task-file.js';
import type { FileState, FlowAction, WorkRole } from '../model/task-flow.js';
import type { Turn } from './desk.js';
import type { FindingSteps } from './findings.js';
import type { Notify } from './notices.js';
import type { VerdictSteps } from './verdicts.js';

export const MOST_FILES_A_PAGE = 200;

/**
 * A file with the names of its people, as it stands at this moment. Of a sealed one, whoever does not plan there learns neither areas, size, score
 * nor what is suspected: together they tell the place to those who know the ground.
 */
export interface ListedFile extends Omit<TaskFile, 'score' | 'areaM2'> {
  readonly score: number | null;
  readonly areaM2: number | null;
  readonly assigneeName: string | null;
  readonly teamName: string | null;
  readonly holderName: string | null;
  readonly submitterName: string | null;
  /** Names of `areas`, in the same order. */
  readonly areaNames: readonly string[];
  readonly overdue: boolean;
}

/** Where the next page begins: behind this file. */
export interface FileCursor {
  /** Rank, or deadline. */
  readonly key: number | string;
  readonly taskId: string;
}

export interface FileFilter {
  readonly quarter?: Quarter;
  readonly states?: readonly FileState[];
  /** Assigned to the person, held or submitted by him. */
  readonly mine?: boolean;
  readonly teamId?: string;
  readonly assignee?: string;
  readonly holder?: string;
  readonly areaId?: string;
  readonly violation?: ViolationCode;
  readonly minScore?: number;
  readonly key?: boolean;
  readonly overdue?: boolean;
  /** An extension was asked for and not answered. */
  readonly extensionAsked?: boolean;
  /** What the newest run makes of it; without it: all. */
  readonly listed?: Task['state'];
  /** Part of a task's id, taken literally. */
  readonly text?: string;
}

export interface FileQuery extends FileFilter {
  /** By rank and id, or by deadline and id (those without a deadline are left out). */
  readonly order: 'rank' | 'deadline';
  readonly after: FileCursor | null;
  /** 1–200. */
  readonly limit: number;
}

export interface FilePage {
  readonly files: readonly ListedFile[];
  /** Null: this is the last page. */
  readonly next: FileCursor | null;
}

export interface FileAnswer {
  readonly file: ListedFile;
  /** The task as the file was opened with; null where its place is withheld (a sealed round). */
  readonly opened: Task | null;
  /** As the newest run has it. */
  readonly newest: Task | null;
  /** Chinese: why it was opened as a key patch. Null: withheld with the place, or opened before this was kept. */
  readonly keyWhy: readonly string[] | null;
  /** Null: nothing is otherwise than it was opened with. */
  readonly change: FileChange | null;
  /** What the person may do with it now. */
  readonly may: readonly FlowAction[];
}

export interface Step {
  readonly action: FlowAction;
  /** The revision it is based on. Fault flow.stale (details.since: the steps after it) where the file has gone on. */
  readonly revision: number;
  readonly details?: StepDetails;
}

export interface Claim {
  /** These files; without it the best of what the person may claim. */
  readonly ids?: readonly string[];
  /** At most so many. */
  readonly count: number;
  readonly areaId?: string;
  readonly teamId?: string;
  readonly quarter?: Quarter;
  /** Hours of the lease; default: that of a claim, or of a round where there is one. */
  readonly hours?: number;
  readonly roundId?: string;
}

export interface ClaimAnswer {
  readonly files: readonly ListedFile[];
  /** Ids that were named and could not be had, with the code and the sentence why. */
  readonly refused: readonly { readonly taskId: string; readonly code: string; readonly message: string }[];
}

export interface FileCounts {
  readonly byState: Readonly<Record<FileState, number>>;
  readonly overdue: number;
  readonly mine: number;
  /** Waiting for a review that the person may give. */
  readonly toReview: number;
}

/** Who answers for an administrative area. */
export interface Responsibility {
  readonly areaId: string;
  readonly teamId: string | null;
  readonly personId: string | null;
}

/** What is shared out, and among whom. */
export interface AllotQuery {
  readonly quarter?: Quarter;
  readonly areaId?: string;
  /** These, also where somebody has them already; without it everything new that has nobody. */
  readonly ids?: readonly string[];
  /** At most so many. */
  readonly count: number;
  /** Not to who answers for the area: to whoever of this role the area has, or of this team. */
  readonly role?: WorkRole;
  readonly teamId?: string;
  /** A team picks among itself. */
  readonly toTeam?: boolean;
}

export interface AllotAnswer {
  readonly assigned: readonly {
    readonly taskId: string;
    readonly teamId: string | null;
    readonly assignee: string | null;
  }[];
  /** Chinese: why nobody was found. */
  readonly left: readonly { readonly taskId: string; readonly why: string }[];
}

export interface TaskQueue {
  list(actor: Actor, query: FileQuery): Promise<FilePage>;
  /** Fault task.none: there is none for this person. */
  file(actor: Actor, taskId: string): Promise<FileAnswer>;
  /** Oldest first. */
  steps(actor: Actor, taskId: string): Promise<readonly FileStep[]>;
  /**
   * Faults: flow.stale, flow.state, flow.role, flow.holder, flow.assignee, flow.own-work, flow.same-reviewer, flow.reason, flow.deadline, flow.finding,
   * flow.verdict, flow.tasks, flow.person, flow.lease, flow.lease-ended, flow.most, flow.round, flow.look, flow.changed, flow.parts; and those of the finding and the verdict.
   * A finding whose submission is refused because the lease or the revision went by is kept as its author's draft (details.draftId).
   * The same submission again (details.findingId) answers the same.
   */
  act(actor: Actor, taskId: string, step: Step): Promise<FileAnswer>;
  /** Fault flow.none: there is nothing that could be claimed; flow.most. */
  claimBatch(actor: Actor, claim: Claim): Promise<ClaimAnswer>;
  /** Held by the person, the lease that ends first at the head. */
  mine(actor: Actor): Promise<readonly ListedFile[]>;
  /** What waits for a review that the person may give; by deadline. */
  reviewList(actor: Actor, query: { readonly after: FileCursor | null; readonly limit: number }): Promise<FilePage>;
  counts(actor: Actor, filter: FileFilter): Promise<FileCounts>;
  /**
   * To those who answer for a task's area, or to a role or a team of it: whoever has the fewest in hand. Faults: flow.role where the person assigns
   * nowhere, flow.person: no such team.
   */
  allot(actor: Actor, query: AllotQuery): Promise<AllotAnswer>;
  responsibilities(actor: Actor): Promise<readonly Responsibility[]>;
  /** Replaces who answers for an area; only administrators. */
  setResponsible(actor: Actor, areaId: string, responsible: readonly Omit<Responsibility, 'areaId'>[]): Promise<void>;
}

/** What the flow takes from others, each in its own transaction. */
export interface FlowParts extends FindingSteps, VerdictSteps {
  /** Keeps an unfinished form for its author. */
  keepDraft(turn: Turn, draft: { readonly id: string; readonly taskId: string; readonly form: unknown }): Promise<void>;
  readonly notify: Notify;
  /** The official calendar as it stands, asked for before a turn begins. */
  deadlines(): Promise<DeadlineFor>;
}

/** What no person does. Pages and the API never get it. */
export interface LeaseSweep {
  /** Leases that are over: their files wait again. Number of them. */
  lapse(): Promise<number>;
}
