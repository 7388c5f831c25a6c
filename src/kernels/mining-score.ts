/**
 * mining-score: one number per pixel, "looks like opened ground now and did not before": a linear model (log-odds) of index terms,
 * quantised to hundredths so that thresholds do not hang on the last bit of a float.
 * In:  index planes (thousandths), the pair's spreads, weights in the order of PIXEL_TERMS. Out: Int16 scores, NOT_SEEN where not seen.
 */
import type { MiningDetector } from '../model/mining.js';
import type { IndexPlanes } from './mining-index.js';

export const NOT_SEEN = -32768;

/** Terms of the pixel model; all of order one. `loss` = vegetation before − after, `gain` = normalised brightness difference. */
export const PIXEL_TERMS = [
  'one',
  'vegAfter',
  'loss',
  'lossCapped',
  'brightAfter',
  'gain',
  'gainAbs',
  'lossZ',
  'gainZ',
  'bareAfter',
  'bareGain',
  'swirAfter',
  'swirGain',
  'redAfter',
  'redGain',
  'lossTimesBright',
] as const;

/** Normalised difference of two levels in thousandths, −1…1. */
function difference(a: number, b: number): number {
  const sum = a + b;
  return sum <= 0 ? 0 : (a - b) / sum;
}

/** Writes the terms of pixel `i` into `out` (length of PIXEL_TERMS). */
export function pixelTerms(p: IndexPlanes, detector: MiningDetector, i: number, out: Float64Array): void {
  const vegAfter = p.vegAfter[i]! / 1000;
  const loss = p.vegBefore[i]! / 1000 - vegAfter;
  const bright = difference(p.brightAfter[i]!, 1000);
  const gain = difference(p.brightAfter[i]!, p.brightBefore[i]!);
  out[0] = 1;
  out[1] = vegAfter;
  out[2] = loss;
  out[3] = loss > 0.2 ? 0.2 : loss < -0.1 ? -0.1 : loss;
  out[4] = bright;
  out[5] = gain;
  out[6] = Math.abs(gain);
  const lossZ = loss / detector.vegSpread;
  const gainZ = gain / detector.brightSpread;
  out[7] = lossZ > 8 ? 1 : lossZ < -4 ? -0.5 : lossZ / 8;
  out[8] = gainZ > 8 ? 1 : gainZ < -4 ? -0.5 : gainZ / 8;
  out[9] = p.bareAfter[i]! / 1000;
  out[10] = (p.bareAfter[i]! - p.bareBefore[i]!) / 1000;
  out[11] = difference(p.swirAfter[i]!, 1000);
  out[12] = difference(p.swirAfter[i]!, p.swirBefore[i]!);
  out[13] = p.redAfter[i]! / 1000;
  out[14] = (p.redAfter[i]! - p.redBefore[i]!) / 1000;
  out[15] = loss * bright;
}

/** Scores a window. */
export function pixelScores(planes: IndexPlanes, seen: Uint8Array, detector: MiningDetector): Int16Array {
  const { pixel } = detector.weights;
  const terms = new Float64Array(PIXEL_TERMS.length);
  const scores = new Int16Array(seen.length);
  for (let i = 0; i < seen.length; i++) {
    if (seen[i] === 0) {
      scores[i] = NOT_SEEN;
      continue;
    }
    pixelTerms(planes, detector, i, terms);
    let sum = 0;
    for (let t = 0; t < terms.length; t++) sum += pixel[t]! * terms[t]!;
    const scaled = Math.round(sum * 100);
    scores[i] = scaled > 30000 ? 30000 : scaled < -30000 ? -30000 : scaled;
  }
  return scores;
}
