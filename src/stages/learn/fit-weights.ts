/**
 * fit-weights: outcomes → how much each part of the score should weigh. Regularised logistic model: P(violation) = σ(b + Σ βₖ·xₖ), xₖ the part's
 * share of its points (0–1), βₖ ≥ 0 because every part is built so that more of it speaks for going there. The penalty draws β towards the
 * present rules (scaled once to the outcomes), so that with few outcomes nothing moves.
 * Method: projected Newton with an active set (Bertsekas 1982, SIAM J. Control Optim. 20:221). Deterministic.
 * In:  shares row by row (`n × k`), answers 0/1, weights of the rows, the present weights. Out: β, b; the same order of parts.
 */
import { cholesky } from '../../kernels/matrix.js';

export interface Rows {
  readonly shares: Float64Array;
  /** 0 or 1. */
  readonly answers: Uint8Array;
  /** Of the rows, > 0. */
  readonly weights: Float64Array;
  readonly count: number;
  /** Parts. */
  readonly width: number;
}

export interface WeightFit {
  readonly beta: Float64Array;
  readonly bias: number;
}

const STEPS = 60;
const ENOUGH = 1e-9;
/** Keeps the scale finite where the present score separates the outcomes. */
const SCALE_PENALTY = 1e-3;

export function oddsOf({ beta, bias }: WeightFit, rows: Rows, row: number): number {
  let sum = bias;
  for (let k = 0; k < rows.width; k += 1) sum += (beta[k] ?? 0) * (rows.shares[row * rows.width + k] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}

/** The present rules as a model: β = t · present, with t ≥ 0 and b fitted. */
export function calibrated(rows: Rows, present: Float64Array): WeightFit {
  const scores = new Float64Array(rows.count);
  for (let row = 0; row < rows.count; row += 1) {
    for (let k = 0; k < rows.width; k += 1) {
      scores[row] = (scores[row] ?? 0) + (present[k] ?? 0) * (rows.shares[row * rows.width + k] ?? 0);
    }
  }
  const single = minimise({ ...rows, shares: scores, width: 1 }, SCALE_PENALTY, new Float64Array(1));
  return { beta: present.map((weight) => weight * (single.beta[0] ?? 0)), bias: single.bias };
}

/** `penalty` > 0: per part, on the squared distance from the calibrated present rules. */
export function fitWeights(rows: Rows, present: Float64Array, penalty: number): WeightFit {
  return minimise(rows, penalty, calibrated(rows, present).beta);
}

function minimise(rows: Rows, penalty: number, target: Float64Array): WeightFit {
  const { width } = rows;
  // The last variable is the bias: free, and under no penalty.
  let at = Float64Array.from([...target, 0]);
  let value = lossOf(rows, at, penalty, target);
  for (let step = 0; step < STEPS; step += 1) {
    const { gradient, hessian } = derivatives(rows, at, penalty, target);
    const free: number[] = [];
    for (let k = 0; k <= width; k += 1) if (k === width || (at[k] ?? 0) > 0 || (gradient[k] ?? 0) < 0) free.push(k);
    const direction = newton(gradient, hessian, free, width + 1);
    let moved = false;
    for (let length = 1; length > 1e-8; length /= 2) {
      const next = at.map((x, k) => {
        const to = x - length * (direction[k] ?? 0);
        return k < width ? Math.max(0, to) : to;
      });
      const there = lossOf(rows, next, penalty, target);
      if (there < value - ENOUGH * Math.abs(value)) {
        [at, value, moved] = [next, there, true];
        break;
      }
    }
    if (!moved) break;
  }
  return { beta: at.slice(0, width), bias: at[width] ?? 0 };
}

function linear(rows: Rows, at: Float64Array, row: number): number {
  let sum = at[rows.width] ?? 0;
  for (let k = 0; k < rows.width; k += 1) sum += (at[k] ?? 0) * (rows.shares[row * rows.width + k] ?? 0);
  return sum;
}

/** Mean log loss of weighted rows plus the penalty. */
function lossOf(rows: Rows, at: Float64Array, penalty: number, target: Float64Array): number {
  let loss = 0;
  let total = 0;
  for (let row = 0; row < rows.count; row += 1) {
    const sum = linear(rows, at, row);
    const weight = rows.weights[row] ?? 0;
    // log(1 + e^s) without overflow, less y·s
    loss += weight * (Math.max(0, sum) + Math.log1p(Math.exp(-Math.abs(sum))) - (rows.answers[row] ?? 0) * sum);
    total += weight;
  }
  let distance = 0;
  for (let k = 0; k < rows.width; k += 1) distance += ((at[k] ?? 0) - (target[k] ?? 0)) ** 2;
  return loss / total + (penalty / 2) * distance;
}

function derivatives(rows: Rows, at: Float64Array, penalty: number, target: Float64Array) {
  const size = rows.width + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const x = new Float64Array(size).fill(1);
  let total = 0;
  for (let row = 0; row < rows.count; row += 1) total += rows.weights[row] ?? 0;
  for (let row = 0; row < rows.count; row += 1) {
    for (let k = 0; k < rows.width; k += 1) x[k] = rows.shares[row * rows.width + k] ?? 0;
    const odds = 1 / (1 + Math.exp(-linear(rows, at, row)));
    const weight = (rows.weights[row] ?? 0) / total;
    const [first, second] = [weight * (odds - (rows.answers[row] ?? 0)), weight * odds * (1 - odds)];
    for (let i = 0; i < size; i += 1) {
      gradient[i] = (gradient[i] ?? 0) + first * (x[i] ?? 0);
      for (let j = 0; j < size; j += 1) {
        hessian[i * size + j] = (hessian[i * size + j] ?? 0) + second * (x[i] ?? 0) * (x[j] ?? 0);
      }
    }
  }
  for (let k = 0; k < size; k += 1) {
    const own = k < rows.width ? penalty : 0;
    gradient[k] = (gradient[k] ?? 0) + own * ((at[k] ?? 0) - (target[k] ?? 0));
    // A trace of ridge on every diagonal keeps the matrix invertible where all odds are 0 or 1.
    hessian[k * size + k] = (hessian[k * size + k] ?? 0) + own + 1e-9;
  }
  return { gradient, hessian };
}

/** Newton's direction among the free variables; 0 for the others. */
function newton(gradient: Float64Array, hessian: Float64Array, free: readonly number[], size: number): Float64Array {
  const n = free.length;
  const inner = new Float64Array(n * n);
  free.forEach((i, row) => {
    free.forEach((j, col) => {
      inner[row * n + col] = hessian[i * size + j] ?? 0;
    });
  });
  const lower = cholesky(inner, n);
  const direction = new Float64Array(size);
  if (lower === null) {
    for (const i of free) direction[i] = gradient[i] ?? 0;
    return direction;
  }
  const y = new Float64Array(n);
  for (let row = 0; row < n; row += 1) {
    let sum = gradient[free[row] ?? 0] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= (lower[row * n + k] ?? 0) * (y[k] ?? 0);
    y[row] = sum / (lower[row * n + row] ?? 1);
  }
  for (let row = n - 1; row >= 0; row -= 1) {
    let sum = y[row] ?? 0;
    for (let k = row + 1; k < n; k += 1) sum -= (lower[k * n + row] ?? 0) * (direction[free[k] ?? 0] ?? 0);
    direction[free[row] ?? 0] = sum / (lower[row * n + row] ?? 1);
  }
  return direction;
}
