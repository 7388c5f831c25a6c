/** What is remembered of rule sets. */
import type { JudgementRecipe } from '../model/judgement-recipe.js';

export interface RuleSet {
  readonly hash: string;
  /** Counted up in the order of first use. */
  readonly version: number;
  readonly body: JudgementRecipe;
  /** Null: it was found in tuban.yaml by a run. */
  readonly adoptedBy: string | null;
  readonly note: string | null;
  /** ISO time, UTC. */
  readonly recordedAt: string;
}

export interface RuleSets {
  /** Oldest first. */
  list(): Promise<RuleSet[]>;
  byHash(hash: string): Promise<RuleSet | null>;
  /** A set that is known stays as it was recorded, but a name and a note are added where it had none. */
  record(body: JudgementRecipe, by: string | null, note: string | null): Promise<void>;
}
