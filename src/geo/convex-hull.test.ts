import { describe, expect, it } from 'vitest';
import { beyondHull, convexHull } from './convex-hull.js';

describe('the convex hull', () => {
  // an L, its edges in any order
  const edges = Float64Array.from([0, 0, 4, 0, 4, 1, 1, 1, 4, 0, 4, 1, 1, 4, 0, 4, 1, 1, 1, 4, 0, 4, 0, 0]);
  const hull = convexHull(edges);

  it('has the outer corners only', () => {
    expect([...hull]).toEqual([0, 0, 4, 0, 4, 0, 4, 1, 4, 1, 1, 4, 1, 4, 0, 4, 0, 4, 0, 0]);
  });

  it('says how far a point is beyond it', () => {
    expect(beyondHull(hull, 6, 0.5)).toBe(2);
    expect(beyondHull(hull, 2, -3)).toBe(3);
    expect(beyondHull(hull, 3, 3)).toBeCloseTo(Math.SQRT1_2, 12);
    expect(beyondHull(hull, 2, 2)).toBeLessThan(0);
  });

  it('is empty where all lies on one line', () => {
    expect(convexHull(Float64Array.from([0, 0, 1, 1, 1, 1, 2, 2]))).toHaveLength(0);
  });
});
