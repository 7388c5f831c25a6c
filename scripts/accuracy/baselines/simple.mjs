/** simple: NDVI difference and change vector analysis (Malila 1980), bands standardised, each cut by Otsu's threshold. */
import { otsu, standardise } from './statistics.mjs';

export function thresholded(score, threshold, use) {
  return {
    score: Float64Array.from(score, (v, i) => (use[i] ? v : Number.NaN)),
    change: Uint8Array.from(score, (v, i) => (use[i] ? (v > threshold ? 1 : 0) : 255)),
  };
}

/** |NDVI after − NDVI before|. Bands in the order blue, green, red, near infrared. */
export function ndviOtsu({ before, after, use }) {
  const ndvi = (bands, i) => (bands[3][i] - bands[2][i]) / (bands[3][i] + bands[2][i] + 1e-6);
  const score = Float64Array.from(before[0], (_, i) => Math.abs(ndvi(after, i) - ndvi(before, i)));
  return thresholded(score, otsu(score, use), use);
}

/** Length of the change vector between the standardised bands. */
export function changeVector({ before, after, use }) {
  const [x, y] = [before, after].map((bands) => bands.map((band) => standardise(band, use)));
  return Float64Array.from(before[0], (_, i) => Math.sqrt(x.reduce((s, band, b) => s + (y[b][i] - band[i]) ** 2, 0)));
}

export function cvaOtsu(pair) {
  const score = changeVector(pair);
  return thresholded(score, otsu(score, pair.use), pair.use);
}

/** |ln of the ratio|, for one band of radar. */
export function logRatio({ before, after }) {
  return Float64Array.from(before[0], (v, i) => Math.abs(Math.log((after[0][i] + 1) / (v + 1))));
}

export function logRatioOtsu(pair) {
  const score = logRatio(pair);
  return thresholded(score, otsu(score, pair.use), pair.use);
}
