/** What officers fill in: the form, its checks, what was submitted, drafts. Offenders are kept apart, encrypted. */
import type { CodeTable } from '../model/codes.js';
import type { FieldError, Finding, FindingForm, Offender } from '../model/finding-form.js';
import type { Actor } from '../model/person.js';
import type { Remark } from '../model/verdict.js';
import type { Turn } from './desk.js';

export interface FormDescription {
  readonly version: number;
  /** JSON Schema 2020-12; a field of codes has `x-codes` with their kind. */
  readonly schema: object;
  readonly codes: CodeTable;
}

export interface CheckedForm {
  /** Every field that is wrong, all at once; the finding can only be submitted where there is none. */
  readonly errors: readonly FieldError[];
  /** What a reviewer will see; none of them forbids submitting. */
  readonly remarks: readonly Remark[];
}

export interface FindingDraft {
  readonly id: string;
  readonly taskId: string;
  readonly at: string;
  readonly form: unknown;
}

export interface Findings {
  form(actor: Actor): Promise<FormDescription>;
  /** Fault task.none: there is no such task for this person. */
  check(actor: Actor, taskId: string, form: unknown): Promise<CheckedForm>;
  /** What was submitted for a task, oldest first, without offenders. */
  of(actor: Actor, taskId: string): Promise<Finding[]>;
  /** Of one finding; each reading is on record. Null = none was named. Faults: finding.none, finding.offender-role. */
  offender(actor: Actor, findingId: string): Promise<Offender | null>;
  /** Keeps an unfinished form, encrypted, for its author alone; the same id again replaces it. */
  keepDraft(
    actor: Actor,
    draft: { readonly id: string; readonly taskId: string; readonly form: unknown },
  ): Promise<void>;
  /** The person's own. */
  drafts(actor: Actor): Promise<FindingDraft[]>;
  dropDraft(actor: Actor, id: string): Promise<void>;
}

/** A form without errors; only checkFinding makes one. */
export interface CheckedFinding {
  readonly taskId: string;
  readonly form: FindingForm;
  readonly remarks: readonly Remark[];
}

/** Parts of the flow's submit, in its transaction. */
export interface FindingSteps {
  /** Fault finding.invalid, details.errors: FieldError[]. */
  checkFinding(turn: Turn, taskId: string, form: unknown): Promise<CheckedFinding>;
  /** `revision`: of the task's file after the step. False: this finding was stored before, by the same person with the same content; fault finding.differs where it says something else. */
  storeFinding(turn: Turn, id: string, revision: number, finding: CheckedFinding): Promise<boolean>;
  /** The person's drafts of a task become another's, encrypted for him; the person has them no more. Fault flow.person. */
  handDrafts(turn: Turn, taskId: string, to: string): Promise<void>;
  /** As Findings.keepDraft, for the flow: a form that came too late is not lost. */
  keepDraft(turn: Turn, draft: { readonly id: string; readonly taskId: string; readonly form: unknown }): Promise<void>;
}
