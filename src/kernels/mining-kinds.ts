/**
 * fitKinds: the kinds of ground of a pair and how each of them changes (kernel mining-class).
 * Method: binary splitting (Linde, Buzo, Gray 1980) on scaled bands of BEFORE, in index order; per kind mean and covariance of the
 * change, drawn towards the pooled ones where the kind is small, fitted again without the strangest hundredth.
 * In:  the sample's columns of both dates and the lines. Out: MiningKinds, or null where the sample is too small.
 */

import type { MiningKinds } from '../model/mining.js';
import { cholesky, invertLower } from './matrix.js';
import { flat, kindOf, kindReader, lengthOf } from './mining-class.js';
import { quantile } from './robust.js';

/** Sixteen kinds: four splits. Measured: docs/accuracy.md. */
const SPLITS = 4;
const ROUNDS = 6;
/** Smallest sample that kinds are told apart in. */
const FEWEST = 2000;
/** The pooled covariance counts like this many pixels of a kind. */
const POOLED_WEIGHT = 200;
/** Share of a kind's pixels left out of the second fit: changed ground must not widen its own yardstick. */
const STRANGE = 0.01;
/** Share of the diagonal added, so that bands that repeat each other stay invertible. */
const RIDGE = 1e-3;

interface Lines {
  readonly gain: readonly number[];
  readonly offset: readonly number[];
}

export function fitKinds(
  before: readonly Float32Array[],
  after: readonly Float32Array[],
  lines: Lines,
  bands: readonly number[],
): Omit<MiningKinds, 'termCentre' | 'termSpread'> | null {
  const count = before[0]?.length ?? 0;
  if (count < FEWEST || bands.length < 2) return null;
  const unit = bands.map((band) => {
    const column = Float64Array.from(before[band] ?? []);
    const middle = quantile(column, 0.5);
    const away = column.map((v) => Math.abs(v - middle));
    return Math.max(1.4826 * quantile(away, 0.5), 1e-6 * Math.abs(middle), 1e-9);
  });
  const width = bands.length;
  const pixel = kindReader(before, after, lines, { bands, unit });
  const first = new Float64Array(count * width);
  const change = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    pixel.read(i);
    first.set(pixel.before, i * width);
    change.set(pixel.change, i * width);
  }
  const centres = split(first, count, width);
  const kind = assign(first, count, width, centres);
  return { bands, unit, centres, ...spreads(change, kind, width, centres.length) };
}

function assign(first: Float64Array, count: number, width: number, centres: readonly number[][]): Uint8Array {
  const kind = new Uint8Array(count);
  const listed = flat(centres);
  for (let i = 0; i < count; i++) kind[i] = kindOf(first, i * width, width, listed);
  return kind;
}

/** Centres doubled `SPLITS` times along the band that varies most within each, then settled. */
function split(first: Float64Array, count: number, width: number): number[][] {
  let centres = [momentsOf(first, new Uint8Array(count), width, 1).mean[0] ?? []];
  for (let s = 0; s < SPLITS; s++) {
    const kind = assign(first, count, width, centres);
    const { variance } = momentsOf(first, kind, width, centres.length);
    centres = centres.flatMap((centre, c) => {
      const spread = variance[c] ?? [];
      const widest = spread.indexOf(Math.max(...spread));
      const step = Math.sqrt(spread[widest] ?? 0);
      return [-1, 1].map((side) => centre.map((v, k) => (k === widest ? v + 0.5 * side * step : v)));
    });
    for (let round = 0; round < ROUNDS; round++) {
      const { mean, size } = momentsOf(first, assign(first, count, width, centres), width, centres.length);
      centres = centres.map((centre, c) => ((size[c] ?? 0) > 0 ? (mean[c] ?? centre) : centre));
    }
  }
  return centres;
}

function momentsOf(
  values: Float64Array,
  kind: Uint8Array,
  width: number,
  kinds: number,
): { mean: number[][]; variance: number[][]; size: number[] } {
  const make = () => Array.from({ length: kinds }, () => new Array<number>(width).fill(0));
  const mean = make();
  const variance = make();
  const size = new Array<number>(kinds).fill(0);
  for (let i = 0; i < kind.length; i++) {
    const c = kind[i]!;
    size[c]!++;
    for (let k = 0; k < width; k++) {
      const v = values[i * width + k]!;
      mean[c]![k]! += v;
      variance[c]![k]! += v * v;
    }
  }
  for (let c = 0; c < kinds; c++) {
    const n = Math.max(1, size[c]!);
    for (let k = 0; k < width; k++) {
      const m = mean[c]![k]! / n;
      mean[c]![k] = m;
      variance[c]![k] = Math.max(0, variance[c]![k]! / n - m * m);
    }
  }
  return { mean, variance, size };
}

type Spreads = Pick<MiningKinds, 'mean' | 'whiten' | 'median'>;

/** Mean, whitening and median distance of the change of every kind; two rounds. */
function spreads(change: Float64Array, kind: Uint8Array, width: number, kinds: number): Spreads {
  const used = new Uint8Array(kind.length).fill(1);
  let found = covariances(change, kind, used, width, kinds);
  const lengths = distances(change, kind, width, found);
  for (let c = 0; c < kinds; c++) {
    const own = lengths.filter((_, i) => kind[i] === c);
    const limit = quantile(own, 1 - STRANGE);
    for (let i = 0; i < kind.length; i++) if (kind[i] === c && lengths[i]! > limit) used[i] = 0;
  }
  found = covariances(change, kind, used, width, kinds);
  const settled = distances(change, kind, width, found);
  const all = Math.max(quantile(settled, 0.5), 1e-6);
  const median = found.mean.map((_, c) => {
    const own = settled.filter((_length, i) => kind[i] === c);
    return own.length === 0 ? all : Math.max(quantile(own, 0.5), 1e-6);
  });
  return { ...found, median };
}

function distances(
  change: Float64Array,
  kind: Uint8Array,
  width: number,
  { mean, whiten }: Pick<Spreads, 'mean' | 'whiten'>,
): Float64Array {
  const means = flat(mean);
  const factors = flat(whiten);
  return Float64Array.from(kind, (c, i) => lengthOf(change, i * width, width, c, means, factors));
}

function covariances(
  change: Float64Array,
  kind: Uint8Array,
  used: Uint8Array,
  width: number,
  kinds: number,
): Pick<Spreads, 'mean' | 'whiten'> {
  const size = new Array<number>(kinds).fill(0);
  const mean = Array.from({ length: kinds }, () => new Array<number>(width).fill(0));
  const square = Array.from({ length: kinds }, () => new Array<number>(width * width).fill(0));
  for (let i = 0; i < kind.length; i++) {
    if (used[i] === 0) continue;
    const c = kind[i]!;
    size[c]!++;
    for (let k = 0; k < width; k++) mean[c]![k]! += change[i * width + k]!;
  }
  for (let c = 0; c < kinds; c++) for (let k = 0; k < width; k++) mean[c]![k]! /= Math.max(1, size[c]!);
  for (let i = 0; i < kind.length; i++) {
    if (used[i] === 0) continue;
    const c = kind[i]!;
    for (let a = 0; a < width; a++) {
      const da = change[i * width + a]! - mean[c]![a]!;
      for (let b = 0; b <= a; b++) square[c]![a * width + b]! += da * (change[i * width + b]! - mean[c]![b]!);
    }
  }
  const total = size.reduce((sum, n) => sum + n, 0);
  const pooled = square[0]!.map((_, k) => square.reduce((sum, s) => sum + s[k]!, 0) / Math.max(1, total));
  const whiten = square.map((own, c) => {
    const weight = size[c]! + POOLED_WEIGHT;
    const covariance = own.map((v, k) => (v + POOLED_WEIGHT * pooled[k]!) / weight);
    for (let k = 0; k < width; k++) covariance[k * width + k]! += RIDGE * pooled[k * width + k]! + 1e-9;
    return inverseFactor(covariance, width);
  });
  return { mean, whiten };
}

/** Inverse of the Cholesky factor of a symmetric matrix given by its lower triangle; lower triangle row by row. */
function inverseFactor(matrix: readonly number[], width: number): number[] {
  const factor = cholesky(Float64Array.from(matrix), width);
  if (factor === null) throw new RangeError('a covariance with a ridge is positive definite');
  const inverse = invertLower(factor, width);
  const out: number[] = [];
  for (let r = 0; r < width; r++) for (let c = 0; c <= r; c++) out.push(inverse[r * width + c]!);
  return out;
}
