import { describe, expect, it } from 'vitest';
import { nth } from './robust.js';

describe('nth', () => {
  it('is what sorting gives, for every rank, with repeats and with order', () => {
    let state = 5;
    const lists = [
      Array.from({ length: 200 }, () => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return (state >>> 24) - 128;
      }),
      Array.from({ length: 50 }, (_, i) => i),
      Array.from({ length: 50 }, (_, i) => -i),
      new Array(40).fill(7),
      [3],
    ];
    for (const list of lists) {
      const sorted = Float64Array.from(list).sort();
      sorted.forEach((value, rank) => {
        expect(nth(list, rank)).toBe(value);
      });
    }
  });
});
