/**
 * statistics: what the reference methods share: standardising, Otsu's threshold (1979), chi-square tail and quantile, covariance, the
 * symmetric-definite eigenproblem. Written plainly and apart from the product's kernels, so that one can be held against the other.
 */

/** Mean and deviation of the values where `use` is set. */
export function moments(values, use) {
  let [n, sum, squares] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) if (use[i]) [n, sum] = [n + 1, sum + values[i]];
  const mean = sum / n;
  for (let i = 0; i < values.length; i++) if (use[i]) squares += (values[i] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / n) };
}

export function standardise(band, use) {
  const { mean, deviation } = moments(band, use);
  return Float64Array.from(band, (v) => (v - mean) / (deviation || 1));
}

/** Otsu's threshold over 256 bins between the least and the greatest value: the middle of the bin below the cut. */
export function otsu(values, use) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    if (!use[i]) continue;
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  if (!(high > low)) return high;
  const bins = new Float64Array(256);
  const width = (high - low) / 256;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    if (!use[i]) continue;
    bins[Math.min(255, Math.floor((values[i] - low) / width))]++;
    n++;
  }
  const centre = (k) => low + (k + 0.5) * width;
  const total = bins.reduce((s, count, k) => s + count * centre(k), 0);
  let [best, at, below, sumBelow] = [-1, 0, 0, 0];
  for (let k = 0; k < 255; k++) {
    below += bins[k];
    sumBelow += bins[k] * centre(k);
    if (below === 0 || below === n) continue;
    const between = below * (n - below) * (sumBelow / below - (total - sumBelow) / (n - below)) ** 2;
    if (between > best) [best, at] = [between, k];
  }
  return centre(at);
}

/** P(χ² > x) for whole degrees of freedom: closed form, up by two from one (erfc) or two (exponential) degrees. */
export function chiSquareAbove(x, freedom) {
  if (!(x > 0)) return 1;
  const half = x / 2;
  const odd = freedom % 2 === 1;
  let tail = odd ? erfc(Math.sqrt(half)) : Math.exp(-half);
  let term = odd ? (Math.exp(-half) * Math.sqrt(half)) / (Math.sqrt(Math.PI) / 2) : Math.exp(-half) * half;
  for (let k = odd ? 3 : 4; k <= freedom; k += 2) {
    tail += term;
    term *= half / (k / 2);
  }
  return Math.min(1, tail);
}

/** Complementary error function: power series below 2.5, continued fraction above. */
function erfc(x) {
  if (x < 2.5) {
    let [term, sum] = [x, x];
    for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
      term *= (-x * x) / k;
      sum += term / (2 * k + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

/** The value that χ² exceeds with probability `tail`. */
export function chiSquareQuantile(tail, freedom) {
  let [low, high] = [0, 1000];
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (chiSquareAbove(middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export function median(values, use) {
  const kept = Float64Array.from(values.filter((_, i) => use[i])).sort();
  const half = kept.length >> 1;
  return kept.length % 2 ? kept[half] : (kept[half - 1] + kept[half]) / 2;
}

/** Weighted means and covariance matrix (array of rows) of planes. */
export function covariance(planes, weights) {
  let total = 0;
  for (const w of weights) total += w;
  const means = planes.map((plane) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] * plane[i];
    return sum / total;
  });
  const centred = planes.map((plane, k) => {
    const out = new Float64Array(plane.length);
    for (let i = 0; i < out.length; i++) out[i] = plane[i] - means[k];
    return out;
  });
  const matrix = planes.map(() => new Array(planes.length).fill(0));
  for (let a = 0; a < planes.length; a++) {
    for (let b = 0; b <= a; b++) {
      const [one, other] = [centred[a], centred[b]];
      let sum = 0;
      for (let i = 0; i < one.length; i++) sum += weights[i] * one[i] * other[i];
      matrix[a][b] = sum / total;
      matrix[b][a] = matrix[a][b];
    }
  }
  return { means, matrix };
}

/** Σ_k factors[k] · (planes[k] − means[k]), pixel by pixel. */
export function combination(planes, factors, means) {
  const out = new Float64Array(planes[0].length);
  planes.forEach((plane, k) => {
    const [factor, mean] = [factors[k], means[k]];
    for (let i = 0; i < out.length; i++) out[i] += factor * (plane[i] - mean);
  });
  return out;
}

/** Eigenvalues (ascending) and unit eigenvectors of a symmetric matrix: Jacobi rotations. */
export function symmetricEigen(matrix) {
  const n = matrix.length;
  const a = matrix.map((row) => row.slice());
  const v = matrix.map((_, i) => matrix.map((__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 100; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p][q] === 0) continue;
        const angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < n; k++) [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
        for (let k = 0; k < n; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
        for (let k = 0; k < n; k++) [v[k][p], v[k][q]] = [c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q]];
      }
    }
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = 0; q < p; q++) off += a[p][q] ** 2;
    if (off < 1e-28) break;
  }
  const order = a.map((_, i) => i).sort((i, j) => a[i][i] - a[j][j]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => v.map((row) => row[i])) };
}

export function product(a, b) {
  return a.map((row) => b[0].map((_, j) => row.reduce((s, v, k) => s + v * b[k][j], 0)));
}

export function transposed(a) {
  return a[0].map((_, j) => a.map((row) => row[j]));
}

/** B^(−1/2) of a positive definite matrix. */
export function inverseRoot(matrix) {
  const { values, vectors } = symmetricEigen(matrix);
  return matrix.map((_, i) =>
    matrix.map((__, j) => values.reduce((s, value, k) => s + (vectors[k][i] * vectors[k][j]) / Math.sqrt(value), 0)),
  );
}
