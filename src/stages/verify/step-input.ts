/** What comes into a step: the file, who acts, what comes with it, what is known of others. */
import type { FlowRules } from '../../model/flow-rules.js';
import type { NoticeKind } from '../../model/notice-kind.js';
import type { Member } from '../../model/person.js';
import type { StepDetails } from '../../model/step-details.js';
import type { FileChange, FileStep, TaskFile } from '../../model/task-file.js';
import type { FlowAction } from '../../model/task-flow.js';

export interface StepInput {
  readonly file: TaskFile;
  readonly action: FlowAction;
  /** Null: follows from another step of the same transaction. */
  readonly revision: number | null;
  /** Steps after that revision. */
  readonly since: readonly FileStep[];
  /** Null: the system. */
  readonly by: Member | null;
  readonly device: string;
  /** UTC instant. */
  readonly at: string;
  readonly details: StepDetails;
  readonly change: FileChange | null;
  readonly context: StepContext;
  readonly rules: FlowRules;
}

/** What a step may need to know of others. */
export interface StepContext {
  /** Who may be given the file: officers of its areas, without those who still have to look at its place blind. */
  readonly officers: readonly string[];
  /** Members of the team that is named. */
  readonly team: readonly string[];
  /** Files that the person holds. */
  readonly held: number;
  /** It belongs to a day's round. */
  readonly roundId: string | null;
  /** The person has a draft of this task (hand-over). */
  readonly draft: boolean;
  /** The round withholds its places (enter-round). */
  readonly sealing: boolean;
  /** A round that has yet to depart keeps it for somebody else. */
  readonly keptForOthers: boolean;
  /** The person still has to look at its place blind (claim). */
  readonly owesLook: boolean;
  /** Who has a part in what is submitted besides the one who submits it: named as an officer, or a photo of his is cited. */
  readonly tookPart: readonly string[];
  /** Task that takes this one in (join). */
  readonly into: string | null;
}

export const NO_CONTEXT: StepContext = {
  officers: [],
  team: [],
  held: 0,
  roundId: null,
  draft: false,
  sealing: false,
  keptForOthers: false,
  owesLook: false,
  tookPart: [],
  into: null,
};

/** Whom a step is told; the places are filled by the one who knows the people. */
export interface Telling {
  readonly kind: NoticeKind;
  readonly to: 'assignee' | 'team' | 'holder' | 'reviewers' | 'supervisors' | 'author' | 'named';
}
