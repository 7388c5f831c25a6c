/**
 * cell-bound: which cells of a pair may hold a candidate of the mining detector at all, from the least and greatest value of every band in each
 * cell: the sieve (mining-sieve) in interval arithmetic. A cell that is ruled out holds no pixel that the sieve would pass: every term is bounded by
 * itself, so that the bound is loose but never wrong. Ranges are widened by more than single precision can lose.
 * In:  ranges of both dates, planar, one value per cell; the sieve. Out: 1 = may hold a candidate.
 */
import type { MiningSieve } from './mining-sieve.js';

export interface CellRanges {
  /** Per band, least and greatest value of the cell's pixels. */
  readonly low: readonly Float32Array[];
  readonly high: readonly Float32Array[];
}

/** [least, greatest] */
type Range = readonly [number, number];

/** Share of a value that single precision may lose over a term, and of a score. */
const SLACK = 1e-5;

export function cellsThatMay(before: CellRanges, after: CellRanges, sieve: MiningSieve, known: Uint8Array): Uint8Array {
  const out = new Uint8Array(known.length);
  for (let i = 0; i < known.length; i++) out[i] = known[i] === 1 && cellMay(before, after, sieve, i) ? 1 : 0;
  return out;
}

function cellMay(before: CellRanges, after: CellRanges, { bands, numbers: n }: MiningSieve, i: number): boolean {
  const [v0, v1, v2, high, low, blue, long] = bands as [number, number, number, number, number, number, number];
  const line = (band: number, k: number): Range => {
    const [gain, offset] = [n[2 * k] ?? 0, n[2 * k + 1] ?? 0];
    return positive(wider(add(times(gain, at(after, band, i)), [offset, offset])));
  };
  const [lowNow, highNow, blueNow] = [line(low, 4), line(high, 3), line(blue, 5)];
  const dark = n[16] ?? 0;
  const vegSum = lowNow[0] + highNow[0];
  const redSum = lowNow[0] + blueNow[0];
  if (Math.min(vegSum, redSum) < dark * (1 + SLACK)) return true;
  const veg = difference(highNow, lowNow);
  const redness = difference(lowNow, blueNow);
  const level = (sum: Range, scale: number): Range => [Math.min(sum[0] * scale, 16), Math.min(sum[1] * scale, 16)];
  const bright = level(add(add(line(v0, 0), line(v1, 1)), line(v2, 2)), n[14] ?? 0);
  const longLevel = level(line(long, 6), n[15] ?? 0);
  const standard = (value: Range, t: number): Range => {
    const z = (v: number) => Math.min(Math.max((v - (n[18 + 2 * t] ?? 0)) * (n[19 + 2 * t] ?? 0), -2), 2);
    return wider([z(value[0]), z(value[1])]);
  };
  const ofOne = (value: Range): Range => [(value[0] - 1) / (value[0] + 1), (value[1] - 1) / (value[1] + 1)];
  const vegZ = standard(veg, 0);
  const brightZ = standard(ofOne(bright), 2);
  const longZ = standard(ofOne(longLevel), 4);
  const rednessZ = standard(redness, 6);
  if (mostOf(n, 34, [vegZ, brightZ, longZ, rednessZ, veg]) < (n[40] ?? 0)) return false;

  const plain = (band: number): Range => positive(at(before, band, i));
  const [lowThen, highThen, blueThen] = [plain(low), plain(high), plain(blue)];
  if (Math.min(highThen[0] + lowThen[0], lowThen[0] + blueThen[0]) < dark * (1 + SLACK)) return true;
  const light = add(add(plain(v0), plain(v1)), times(n[56] ?? 0, plain(v2)));
  const brightThen = level(light, n[14] ?? 0);
  const longThen = level(plain(long), n[15] ?? 0);
  if (Math.min(bright[0] + brightThen[0], longLevel[0] + longThen[0]) < (n[17] ?? 0) * (1 + SLACK)) return true;
  const loss = minus(difference(highThen, lowThen), veg);
  const lossZ = standard(loss, 1);
  const gainZ = standard(difference(bright, brightThen), 3);
  const longGainZ = standard(difference(longLevel, longThen), 5);
  const reddening = standard(minus(redness, difference(lowThen, blueThen)), 7);
  const lossUp = positive(lossZ);
  const both = [lesser(lossUp, positive(brightZ)), lesser(lossUp, positive(gainZ)), lengthOf(lossZ, gainZ, longGainZ)];
  const terms = [vegZ, lossZ, brightZ, gainZ, longZ, longGainZ, rednessZ, reddening, veg, loss, ...both];
  return mostOf(n, 41, terms) >= (n[55] ?? 0);
}

function at({ low, high }: CellRanges, band: number, i: number): Range {
  return [low[band]?.[i] ?? 0, high[band]?.[i] ?? 0];
}

function add(a: Range, b: Range): Range {
  return [a[0] + b[0], a[1] + b[1]];
}

function minus(a: Range, b: Range): Range {
  return [a[0] - b[1], a[1] - b[0]];
}

function times(factor: number, [a, b]: Range): Range {
  return factor < 0 ? [factor * b, factor * a] : [factor * a, factor * b];
}

function positive([a, b]: Range): Range {
  return [Math.max(a, 0), Math.max(b, 0)];
}

function lesser(a: Range, b: Range): Range {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
}

function wider([a, b]: Range): Range {
  return [a - SLACK * Math.abs(a), b + SLACK * Math.abs(b)];
}

/** (a − b) / (a + b) of values from 0 up, of which not both are 0: it rises with a and falls with b. */
function difference(a: Range, b: Range): Range {
  const ratio = (x: number, y: number) => (x + y > 0 ? (x - y) / (x + y) : 0);
  return wider([ratio(a[0], b[1]), ratio(a[1], b[0])]);
}

function lengthOf(...parts: readonly Range[]): Range {
  const far = (range: Range) => Math.max(Math.abs(range[0]), Math.abs(range[1]));
  const near = (range: Range) =>
    range[0] <= 0 && range[1] >= 0 ? 0 : Math.min(Math.abs(range[0]), Math.abs(range[1]));
  return [Math.hypot(...parts.map(near)), Math.hypot(...parts.map(far))];
}

/** The greatest that a bias and a weighted sum can reach. */
function mostOf(n: Float32Array, from: number, terms: readonly Range[]): number {
  let sum = n[from] ?? 0;
  let size = Math.abs(sum);
  terms.forEach((term, t) => {
    const weight = n[from + 1 + t] ?? 0;
    const most = weight > 0 ? weight * term[1] : weight * term[0];
    sum += most;
    size += Math.abs(most);
  });
  return sum + SLACK * size;
}
