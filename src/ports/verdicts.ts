/** Verdicts of a task's parts: opinions on the way, the last word, and what comes of it for the place. */
import type { Actor } from '../model/person.js';
import type { Opinion, PartVerdict, Remark, Verdict } from '../model/verdict.js';
import type { Turn } from './desk.js';

export interface TaskVerdicts {
  /** What the newest finding proposes; empty = there is none. */
  readonly proposed: readonly PartVerdict[];
  /** About the newest finding. */
  readonly opinions: readonly Opinion[];
  /** All that were given, oldest first: of a part the last counts. */
  readonly verdicts: readonly Verdict[];
  /** About the newest finding as it proposes. */
  readonly remarks: readonly Remark[];
}

export interface Verdicts {
  of(actor: Actor, taskId: string): Promise<TaskVerdicts>;
  /** What would be said of these verdicts; changes nothing. */
  check(actor: Actor, taskId: string, parts: readonly PartVerdict[] | null): Promise<readonly Remark[]>;
  /**
   * A reviewer's word without a step of the flow: the second person that 伪变化 and 合法 need where the workspace has one level of review.
   * Faults as giveVerdict.
   */
  opine(actor: Actor, taskId: string, parts: readonly PartVerdict[] | null): Promise<void>;
}

export interface GivenVerdict {
  readonly parts: readonly PartVerdict[];
  readonly remarks: readonly Remark[];
  /** A part is 违法 and 立案: the flow opens a case. */
  readonly leadsToCase: boolean;
}

/** Parts of the flow's approve and reopen, in their transaction. */
export interface VerdictSteps {
  /**
   * `parts` null: as the finding proposes. `last`: after the last review, so that it enters the place's record; else it is kept as an opinion.
   * Faults: verdict.form (details.errors), verdict.own-work, verdict.role, verdict.finding (none was submitted), verdict.parts, verdict.code, verdict.evidence (details.remarks: what
   * is missing), verdict.second-person.
   */
  giveVerdict(turn: Turn, taskId: string, parts: readonly PartVerdict[] | null, last: boolean): Promise<GivenVerdict>;
  /** Takes back what the place's record says by this task's verdicts; nothing where there is none. */
  takeBack(turn: Turn, taskId: string, reason: string): Promise<void>;
}
