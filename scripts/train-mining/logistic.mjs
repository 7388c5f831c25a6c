/** Weighted logistic regression with an L2 penalty by Newton's method on standardised columns; deterministic. */
export function trainLogistic(rows, labels, rowWeights, { penalty, use }) {
  const width = rows[0].length;
  const columns = Array.from({ length: width }, (_, j) => j).filter((j) => !use || use(j));
  let total = 0;
  for (const w of rowWeights) total += w;
  const mean = new Array(width).fill(0);
  const scale = new Array(width).fill(1);
  for (const j of columns) {
    let s = 0;
    for (let i = 0; i < rows.length; i++) s += rowWeights[i] * rows[i][j];
    mean[j] = s / total;
    let v = 0;
    for (let i = 0; i < rows.length; i++) v += rowWeights[i] * (rows[i][j] - mean[j]) ** 2;
    scale[j] = Math.max(Math.sqrt(v / total), 1e-6);
  }
  const active = columns.filter((j) => scale[j] > 1e-6);
  const n = active.length + 1;
  const beta = new Float64Array(n);
  const x = new Float64Array(n);
  for (let round = 0; round < 25; round++) {
    const gradient = new Float64Array(n);
    const hessian = Array.from({ length: n }, () => new Float64Array(n));
    for (let i = 0; i < rows.length; i++) {
      x[0] = 1;
      for (let k = 1; k < n; k++) {
        const j = active[k - 1];
        x[k] = Math.max(-4, Math.min(4, (rows[i][j] - mean[j]) / scale[j]));
      }
      let z = 0;
      for (let k = 0; k < n; k++) z += beta[k] * x[k];
      const p = 1 / (1 + Math.exp(-z));
      const w = rowWeights[i];
      const h = Math.max(p * (1 - p), 1e-6) * w;
      const g = (labels[i] - p) * w;
      for (let a = 0; a < n; a++) {
        gradient[a] += g * x[a];
        const ha = h * x[a];
        for (let b = 0; b <= a; b++) hessian[a][b] += ha * x[b];
      }
    }
    for (let a = 1; a < n; a++) {
      gradient[a] -= penalty * beta[a];
      hessian[a][a] += penalty;
    }
    const step = solve(hessian, gradient);
    let largest = 0;
    for (let a = 0; a < n; a++) {
      beta[a] += step[a];
      largest = Math.max(largest, Math.abs(step[a]));
    }
    if (largest < 1e-6) break;
  }
  const weight = new Array(width).fill(0);
  active.forEach((j, k) => {
    weight[j] = beta[k + 1];
  });
  return { mean, scale, weight, bias: beta[0] };
}

/** Cholesky solution of a symmetric system given by its lower triangle. */
function solve(matrix, right) {
  const n = right.length;
  const l = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let s = matrix[i][j] + (i === j ? 1e-9 : 0);
      for (let k = 0; k < j; k++) s -= l[i][k] * l[j][k];
      l[i][j] = i === j ? Math.sqrt(Math.max(s, 1e-12)) : s / l[j][j];
    }
  }
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let s = right[i];
    for (let k = 0; k < i; k++) s -= l[i][k] * y[k];
    y[i] = s / l[i][i];
  }
  const out = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let s = y[i];
    for (let k = i + 1; k < n; k++) s -= l[k][i] * out[k];
    out[i] = s / l[i][i];
  }
  return out;
}

export function apply(model, row) {
  let z = model.bias;
  for (let j = 0; j < row.length; j++) {
    z += model.weight[j] * Math.max(-4, Math.min(4, (row[j] - model.mean[j]) / model.scale[j]));
  }
  return 1 / (1 + Math.exp(-z));
}
