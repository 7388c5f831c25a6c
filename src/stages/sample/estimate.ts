/**
 * estimate: how many violations were missed, from what people found at the random sample.
 * Method: in each stratum the number found in a sample without replacement is hypergeometric; the interval of the number in the stratum
 * is exact, by turning both tails around (Katz 1953; Buonaccorsi 1987, Am. Stat. 41:162). The level is shared out over the strata
 * (Bonferroni), so that the sum of their bounds holds at least at the level asked.
 * In:  per stratum its size, how many members were answered and how many of those were violations. Out: estimate and interval.
 */
import type { SampleDraw } from '../../model/task.js';

export interface StratumCount {
  readonly stratum: SampleDraw['stratum'];
  readonly size: number;
  /** Drawn members that a person answered. Those not answered say nothing. */
  readonly answered: number;
  readonly found: number;
}

export interface MissEstimate {
  readonly missed: number;
  readonly low: number;
  readonly high: number;
}

export interface QuarterMisses extends MissEstimate {
  readonly strata: readonly (StratumCount & MissEstimate)[];
}

/** Null where no drawn member of some stratum was answered: then nothing is known. */
export function estimateMisses(strata: readonly StratumCount[], level = 0.95): QuarterMisses | null {
  const asked = strata.filter(({ size }) => size > 0);
  if (asked.length === 0 || asked.some(({ answered }) => answered === 0)) return null;
  const tail = (1 - level) / 2 / asked.length;
  const each = asked.map((stratum) => ({ ...stratum, ...ofStratum(stratum, tail) }));
  const sum = (of: (one: MissEstimate) => number): number => each.reduce((all, one) => all + of(one), 0);
  return { missed: sum((one) => one.missed), low: sum((one) => one.low), high: sum((one) => one.high), strata: each };
}

function ofStratum({ size, answered, found }: StratumCount, tail: number): MissEstimate {
  const [least, most] = [found, size - (answered - found)];
  // Chances of `found` or more grow with the number of violations, those of `found` or fewer fall.
  const low = smallest(least, most, (all) => chance(size, all, answered, found, answered) > tail);
  const high = smallest(least, most + 1, (all) => all > most || chance(size, all, answered, 0, found) <= tail) - 1;
  return { missed: (size * found) / answered, low, high };
}

/** Smallest whole number from `from` to `to` for which it holds; it holds for `to`. */
export function smallest(from: number, to: number, holds: (value: number) => boolean): number {
  let [below, at] = [from, to];
  while (below < at) {
    const middle = Math.floor((below + at) / 2);
    if (holds(middle)) at = middle;
    else below = middle + 1;
  }
  return at;
}

/** Hypergeometric: chance that of `drawn` out of `size`, `marked` of which are violations, at least `from` and at most `to` are. */
export function chance(size: number, marked: number, drawn: number, from: number, to: number): number {
  let sum = 0;
  const [least, most] = [Math.max(from, drawn - (size - marked)), Math.min(to, marked)];
  for (let k = least; k <= most; k++) {
    sum += Math.exp(lnChoose(marked, k) + lnChoose(size - marked, drawn - k) - lnChoose(size, drawn));
  }
  return sum;
}

function lnChoose(n: number, k: number): number {
  return lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k);
}

const LN_FACTORIALS = [0];
for (let n = 1; n < 32; n++) LN_FACTORIALS.push((LN_FACTORIALS[n - 1] ?? 0) + Math.log(n));

/** Stirling's series from 32 on: off by less than 1e-12. */
function lnFactorial(n: number): number {
  const known = LN_FACTORIALS[n];
  if (known !== undefined) return known;
  const inverse = 1 / n;
  const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260;
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}
