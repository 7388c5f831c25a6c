/**
 * Decision: what a person decided about a place, kept for ever: nothing is changed or deleted, a later decision says otherwise. It speaks of
 * the ground as it was in a quarter, so that a quarter worked again hears only what was said of earlier ones.
 */
import { quarterDays, quarterIndex } from './quarter.js';
import type { Quarter } from './scene.js';
import type { Words } from './words.js';

export const DECISION_KINDS = [
  'visited',
  'dismissed',
  'confirmed',
  'penalty',
  'closed',
  'written-off',
  'reopened',
] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

export interface Decision {
  /** Hash of everything below: the same decision typed twice is one. */
  readonly id: string;
  readonly siteId: string;
  /** The task it answers; null = about the place. */
  readonly taskId: string | null;
  readonly kind: DecisionKind;
  /** Who signs. */
  readonly by: string;
  /** ISO day. */
  readonly on: string;
  /** The newest quarter whose ground it speaks of. */
  readonly quarter: Quarter;
  readonly note: string;
  /** A dismissal is remembered up to this quarter, and quiet below this new ground. Null for other kinds. */
  readonly expires: Quarter | null;
  readonly limitM2: number | null;
}

export const DECISION_WORDS: Readonly<Record<DecisionKind, Words>> = {
  visited: { zh: '现场核查', en: 'visited' },
  dismissed: { zh: '误报', en: 'dismissed: false alarm' },
  confirmed: { zh: '发现违法', en: 'violation found' },
  penalty: { zh: '处罚', en: 'penalty' },
  closed: { zh: '取缔关闭', en: 'closed' },
  'written-off': { zh: '销号', en: 'written off' },
  reopened: { zh: '撤销前述决定', en: 'reopened' },
};

/** Kinds that say how the place stands; the last of them counts. A visit and a penalty alone do not change it. */
const STANDING: readonly DecisionKind[] = ['dismissed', 'confirmed', 'closed', 'written-off', 'reopened'];

/** In the order of their days; of one day in the order given (that of recording). */
export function inOrder(decisions: readonly Decision[]): Decision[] {
  return [...decisions].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

/** The decision that says how the place stands; null = none, or reopened. */
export function standingDecision(decisions: readonly Decision[]): Decision | null {
  const last = inOrder(decisions).findLast(({ kind }) => STANDING.includes(kind));
  return last && last.kind !== 'reopened' ? last : null;
}

/**
 * What a quarter hears when it is worked, however late: decisions about the ground of earlier quarters; closing, writing off and visits by
 * their day; a place reopened by either.
 */
export function heardIn(decisions: readonly Decision[], quarter: Quarter): Decision[] {
  const { last } = quarterDays(quarter);
  return decisions.filter(({ kind, on, taskId, quarter: about }) => {
    const byQuarter = quarterIndex(about) < quarterIndex(quarter);
    if (kind === 'reopened') return byQuarter || (taskId === null && on <= last);
    return kind === 'closed' || kind === 'written-off' || kind === 'visited' ? on <= last : byQuarter;
  });
}
