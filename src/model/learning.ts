/**
 * Learning: what verified outcomes say about the weights of the score, and the record of which weights were proposed and adopted. Figures are of
 * quarters that were left out of the fit that judged them.
 */
import type { FileState } from './task-flow.js';

export interface Outcome {
  readonly taskId: string;
  readonly quarter: string;
  /** Township; null = unknown. */
  readonly area: string | null;
  readonly violations: readonly string[];
  /** Of each part's points, 0–1, in the order of `parts`. */
  readonly shares: readonly number[];
  readonly guilty: boolean;
  /** 1; of the random sample one over its probability, at most `MOST_WEIGHT`. */
  readonly weight: number;
}

export interface LearnInput {
  readonly outcomes: readonly Outcome[];
  /** Names of the parts, and the present weights in the same order. */
  readonly parts: readonly string[];
  readonly present: readonly number[];
  /** Tasks that a brigade visits in a quarter. */
  readonly k: number;
}

export interface Compared {
  readonly present: number | null;
  readonly learned: number | null;
}

/** 95 % interval from resampled tasks. */
export type Interval = readonly [low: number, high: number];

/** Share of violations among the first k of each quarter, mean over the quarters. */
export interface PrecisionAt {
  readonly k: number;
  readonly present: { readonly value: number; readonly interval: Interval };
  readonly learned: { readonly value: number; readonly interval: Interval };
}

export interface GroupGain {
  readonly group: string;
  readonly outcomes: number;
  readonly guilty: number;
  readonly auc: Compared;
}

export interface LearnReport {
  readonly outcomes: number;
  readonly guilty: number;
  readonly quarters: readonly string[];
  /** Chinese: what is lacking; empty = weights are proposed. */
  readonly refused: readonly string[];
  readonly k: number;
  readonly precision: Compared;
  /** At several k, by k; empty where too little is known. */
  readonly precisions: readonly PrecisionAt[];
  readonly auc: Compared;
  readonly brier: Compared;
  /** Of the learned area under the curve less the present one: 95 % interval. */
  readonly gain: Interval | null;
  readonly reliability: { readonly present: readonly ReliabilityBin[]; readonly learned: readonly ReliabilityBin[] };
  readonly byType: readonly GroupGain[];
  readonly byArea: readonly GroupGain[];
  readonly penalty: number | null;
  /** By part, 0–100, sum 100; null where refused. */
  readonly weights: Readonly<Record<string, number>> | null;
}

export interface ReliabilityBin {
  /** Mean of what was said, 0–1. */
  readonly said: number;
  /** Share that was found. */
  readonly found: number;
  readonly count: number;
}

/** `fitting` for longer than anything lasts is `interrupted`: the program ended meanwhile. */
export type ProposalState = 'fitting' | 'interrupted' | 'proposed' | 'refused' | 'failed';

export interface WeightProposal {
  readonly id: string;
  readonly at: string;
  readonly personId: string;
  readonly personName: string;
  readonly k: number;
  /** The rule set that it was held against. */
  readonly baseHash: string;
  readonly state: ProposalState;
  readonly doneAt: string | null;
  readonly report: LearnReport | null;
  /** Of the rule set with the proposed weights; null where none are proposed. */
  readonly hash: string | null;
  /** Fault's code, where it failed. */
  readonly failure: string | null;
}

/** A person put a rule set in force, or an earlier one back. */
export interface RuleAdoption {
  readonly at: string;
  readonly personId: string;
  readonly personName: string;
  /** `file`: a rule set from a file, at the command line. */
  readonly kind: 'adopt' | 'revert' | 'file';
  readonly hash: string;
  readonly beforeHash: string;
  readonly proposalId: string | null;
  readonly reason: string;
  /** `open`: begun, and not known yet whether tuban.yaml was written; `left`: it was not. */
  readonly outcome: 'open' | 'written' | 'left';
}

/** A task that would stand elsewhere under other weights. */
export interface MovedTask {
  readonly taskId: string;
  readonly quarter: string;
  readonly state: FileState;
  readonly from: { readonly place: number; readonly score: number };
  readonly to: { readonly place: number; readonly score: number };
}

/** A past quarter, its tasks set in order by the scores that other weights give the facts as they were frozen. */
export interface QuarterPreview {
  readonly quarter: string;
  readonly tasks: number;
  /** Of the first k as they are: how many would still be among them. */
  readonly firstK: number;
  readonly kept: number;
  /** Of the first k, those decided, and violations among them: as it is, and as it would be. */
  readonly decided: { readonly before: number; readonly after: number };
  readonly violations: { readonly before: number; readonly after: number };
  readonly openMoved: number;
}

export interface WeightPreview {
  readonly proposalId: string;
  /** Newest first. */
  readonly quarters: readonly QuarterPreview[];
  /** Quarters older than those. */
  readonly left: number;
  /** Open tasks that move most, at most 50. */
  readonly moved: readonly MovedTask[];
}

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
  /** What runs judge by. `adoption` null: by nobody on record, but in tuban.yaml. */
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
  /** Chinese names of the score's parts, in their order. */
  readonly parts: readonly { readonly part: string; readonly name: string }[];
  readonly mayAdopt: boolean;
}
