/** Round: a day's tasks in the order in which a team visits them. Of a sealed round an officer sees that it has so many stops; the places appear when it departs. */
import type { Position } from './grid.js';
import type { Quarter } from './scene.js';

export const ROUND_STATES = ['planned', 'departed', 'cancelled'] as const;
export type RoundState = (typeof ROUND_STATES)[number];

export const ROUND_STATE_WORDS: Readonly<Record<RoundState, string>> = {
  planned: '已安排',
  departed: '已出发',
  cancelled: '已取消',
};

export interface RoundStop {
  readonly taskId: string;
  readonly lon: number;
  readonly lat: number;
  readonly worth: number;
  /** Its deadline is near: it was put in before anything else. */
  readonly must: boolean;
  /** From the stop before (or the start), along the road as estimated. */
  readonly legKm: number;
  /** Minutes after departure. */
  readonly arriveMinutes: number;
  readonly leaveMinutes: number;
}

/** Why a task is not in the round: out of reach even alone, no time left beside what was chosen, or the round has as many stops as it may. */
export type LeftWhy = 'too-far' | 'no-time' | 'full';

export const LEFT_WORDS: Readonly<Record<LeftWhy, string>> = {
  'too-far': '单独往返也超出时间 (cannot be reached and left within the time, even alone)',
  'no-time': '加上它会超出时间，且不比已选的更值得 (no time left for it beside what was chosen)',
  full: '已达到最多停靠数 (the round has as many stops as it may)',
};

export interface RoundLeft {
  readonly taskId: string;
  readonly worth: number;
  readonly must: boolean;
  readonly why: LeftWhy;
  /** Minutes that it would add to the round as it is. */
  readonly extraMinutes: number;
}

/** How travel is reckoned. */
export interface RoundTravel {
  /** Road over straight line. */
  readonly detour: number;
  readonly speedKmh: number;
  readonly stopMinutes: number;
}

export interface RoundPlan {
  readonly start: Position;
  readonly end: Position;
  readonly budgetMinutes: number;
  readonly travel: RoundTravel;
  readonly stops: readonly RoundStop[];
  /** Highest worth first. */
  readonly left: readonly RoundLeft[];
  /** Back to the end from the last stop. */
  readonly homeKm: number;
  readonly totalKm: number;
  readonly totalMinutes: number;
  readonly worth: number;
}

/** The round without a place. */
export interface Round {
  readonly id: string;
  readonly quarter: Quarter;
  readonly state: RoundState;
  readonly sealed: boolean;
  readonly madeBy: string;
  readonly madeAt: string;
  /** For whom: a person, a team, or whoever made it. */
  readonly personId: string | null;
  readonly teamId: string | null;
  readonly stops: number;
  readonly hours: number;
  readonly departedBy: string | null;
  readonly departedAt: string | null;
}
