/**
 * mad: multivariate alteration detection (Nielsen, Conradsen & Simpson 1998) and its iteratively reweighted form (Nielsen 2007).
 * Canonical correlations of both dates' bands; the differences of the canonical variates, each divided by its deviation over no
 * change, squared and summed, follow χ² where nothing changed; that probability is the next round's weight.
 */
import { thresholded } from './simple.mjs';
import {
  chiSquareAbove,
  chiSquareQuantile,
  combination,
  covariance,
  inverseRoot,
  otsu,
  product,
  symmetricEigen,
  transposed,
} from './statistics.mjs';

const SETTLED = 1e-3;

/** One step under weights: correlations (ascending) and Σ (variate / σ)² of every pixel. */
export function madStep({ before, after }, weights) {
  const p = before.length;
  const planes = [...before, ...after];
  const { means, matrix } = covariance(planes, weights);
  const part = (row, col) => matrix.slice(row, row + p).map((line) => line.slice(col, col + p));
  const rootX = inverseRoot(part(0, 0));
  const rootY = inverseRoot(part(p, p));
  const core = product(product(rootX, part(0, p)), rootY);
  const { values, vectors } = symmetricEigen(product(core, transposed(core)));
  const rho = values.map((v) => Math.sqrt(Math.min(1, Math.max(0, v))));
  const a = vectors.map((u) =>
    product(
      rootX,
      u.map((v) => [v]),
    ).map(([v]) => v),
  );
  const b = vectors.map((u, k) => {
    const w = product(
      transposed(core),
      u.map((v) => [v]),
    );
    return product(rootY, w).map(([v]) => v / Math.max(rho[k], 1e-12));
  });
  const variance = rho.map((r) => Math.max(2 * (1 - r), 1e-9));
  const square = new Float64Array(weights.length);
  for (let k = 0; k < p; k++) {
    const factors = [...a[k], ...b[k].map((v) => -v)];
    const variate = combination(planes, factors, means);
    for (let i = 0; i < square.length; i++) square[i] += variate[i] ** 2 / variance[k];
  }
  return { rho, square };
}

/** MAD, one step; change where the tail of χ² is under 10⁻⁴. */
export function madChiSquare(pair) {
  const { square } = madStep(pair, Float64Array.from(pair.use));
  return thresholded(square, chiSquareQuantile(1e-4, pair.before.length), pair.use);
}

/** χ² of IR-MAD once the correlations settle, or after `rounds`. */
export function irMad(pair, rounds = 30) {
  let weights = Float64Array.from(pair.use);
  let step = madStep(pair, weights);
  for (let round = 1; round < rounds; round++) {
    weights = step.square.map((v, i) => (pair.use[i] ? chiSquareAbove(v, pair.before.length) : 0));
    const next = madStep(pair, weights);
    const moved = Math.max(...next.rho.map((r, k) => Math.abs(r - step.rho[k])));
    step = next;
    if (moved < SETTLED) break;
  }
  return step.square;
}

/** IR-MAD; Otsu on the root of χ². */
export function irMadOtsu(pair) {
  const score = irMad(pair).map(Math.sqrt);
  return thresholded(score, otsu(score, pair.use), pair.use);
}
