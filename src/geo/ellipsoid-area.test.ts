import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MultiPolygonRings, Position } from '../model/grid.js';
import { ELLIPSOID, perimeterM, polygonAreaM2, SERIES } from './ellipsoid-area.js';

const cell = (lon: number, lat: number, size: number): MultiPolygonRings => [
  [
    [
      [lon, lat],
      [lon + size, lat],
      [lon + size, lat + size],
      [lon, lat + size],
      [lon, lat],
    ],
  ],
];

describe('polygonAreaM2', () => {
  it('gives the published areas of cells', () => {
    expect(polygonAreaM2(cell(118, 36.18, 0.002))).toBeCloseTo(39927.45, 2);
    expect(polygonAreaM2(cell(118, 36, 0.01))).toBeCloseTo(1000384.948, 3);
    expect(polygonAreaM2(cell(118, 36, 1))).toBeCloseTo(9941644196.75, 2);
  });

  it('has the coefficients of Annex D for CGCS2000', () => {
    const published = [1.0033640898342, 0.0011241893819271, 1.6994594735e-6, 2.7178578e-9, 4.3584e-12];
    SERIES.forEach((coefficient, i) => {
      expect(Math.abs(coefficient / (published[i] ?? 0) - 1)).toBeLessThan(1e-4 / 10 ** (8 - 2 * i));
    });
  });

  /** The zone's area by the closed integral (authalic latitude), another way than the series. */
  function authalic(lat: number): number {
    const e2 = ELLIPSOID.f * (2 - ELLIPSOID.f);
    const e = Math.sqrt(e2);
    const sin = Math.sin((lat * Math.PI) / 180);
    return (
      ((ELLIPSOID.a ** 2 * (1 - e2)) / 2) * (sin / (1 - e2 * sin * sin) + Math.atanh(e * sin) / e) * (Math.PI / 180)
    );
  }

  it('agrees with the closed authalic integral wherever a cell lies, whatever its size', () => {
    const degrees = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(degrees(73, 135), degrees(3, 53), degrees(0.001, 2), (lon, lat, size) => {
        const expected = size * (authalic(lat + size) - authalic(lat));
        expect(Math.abs(polygonAreaM2(cell(lon, lat, size)) / expected - 1)).toBeLessThan(2e-10);
      }),
      { seed: 1055, numRuns: 300 },
    );
  });

  it('deducts holes and adds parts, whatever the direction of the rings', () => {
    const outer = cell(118, 36, 0.01)[0]?.[0] ?? [];
    const hole = cell(118.004, 36.004, 0.002)[0]?.[0] ?? [];
    const expected = polygonAreaM2([[outer]]) - polygonAreaM2([[hole]]);
    expect(polygonAreaM2([[outer, hole]])).toBeCloseTo(expected, 6);
    expect(polygonAreaM2([[[...outer].reverse(), hole]])).toBeCloseTo(expected, 6);
    expect(polygonAreaM2([[outer], [[...hole].reverse()]])).toBeCloseTo(
      polygonAreaM2([[outer]]) + polygonAreaM2([[hole]]),
      6,
    );
  });

  it('changes by less than 1e-7 when edges that are straight in lon/lat get more positions', () => {
    const triangle: Position[] = [
      [118, 36],
      [118.02, 36.001],
      [118.003, 36.015],
      [118, 36],
    ];
    const dense = triangle.flatMap((to, i): Position[] => {
      const from = triangle[i - 1];
      if (!from) return [to];
      return Array.from({ length: 1000 }, (_, k) => {
        const t = (k + 1) / 1000;
        return [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])] as const;
      });
    });
    expect(Math.abs(polygonAreaM2([[triangle]]) / polygonAreaM2([[dense]]) - 1)).toBeLessThan(1e-7);
  });

  it('works across the antimeridian and in the south', () => {
    const shifted: MultiPolygonRings = [
      [
        [
          [179.995, -36.01],
          [-179.995, -36.01],
          [-179.995, -36],
          [179.995, -36],
          [179.995, -36.01],
        ],
      ],
    ];
    expect(polygonAreaM2(shifted)).toBeCloseTo(1000384.948, 3);
  });

  it('is zero for what has no area', () => {
    expect(polygonAreaM2([])).toBe(0);
    expect(polygonAreaM2([[]])).toBe(0);
    expect(
      polygonAreaM2([
        [
          [
            [118, 36],
            [118.01, 36.01],
            [118, 36],
          ],
        ],
      ]),
    ).toBe(0);
  });
});

describe('perimeterM', () => {
  it('measures along meridians and parallels', () => {
    // Meridian arc 36°–37° and the arcs of the two parallels on GRS 80, by numerical integration of M and N·cos B.
    expect(perimeterM(cell(118, 36, 1))).toBeCloseTo(2 * 110968.3044 + 90163.6878 + 89011.6717, 2);
  });

  it('agrees with the geodesic of a 500 m edge to a millimetre', () => {
    // Geodesic 118/36 → 118.004/36.003 there and back, GeographicLib: 490.78924 m each way.
    const flat: MultiPolygonRings = [
      [
        [
          [118, 36],
          [118.004, 36.003],
          [118, 36],
        ],
      ],
    ];
    expect(perimeterM(flat)).toBeCloseTo(2 * 490.78924, 3);
  });
});
