/**
 * mining-class: how unusual a pixel's change is for ground that looked like it before. Fields of one kind are harvested together; a pit
 * changes unlike the others of its kind.
 * Method: BEFORE is quantised into kinds of ground (vector quantiser by binary splitting: Linde, Buzo, Gray 1980); within each kind the
 * change of all bands has a mean and a covariance, and a pixel's Mahalanobis distance from it, over the kind's own median distance,
 * is its oddness (cluster-based anomalous change detection: Carlotto 2005; Theiler & Perkins 2006). Index changes are held against the
 * kind's own median and spread in the same way.
 * In:  bands of both dates (AFTER through its line), the fitted kinds. Out: the kind of a pixel; oddness in thousandths of e-folds.
 */
import type { MiningKinds } from '../model/mining.js';

/** Reads pixels in the kinds' units; the last one read stays in `before` and `change`. */
export interface KindReader {
  readonly before: Float64Array;
  readonly change: Float64Array;
  read(i: number): void;
}

export function kindReader(
  before: readonly Float32Array[],
  after: readonly Float32Array[],
  line: { readonly gain: readonly number[]; readonly offset: readonly number[] },
  { bands, unit }: Pick<MiningKinds, 'bands' | 'unit'>,
): KindReader {
  const first = bands.map((band) => before[band]!);
  const second = bands.map((band) => after[band]!);
  const gain = Float64Array.from(bands, (band) => line.gain[band]!);
  const offset = Float64Array.from(bands, (band) => line.offset[band]!);
  const scale = Float64Array.from(unit, (u) => 1 / u);
  const values = new Float64Array(bands.length);
  const change = new Float64Array(bands.length);
  return {
    before: values,
    change,
    read(i) {
      for (let k = 0; k < values.length; k++) {
        const once = first[k]![i]!;
        values[k] = once * scale[k]!;
        change[k] = (gain[k]! * second[k]![i]! + offset[k]! - once) * scale[k]!;
      }
    },
  };
}

/** Rows of equal length, one after the other. */
export function flat(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows.flat());
}

/** The nearest of the centres (one after the other in `centres`) to the values at `from`; ties go to the first. */
export function kindOf(values: Float64Array, from: number, width: number, centres: Float64Array): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < centres.length; at += width) {
    let sum = 0;
    for (let k = 0; k < width && sum < least; k++) {
      const d = values[from + k]! - centres[at + k]!;
      sum += d * d;
    }
    if (sum < least) {
      least = sum;
      best = at;
    }
  }
  return best / width;
}

/**
 * Length of the whitened change of kind `kind`: `whiten` holds per kind the inverse of the covariance's Cholesky factor, lower
 * triangle row by row.
 */
export function lengthOf(
  change: Float64Array,
  from: number,
  width: number,
  kind: number,
  mean: Float64Array,
  whiten: Float64Array,
): number {
  const middle = kind * width;
  let at = kind * ((width * (width + 1)) / 2);
  let sum = 0;
  for (let r = 0; r < width; r++) {
    let v = 0;
    for (let c = 0; c <= r; c++) v += whiten[at++]! * (change[from + c]! - mean[middle + c]!);
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
