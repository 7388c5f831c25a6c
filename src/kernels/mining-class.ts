/**
 * mining-class: how unusual a pixel's change is for ground that looked like it before. Fields of one kind are harvested together; a pit
 * changes unlike the others of its kind.
 * Method: BEFORE is quantised into kinds of ground (vector quantiser by binary splitting: Linde, Buzo, Gray 1980); within each kind the
 * change of all bands has a mean and a covariance, and a pixel's Mahalanobis distance from it, over the kind's own median distance,
 * is its oddness (cluster-based anomalous change detection: Theiler & Perkins 2006; Carlotto 2005). Index changes are held against the
 * kind's own median and spread in the same way.
 * In:  bands of both dates (AFTER through its line), the fitted kinds. Out: the kind of a pixel; oddness in thousandths of e-folds.
 */
import type { MiningKinds } from '../model/mining.js';

/** Scratch of one pixel: no allocation in the loop. */
export interface KindRoom {
  readonly before: Float64Array;
  readonly change: Float64Array;
}

export function kindRoom(kinds: Pick<MiningKinds, 'bands'>): KindRoom {
  return { before: new Float64Array(kinds.bands.length), change: new Float64Array(kinds.bands.length) };
}

/** Reads a pixel's scaled bands and their change into the room. */
export function readPixel(
  before: readonly Float32Array[],
  after: readonly Float32Array[],
  line: { readonly gain: readonly number[]; readonly offset: readonly number[] },
  kinds: Pick<MiningKinds, 'bands' | 'unit'>,
  i: number,
  room: KindRoom,
): void {
  const { bands, unit } = kinds;
  for (let k = 0; k < bands.length; k++) {
    const band = bands[k]!;
    const first = before[band]![i]!;
    room.before[k] = first / unit[k]!;
    room.change[k] = (line.gain[band]! * after[band]![i]! + line.offset[band]! - first) / unit[k]!;
  }
}

/** The nearest centre; ties go to the first. */
export function kindOf(before: Float64Array, centres: readonly (readonly number[])[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let c = 0; c < centres.length; c++) {
    const centre = centres[c]!;
    let sum = 0;
    for (let k = 0; k < before.length; k++) {
      const d = before[k]! - centre[k]!;
      sum += d * d;
    }
    if (sum < least) {
      least = sum;
      best = c;
    }
  }
  return best;
}

/** Length of the whitened change: `whiten` is the inverse of the covariance's Cholesky factor, lower triangle row by row. */
export function lengthOf(change: Float64Array, mean: readonly number[], whiten: readonly number[]): number {
  let sum = 0;
  let at = 0;
  for (let r = 0; r < change.length; r++) {
    let v = 0;
    for (let c = 0; c <= r; c++) v += whiten[at++]! * (change[c]! - mean[c]!);
    sum += v * v;
  }
  return Math.sqrt(sum);
}

const LIMIT = 4000;

/** Natural logarithm of the distance over the kind's median, thousandths, within ±4. */
export function oddness(length: number, median: number): number {
  const value = Math.round(1000 * Math.log(Math.max(length, 1e-9) / median));
  return value > LIMIT ? LIMIT : value < -LIMIT ? -LIMIT : value;
}
