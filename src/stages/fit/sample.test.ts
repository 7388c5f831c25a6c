import { describe, expect, it } from 'vitest';
import { sampleWindows } from './sample.js';

describe('sampleWindows', () => {
  it('takes all of a small extent', () => {
    const extent = { col: 3, row: 4, width: 1500, height: 1500 };
    expect(sampleWindows(extent, 6, 'seed')).toEqual([extent]);
  });

  it('spreads tiles over a large extent within the budget', () => {
    const extent = { col: 0, row: 0, width: 20000, height: 20000 };
    const tiles = sampleWindows(extent, 4, 'seed');
    expect(tiles.reduce((sum, t) => sum + t.width * t.height, 0)).toBeLessThanOrEqual(6e6);
    expect(tiles.length).toBeGreaterThanOrEqual(20);
    const quadrants = new Set(tiles.map((t) => `${t.col < 10000}${t.row < 10000}`));
    expect(quadrants.size).toBe(4);
    expect(new Set(tiles.map((t) => `${t.col},${t.row}`)).size).toBe(tiles.length);
    expect(sampleWindows(extent, 4, 'seed')).toEqual(tiles);
    expect(sampleWindows(extent, 4, 'other')).not.toEqual(tiles);
  });
});
