/**
 * log-ratio: change between two radar images (or any two images of one band), free of speckle.
 * Method: logarithm of the ratio (multiplicative noise becomes additive: Dekker 1998, Bovolo & Bruzzone 2005), smoothed a
 * little, centred, then total-variation denoised (Chambolle 2004), whose absolute value has two clear modes. Several
 * polarisations: root mean square. Amplitude, intensity or decibels: decibels are logarithms already.
 * In: an AlignedPair and the numbers fitted for the pair. Out: `out`, the strength ≥ 0; pixels not seen hold 0.
 */
import type { AlignedPair } from '../model/change.js';
import { convolve, type GaussianKernel, gaussianKernel, seenWeight } from './gaussian.js';
import { centreSpread, median } from './robust.js';
import { denoiseTotalVariation } from './total-variation.js';

export interface LogRatioNumbers {
  /** Values are logarithms already (decibels). */
  readonly decibels: boolean;
  /** Added to both dates before the ratio, so that shadows (0) stay finite; raw units. */
  readonly floor: number;
  /** Subtracted from each band's log ratio: gain between the dates. */
  readonly centres: readonly number[];
  /** Robust deviation of the smoothed log ratio, mean of the bands. */
  readonly noise: number;
  readonly lambda: number;
  readonly iterations: number;
}

const SMOOTH: GaussianKernel = gaussianKernel(0.8);
const NEPER_PER_DECIBEL = Math.log(10) / 10;
/**
 * The regularisation follows the noise (robust deviation of the smoothed log ratio): much speckle needs much, little would lose
 * edges and weak change. Measured on made speckle of 1–8 looks and on ERS-2 (docs/accuracy.md).
 */
const LAMBDA_PER_NOISE = 2;
const LAMBDA_LEAST = 0.25;
const LAMBDA_MOST = 0.5;
/** A median under this is no gain but the grain of 8-bit values. */
const MIN_CENTRE = 0.02;

/** Context that makes a pixel's value independent of its block: each denoising step carries one pixel. */
export function logRatioHaloPx(numbers: Pick<LogRatioNumbers, 'iterations'>): number {
  return numbers.iterations + 1 + SMOOTH.radius;
}

function smoothedLogRatio(
  pair: AlignedPair,
  band: number,
  numbers: LogRatioNumbers,
  scratch: Float32Array,
): Float32Array {
  const { width, height, seen } = pair;
  const before = pair.before[band]!;
  const after = pair.after[band]!;
  const { decibels, floor } = numbers;
  const ratio = new Float32Array(before.length);
  for (let i = 0; i < ratio.length; i++) {
    if (seen[i] === 0) continue;
    ratio[i] = decibels
      ? (after[i]! - before[i]!) * NEPER_PER_DECIBEL
      : Math.log((Math.max(0, after[i]!) + floor) / (Math.max(0, before[i]!) + floor));
  }
  const share = new Float32Array(before.length);
  seenWeight(seen, width, height, SMOOTH, share, scratch);
  convolve(ratio, width, height, SMOOTH, ratio, scratch);
  for (let i = 0; i < ratio.length; i++) ratio[i] = seen[i] === 0 ? 0 : ratio[i]! / share[i]!;
  return ratio;
}

export function logRatioStrength(pair: AlignedPair, numbers: LogRatioNumbers, out: Float32Array): void {
  const { width, height, seen } = pair;
  const scratch = new Float32Array(out.length);
  out.fill(0);
  for (let band = 0; band < pair.before.length; band++) {
    const ratio = smoothedLogRatio(pair, band, numbers, scratch);
    const centre = numbers.centres[band] ?? 0;
    for (let i = 0; i < ratio.length; i++) ratio[i] = seen[i] === 0 ? 0 : ratio[i]! - centre;
    denoiseTotalVariation(ratio, seen, width, height, numbers.lambda, numbers.iterations, scratch);
    for (let i = 0; i < out.length; i++) out[i]! += scratch[i]! * scratch[i]!;
  }
  for (let i = 0; i < out.length; i++) out[i] = seen[i] === 0 ? 0 : Math.sqrt(out[i]! / pair.before.length);
}

/** Everything of the log ratio that holds for the whole pair, from its sample. */
export function fitLogRatio(sample: readonly AlignedPair[], iterations: number): LogRatioNumbers {
  const values: number[] = [];
  let negative = 0;
  let bytes = true;
  for (const { before, after, seen } of sample) {
    for (const band of [...before, ...after]) {
      for (let i = 0; i < band.length; i += 7) {
        if (seen[i] === 0) continue;
        const v = band[i]!;
        values.push(v);
        if (v < 0) negative++;
        if (v > 255 || v !== Math.floor(v)) bytes = false;
      }
    }
  }
  const decibels = negative > values.length / 20;
  const floor = bytes ? 2 : Math.max(1e-12, 0.03 * median(values));
  const bands = sample[0]?.before.length ?? 0;
  const plain = { decibels, floor, centres: [], noise: 0, lambda: LAMBDA_MOST, iterations };
  const bandFits = Array.from({ length: bands }, (_, band) => {
    const ratios: number[] = [];
    for (const pair of sample) {
      const ratio = smoothedLogRatio(pair, band, plain, new Float32Array(pair.seen.length));
      for (let i = 0; i < ratio.length; i += 3) if (pair.seen[i] !== 0) ratios.push(ratio[i]!);
    }
    return centreSpread(ratios);
  });
  const centres = bandFits.map(({ centre }) => (Math.abs(centre) > MIN_CENTRE ? centre : 0));
  const noise = bandFits.reduce((sum, { spread }) => sum + spread, 0) / Math.max(1, bands);
  const lambda = Math.min(LAMBDA_MOST, Math.max(LAMBDA_LEAST, LAMBDA_PER_NOISE * noise));
  return { ...plain, noise, lambda, centres };
}
