/**
 * Learning of the score's weights from verdicts: proposed by a fit, previewed on past quarters, adopted by a named person, put back. For analysts,
 * supervisors and administrators with a role for everywhere; only administrators of everywhere change what is in force. Every method may refuse
 * with one of the Faults learning.role, learning.area.
 */
import type { RuleAdoption, WeightPreview, WeightProposal } from '../model/learning.js';
import type { Actor } from '../model/person.js';

export interface RuleSetLine {
  readonly hash: string;
  readonly version: number;
  readonly weights: Readonly<Record<string, number>>;
  /** UTC: first used or adopted. */
  readonly recordedAt: string;
  /** Null: it was found in tuban.yaml. */
  readonly adoptedBy: string | null;
  readonly note: string | null;
}

export interface LearningState {
  /** What runs judge by. `adoption` null: by nobody on these pages, but at the command line or in tuban.yaml. */
  readonly inForce: {
    readonly hash: string;
    readonly weights: Readonly<Record<string, number>>;
    readonly adoption: RuleAdoption | null;
  };
  /** The newest one. */
  readonly proposal: WeightProposal | null;
  /** Newest first. */
  readonly adoptions: readonly RuleAdoption[];
  /** Sets that can be put back, newest first. */
  readonly sets: readonly RuleSetLine[];
  readonly mayAdopt: boolean;
}

export interface Learning {
  state(actor: Actor): Promise<LearningState>;
  /**
   * Begins a fit in a process of its own and answers at once; `proposal` tells how it went. `k`: tasks visited in a quarter.
   * Fault learning.busy while another fit is under way.
   */
  propose(actor: Actor, k: number): Promise<WeightProposal>;
  /** Fault learning.none. */
  proposal(actor: Actor, id: string): Promise<WeightProposal>;
  /** Stores nothing. Faults learning.none, learning.nothing. */
  preview(actor: Actor, id: string): Promise<WeightPreview>;
  /**
   * Into tuban.yaml and on record. Faults learning.none, learning.nothing (no weights were proposed), learning.stale (other rules came in force
   * since), learning.reason.
   */
  adopt(actor: Actor, id: string, reason: string): Promise<LearningState>;
  /** An earlier set again. Faults learning.unknown, learning.same (it is in force), learning.reason. */
  revert(actor: Actor, hash: string, reason: string): Promise<LearningState>;
}
