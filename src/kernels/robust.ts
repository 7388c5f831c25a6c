/** Order statistics on small lists and typed arrays. Deterministic: sorts copies, never samples. */

/** Middle value (mean of the two middle ones); NaN for an empty list. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  return n % 2 === 1 ? sorted[n >> 1]! : (sorted[n / 2 - 1]! + sorted[n / 2]!) / 2;
}

/** Quantile of an ascending array by linear interpolation, 0 ≤ q ≤ 1. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const at = q * (n - 1);
  const low = Math.floor(at);
  const high = Math.min(n - 1, low + 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

export interface CentreSpread {
  readonly centre: number;
  /** 1.4826 × the median absolute deviation: the standard deviation where the values are normal. */
  readonly spread: number;
}

export function centreSpread(values: ArrayLike<number>): CentreSpread {
  const sorted = Float64Array.from(values).sort();
  const centre = quantileOfSorted(sorted, 0.5);
  for (let i = 0; i < sorted.length; i++) sorted[i] = Math.abs(sorted[i]! - centre);
  sorted.sort();
  return { centre, spread: 1.4826 * quantileOfSorted(sorted, 0.5) };
}

/** The value that would stand at `rank` after sorting (quickselect, Hoare 1961): the same as sorting, in linear time. */
export function nth(values: ArrayLike<number>, rank: number): number {
  const list = Float64Array.from(values);
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const pivot = list[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (list[i]! < pivot) i++;
      while (list[j]! > pivot) j--;
      if (i <= j) {
        const swapped = list[i]!;
        list[i++] = list[j]!;
        list[j--] = swapped;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return list[rank]!;
}

/** The value at `share` (0–1) of the sorted list, without interpolation; 0 for an empty list. */
export function quantile(values: ArrayLike<number>, share: number): number {
  return values.length === 0 ? 0 : nth(values, Math.min(values.length - 1, Math.floor(share * values.length)));
}
