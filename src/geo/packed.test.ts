import { expect, it } from 'vitest';
import type { MultiPolygonRings, Position } from '../model/grid.js';
import { packPolygons, unpackPolygon } from './packed.js';

it('gives every shape back bit for bit: holes, several parts, none', () => {
  const ring = (x: number): Position[] => [
    [x, 0.1],
    [x + 1 / 3, 0],
    [x, Math.PI],
    [x, 0.1],
  ];
  const shapes: MultiPolygonRings[] = [[[ring(0), ring(1)], [ring(2)]], [], [[ring(-180)]]];
  const packed = packPolygons(shapes);
  expect(packed.coordinates).toHaveLength(4 * 4 * 2);
  expect(shapes.map((_, place) => unpackPolygon(packed, place))).toEqual(shapes);
});
