import { describe, expect, it } from 'vitest';
import type { MultiPolygonRings, Position } from '../model/grid.js';
import { localPlane } from './crs.js';
import { densifyLonLat, densifyPlane } from './densify.js';
import { polygonAreaM2 } from './ellipsoid-area.js';
import { interiorPoint, isInside } from './interior-point.js';
import { quantise } from './quantise.js';

const ring = (...positions: Position[]): Position[] => [...positions, positions[0] as Position];

describe('interiorPoint', () => {
  it('takes the centroid where it is inside', () => {
    expect(interiorPoint([[ring([118, 36], [118.002, 36], [118.002, 36.002], [118, 36.002])]])).toEqual({
      lon: expect.closeTo(118.001, 12),
      lat: expect.closeTo(36.001, 12),
    });
  });

  it('stays inside horseshoes, rings with a hole and the largest of several parts', () => {
    const horseshoe: MultiPolygonRings = [[ring([0, 0], [10, 0], [10, 10], [9, 10], [9, 1], [1, 1], [1, 10], [0, 10])]];
    const holed: MultiPolygonRings = [[ring([0, 0], [10, 0], [10, 10], [0, 10]), ring([1, 1], [9, 1], [9, 9], [1, 9])]];
    const parts: MultiPolygonRings = [[ring([20, 0], [21, 0], [21, 1], [20, 1])], ...horseshoe];
    for (const rings of [horseshoe, holed, parts]) {
      const { lon, lat } = interiorPoint(rings);
      expect(isInside(rings, lon, lat)).toBe(true);
      expect(lon).toBeLessThan(11);
    }
  });
});

describe('quantise', () => {
  it('rounds to 1e-9, merges what falls together, drops what vanishes, and is idempotent', () => {
    const noisy: MultiPolygonRings = [
      [
        ring([118.0000000004, 36], [118.0000000001, 36.0000000002], [118.1, 36], [118.1, 36.1]),
        ring([118.05, 36.01], [118.0500000001, 36.01], [118.05, 36.0100000001]),
      ],
      [ring([1, 1], [1.0000000001, 1], [1, 1.0000000001])],
    ];
    const once = quantise(noisy);
    expect(once).toEqual([[ring([118, 36], [118.1, 36], [118.1, 36.1])]]);
    expect(quantise(once)).toEqual(once);
    expect(Object.is(quantise([[ring([-1e-12, 0], [1, 0], [1, 1])]])[0]?.[0]?.[0]?.[0], 0)).toBe(true);
  });
});

describe('localPlane', () => {
  it('is the Gauss plane of the 3° zone: EPSG:4547 false easting, 117° meridian', () => {
    const plane = localPlane(118.2);
    expect(plane.meridian).toBe(117);
    const [x, y] = plane.toPlane([[[[118, 36]]]])[0]?.[0]?.[0] ?? [0, 0];
    expect(x).toBeCloseTo(590165.1155, 3);
    expect(y).toBeCloseTo(3986005.19, 3);
  });

  it('comes back to 1e-10 degree anywhere on earth', () => {
    for (const [lon, lat] of [
      [118.45, 36.2],
      [-70.3, -33.4],
      [179.99, 65],
      [-179.4, -17],
      [0.2, 0.1],
    ] as const) {
      const plane = localPlane(lon);
      const back = plane.toLonLat(plane.toPlane([[[[lon, lat]]]]))[0]?.[0]?.[0] ?? [0, 0];
      expect(Math.abs(back[0] - lon) < 1e-10 || Math.abs(Math.abs(back[0] - lon) - 360) < 1e-10).toBe(true);
      expect(back[1]).toBeCloseTo(lat, 10);
    }
  });

  it('knows its scale: squares of the plane have the ellipsoid area divided by it', () => {
    const plane = localPlane(118.45);
    const [x, y] = plane.toPlane([[[[118.45, 36.2]]]])[0]?.[0]?.[0] ?? [0, 0];
    const square = plane.toLonLat([[ring([x, y], [x + 100, y], [x + 100, y + 100], [x, y + 100])]]);
    expect(10000 / plane.scaleAt(118.45, 36.2) ** 2 / polygonAreaM2(square)).toBeCloseTo(1, 6);
  });
});

describe('densify', () => {
  const long: MultiPolygonRings = [[ring([0, 0], [210, 0], [210, 50])]];

  it('divides long edges evenly and leaves short ones', () => {
    expect(densifyPlane(long, 70)[0]?.[0]?.slice(0, 5)).toEqual([
      [0, 0],
      [70, 0],
      [140, 0],
      [210, 0],
      [210, 50],
    ]);
  });

  it('counts metres on lon/lat edges', () => {
    const edge: MultiPolygonRings = [[ring([118, 36], [118, 36.01], [118.0001, 36.01])]];
    // 0.01° of meridian at 36°N is 1,109.6 m: 16 pieces of at most 70 m.
    expect(densifyLonLat(edge)[0]?.[0]?.filter(([lon]) => lon === 118)).toHaveLength(17 + 1);
  });
});
