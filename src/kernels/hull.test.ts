import { describe, expect, it } from 'vitest';
import { hullForm } from './hull.js';

describe('hullForm', () => {
  it('a rectangle fills its hull and its rectangle', () => {
    const runs = Int32Array.of(5, 7, 12, 6, 7, 12, 7, 7, 12);
    expect(hullForm(runs, 18)).toEqual({ hullFill: 1, rectangleFill: 1 });
  });

  it('an L of three pixels: hull 3.5, smallest rectangle 4', () => {
    const { hullFill, rectangleFill } = hullForm(Int32Array.of(0, 0, 0, 1, 0, 1), 3);
    expect(hullFill).toBeCloseTo(3 / 3.5, 12);
    expect(rectangleFill).toBeCloseTo(3 / 4, 12);
  });

  it('a strip of steps along the diagonal fills a turned rectangle better than its box', () => {
    const runs: number[] = [];
    for (let y = 0; y < 20; y++) runs.push(y, y, y + 5);
    const { rectangleFill } = hullForm(Int32Array.from(runs), 120);
    expect(rectangleFill).toBeGreaterThan(0.6);
    expect(120 / (20 * 25)).toBeLessThan(0.25);
  });
});
