import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MultiPolygonRings, Position, Ring } from '../model/grid.js';
import { canonicalRings } from './canonical-rings.js';

const square = (x: number, y: number, size: number): Ring => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];
const polygon: MultiPolygonRings = [
  [square(118, 36, 1), square(118.1, 36.1, 0.1), square(118.5, 36.5, 0.2)],
  [square(120, 30, 2)],
];

it('is the same however rings are turned, begun and sorted, and keeps every position', () => {
  const begin = (ring: Ring, at: number): Ring => {
    const open = ring.slice(0, -1);
    const begun = [...open.slice(at), ...open.slice(0, at)];
    return [...begun, begun[0] as Position];
  };
  const expected = canonicalRings(polygon);
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), fc.nat(3), (flips, at) => {
      const flip = [...flips];
      const change = (ring: Ring): Ring => (flip.pop() ? begin(ring, at).toReversed() : begin(ring, 3 - at));
      const changed = polygon.map(([outer, ...holes]) => {
        const turned = holes.map(change);
        return [change(outer ?? []), ...(flip.pop() ? turned.toReversed() : turned)];
      });
      expect(canonicalRings(flip.pop() ? changed.toReversed() : changed)).toEqual(expected);
    }),
  );
  expect(expected[0]).toEqual([
    square(118, 36, 1),
    square(118.1, 36.1, 0.1).toReversed(),
    square(118.5, 36.5, 0.2).toReversed(),
  ]);
});
