/**
 * mining-sieve: which pixels may be candidates of the mining detector at all. For models that ask "is opened ground now" apart from
 * "was not before" (pixelNow, pixel: ADR 0074) most of a scene is ruled out by AFTER alone, in single precision and four pixels at a time; what
 * passes is scored exactly (mining-score). A sieve may let too much through, never too little: its limits are lowered by what rounding to
 * thousandths and single precision can make of a score, and dark ground, where a ratio is ill-conditioned, always passes.
 * In: bands of both dates. Out: 1 = may be a candidate. The twin of `sieveMining` in assembly/sieve.ts, bit for bit.
 */
import type { AlignedPair } from '../model/change.js';
import type { MiningDetector } from '../model/mining.js';
import { indexBands } from './mining-index.js';

/**
 * LAYOUT of `numbers` (f32): 0 gain and offset of AFTER for the seven places of `bands`; 14 scale of brightness, 15 of the long wave;
 * 16 darkness under which a ratio passes, 17 the same for a pair of levels; 18 centre and 1/(4·spread) of vegAfter, loss, brightAfter, gain,
 * longAfter, longGain, redAfter, redGain; 34 six weights and the limit of `pixelNow`; 41 fourteen weights and the limit of `pixel`;
 * 56 weight of the third visible band (0 where there are two).
 */
export interface MiningSieve {
  readonly bands: readonly number[];
  readonly numbers: Float32Array;
}

/** INDEX_TERMS that the sieve knows, in its order. */
export const SIEVE_TERMS = [0, 1, 2, 3, 6, 7, 8, 9];
/** PIXEL_TERMS of `pixelNow` (all of AFTER alone) and of `pixel`. */
export const NOW_TERMS = [0, 1, 3, 7, 9, 11];
export const WAS_TERMS = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/** Error of each of SIEVE_TERMS: half a thousandth of rounding through its derivative where levels are at least FAINT, and single precision. */
const ERROR = [0.0006, 0.0012, 0.0012, 0.0045, 0.0012, 0.0045, 0.0006, 0.0012];
/** Two levels (1 = median) that together are less than this are not looked at closely. */
const FAINT = 0.25;
/** Share of the median brightness under which a sum of two bands is ill-conditioned in single precision. */
const DARK = 0.002;
const SLACK = 0.002;

/** null where the model has no part that AFTER alone decides, or terms that the sieve does not know: then every pixel is scored. */
export function sieveOf(detector: MiningDetector): MiningSieve | null {
  const { pixel, pixelNow, shape } = detector.weights;
  if (!pixelNow || shape.smooth > 0) return null;
  const onlyIn = (weights: readonly number[], known: readonly number[]) =>
    weights.every((w, t) => w === 0 || known.includes(t));
  if (!onlyIn(pixelNow, NOW_TERMS) || !onlyIn(pixel, WAS_TERMS)) return null;
  const { visible, vegHigh, red, blue, long } = indexBands(detector);
  if (visible.length < 2) return null;
  const [first, second, third] = visible as [number, number, number | undefined];
  const bands = [first, second, third ?? first, vegHigh, red, blue, long];
  const lines = bands.map((b, i) =>
    i === 2 && third === undefined ? [0, 0] : [detector.gain[b]!, detector.offset[b]!],
  );
  const inverse = SIEVE_TERMS.map((t) => 1 / (4 * detector.termSpread[t]!));
  const z = ERROR.map((error, k) => error * inverse[k]!);
  const errorNow = [0, z[0]!, z[2]!, z[4]!, z[6]!, ERROR[0]!];
  const up = Math.max(z[1]!, z[2]!, z[3]!);
  const errorWas = [0, z[0]!, z[1]!, z[2]!, z[3]!, z[4]!, z[5]!, z[6]!, z[7]!, ERROR[0]!, ERROR[1]!, up, up];
  errorWas.push(z[1]! + z[3]! + z[5]!);
  const reached = (detector.threshold - 0.5) / 100;
  const limit = (weights: readonly number[], terms: readonly number[], errors: readonly number[]) =>
    reached - SLACK - terms.reduce((sum, t, k) => sum + Math.abs(weights[t] ?? 0) * (errors[k]! + 1e-5), 0);
  const numbers = [
    ...lines.flat(),
    1 / (visible.length * detector.brightMedian),
    1 / detector.swirMedian,
    DARK * detector.brightMedian,
    FAINT,
    ...SIEVE_TERMS.flatMap((t, k) => [detector.termCentre[t]!, inverse[k]!]),
    ...NOW_TERMS.map((t) => pixelNow[t] ?? 0),
    limit(pixelNow, NOW_TERMS, errorNow),
    ...WAS_TERMS.map((t) => pixel[t] ?? 0),
    limit(pixel, WAS_TERMS, errorWas),
    third === undefined ? 0 : 1,
  ];
  return { bands, numbers: Float32Array.from(numbers) };
}

const f = Math.fround;

/** The sieve in TypeScript: 1 = may be a candidate. */
export function mayBeCandidate({ before, after, seen }: AlignedPair, { bands, numbers: n }: MiningSieve): Uint8Array {
  const out = new Uint8Array(seen.length);
  const [v0, v1, v2, high, low, blue, long] = bands as [number, number, number, number, number, number, number];
  const positive = (v: number) => Math.max(v, 0);
  for (let i = 0; i < seen.length; i++) {
    if (seen[i] === 0) continue;
    const line = (band: number, k: number) => positive(f(f(n[2 * k]! * after[band]![i]!) + n[2 * k + 1]!));
    const plain = (band: number) => positive(before[band]![i]!);
    const standard = (value: number, t: number) =>
      Math.min(Math.max(f(f(value - n[18 + 2 * t]!) * n[19 + 2 * t]!), -2), 2);
    const difference = (a: number, b: number, sum: number) => f(f(a - b) / sum);
    const [lowValue, highValue, blueValue] = [line(low, 4), line(high, 3), line(blue, 5)];
    const [vegSum, redSum] = [f(highValue + lowValue), f(lowValue + blueValue)];
    const veg = difference(highValue, lowValue, vegSum);
    const redness = difference(lowValue, blueValue, redSum);
    const bright = Math.min(f(f(f(line(v0, 0) + line(v1, 1)) + line(v2, 2)) * n[14]!), 16);
    const longLevel = Math.min(f(line(long, 6) * n[15]!), 16);
    const vegZ = standard(veg, 0);
    const brightZ = standard(difference(bright, 1, f(bright + 1)), 2);
    const longZ = standard(difference(longLevel, 1, f(longLevel + 1)), 4);
    const rednessZ = standard(redness, 6);
    const faintNow = Math.min(vegSum, redSum) < n[16]!;
    if (!(scored(n, 34, [vegZ, brightZ, longZ, rednessZ, veg]) >= n[40]! || faintNow)) continue;

    const [lowBefore, highBefore, blueBefore] = [plain(low), plain(high), plain(blue)];
    const [vegSumBefore, redSumBefore] = [f(highBefore + lowBefore), f(lowBefore + blueBefore)];
    const light = f(f(plain(v0) + plain(v1)) + f(plain(v2) * n[56]!));
    const brightBefore = Math.min(f(light * n[14]!), 16);
    const longBefore = Math.min(f(plain(long) * n[15]!), 16);
    const [brightSum, longSum] = [f(bright + brightBefore), f(longLevel + longBefore)];
    const loss = f(difference(highBefore, lowBefore, vegSumBefore) - veg);
    const lossZ = standard(loss, 1);
    const gainZ = standard(difference(bright, brightBefore, brightSum), 3);
    const longGainZ = standard(difference(longLevel, longBefore, longSum), 5);
    const reddening = standard(f(redness - difference(lowBefore, blueBefore, redSumBefore)), 7);
    const lossUp = positive(lossZ);
    const length = f(Math.sqrt(f(f(f(lossZ * lossZ) + f(gainZ * gainZ)) + f(longGainZ * longGainZ))));
    const both = [Math.min(lossUp, positive(brightZ)), Math.min(lossUp, positive(gainZ)), length];
    const terms = [vegZ, lossZ, brightZ, gainZ, longZ, longGainZ, rednessZ, reddening, veg, loss, ...both];
    const faint = Math.min(brightSum, longSum) < n[17]! || Math.min(vegSumBefore, redSumBefore) < n[16]!;
    if (scored(n, 41, terms) >= n[55]! || faint || faintNow) out[i] = 1;
  }
  return out;
}

function scored(n: Float32Array, at: number, terms: readonly number[]): number {
  let sum = n[at]!;
  for (let t = 0; t < terms.length; t++) sum = f(sum + f(n[at + 1 + t]! * terms[t]!));
  return sum;
}
