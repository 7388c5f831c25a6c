/**
 * core-likeness: how unlike the core of an object each pixel of the later date is.
 * Method: squared Mahalanobis distance of the bands' logarithms (means of 3 × 3 seen pixels) to centre and covariance of the most
 * compact half of the object's inner pixels (minimum covariance determinant, Rousseeuw & Van Driessen 1999; one start from the medians): light
 * and texture move all bands together and cost little, another colour costs much, and a minority of other ground in the object has no say.
 * In:  log planes, mask, seen. Out: Float32 distances, or null where the object has too few inner pixels.
 */
import { cholesky } from './matrix.js';
import { erode } from './mining-shape.js';
import { quantile } from './robust.js';

/** Inner pixels that the covariance is taken from, at most and at least. */
const MOST = 6000;
const FEWEST = 80;
const ROUNDS = 5;
/** Spread that no band falls under, in logarithms: half a percent of light. */
const RIDGE = 0.005 ** 2;
/** A quarter of χ² with 3 and 4 degrees of freedom lies under these. */
const FIRST_QUARTER: Readonly<Record<number, number>> = { 3: 1.213, 4: 1.923 };

/** Values under this share of a band's highest count as it: the logarithm needs a floor, in whatever unit the image is. */
const DARKEST = 1e-4;

/** Logarithms of whole numbers up to 16 bit, as they are met: most images hold nothing else. */
const LOGS = new Float64Array(65536);

function logOf(value: number): number {
  if (value < 2 || value > 65535 || value !== Math.floor(value)) return Math.log(value);
  const known = LOGS[value]!;
  if (known !== 0) return known;
  LOGS[value] = Math.log(value);
  return LOGS[value]!;
}

/** Logarithms of the bands, each the mean of the seen pixels of its 3 × 3 window. */
export function logPlanes(
  bands: readonly Float32Array[],
  seen: Uint8Array,
  width: number,
  height: number,
): Float32Array[] {
  const ones = new Float64Array(seen.length);
  for (let i = 0; i < ones.length; i++) ones[i] = seen[i]!;
  const counts = threeSums(ones, width, height);
  return bands.map((band) => {
    let highest = 0;
    for (let i = 0; i < band.length; i++) if (seen[i] === 1 && band[i]! > highest) highest = band[i]!;
    const floor = DARKEST * (highest > 0 ? highest : 1);
    const logs = new Float64Array(band.length);
    for (let i = 0; i < logs.length; i++) if (seen[i] === 1) logs[i] = logOf(band[i]! > floor ? band[i]! : floor);
    const sums = threeSums(logs, width, height);
    const out = new Float32Array(logs.length);
    for (let i = 0; i < out.length; i++) if (counts[i]! > 0) out[i] = sums[i]! / counts[i]!;
    return out;
  });
}

/** Sums over the 3 × 3 window, cut at the array's edge. */
function threeSums(values: Float64Array, width: number, height: number): Float64Array {
  const rows = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    const line = y * width;
    const last = line + width - 1;
    for (let i = line + 1; i < last; i++) rows[i] = values[i - 1]! + values[i]! + values[i + 1]!;
    rows[line] = values[line]! + (width > 1 ? values[line + 1]! : 0);
    if (width > 1) rows[last] = values[last - 1]! + values[last]!;
  }
  const sums = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * width;
    const [above, below] = [y > 0, y < height - 1];
    for (let i = end - width; i < end; i++)
      sums[i] = (above ? rows[i - width]! : 0) + rows[i]! + (below ? rows[i + width]! : 0);
  }
  return sums;
}

export function coreDistances(
  logs: readonly Float32Array[],
  mask: Uint8Array,
  seen: Uint8Array,
  width: number,
  height: number,
): Float32Array | null {
  const inner = innerPixels(mask, seen, width, height);
  const n = logs.length;
  if (inner.length < FEWEST) return null;
  let centre = logs.map((plane) =>
    quantile(
      inner.map((i) => plane[i]!),
      0.5,
    ),
  );
  let factor = diagonal(
    logs.map(
      (plane, b) =>
        1.4826 *
          quantile(
            inner.map((i) => Math.abs(plane[i]! - centre[b]!)),
            0.5,
          ) +
        Math.sqrt(RIDGE),
    ),
  );
  const room = new Float64Array(n);
  const at = (i: number): number => distance(logs, centre, factor, i, room);
  for (let round = 0; round < ROUNDS; round++) {
    const near = inner.map((i) => ({ i, d: at(i) })).sort((a, b) => a.d - b.d || a.i - b.i);
    const half = near.slice(0, near.length >> 1).map(({ i }) => i);
    centre = logs.map((plane) => half.reduce((sum, i) => sum + plane[i]!, 0) / half.length);
    factor = cholesky(covariance(logs, centre, half), n) ?? factor;
  }
  const sorted = inner.map(at).sort((a, b) => a - b);
  // a half that was chosen for being compact has too small a covariance: the nearest quarter says by how much
  const scale = (FIRST_QUARTER[n] ?? n / 2) / Math.max(1e-6, sorted[sorted.length >> 2]!);
  const out = new Float32Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = seen[i] === 0 ? Number.POSITIVE_INFINITY : scale * at(i);
  return out;
}

function innerPixels(mask: Uint8Array, seen: Uint8Array, width: number, height: number): number[] {
  for (const radius of [4, 2, 1]) {
    const core = erode(mask, width, height, radius);
    const list: number[] = [];
    for (let i = 0; i < core.length; i++) if (core[i] === 1 && seen[i] === 1) list.push(i);
    if (list.length < FEWEST) continue;
    const every = Math.ceil(list.length / MOST);
    return list.filter((_, k) => k % every === 0);
  }
  return [];
}

/** Row-major. */
function covariance(logs: readonly Float32Array[], centre: readonly number[], of: readonly number[]): Float64Array {
  const n = logs.length;
  return Float64Array.from({ length: n * n }, (_, k) => {
    const [p, q] = [Math.floor(k / n), k % n];
    let sum = 0;
    for (const i of of) sum += (logs[p]![i]! - centre[p]!) * (logs[q]![i]! - centre[q]!);
    return sum / of.length + (p === q ? RIDGE : 0);
  });
}

function diagonal(values: readonly number[]): Float64Array {
  const n = values.length;
  return Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? values[k % n]! : 0));
}

function distance(
  logs: readonly Float32Array[],
  centre: readonly number[],
  factor: Float64Array,
  i: number,
  room: Float64Array,
): number {
  let total = 0;
  for (let p = 0; p < logs.length; p++) {
    let sum = logs[p]![i]! - centre[p]!;
    for (let q = 0; q < p; q++) sum -= factor[p * logs.length + q]! * room[q]!;
    room[p] = sum / factor[p * logs.length + p]!;
    total += room[p]! * room[p]!;
  }
  return total;
}
