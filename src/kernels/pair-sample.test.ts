import { describe, expect, it } from 'vitest';
import type { AlignedPair } from '../model/change.js';
import { pixelTable, thinnedSample, varyingBands } from './pair-sample.js';

function pair(width: number, height: number): AlignedPair {
  const ramp = Float32Array.from({ length: width * height }, (_, i) => i);
  return {
    width,
    height,
    roles: ['b1', 'b2'],
    before: [ramp, new Float32Array(width * height).fill(7)],
    after: [ramp.map((v) => 2 * v), ramp],
    seen: new Uint8Array(width * height).fill(1),
  };
}

describe('pair-sample', () => {
  it('takes every so-many-th seen pixel, over all tiles', () => {
    const one = pair(4, 3);
    const seen = Uint8Array.of(1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    const table = pixelTable([{ ...one, seen }, one], [0], 8);
    expect(table.count).toBe(8);
    expect(Array.from(table.before)).toEqual([0, 4, 7, 10, 1, 4, 7, 10]);
    expect(Array.from(table.after)).toEqual([0, 8, 14, 20, 2, 8, 14, 20]);
  });

  it('leaves out bands that are constant on either date', () => {
    expect(varyingBands([pair(4, 3)])).toEqual([0]);
  });

  it('cuts windows out of a sample that is too large, and only then', () => {
    const whole = [pair(8, 8)];
    expect(thinnedSample(whole, 64, 2)).toBe(whole);
    const thin = thinnedSample(whole, 16, 2);
    expect(thin.map(({ before }) => Array.from(before[0] ?? []))).toEqual([
      [0, 1, 8, 9],
      [22, 23, 30, 31],
      [36, 37, 44, 45],
      [50, 51, 58, 59],
    ]);
  });
});
