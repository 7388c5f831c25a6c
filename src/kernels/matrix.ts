/** Small dense symmetric matrices, row-major `n × n`: what canonical correlation needs. Deterministic, no pivot search by ties. */

/** Lower Cholesky factor of a positive definite matrix; null where it is not one. */
export function cholesky(matrix: Float64Array, n: number): Float64Array | null {
  const lower = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let col = 0; col <= row; col++) {
      let sum = matrix[row * n + col]!;
      for (let k = 0; k < col; k++) sum -= lower[row * n + k]! * lower[col * n + k]!;
      if (row === col) {
        if (!(sum > 0)) return null;
        lower[row * n + row] = Math.sqrt(sum);
      } else lower[row * n + col] = sum / lower[col * n + col]!;
    }
  }
  return lower;
}

/** Inverse of a lower triangular matrix. */
export function invertLower(lower: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let col = 0; col < n; col++) {
    inverse[col * n + col] = 1 / lower[col * n + col]!;
    for (let row = col + 1; row < n; row++) {
      let sum = 0;
      for (let k = col; k < row; k++) sum -= lower[row * n + k]! * inverse[k * n + col]!;
      inverse[row * n + col] = sum / lower[row * n + row]!;
    }
  }
  return inverse;
}

/** a · b, or a · bᵀ. */
export function multiply(a: Float64Array, b: Float64Array, n: number, transposeB = false): Float64Array {
  const out = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let col = 0; col < n; col++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[row * n + k]! * (transposeB ? b[col * n + k]! : b[k * n + col]!);
      out[row * n + col] = sum;
    }
  }
  return out;
}

export interface Eigen {
  /** Descending. */
  readonly values: number[];
  /** vectors[i] belongs to values[i]; its largest component is positive. */
  readonly vectors: number[][];
}

/** Eigenvalues and vectors of a symmetric matrix by cyclic Jacobi rotations (Jacobi 1846). */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let i = 0; i < n; i++) {
      diagonal += a[i * n + i]! * a[i * n + i]!;
      for (let j = 0; j < i; j++) off += a[i * n + j]! * a[i * n + j]!;
    }
    if (off <= 1e-30 * diagonal) break;
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]! || i - j);
  return {
    values: order.map((i) => a[i * n + i]!),
    vectors: order.map((i) => {
      const vector = Array.from({ length: n }, (_, k) => v[k * n + i]!);
      const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
      return largest < 0 ? vector.map((x) => -x) : vector;
    }),
  };
}

function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const kp = a[k * n + p]!;
    const kq = a[k * n + q]!;
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const pk = a[p * n + k]!;
    const qk = a[q * n + k]!;
    a[p * n + k] = c * pk - s * qk;
    a[q * n + k] = s * pk + c * qk;
    const vp = v[k * n + p]!;
    const vq = v[k * n + q]!;
    v[k * n + p] = c * vp - s * vq;
    v[k * n + q] = s * vp + c * vq;
  }
}
