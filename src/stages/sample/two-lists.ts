/**
 * two-lists: how many violations the detector missed, from two lists that were made independently of each other: what it found, and what people
 * reported. Method: capture–recapture with Chapman's estimate (1951); the interval is exact, by turning both tails of the hypergeometric chance around.
 * Below seven common to both the estimate is biased (Robson & Regier 1964) and nothing is said.
 * In:  pits that people reported and what the detector found, each with the decisions about it. Out: counts, and the estimate or why there is none.
 */
import type { Decision } from '../../model/decision.js';
import type { PitCounts, PitMisses } from '../../model/pit-misses.js';
import { quarterDays } from '../../model/quarter.js';
import type { Quarter } from '../../model/scene.js';
import { answerOf } from './count.js';
import { chance, type MissEstimate, smallest } from './estimate.js';

/** Common to both lists, at least. */
export const LEAST_COMMON = 7;
/** Beyond this many the interval is open for practical purposes. */
const MOST = 10_000_000;

export interface TwoLists {
  readonly pits: readonly {
    readonly seenOn: string;
    /** Patch of ours at the same place. */
    readonly detectedId: string | null;
    readonly decisions: readonly Decision[];
  }[];
  /** Tasks of what the detector found, in reserve or not. */
  readonly detected: readonly { readonly patchId: string; readonly decisions: readonly Decision[] }[];
}

export function missesByLists({ pits, detected }: TwoLists, quarter: Quarter, level = 0.95): PitMisses {
  const { last } = quarterDays(quarter);
  const answers = pits.map((pit) => ({ ...pit, answer: answerOf(pit.decisions) }));
  const confirmed = answers.filter(({ answer }) => answer === true);
  const inQuarter = confirmed.filter(({ seenOn }) => seenOn <= last);
  const common = new Set(inQuarter.flatMap(({ detectedId }) => detectedId ?? []));
  const found = new Set([
    ...detected.filter(({ decisions }) => answerOf(decisions) === true).map(({ patchId }) => patchId),
    ...common,
  ]);
  const counts: PitCounts = {
    reported: pits.length,
    answered: answers.filter(({ answer }) => answer !== null).length,
    confirmed: confirmed.length,
    inQuarter: inQuarter.length,
    common: common.size,
    detected: found.size,
  };
  const why = whyNot(counts);
  return { counts, misses: why === null ? estimate(counts, level) : null, why };
}

function whyNot({ inQuarter, common, detected }: PitCounts): string | null {
  if (inQuarter === 0) return '当季所见并经核查属实的人工上报为零，不能估计';
  if (detected === 0) return '检测发现并经核查属实的为零，不能估计';
  if (common >= LEAST_COMMON) return null;
  return `两份清单共有的属实图斑只有 ${common} 个，少于 ${LEAST_COMMON} 个，不能估计`;
}

function estimate({ inQuarter, common, detected }: PitCounts, level: number): MissEstimate {
  const tail = (1 - level) / 2;
  const least = detected + inQuarter - common;
  // The larger the whole, the fewer common to both lists are likely.
  const fewer = (all: number): number => chance(all, detected, inQuarter, 0, common);
  const more = (all: number): number => chance(all, detected, inQuarter, common, Math.min(detected, inQuarter));
  const low = smallest(least, MOST, (all) => fewer(all) > tail);
  const high = smallest(low, MOST, (all) => more(all) <= tail) - 1;
  const whole = ((detected + 1) * (inQuarter + 1)) / (common + 1) - 1;
  return { missed: whole - detected, low: low - detected, high: Math.max(low, high) - detected };
}
