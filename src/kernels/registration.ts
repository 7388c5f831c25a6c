/**
 * registration: how far the content of BEFORE lies from that of AFTER, sub-pixel.
 * Method: phase correlation (Kuglin & Hines 1975) of the gradient magnitude of overlapping windows. A Gaussian low pass on the
 * phase makes the peak a Gaussian of known width, so that three logarithms per axis give its position (Foroosh et al. 2002 fit
 * the sinc; the low pass also leaves out the aliased and noisy high frequencies). Twice: at no offset, then with AFTER's
 * window moved by the whole pixels found, so that the window function does not pull the result towards zero.
 * Median over the windows whose peak stands out, spread by the median absolute deviation. Season changes grey values and
 * moves few edges: the gradient's magnitude is what is left of both dates.
 * In: tiles of one band of both dates. Out: a Shift. Where too few windows agree: x = y = residualPx = 0, tiles = 0.
 */

import type { Shift } from '../model/change.js';
import { type FftPlan, fft2d, planFft } from './fft.js';
import { median } from './robust.js';

export interface RegistrationTile {
  readonly before: Float32Array;
  readonly after: Float32Array;
  readonly seen: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Largest shift that is believed, pixels: beyond it the georeference is wrong, not the pointing. */
const REACH_PX = 16;
/** Width of the low pass in the image domain, pixels: the peak's own width. */
const PEAK_SIGMA_PX = 1;
/** Height of the peak over the root mean square of the correlation surface from which a window counts. */
const MIN_PEAK_TO_NOISE = 7;
const MIN_WINDOWS = 3;
/** Local measurements farther apart than this do not describe one shift, pixels. */
const MAX_SPREAD_PX = 1.5;
/** Shifts under this are within the measurement's own error: moving pixels by them would only blur. */
const DEAD_BAND_PX = 0.04;

interface Peak {
  readonly x: number;
  readonly y: number;
  readonly strength: number;
}

interface WindowKit {
  readonly size: number;
  readonly plan: FftPlan;
  readonly taper: Float64Array;
  readonly lowPass: Float64Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly crossRe: Float64Array;
  readonly crossIm: Float64Array;
}

function windowKit(size: number): WindowKit {
  const taper = new Float64Array(size);
  const lowPass = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    taper[i] = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / size);
    const frequency = (i < size / 2 ? i : i - size) / size;
    lowPass[i] = Math.exp(-2 * Math.PI * Math.PI * PEAK_SIGMA_PX * PEAK_SIGMA_PX * frequency * frequency);
  }
  const area = size * size;
  const [re, im, crossRe, crossIm] = [0, 1, 2, 3].map(() => new Float64Array(area)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { size, plan: planFft(size), taper, lowPass, re, im, crossRe, crossIm };
}

/** Magnitude of the Sobel gradient; NaN where a neighbour is outside or not seen. */
function gradientMagnitude(band: Float32Array, seen: Uint8Array, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height).fill(Number.NaN);
  for (let row = 1; row < height - 1; row++) {
    for (let col = 1; col < width - 1; col++) {
      const i = row * width + col;
      const u = i - width;
      const d = i + width;
      const all =
        seen[u - 1]! & seen[u]! & seen[u + 1]! & seen[i - 1]! & seen[i + 1]! & seen[d - 1]! & seen[d]! & seen[d + 1]!;
      if (all === 0) continue;
      const gx = band[u + 1]! - band[u - 1]! + 2 * (band[i + 1]! - band[i - 1]!) + band[d + 1]! - band[d - 1]!;
      const gy = band[d - 1]! - band[u - 1]! + 2 * (band[d]! - band[u]!) + band[d + 1]! - band[u + 1]!;
      out[i] = Math.sqrt(gx * gx + gy * gy);
    }
  }
  return out;
}

/** Window of a gradient image, centred, clipped at four times its mean and tapered; false where much of it is not seen. */
function load(
  kit: WindowKit,
  gradient: Float32Array,
  width: number,
  col: number,
  row: number,
  into: Float64Array,
): boolean {
  const { size, taper } = kit;
  let sum = 0;
  let count = 0;
  for (let r = 0; r < size; r++) {
    for (let c = 0; c < size; c++) {
      const v = gradient[(row + r) * width + col + c]!;
      if (!Number.isNaN(v)) {
        sum += v;
        count++;
      }
    }
  }
  if (count < 0.9 * size * size || sum === 0) return false;
  const mean = sum / count;
  for (let r = 0; r < size; r++) {
    for (let c = 0; c < size; c++) {
      const v = gradient[(row + r) * width + col + c]!;
      const centred = !Number.isNaN(v) ? Math.min(v, 4 * mean) - mean : 0;
      into[r * size + c] = centred * taper[r]! * taper[c]!;
    }
  }
  return true;
}

/** Correlation peak of the two loaded windows (`re` = before, `im` = after); null where none stands out. */
function peak(kit: WindowKit, reach: number): Peak | null {
  const { size, plan, lowPass, re, im, crossRe, crossIm } = kit;
  fft2d(plan, re, im);
  for (let r = 0; r < size; r++) {
    const rMirror = r === 0 ? 0 : size - r;
    for (let c = 0; c < size; c++) {
      const cMirror = c === 0 ? 0 : size - c;
      const i = r * size + c;
      const j = rMirror * size + cMirror;
      const bRe = (re[i]! + re[j]!) / 2;
      const bIm = (im[i]! - im[j]!) / 2;
      const aRe = (im[i]! + im[j]!) / 2;
      const aIm = (re[j]! - re[i]!) / 2;
      const xRe = bRe * aRe + bIm * aIm;
      const xIm = bIm * aRe - bRe * aIm;
      const norm = Math.sqrt(xRe * xRe + xIm * xIm);
      const weight = norm > 0 ? (lowPass[r]! * lowPass[c]!) / norm : 0;
      crossRe[i] = xRe * weight;
      crossIm[i] = -xIm * weight;
    }
  }
  fft2d(plan, crossRe, crossIm);
  let best = -Infinity;
  let bestX = 0;
  let bestY = 0;
  let squares = 0;
  for (let i = 0; i < size * size; i++) squares += crossRe[i]! * crossRe[i]!;
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const v = crossRe[((y + size) % size) * size + ((x + size) % size)]!;
      if (v > best) {
        best = v;
        bestX = x;
        bestY = y;
      }
    }
  }
  const strength = best / Math.sqrt(squares / (size * size));
  if (strength < MIN_PEAK_TO_NOISE || Math.abs(bestX) === reach || Math.abs(bestY) === reach) return null;
  const at = (x: number, y: number) => crossRe[((y + size) % size) * size + ((x + size) % size)]!;
  return {
    x: bestX + vertex(at(bestX - 1, bestY), best, at(bestX + 1, bestY)),
    y: bestY + vertex(at(bestX, bestY - 1), best, at(bestX, bestY + 1)),
    strength,
  };
}

/** Offset of a Gaussian's top from its middle sample. */
function vertex(left: number, middle: number, right: number): number {
  if (left <= 0 || right <= 0) return 0;
  const l = Math.log(left);
  const m = Math.log(middle);
  const r = Math.log(right);
  const curvature = l - 2 * m + r;
  return curvature < 0 ? Math.max(-0.5, Math.min(0.5, (l - r) / (2 * curvature))) : 0;
}

function measure(
  gradients: readonly { before: Float32Array; after: Float32Array; width: number; height: number }[],
  kit: WindowKit,
  offsetX: number,
  offsetY: number,
): Peak[] {
  const { size } = kit;
  const step = size / 2;
  const peaks: Peak[] = [];
  for (const { before, after, width, height } of gradients) {
    for (let row = Math.max(0, offsetY); row + size + Math.max(0, -offsetY) <= height; row += step) {
      for (let col = Math.max(0, offsetX); col + size + Math.max(0, -offsetX) <= width; col += step) {
        if (!load(kit, before, width, col, row, kit.re)) continue;
        if (!load(kit, after, width, col - offsetX, row - offsetY, kit.im)) continue;
        const found = peak(kit, Math.min(REACH_PX, size / 4));
        if (found) peaks.push({ ...found, x: found.x + offsetX, y: found.y + offsetY });
      }
    }
  }
  return peaks;
}

interface Agreement {
  readonly x: number;
  readonly y: number;
  readonly spread: number;
  readonly count: number;
}

/** The shift most windows agree on: median, then median of those within 3 spreads (at least ½ px) of it. */
function agree(peaks: readonly Peak[]): Agreement | null {
  if (peaks.length < MIN_WINDOWS) return null;
  let inner = peaks;
  for (let round = 0; round < 3; round++) {
    const x = median(inner.map((p) => p.x));
    const y = median(inner.map((p) => p.y));
    const spread = 1.4826 * median(inner.map((p) => Math.hypot(p.x - x, p.y - y)));
    const limit = Math.max(0.5, 3 * spread);
    if (round === 2) return { x, y, spread, count: inner.length };
    inner = inner.filter((p) => Math.hypot(p.x - x, p.y - y) <= limit);
    if (inner.length < MIN_WINDOWS || inner.length < peaks.length / 4) return null;
  }
  return null;
}

/** Shift of the content of `before` against that of `after`, in pixels; see the model's Shift for the sign. */
export function measureShift(tiles: readonly RegistrationTile[]): Shift {
  const unmeasured: Shift = { x: 0, y: 0, residualPx: 0, tiles: 0 };
  if (tiles.length === 0) return unmeasured;
  if (tiles.every(({ before, after }) => before.every((v, i) => v === after[i]))) {
    return { x: 0, y: 0, residualPx: 0, tiles: tiles.length };
  }
  const narrowest = Math.min(...tiles.map((t) => Math.min(t.width, t.height)));
  const size = narrowest >= 384 ? 256 : narrowest >= 128 ? 128 : narrowest >= 64 ? 64 : 0;
  if (size === 0) return unmeasured;
  const kit = windowKit(size);
  const gradients = tiles.map(({ before, after, seen, width, height }) => ({
    before: gradientMagnitude(before, seen, width, height),
    after: gradientMagnitude(after, seen, width, height),
    width,
    height,
  }));
  const coarse = agree(measure(gradients, kit, 0, 0));
  if (coarse === null || coarse.spread > MAX_SPREAD_PX) return unmeasured;
  const offsetX = Math.round(coarse.x);
  const offsetY = Math.round(coarse.y);
  const fine = offsetX === 0 && offsetY === 0 ? coarse : (agree(measure(gradients, kit, offsetX, offsetY)) ?? coarse);
  const still = Math.hypot(fine.x, fine.y) < DEAD_BAND_PX;
  const round = (v: number) => (still ? 0 : Math.round(v * 1000) / 1000);
  return { x: round(fine.x), y: round(fine.y), residualPx: Math.round(fine.spread * 1000) / 1000, tiles: fine.count };
}
