/**
 * isfa: iterative slow feature analysis (Wu, Du & Zhang 2014). Features of the bands, standardised by what has not changed, whose
 * difference between the dates is least; their squared differences over the no-change variance follow χ², whose probability weights the next round. The final χ² is
 * brought to the theoretical median and cut at a tail of 10⁻⁴.
 */
import { thresholded } from './simple.mjs';
import {
  chiSquareAbove,
  chiSquareQuantile,
  combination,
  covariance,
  inverseRoot,
  median,
  product,
  symmetricEigen,
} from './statistics.mjs';

const ROUNDS = 15;

export function isfaChiSquare(pair) {
  const { use } = pair;
  const p = pair.before.length;
  let weights = Float64Array.from(use);
  let square = weights;
  for (let round = 0; round < ROUNDS; round++) {
    square = slowFeatures(pair, weights);
    weights = square.map((v, i) => (use[i] ? chiSquareAbove(v, p) : 0));
  }
  const scale = median(square, use) / chiSquareQuantile(0.5, p);
  const score = square.map((v) => v / scale);
  return thresholded(score, chiSquareQuantile(1e-4, p), use);
}

/** Σ (slow feature difference)² / its variance, everything standardised by the weighted means and deviations. */
function slowFeatures({ before, after }, weights) {
  const [x, y] = [before, after].map((bands) => {
    const { means, matrix } = covariance(bands, weights);
    return bands.map((band, b) => Float64Array.from(band, (v) => (v - means[b]) / Math.sqrt(matrix[b][b])));
  });
  const difference = x.map((band, b) => band.map((v, i) => v - y[b][i]));
  const [cx, cy] = [x, y].map((bands) => covariance(bands, weights).matrix);
  const both = cx.map((row, i) => row.map((v, j) => (v + cy[i][j]) / 2));
  const root = inverseRoot(both);
  const { values, vectors } = symmetricEigen(product(product(root, covariance(difference, weights).matrix), root));
  const zero = difference.map(() => 0);
  const square = new Float64Array(weights.length);
  vectors.forEach((u, k) => {
    const w = product(
      root,
      u.map((v) => [v]),
    ).map(([v]) => v);
    const feature = combination(difference, w, zero);
    for (let i = 0; i < square.length; i++) square[i] += feature[i] ** 2 / Math.max(values[k], 1e-12);
  });
  return square;
}
