/**
 * any-optical: how strongly the ground changed between two optical images, in robust standard deviations of the pair's own
 * background. Method: IR-MAD variates (Nielsen 2007), smoothed over their neighbours, summed as squares; the logarithm makes the
 * background nearly normal, so that its median and MAD describe it. In: an AlignedPair and the numbers fitted for the
 * pair. Out: `out`, the score; pixels not seen hold 0.
 */
import type { AlignedPair } from '../model/change.js';
import { convolve, type GaussianKernel, gaussianKernel, seenWeight } from './gaussian.js';
import { fitIrMad, type MadTransform } from './irmad.js';
import { pixelTable, varyingBands } from './pair-sample.js';
import { centreSpread } from './robust.js';

export interface AnyOpticalNumbers {
  /** Indices of the bands used. */
  readonly bands: readonly number[];
  readonly mad: MadTransform;
  readonly centre: number;
  readonly spread: number;
}

const SMOOTH: GaussianKernel = gaussianKernel(1);
const FIT_PIXELS = 200_000;

export const ANY_OPTICAL_HALO_PX = SMOOTH.radius;

/** Sum of squares of the smoothed variates, as a logarithm. */
function logMad(pair: AlignedPair, bands: readonly number[], mad: MadTransform, out: Float32Array): void {
  const { width, height, seen } = pair;
  const n = bands.length;
  const scratch = new Float32Array(out.length);
  const share = new Float32Array(out.length);
  const variate = new Float32Array(out.length);
  seenWeight(seen, width, height, SMOOTH, share, scratch);
  out.fill(0);
  for (let v = 0; v < n; v++) {
    let constant = 0;
    for (let k = 0; k < n; k++) {
      constant += mad.after[v * n + k]! * mad.meanAfter[k]! - mad.before[v * n + k]! * mad.meanBefore[k]!;
    }
    variate.fill(constant);
    for (let k = 0; k < n; k++) {
      const before = pair.before[bands[k]!]!;
      const after = pair.after[bands[k]!]!;
      const wb = mad.before[v * n + k]!;
      const wa = mad.after[v * n + k]!;
      for (let i = 0; i < variate.length; i++) variate[i]! += wb * before[i]! - wa * after[i]!;
    }
    for (let i = 0; i < variate.length; i++) if (seen[i] === 0) variate[i] = 0;
    convolve(variate, width, height, SMOOTH, variate, scratch);
    for (let i = 0; i < out.length; i++) if (seen[i] !== 0) out[i]! += (variate[i]! / share[i]!) ** 2;
  }
  for (let i = 0; i < out.length; i++) out[i] = seen[i] === 0 ? 0 : Math.log(out[i]! + 1e-3);
}

export function anyOpticalScore(pair: AlignedPair, numbers: AnyOpticalNumbers, out: Float32Array): void {
  logMad(pair, numbers.bands, numbers.mad, out);
  for (let i = 0; i < out.length; i++) out[i] = pair.seen[i] === 0 ? 0 : (out[i]! - numbers.centre) / numbers.spread;
}

/** null where nothing can be fitted: too few pixels seen, or no band that varies. */
export function fitAnyOptical(sample: readonly AlignedPair[]): AnyOpticalNumbers | null {
  const bands = varyingBands(sample);
  if (bands.length === 0) return null;
  const table = pixelTable(sample, bands, FIT_PIXELS);
  const mad = fitIrMad(table.before, table.after, bands.length);
  if (mad === null) return null;
  const values: number[] = [];
  for (const pair of sample) {
    const log = new Float32Array(pair.seen.length);
    logMad(pair, bands, mad, log);
    for (let i = 0; i < log.length; i += 3) if (pair.seen[i] !== 0) values.push(log[i]!);
  }
  const { centre, spread } = centreSpread(values);
  return { bands, mad, centre, spread: Math.max(spread, 1e-6) };
}
