/**
 * any-features: eight views of how a pixel changed between two optical images, each blind to what misleads another.
 * 0, 1  log of the summed squares of the IR-MAD variates (Nielsen 2007) smoothed 1 and 2 px: weak change in any combination.
 * 2     log of the visible bands' change vector (Malila 1980), smoothed 1 px: blind to leaf and water in the infrared.
 * 3     |brightness change less its surroundings' (25-px box twice)|: blind to season and haze over whole fields.
 * 4, 5  log of the change vector less its surroundings', all bands 1 px, visible bands 2 px.
 * 6     1 − local correlation (7 × 7) of green, near and short-wave infrared: what changed its pattern.
 * 7     largest change vector of the 3 × 3 pixels: fills a patch out to its edge.
 * Bands are put on one scale by mean and deviation of the pixels that IR-MAD holds for unchanged.
 * In: an AlignedPair and numbers fitted for the pair. Out: planes; pixels not seen hold 0.
 */
import type { AlignedPair } from '../model/change.js';
import { boxSum, STEP, toSteps } from './box.js';
import { convolve, type GaussianKernel, gaussianKernel, seenWeight } from './gaussian.js';
import type { MadTransform } from './irmad.js';

export interface BandScale {
  readonly meanBefore: number;
  readonly deviationBefore: number;
  readonly meanAfter: number;
  readonly deviationAfter: number;
}

export interface FeatureNumbers {
  /** Indices of the bands used; `mad`, `scales` are in this order. */
  readonly bands: readonly number[];
  /** Positions in `bands` of the visible ones, and of those whose local correlation is looked at. */
  readonly visible: readonly number[];
  readonly patterned: readonly number[];
  readonly mad: MadTransform;
  readonly scales: readonly BandScale[];
  /** Robust deviation of each variate after smoothing by 1 and by 2 px. */
  readonly spreadFine: readonly number[];
  readonly spreadWide: readonly number[];
}

export const FEATURE_COUNT = 8;
const FINE: GaussianKernel = gaussianKernel(1);
const SLIGHT: GaussianKernel = gaussianKernel(0.7);
const WIDE: GaussianKernel = gaussianKernel(2);
/** What widens a 1-px smoothing to 2 px: √(2² − 1²). */
const WIDENING: GaussianKernel = gaussianKernel(Math.sqrt(3));
const SURROUNDINGS_RADIUS = 12;
const PATTERN_RADIUS = 3;
/** Variance under which a window has no pattern to correlate, in squared deviations of the band. */
const FLAT_VARIANCE = 0.01;
const TINY = 1e-3;

export const FEATURE_HALO_PX = 2 * SURROUNDINGS_RADIUS + Math.max(WIDE.radius, FINE.radius + WIDENING.radius);

/** One variate smoothed by 1 px into `fine` and by 2 px into `wide`. */
export function smoothedVariate(
  pair: AlignedPair,
  numbers: Pick<FeatureNumbers, 'bands' | 'mad'>,
  variate: number,
  shares: { readonly fine: Float32Array; readonly widening: Float32Array },
  fine: Float32Array,
  wide: Float32Array,
  scratch: Float32Array,
): void {
  const { width, height, seen } = pair;
  const { bands, mad } = numbers;
  const n = bands.length;
  let constant = 0;
  for (let k = 0; k < n; k++) {
    const at = variate * n + k;
    constant += mad.after[at]! * mad.meanAfter[k]! - mad.before[at]! * mad.meanBefore[k]!;
  }
  const line = new Float64Array(width);
  for (let from = 0; from < fine.length; from += width) {
    line.fill(constant);
    for (let k = 0; k < n; k++) {
      const before = pair.before[bands[k]!]!;
      const after = pair.after[bands[k]!]!;
      const wb = mad.before[variate * n + k]!;
      const wa = mad.after[variate * n + k]!;
      for (let col = 0; col < width; col++) line[col] = line[col]! + wb * before[from + col]! - wa * after[from + col]!;
    }
    for (let col = 0; col < width; col++) fine[from + col] = seen[from + col] === 0 ? 0 : line[col]!;
  }
  convolve(fine, width, height, FINE, fine, scratch);
  for (let i = 0; i < fine.length; i++) fine[i] = seen[i] === 0 ? 0 : fine[i]! / shares.fine[i]!;
  convolve(fine, width, height, WIDENING, wide, scratch);
  for (let i = 0; i < wide.length; i++) wide[i] = seen[i] === 0 ? 0 : wide[i]! / shares.widening[i]!;
}

export function seenShares(pair: AlignedPair, scratch: Float32Array): { fine: Float32Array; widening: Float32Array } {
  const { width, height, seen } = pair;
  const shares = { fine: new Float32Array(seen.length), widening: new Float32Array(seen.length) };
  seenWeight(seen, width, height, FINE, shares.fine, scratch);
  seenWeight(seen, width, height, WIDENING, shares.widening, scratch);
  return shares;
}

/** The eight planes, and as the ninth the change vector's root mean square over the bands, smoothed as little as helps. */
export function anyFeatures(pair: AlignedPair, numbers: FeatureNumbers): Float32Array[] {
  const scratch = new Float32Array(pair.seen.length);
  const shares = seenShares(pair, scratch);
  const [fine, wide] = madPlanes(pair, numbers, shares, scratch);
  const vectors = changeVectors(pair, numbers);
  const { width, height, seen } = pair;
  const wideShare = new Float32Array(seen.length);
  seenWeight(seen, width, height, WIDE, wideShare, scratch);
  const largest = largestOfNine(vectors.all, width, height);
  const smooth = (plane: Float32Array, kernel: GaussianKernel, share: Float32Array) => {
    convolve(plane, width, height, kernel, plane, scratch);
    for (let i = 0; i < plane.length; i++) plane[i] = seen[i] === 0 ? 0 : plane[i]! / share[i]!;
    return plane;
  };
  const visible = logarithm(smooth(vectors.visible, FINE, shares.fine), seen);
  const local = logarithm(smooth(vectors.local, FINE, shares.fine), seen);
  const localVisible = logarithm(smooth(vectors.localVisible, WIDE, wideShare), seen);
  seenWeight(seen, width, height, SLIGHT, wideShare, scratch);
  const strength = smooth(vectors.all, SLIGHT, wideShare);
  const perBand = 1 / Math.sqrt(numbers.bands.length);
  for (let i = 0; i < strength.length; i++) strength[i]! *= perBand;
  const pattern = patternLoss(pair, numbers);
  return [fine, wide, visible, vectors.brightness, local, localVisible, pattern, largest, strength];
}

function logarithm(plane: Float32Array, seen: Uint8Array): Float32Array {
  for (let i = 0; i < plane.length; i++) plane[i] = seen[i] === 0 ? 0 : Math.log(plane[i]! + TINY);
  return plane;
}

function madPlanes(
  pair: AlignedPair,
  numbers: FeatureNumbers,
  shares: { readonly fine: Float32Array; readonly widening: Float32Array },
  scratch: Float32Array,
): [Float32Array, Float32Array] {
  const count = pair.seen.length;
  const fine = new Float32Array(count);
  const wide = new Float32Array(count);
  const fineVariate = new Float32Array(count);
  const wideVariate = new Float32Array(count);
  for (let v = 0; v < numbers.bands.length; v++) {
    smoothedVariate(pair, numbers, v, shares, fineVariate, wideVariate, scratch);
    const perFine = 1 / numbers.spreadFine[v]! ** 2;
    const perWide = 1 / numbers.spreadWide[v]! ** 2;
    for (let i = 0; i < count; i++) {
      fine[i]! += fineVariate[i]! * fineVariate[i]! * perFine;
      wide[i]! += wideVariate[i]! * wideVariate[i]! * perWide;
    }
  }
  return [logarithm(fine, pair.seen), logarithm(wide, pair.seen)];
}

interface ChangeVectors {
  /** Lengths of the change vector: all bands, visible bands; the same less the surroundings' change. */
  readonly all: Float32Array;
  readonly visible: Float32Array;
  readonly local: Float32Array;
  readonly localVisible: Float32Array;
  readonly brightness: Float32Array;
}

function changeVectors(pair: AlignedPair, numbers: FeatureNumbers): ChangeVectors {
  const { width, height, seen } = pair;
  const count = seen.length;
  const planes = [0, 1, 2, 3, 4].map(() => new Float32Array(count));
  const [all, visible, local, localVisible, brightness] = planes as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const steps = new Int32Array(count);
  const sums = new Int32Array(count);
  const weights = new Int32Array(count);
  for (let i = 0; i < count; i++) weights[i] = seen[i]!;
  boxSum(weights, width, height, SURROUNDINGS_RADIUS, sums);
  boxSum(weights, width, height, SURROUNDINGS_RADIUS, sums);
  const difference = new Float32Array(count);
  for (let k = 0; k < numbers.bands.length; k++) {
    bandDifference(pair, numbers, k, difference);
    toSteps(difference, seen, steps);
    boxSum(steps, width, height, SURROUNDINGS_RADIUS, sums);
    boxSum(steps, width, height, SURROUNDINGS_RADIUS, sums);
    const inVisible = numbers.visible.includes(k) ? 1 : 0;
    for (let i = 0; i < count; i++) {
      if (seen[i] === 0) continue;
      const d = difference[i]!;
      const apart = d - (steps[i]! * STEP) / weights[i]!;
      all[i]! += d * d;
      visible[i]! += inVisible * d * d;
      local[i]! += apart * apart;
      localVisible[i]! += inVisible * apart * apart;
      brightness[i]! += apart;
    }
  }
  const bands = numbers.bands.length;
  for (let i = 0; i < count; i++) {
    all[i] = Math.sqrt(all[i]!);
    visible[i] = Math.sqrt(visible[i]!);
    local[i] = Math.sqrt(local[i]!);
    localVisible[i] = Math.sqrt(localVisible[i]!);
    brightness[i] = Math.abs(brightness[i]! / bands);
  }
  return { all, visible, local, localVisible, brightness };
}

function bandDifference(pair: AlignedPair, numbers: FeatureNumbers, k: number, out: Float32Array): void {
  const { meanBefore, deviationBefore, meanAfter, deviationAfter } = numbers.scales[k]!;
  const before = pair.before[numbers.bands[k]!]!;
  const after = pair.after[numbers.bands[k]!]!;
  for (let i = 0; i < out.length; i++) {
    out[i] =
      pair.seen[i] === 0 ? 0 : (after[i]! - meanAfter) / deviationAfter - (before[i]! - meanBefore) / deviationBefore;
  }
}

function largestOfNine(plane: Float32Array, width: number, height: number): Float32Array {
  const across = new Float32Array(plane.length);
  const out = new Float32Array(plane.length);
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) {
      const i = row * width + col;
      let v = plane[i]!;
      if (col > 0 && plane[i - 1]! > v) v = plane[i - 1]!;
      if (col + 1 < width && plane[i + 1]! > v) v = plane[i + 1]!;
      across[i] = v;
    }
  }
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) {
      const i = row * width + col;
      let v = across[i]!;
      if (row > 0 && across[i - width]! > v) v = across[i - width]!;
      if (row + 1 < height && across[i + width]! > v) v = across[i + width]!;
      out[i] = v;
    }
  }
  return out;
}

/** 1 − correlation over the seen pixels of a window, mean of the patterned bands; exact sums of whole numbers. */
function patternLoss(pair: AlignedPair, numbers: FeatureNumbers): Float32Array {
  const { width, height, seen } = pair;
  const count = seen.length;
  const out = new Float32Array(count);
  const scaled = new Float32Array(count);
  const [x, y, xx, yy, xy, n, sums] = [0, 1, 2, 3, 4, 5, 6].map(() => new Int32Array(count)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let i = 0; i < count; i++) n[i] = seen[i]!;
  boxSum(n, width, height, PATTERN_RADIUS, sums);
  const flat = FLAT_VARIANCE / (STEP * STEP);
  const share = 1 / numbers.patterned.length;
  for (const k of numbers.patterned) {
    const scale = numbers.scales[k]!;
    scaleBand(pair.before[numbers.bands[k]!]!, scale.meanBefore, scale.deviationBefore, scaled);
    toSteps(scaled, seen, x);
    scaleBand(pair.after[numbers.bands[k]!]!, scale.meanAfter, scale.deviationAfter, scaled);
    toSteps(scaled, seen, y);
    for (let i = 0; i < count; i++) {
      xx[i] = x[i]! * x[i]!;
      yy[i] = y[i]! * y[i]!;
      xy[i] = x[i]! * y[i]!;
    }
    for (const plane of [x, y, xx, yy, xy]) boxSum(plane, width, height, PATTERN_RADIUS, sums);
    for (let i = 0; i < count; i++) {
      if (seen[i] === 0) continue;
      const m = n[i]!;
      const meanX = x[i]! / m;
      const meanY = y[i]! / m;
      const varianceX = Math.max(xx[i]! / m - meanX * meanX, flat);
      const varianceY = Math.max(yy[i]! / m - meanY * meanY, flat);
      out[i]! += share * (1 - (xy[i]! / m - meanX * meanY) / Math.sqrt(varianceX * varianceY));
    }
  }
  return out;
}

function scaleBand(band: Float32Array, mean: number, deviation: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = (band[i]! - mean) / deviation;
}
