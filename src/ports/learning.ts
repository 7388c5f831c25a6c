/**
 * Learning of the score's weights from verdicts: proposed by a fit, previewed on past quarters, adopted by a named person, put back. For analysts,
 * supervisors and administrators with a role for everywhere; only administrators of everywhere change what is in force. Every method may refuse
 * with one of the Faults learning.role, learning.area.
 */
import type { LearningState, WeightPreview, WeightProposal } from '../model/learning.js';
import type { Actor } from '../model/person.js';

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
