import { describe, expect, it } from 'vitest';
import { noise } from '../testing/texture.js';
import { chiSquareTail } from './chi-square.js';
import { fitIrMad, noChangeWeights } from './irmad.js';
import { cholesky, invertLower, multiply, symmetricEigen } from './matrix.js';

describe('chiSquareTail', () => {
  it('agrees with the tables', () => {
    expect(chiSquareTail(3.841459, 1)).toBeCloseTo(0.05, 6);
    expect(chiSquareTail(12.59159, 6)).toBeCloseTo(0.05, 6);
    expect(chiSquareTail(0.872085, 6)).toBeCloseTo(0.99, 5);
    expect(chiSquareTail(0, 6)).toBe(1);
  });
});

describe('matrix', () => {
  const m = Float64Array.of(4, 2, 1, 2, 5, 3, 1, 3, 6);
  it('factors and inverts', () => {
    const lower = cholesky(m, 3) ?? new Float64Array(9);
    multiply(lower, lower, 3, true).forEach((v, i) => {
      expect(v).toBeCloseTo(m[i] ?? Number.NaN, 12);
    });
    expect(Array.from(multiply(lower, invertLower(lower, 3), 3)).map((v) => Math.round(v * 1e9) / 1e9 + 0)).toEqual([
      1, 0, 0, 0, 1, 0, 0, 0, 1,
    ]);
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
  });
  it('finds eigenvalues in descending order', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(1, 12);
    expect(vectors[0]?.[0]).toBeCloseTo(Math.SQRT1_2, 12);
  });
});

describe('fitIrMad', () => {
  const count = 6000;
  const changedFrom = 5700;
  const make = () => {
    const ground = [noise(count, 1), noise(count, 2)];
    const errors = [3, 4, 5, 6].map((seed) => noise(count, seed));
    const before = new Float64Array(count * 2);
    const after = new Float64Array(count * 2);
    for (let s = 0; s < count; s++) {
      for (let k = 0; k < 2; k++) {
        const value = (ground[k]?.[s] ?? 0) + 0.5 * (ground[0]?.[s] ?? 0);
        before[s * 2 + k] = value + 0.05 * (errors[k]?.[s] ?? 0);
        after[s * 2 + k] = value + 0.05 * (errors[2 + k]?.[s] ?? 0) + (s >= changedFrom ? 2 : 0);
      }
    }
    return { before, after };
  };

  it('tells changed from unchanged samples', () => {
    const { before, after } = make();
    const mad = fitIrMad(before, after, 2);
    if (mad === null) throw new Error('not fitted');
    const weights = noChangeWeights(mad, before, after);
    const mean = (from: number, to: number) => weights.subarray(from, to).reduce((a, b) => a + b, 0) / (to - from);
    expect(mean(0, changedFrom)).toBeGreaterThan(0.15);
    expect(mean(changedFrom, count)).toBeLessThan(1e-6);
  });

  it('does not care for gain and offset', () => {
    const { before, after } = make();
    const plain = fitIrMad(before, after, 2);
    const scaled = after.map((v, i) => (i % 2 === 0 ? 40 * v + 900 : 0.01 * v - 3));
    const other = fitIrMad(before, scaled, 2);
    if (plain === null || other === null) throw new Error('not fitted');
    const a = noChangeWeights(plain, before, after);
    const b = noChangeWeights(other, before, scaled);
    for (let s = 0; s < count; s += 50) expect(b[s]).toBeCloseTo(a[s] ?? Number.NaN, 6);
  });

  it('gives nothing rather than nonsense for constant bands', () => {
    expect(fitIrMad(new Float64Array(400), new Float64Array(400), 2)).toBeNull();
  });
});
