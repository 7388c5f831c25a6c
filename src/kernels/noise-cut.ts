/**
 * noise-cut: the threshold of a denoised strength whose change may be rare, or not there at all.
 * Method: Otsu's cut (Otsu 1979) where the histogram really has two classes; where what Otsu cuts off is only the tail of the noise, the
 * lowest cut whose false discoveries stay under a tenth (after Benjamini & Hochberg 1995; noise from the median).
 * Tail only: the share above twice Otsu's cut is under .21 of the share above it (half a normal curve: .09, two classes: above .3), and
 * the cut is under half of the noise before denoising (nothing changed: .23–.29, rare change: .34–.54, a fifth or more changed: .52–.9).
 * Measured on made speckle (docs/accuracy.md): with .6 to 20 % of the ground changed mean κ .60 → .68, without change 26–31 % → under .3 % found.
 * In: the histogram of a strength that is the root mean square of `bands` values. Out: the cut, an upper edge of a bin.
 */
import { chiSquareTail } from './chi-square.js';
import { type Histogram, otsu } from './histogram.js';

const TAIL_SHARE = 0.21;
const NOISE_SHARE = 0.5;
const FALSE_SHARE = 0.1;

/** `noise`: robust deviation of the values before they were denoised. */
export function noiseCut(histogram: Histogram, bands: number, noise: number): number {
  const cut = otsu(histogram);
  const { from, step, counts } = histogram;
  const above = new Float64Array(counts.length + 1);
  for (let bin = counts.length - 1; bin >= 0; bin--) above[bin] = above[bin + 1]! + counts[bin]!;
  const total = above[0]!;
  const from1 = Math.round((cut - from) / step);
  const from2 = Math.min(counts.length, Math.round((2 * cut - from) / step));
  const twoClasses = above[from2]! >= TAIL_SHARE * above[from1]! || cut >= NOISE_SHARE * noise;
  if (twoClasses) return cut;
  let middle = 0;
  while (middle < counts.length - 1 && above[middle + 1]! > total / 2) middle++;
  const median = from + (middle + 0.5) * step;
  const variance = (bands * median * median) / chiSquareMedian(bands);
  for (let bin = from1; bin < counts.length; bin++) {
    const strength = from + bin * step;
    const expected = total * chiSquareTail((bands * strength * strength) / variance, bands);
    if (expected <= FALSE_SHARE * above[bin]! || above[bin] === 0) return strength;
  }
  return from + counts.length * step;
}

/** By bisection: the tail falls steadily. */
function chiSquareMedian(freedom: number): number {
  let low = 0;
  let high = freedom + 1;
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    if (chiSquareTail(middle, freedom) > 0.5) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
