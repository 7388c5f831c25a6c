/**
 * mining-score: one number per pixel, "looks like opened ground now and did not before": a linear model (log-odds) of index terms,
 * quantised to hundredths so that thresholds do not hang on the last bit of a float.
 * In:  index planes (thousandths), the pair's spreads, weights in the order of PIXEL_TERMS. Out: Int16 scores, NOT_SEEN where not seen.
 */
import type { MiningDetector } from '../model/mining.js';
import type { IndexPlanes } from './mining-index.js';

export const NOT_SEEN = -32768;

/** Index values of one pixel; `loss` = vegetation before − after, gains = normalised differences after against before. */
export const INDEX_TERMS = [
  'vegAfter',
  'loss',
  'brightAfter',
  'gain',
  'bareAfter',
  'bareGain',
  'swirAfter',
  'swirGain',
  'redAfter',
  'redGain',
] as const;

/** Terms of the pixel model: the index values against the pair's own distribution (Z), raw ones, and joint evidence. */
export const PIXEL_TERMS = [
  'one',
  'vegAfterZ',
  'lossZ',
  'brightAfterZ',
  'gainZ',
  'bareAfterZ',
  'bareGainZ',
  'swirAfterZ',
  'swirGainZ',
  'redAfterZ',
  'redGainZ',
  'vegAfter',
  'loss',
  'lossAndBright',
  'lossAndGain',
  'magnitude',
  'odd',
  'lossKind',
  'gainKind',
  'bareKind',
  'swirKind',
  'oddLoss',
] as const;

/** Normalised difference of two levels in thousandths, −1…1. */
function difference(a: number, b: number): number {
  const sum = a + b;
  return sum <= 0 ? 0 : (a - b) / sum;
}

/** Writes the index values of pixel `i` in the order of INDEX_TERMS, from `at` on. */
export function indexTerms(p: IndexPlanes, i: number, out: Float64Array, at = 0): void {
  out[at] = p.vegAfter[i]! / 1000;
  out[at + 1] = (p.vegBefore[i]! - p.vegAfter[i]!) / 1000;
  out[at + 2] = difference(p.brightAfter[i]!, 1000);
  out[at + 3] = difference(p.brightAfter[i]!, p.brightBefore[i]!);
  out[at + 4] = p.bareAfter[i]! / 1000;
  out[at + 5] = (p.bareAfter[i]! - p.bareBefore[i]!) / 1000;
  out[at + 6] = difference(p.swirAfter[i]!, 1000);
  out[at + 7] = difference(p.swirAfter[i]!, p.swirBefore[i]!);
  out[at + 8] = p.redAfter[i]! / 1000;
  out[at + 9] = (p.redAfter[i]! - p.redBefore[i]!) / 1000;
}

const LIMIT_Z = 8;

/** Distance from the centre in quarter spreads, limited. */
function standard(value: number, centre: number, spread: number): number {
  const z = (value - centre) / spread;
  return (z > LIMIT_Z ? LIMIT_Z : z < -LIMIT_Z ? -LIMIT_Z : z) / 4;
}

/** Room that `pixelTerms` needs: its terms, then the index values. */
export const TERM_ROOM = PIXEL_TERMS.length + INDEX_TERMS.length;

/** Writes the terms of pixel `i` in the order of PIXEL_TERMS into `out` (TERM_ROOM long). */
export function pixelTerms(p: IndexPlanes, detector: MiningDetector, i: number, out: Float64Array): void {
  const raw = PIXEL_TERMS.length;
  indexTerms(p, i, out, raw);
  const { termCentre, termSpread } = detector;
  out[0] = 1;
  for (let t = 0; t < INDEX_TERMS.length; t++) out[t + 1] = standard(out[raw + t]!, termCentre[t]!, termSpread[t]!);
  const loss = out[2]! > 0 ? out[2]! : 0;
  const bright = out[3]! > 0 ? out[3]! : 0;
  const gain = out[4]! > 0 ? out[4]! : 0;
  out[11] = out[raw]!;
  out[12] = out[raw + 1]!;
  out[13] = loss < bright ? loss : bright;
  out[14] = loss < gain ? loss : gain;
  out[15] = Math.sqrt(out[2]! * out[2]! + out[4]! * out[4]! + out[8]! * out[8]!);
  out[16] = p.odd[i]! / 1000;
  out[17] = p.lossKind[i]! / 1000;
  out[18] = p.gainKind[i]! / 1000;
  out[19] = p.bareKind[i]! / 1000;
  out[20] = p.swirKind[i]! / 1000;
  const lossKind = out[17]! > 0 ? out[17]! : 0;
  const odd = out[16]! > 0 ? out[16]! : 0;
  out[21] = odd < lossKind ? odd : lossKind;
}

/** Joint length of the changes of vegetation, brightness and long-wave level, in the units of the terms: cheap, most pixels end here. */
function magnitudeOf(p: IndexPlanes, detector: MiningDetector, i: number): number {
  const { termCentre, termSpread } = detector;
  const loss = standard((p.vegBefore[i]! - p.vegAfter[i]!) / 1000, termCentre[1]!, termSpread[1]!);
  const gain = standard(difference(p.brightAfter[i]!, p.brightBefore[i]!), termCentre[3]!, termSpread[3]!);
  const swir = standard(difference(p.swirAfter[i]!, p.swirBefore[i]!), termCentre[7]!, termSpread[7]!);
  return Math.sqrt(loss * loss + gain * gain + swir * swir);
}

/** Change under this many spreads (joint length of vegetation, brightness and long-wave change) is never a candidate. */
export const LEAST_MAGNITUDE = 1.5 / 4;
/** Score of pixels that hardly changed. */
const UNCHANGED = -2000;

/** Scores a window; with `radius` > 0 each seen pixel gets the rounded mean of the seen pixels of its square. */
export function pixelScores(
  planes: IndexPlanes,
  seen: Uint8Array,
  width: number,
  detector: MiningDetector,
): Int16Array {
  const { pixel, pixelNow, shape } = detector.weights;
  const terms = new Float64Array(TERM_ROOM);
  const scores = new Int16Array(seen.length);
  for (let i = 0; i < seen.length; i++) {
    if (seen[i] === 0) {
      scores[i] = NOT_SEEN;
      continue;
    }
    if (magnitudeOf(planes, detector, i) < LEAST_MAGNITUDE) {
      scores[i] = UNCHANGED;
      continue;
    }
    pixelTerms(planes, detector, i, terms);
    let sum = 0;
    // weights of fine imagery end before the terms of kinds
    for (let t = 0; t < pixel.length; t++) sum += pixel[t]! * terms[t]!;
    if (pixelNow) {
      let now = 0;
      for (let t = 0; t < pixelNow.length; t++) now += pixelNow[t]! * terms[t]!;
      if (now < sum) sum = now;
    }
    const scaled = Math.round(sum * 100);
    scores[i] = scaled > 2000 ? 2000 : scaled < UNCHANGED ? UNCHANGED : scaled;
  }
  return shape.smooth > 0 ? smoothScores(scores, width, shape.smooth) : scores;
}

function smoothScores(scores: Int16Array, width: number, radius: number): Int16Array {
  const height = scores.length / width;
  const out = new Int16Array(scores.length);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - radius);
    const bottom = Math.min(height - 1, y + radius);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (scores[i] === NOT_SEEN) {
        out[i] = NOT_SEEN;
        continue;
      }
      let sum = 0;
      let count = 0;
      for (let yy = top; yy <= bottom; yy++) {
        for (
          let j = yy * width + Math.max(0, x - radius), end = yy * width + Math.min(width - 1, x + radius);
          j <= end;
          j++
        ) {
          const value = scores[j]!;
          if (value === NOT_SEEN) continue;
          // very low scores weigh no more than a plain no, so that one dark pixel does not eat a small pit
          sum += value < -600 ? -600 : value;
          count++;
        }
      }
      out[i] = Math.round(sum / count);
    }
  }
  return out;
}
