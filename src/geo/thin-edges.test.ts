import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Position } from '../model/grid.js';
import { localPlane } from './crs.js';
import { densifyPlane, MAX_EDGE_M } from './densify.js';
import { quantise } from './quantise.js';
import { thinEdges } from './thin-edges.js';

const zone39 = localPlane(117);
const millimetres = (metres: number): number => Math.round(metres * 1000) / 1000;

it('gives back the corners that a stored polygon had in its plane, to the millimetre', () => {
  const radius = fc.integer({ min: 40_000, max: 4_000_000 }).map((mm) => mm / 1000);
  fc.assert(
    fc.property(fc.array(radius, { minLength: 3, maxLength: 12 }), (radii) => {
      const corners = radii.map((r, i): Position => {
        const angle = (2 * Math.PI * i) / radii.length;
        return [millimetres(560_000 + r * Math.cos(angle)), millimetres(3_998_000 + r * Math.sin(angle))];
      });
      const ring = [...corners, corners[0] as Position];
      const stored = quantise(zone39.toLonLat(densifyPlane([[ring]], MAX_EDGE_M)));
      const again = thinEdges(zone39.toPlane(stored));
      expect(again[0]?.[0]?.map(([x, y]) => [millimetres(x), millimetres(y)])).toEqual(ring);
    }),
    { seed: 39, numRuns: 200 },
  );
});

it('leaves a corner that is one, and takes out a first position that is a division', () => {
  const ring: Position[] = [
    [50, 0],
    [100, 0],
    [100, 100],
    [50, 100.001],
    [0, 100],
    [0, 0],
    [50, 0],
  ];
  expect(thinEdges([[ring]])[0]?.[0]).toHaveLength(6);
  expect(thinEdges([[ring]])[0]?.[0]).not.toContainEqual([50, 0]);
});
