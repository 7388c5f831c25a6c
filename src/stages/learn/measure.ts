/**
 * measure: how well a ranking and its chances hold on outcomes that it was not made from.
 * Area under the curve = chance that a violation stands before a task that was none (ties half; Mann–Whitney); precision at k = share of violations
 * among the first k of each quarter; reliability = said against found, by tenths of what was said; Brier = mean square of the difference.
 */
import type { ReliabilityBin } from '../../model/learning.js';

export interface Ranked {
  readonly quarter: string;
  /** What orders it: higher first. */
  readonly value: number;
  readonly guilty: boolean;
}

export function areaUnderCurve(rows: readonly Pick<Ranked, 'value' | 'guilty'>[]): number | null {
  const sorted = [...rows].sort((a, b) => a.value - b.value);
  const guilty = rows.filter((row) => row.guilty).length;
  const others = rows.length - guilty;
  if (guilty === 0 || others === 0) return null;
  let below = 0;
  let sum = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to]?.value === sorted[from]?.value) to += 1;
    const tied = sorted.slice(from, to);
    const tiedOthers = tied.filter((row) => !row.guilty).length;
    sum += (tied.length - tiedOthers) * (below + tiedOthers / 2);
    below += tiedOthers;
    from = to;
  }
  return sum / (guilty * others);
}

/** For each k, mean over quarters; a quarter with fewer than k tasks counts with all of them. Ties are shared out evenly. */
export function precisionsAt(rows: readonly Ranked[], ks: readonly number[]): number[] {
  const byQuarter = new Map<string, Ranked[]>();
  for (const row of rows) {
    const own = byQuarter.get(row.quarter);
    if (own) own.push(row);
    else byQuarter.set(row.quarter, [row]);
  }
  const sums = ks.map(() => 0);
  for (const own of byQuarter.values()) {
    own.sort((a, b) => b.value - a.value);
    for (const [i, k] of ks.entries()) sums[i] = (sums[i] ?? 0) + shareOfFirst(own, k);
  }
  return sums.map((sum) => sum / Math.max(1, byQuarter.size));
}

function shareOfFirst(sorted: readonly Ranked[], k: number): number {
  const length = Math.min(k, sorted.length);
  const limit = sorted[length - 1]?.value ?? 0;
  let [above, aboveGuilty, tied, tiedGuilty] = [0, 0, 0, 0];
  for (const { value, guilty } of sorted) {
    if (value < limit) break;
    if (value > limit) {
      above += 1;
      if (guilty) aboveGuilty += 1;
    } else {
      tied += 1;
      if (guilty) tiedGuilty += 1;
    }
  }
  return (aboveGuilty + (tiedGuilty / Math.max(1, tied)) * (length - above)) / Math.max(1, length);
}

export function reliability(rows: readonly { readonly odds: number; readonly guilty: boolean }[]): ReliabilityBin[] {
  const bins: ReliabilityBin[] = [];
  for (let bin = 0; bin < 10; bin += 1) {
    const own = rows.filter(({ odds }) => Math.min(9, Math.floor(odds * 10)) === bin);
    if (own.length === 0) continue;
    const said = own.reduce((sum, { odds }) => sum + odds, 0) / own.length;
    bins.push({ said, found: own.filter(({ guilty }) => guilty).length / own.length, count: own.length });
  }
  return bins;
}

export function brier(rows: readonly { readonly odds: number; readonly guilty: boolean }[]): number {
  return rows.reduce((sum, { odds, guilty }) => sum + (odds - (guilty ? 1 : 0)) ** 2, 0) / Math.max(1, rows.length);
}
