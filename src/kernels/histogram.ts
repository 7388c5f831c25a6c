/**
 * histogram: integer counts of a quantised score, and the cut between its two classes.
 * Counts are integers, so the order in which pixels are added never changes a threshold.
 */

export interface Histogram {
  readonly from: number;
  readonly step: number;
  readonly counts: Float64Array;
}

export function histogramOf(values: Float32Array, seen: Uint8Array, from: number, to: number, bins: number): Histogram {
  const histogram: Histogram = { from, step: (to - from) / bins, counts: new Float64Array(bins) };
  addTo(histogram, values, seen);
  return histogram;
}

export function addTo(histogram: Histogram, values: Float32Array, seen: Uint8Array): void {
  const { from, step, counts } = histogram;
  for (let i = 0; i < values.length; i++) {
    if (seen[i] === 0) continue;
    const bin = Math.floor((values[i]! - from) / step);
    counts[Math.max(0, Math.min(counts.length - 1, bin))]!++;
  }
}

/** Otsu 1979: the cut that maximises the variance between the classes, from bin `start`; upper edge of the lower class. */
export function otsu(histogram: Histogram, start = 0): number {
  const { from, step, counts } = histogram;
  let total = 0;
  let totalSum = 0;
  for (let bin = start; bin < counts.length; bin++) {
    total += counts[bin]!;
    totalSum += counts[bin]! * (bin + 0.5);
  }
  let low = 0;
  let lowSum = 0;
  let best = -1;
  let cut = start;
  for (let bin = start; bin < counts.length - 1; bin++) {
    low += counts[bin]!;
    lowSum += counts[bin]! * (bin + 0.5);
    const high = total - low;
    if (low === 0 || high === 0) continue;
    const apart = lowSum / low - (totalSum - lowSum) / high;
    const between = low * high * apart * apart;
    if (between > best) {
      best = between;
      cut = bin;
    }
  }
  return from + (cut + 1) * step;
}
