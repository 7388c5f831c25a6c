/**
 * resample: how sure the figures of quarters left out are. Tasks are drawn again with repetition, the same for present and learned weights (paired
 * bootstrap), by a generator that starts the same each time (Park & Miller 1988).
 * In: each task under both weights, the k. Out: 95 % intervals of the gain and of precision at each k.
 */
import type { Interval, PrecisionAt } from '../../model/learning.js';
import { areaUnderCurve, precisionsAt, type Ranked } from './measure.js';

export interface RankedPair {
  readonly present: Ranked;
  readonly learned: Ranked;
}

const RESAMPLINGS = 1000;

export function resampled(
  pairs: readonly RankedPair[],
  ks: readonly number[],
): { readonly gain: Interval | null; readonly precisions: readonly PrecisionAt[] } {
  if (pairs.length === 0) return { gain: null, precisions: [] };
  let state = 20260101;
  const next = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const gains: number[] = [];
  const shares = { present: ks.map((): number[] => []), learned: ks.map((): number[] => []) };
  for (let round = 0; round < RESAMPLINGS; round += 1) {
    const drawn = pairs.flatMap(() => pairs[Math.floor(next() * pairs.length)] ?? []);
    const [present, learned] = [drawn.map((one) => one.present), drawn.map((one) => one.learned)];
    const [before, after] = [areaUnderCurve(present), areaUnderCurve(learned)];
    if (before !== null && after !== null) gains.push(after - before);
    for (const [i, share] of precisionsAt(present, ks).entries()) shares.present[i]?.push(share);
    for (const [i, share] of precisionsAt(learned, ks).entries()) shares.learned[i]?.push(share);
  }
  const values = {
    present: precisionsAt(
      pairs.map((one) => one.present),
      ks,
    ),
    learned: precisionsAt(
      pairs.map((one) => one.learned),
      ks,
    ),
  };
  const at = (side: 'present' | 'learned', i: number) => ({
    value: values[side][i] ?? 0,
    interval: intervalOf(shares[side][i] ?? []),
  });
  return {
    gain: intervalOf(gains),
    precisions: ks.map((k, i) => ({ k, present: at('present', i), learned: at('learned', i) })),
  };
}

function intervalOf(values: readonly number[]): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return [at(0.025), at(0.975)];
}
