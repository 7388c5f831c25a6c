/**
 * phase-correlation: how far the content of one window lies from that of another, sub-pixel.
 * Method: phase correlation (Kuglin & Hines 1975) of gradient magnitudes; the normalised cross spectra of several bands are added
 * before the transform back, so that each band that shows the same structure raises one common peak. A Gaussian low pass on the
 * phase makes the peak a Gaussian of known width, so that three logarithms per axis give its position (Foroosh et al. 2002 fit
 * the sinc; the low pass also leaves out the aliased and noisy high frequencies).
 * In: gradient images of both dates. Out: a Peak, or null where none stands out.
 */
import { type FftPlan, fft2d, planFft } from './fft.js';

/** Largest shift that is believed, pixels: beyond it the georeference is wrong, not the pointing. */
export const REACH_PX = 16;
/** Width of the low pass in the image domain, pixels: the peak's own width. */
const PEAK_SIGMA_PX = 1;
/** Height of the peak over the root mean square of the correlation surface from which a window counts. */
const MIN_PEAK_TO_NOISE = 7;

export interface Peak {
  readonly x: number;
  readonly y: number;
  readonly strength: number;
}

export interface WindowKit {
  readonly size: number;
  readonly plan: FftPlan;
  readonly taper: Float64Array;
  readonly lowPass: Float64Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly crossRe: Float64Array;
  readonly crossIm: Float64Array;
}

export function windowKit(size: number): WindowKit {
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
export function gradientMagnitude(band: Float32Array, seen: Uint8Array, width: number, height: number): Float32Array {
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
export function load(
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

/** No cross spectrum yet: to be called before the first band of a window. */
export function clearSpectrum(kit: WindowKit): void {
  kit.crossRe.fill(0);
  kit.crossIm.fill(0);
}

/** Adds the normalised cross spectrum of the two loaded windows (`re` = before, `im` = after). */
export function addSpectrum(kit: WindowKit): void {
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
      crossRe[i] = crossRe[i]! + xRe * weight;
      crossIm[i] = crossIm[i]! - xIm * weight;
    }
  }
}

/** Correlation peak of the spectra added; null where none stands out. Uses them up. */
export function findPeak(kit: WindowKit, reach: number): Peak | null {
  const { size, plan, crossRe, crossIm } = kit;
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
