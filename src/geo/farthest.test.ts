import { describe, expect, it } from 'vitest';
import type { Position } from '../model/grid.js';
import { randomOf } from '../testing/random.js';
import { distanceToSegments, isInsideEdges, type Segments, segmentsOf } from './distance.js';
import { EDGE_PRECISION_M, farthest, INTERIOR_PRECISION } from './farthest.js';

const edges = (...corners: Position[]): Segments => segmentsOf([[[...corners, ...corners.slice(0, 1)]]]);
const square = (x: number, y: number, side: number): Segments =>
  edges([x, y], [x + side, y], [x + side, y + side], [x, y + side]);

/** A star-shaped polygon. */
function star(random: () => number, x: number, y: number, radius: number): Segments {
  const corners = 12 + Math.floor(30 * random());
  return edges(
    ...Array.from({ length: corners }, (_, i): Position => {
      const [angle, r] = [(2 * Math.PI * i) / corners, radius * (0.4 + random())];
      return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    }),
  );
}

/** On a lattice over the part and along its edges: never above the true greatest distance. */
function sampled(part: Segments, distance: (x: number, y: number) => number): number {
  let most = 0;
  for (let i = 0; i < part.length; i += 4) {
    const [x0, y0, x1, y1] = [...part.subarray(i, i + 4)] as [number, number, number, number];
    for (let k = 0; k <= 50; k++) most = Math.max(most, distance(x0 + (k / 50) * (x1 - x0), y0 + (k / 50) * (y1 - y0)));
  }
  for (let x = -60; x <= 260; x += 4) {
    for (let y = -60; y <= 160; y += 4) if (isInsideEdges(part, x, y)) most = Math.max(most, distance(x, y));
  }
  return most;
}

describe('farthest', () => {
  it('is exact where the farthest place is a corner', () => {
    expect(farthest(square(10, 0, 5), { segments: square(-20, -20, 25) })).toBe(10);
    expect(farthest(edges([8, 0], [11, 4], [8, 3]), { segments: edges([0, 0], [5, 0], [5, 20], [0, 20]) })).toBe(6);
  });

  it('finds the middle of an edge between two targets, and the middle of a ring', () => {
    const two = Float64Array.from([...square(0, 0, 10), ...square(50, 0, 10)]);
    const between = edges([10, 4], [50, 4], [50, 5], [10, 5]);
    expect(farthest(between, { segments: two })).toBeCloseTo(20, 2);
    const hole = square(0, 0, 40);
    expect(Math.abs(farthest(hole, { segments: hole }) - 20)).toBeLessThan(INTERIOR_PRECISION * 20);
  });

  it('does not count what is inside, and takes what is added', () => {
    const licence = edges([0, 0], [200, 0], [200, 100], [0, 100]);
    const holds = (x: number, y: number): boolean => isInsideEdges(licence, x, y);
    const patch = edges([20, 20], [230, 20], [230, 60], [20, 60]);
    expect(farthest(patch, { segments: licence, holds })).toBe(30);
    expect(farthest(patch, { segments: licence, holds, added: new Float64Array(4).fill(-12) })).toBe(18);
    expect(farthest(patch, { segments: licence, holds, added: new Float64Array(4).fill(-40) })).toBe(0);
    expect(farthest(square(20, 20, 50), { segments: licence, holds })).toBe(0);
  });

  it('has no answer without a target, and none is needed without a part', () => {
    expect(farthest(square(0, 0, 1), { segments: new Float64Array(0) })).toBe(Number.POSITIVE_INFINITY);
    expect(farthest(new Float64Array(0), { segments: square(0, 0, 1) })).toBe(0);
  });

  it('keeps its precision for polygons of any form', () => {
    const random = randomOf(11);
    for (let round = 0; round < 80; round++) {
      const target = star(random, 100 * random(), 50 * random(), 20 + 60 * random());
      const part = star(random, 200 * random(), 100 * random(), 10 + 40 * random());
      const added =
        round % 2 === 0 ? undefined : Float64Array.from(target.subarray(0, target.length / 4), () => 9 * random());
      const holds = (x: number, y: number): boolean => isInsideEdges(target, x, y);
      const distance = (x: number, y: number): number => {
        if (holds(x, y)) return 0;
        if (!added) return distanceToSegments(target, x, y);
        return Math.min(
          ...Array.from(added, (extra, i) => distanceToSegments(target.subarray(4 * i, 4 * i + 4), x, y) + extra),
        );
      };
      const found = farthest(part, added ? { segments: target, holds, added } : { segments: target, holds });
      const most = sampled(part, distance);
      expect(found).toBeGreaterThan(most - EDGE_PRECISION_M - Math.max(0.1, INTERIOR_PRECISION * most));
      // lattice and steps along edges are at most 3 m from any point
      expect(found).toBeLessThan(most + 3);
    }
  });
});
