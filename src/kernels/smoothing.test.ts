import { describe, expect, it } from 'vitest';
import { CHANGE } from '../model/change.js';
import { fractal } from '../testing/texture.js';
import { boxSum } from './box.js';
import { convolve, gaussianKernel, seenWeight } from './gaussian.js';
import { addTo, histogramOf, otsu } from './histogram.js';
import { majority3 } from './majority.js';
import { clearSmallPatches } from './small-patches.js';
import { denoiseTotalVariation } from './total-variation.js';

/** Part of a plane as a plane of its own. */
function crop<T extends Float32Array | Float64Array | Uint8Array>(
  plane: T,
  width: number,
  col: number,
  row: number,
  w: number,
  h: number,
): T {
  const out = plane.slice(0, w * h) as T;
  for (let r = 0; r < h; r++) out.set(plane.subarray((row + r) * width + col, (row + r) * width + col + w), r * w);
  return out;
}

describe('gaussian', () => {
  it('keeps the sum and spreads a point evenly', () => {
    const point = new Float32Array(81);
    point[40] = 1;
    const out = new Float32Array(81);
    convolve(point, 9, 9, gaussianKernel(1), out, new Float32Array(81));
    expect(out.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(out[39]).toBe(out[41]);
    expect(out[31]).toBe(out[49]);
    expect((out[41] ?? 0) / (out[40] ?? 1)).toBeCloseTo(Math.exp(-0.5), 6);
  });

  it('weighs seen pixels only', () => {
    const seen = new Uint8Array(25).fill(1);
    seen[12] = 0;
    const share = new Float32Array(25);
    seenWeight(seen, 5, 5, gaussianKernel(1), share, new Float32Array(25));
    expect(share[12]).toBeLessThan(share[11] ?? 0);
    expect(share[0]).toBeLessThan(0.5);
  });
});

describe('boxSum', () => {
  it('sums exactly, cut at the edges', () => {
    const values = Int32Array.from({ length: 20 }, (_, i) => i);
    boxSum(values, 5, 4, 1, new Int32Array(20));
    expect(values[0]).toBe(0 + 1 + 5 + 6);
    expect(values[7]).toBe(1 + 2 + 3 + 6 + 7 + 8 + 11 + 12 + 13);
    expect(values[19]).toBe(13 + 14 + 18 + 19);
  });

  it('serves a window wider than the image', () => {
    const values = Int32Array.of(1, 2, 3, 4);
    boxSum(values, 2, 2, 5, new Int32Array(4));
    expect(Array.from(values)).toEqual([10, 10, 10, 10]);
  });
});

describe('denoiseTotalVariation', () => {
  it('flattens grain, keeps a step, and is the same in any block', () => {
    const [width, height, iterations] = [60, 50, 8];
    const noisy = fractal(width, height, 3).map((v, i) => v / 100 + (i % width >= 30 ? 5 : 0));
    const seen = new Uint8Array(width * height).fill(1);
    const out = new Float32Array(width * height);
    denoiseTotalVariation(noisy, seen, width, height, 0.5, iterations, out);
    const mid = 25 * width;
    expect((out[mid + 40] ?? 0) - (out[mid + 20] ?? 0)).toBeGreaterThan(3);
    const [col, row, w, h] = [7, 5, 40, 36];
    const part = new Float32Array(w * h);
    denoiseTotalVariation(crop(noisy, width, col, row, w, h), seen.slice(0, w * h), w, h, 0.5, iterations, part);
    const inner = iterations + 1;
    for (let r = inner; r < h - inner; r++) {
      for (let c = inner; c < w - inner; c++) expect(part[r * w + c]).toBe(out[(row + r) * width + col + c]);
    }
  });
});

describe('mask', () => {
  it('majority clears a lone pixel, closes a lone hole, leaves what is not seen', () => {
    const mask = new Uint8Array(49);
    mask[0] = CHANGE.changed;
    for (let r = 2; r < 7; r++) for (let c = 2; c < 7; c++) mask[r * 7 + c] = CHANGE.changed;
    mask[4 * 7 + 4] = CHANGE.none;
    mask[6] = CHANGE.notSeen;
    const out = majority3(mask, 7, 7);
    expect(out[0]).toBe(CHANGE.none);
    expect(out[4 * 7 + 4]).toBe(CHANGE.changed);
    expect(out[6]).toBe(CHANGE.notSeen);
  });

  it('clears patches under the limit, corners joined', () => {
    const mask = Uint8Array.of(1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1);
    clearSmallPatches(mask, 4, 3, 3);
    expect(Array.from(mask)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const kept = Uint8Array.of(1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0);
    clearSmallPatches(kept, 4, 3, 3);
    expect(Array.from(kept)).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0]);
  });

  it('Otsu cuts between two heaps, in whatever order they come', () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => (i < 80 ? 1 + (i % 10) / 20 : 6 + (i % 5) / 10));
    const seen = new Uint8Array(100).fill(1);
    const cut = otsu(histogramOf(values, seen, 0, 8, 512));
    expect(cut).toBeGreaterThan(1.45);
    expect(cut).toBeLessThan(6);
    const other = histogramOf(values.slice(50), seen, 0, 8, 512);
    addTo(other, values.slice(0, 50), seen);
    expect(otsu(other)).toBe(cut);
  });
});
