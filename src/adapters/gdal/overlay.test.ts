import { describe, expect, it } from 'vitest';
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import type { BoundaryKind } from '../../model/boundary.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';
import type { Overlap } from '../../model/patch.js';
import { polygon, rectangle } from '../../testing/ground-metres.js';
import { overlay } from './overlay.js';
import { toLonLat } from './to-lonlat.js';
import { unite } from './unite.js';

const first = (overlaps: Overlap[][]): Overlap => overlaps[0]?.[0] as Overlap;
const boundary = (id: string, geometry: MultiPolygonRings, kind: BoundaryKind = 'licences') => ({ id, kind, geometry });

describe('overlay', () => {
  const licence = boundary('L1', rectangle(0, 0, 200, 100));

  it('splits a patch that crosses a boundary: areas, greatest distance', () => {
    const patch = rectangle(180, 20, 230, 60);
    const found = first(overlay({ patches: [patch], boundaries: [licence], reachM: 50 }));
    expect(found).toMatchObject({ boundaryId: 'L1', kind: 'licences', distanceM: 0 });
    const { areaInsideM2, areaOutsideM2, greatestOutsideM } = found;
    expect(areaInsideM2).toBeCloseTo(800, 1);
    expect(areaOutsideM2).toBeCloseTo(1200, 1);
    expect(areaInsideM2 + areaOutsideM2).toBeCloseTo(polygonAreaM2(patch), 6);
    expect(greatestOutsideM).toBeCloseTo(30, 2);
  });

  it('says exactly nothing outside for a patch inside, also along a shared edge', () => {
    for (const patch of [rectangle(20, 20, 60, 60), rectangle(0, 0, 50, 50)]) {
      const found = first(overlay({ patches: [patch], boundaries: [licence], reachM: 50 }));
      expect(found).toMatchObject({ areaOutsideM2: 0, greatestOutsideM: 0, distanceM: 0 });
      expect(found.areaInsideM2).toBe(polygonAreaM2(patch));
    }
  });

  it('lists near boundaries with their distance and leaves far ones out', () => {
    const patch = rectangle(230, 20, 260, 60);
    const [near] = overlay({ patches: [patch], boundaries: [licence], reachM: 50 });
    expect(near).toHaveLength(1);
    expect(near?.[0]).toMatchObject({ areaInsideM2: 0, areaOutsideM2: polygonAreaM2(patch) });
    expect(near?.[0]?.distanceM).toBeCloseTo(30, 2);
    expect(near?.[0]?.greatestOutsideM).toBeCloseTo(60, 2);
    expect(overlay({ patches: [patch], boundaries: [licence], reachM: 20 })).toEqual([[]]);
  });

  it('respects holes of the boundary and of the patch', () => {
    const holed = boundary(
      'H',
      polygon(
        [
          [0, 0],
          [200, 0],
          [200, 100],
          [0, 100],
        ],
        [
          [50, 30],
          [50, 70],
          [90, 70],
          [90, 30],
        ],
      ),
    );
    const inHole = rectangle(60, 40, 80, 60);
    const found = first(overlay({ patches: [inHole], boundaries: [holed], reachM: 50 }));
    expect(found).toMatchObject({ areaInsideM2: 0 });
    expect(found.distanceM).toBeCloseTo(10, 2);
    const over = rectangle(40, 20, 100, 80);
    const partly = first(overlay({ patches: [over], boundaries: [holed], reachM: 50 }));
    expect(partly.areaOutsideM2).toBeCloseTo(1600, 1);
    // The deepest place is the middle of the hole, 20 m from its edges.
    expect(Math.abs(partly.greatestOutsideM - 20)).toBeLessThan(0.4);
  });

  it('does not depend on the order or the company of its inputs', () => {
    const patches = Array.from({ length: 12 }, (_, i) => rectangle(i * 17, i * 5 - 10, i * 17 + 33, i * 5 + 31));
    const boundaries = Array.from({ length: 9 }, (_, i) =>
      boundary(`B${i}`, rectangle(i * 30 - 20, -5 + i, i * 30 + 17, 55 + i)),
    );
    const straight = overlay({ patches, boundaries, reachM: 40 });
    const turned = overlay({ patches: patches.toReversed(), boundaries: boundaries.toReversed(), reachM: 40 });
    expect(turned.toReversed()).toEqual(straight);
    expect(patches.map((patch) => overlay({ patches: [patch], boundaries, reachM: 40 })[0])).toEqual(straight);
  });

  it('gives the same for a boundary that is cut because it has many edges', () => {
    const patch = rectangle(180, 20, 230, 60);
    const edge = Array.from({ length: 3000 }, (_, i): Position => [200 - i / 15, 100]);
    const fine = boundary('F', polygon([[0, 0], [200, 0], ...edge]));
    const a = first(overlay({ patches: [patch], boundaries: [fine], reachM: 50 }));
    expect(a.areaInsideM2).toBeCloseTo(800, 1);
  });

  it('takes a patch with a bow-tie ring as the area it covers', () => {
    const bowTie = polygon([
      [0, 0],
      [40, 40],
      [40, 0],
      [0, 40],
    ]);
    const found = first(overlay({ patches: [bowTie], boundaries: [licence], reachM: 5 }));
    expect(found.areaInsideM2).toBeCloseTo(800, 0);
  });
});

describe('unite', () => {
  const a = rectangle(0, 0, 20, 20);
  const b = rectangle(20.5, 0, 40, 20);
  const c = rectangle(10, 10, 30, 30);
  const far = rectangle(100, 0, 120, 20);

  it('joins what touches or lies within the snap and keeps the rest bit for bit', () => {
    const { parts, geometry } = unite({ polygons: [a, far, c], snapM: 1 });
    expect(parts).toEqual([[0, 2], [1]]);
    expect(polygonAreaM2(geometry[0] ?? [])).toBeCloseTo(400 + 400 - 100, 1);
    expect(geometry[1]).toBe(far);
    expect(unite({ polygons: [a, b], snapM: 0.1 }).parts).toEqual([[0], [1]]);
    expect(unite({ polygons: [a, b], snapM: 1 }).parts).toEqual([[0, 1]]);
  });

  it('gives the same geometry in any order', () => {
    const one = unite({ polygons: [a, b, c], snapM: 1 });
    const two = unite({ polygons: [c, b, a], snapM: 1 });
    expect(two.geometry).toEqual(one.geometry);
    expect(unite({ polygons: [], snapM: 1 })).toEqual({ parts: [], geometry: [] });
  });
});

describe('toLonLat', () => {
  it('reads EPSG:4528 as easting, northing and answers lon, lat', () => {
    const [rings] = toLonLat({
      crs: 'EPSG:4528',
      polygons: [
        [
          [
            [
              [40500000, 4000000],
              [40500100, 4000000],
              [40500100, 4000100],
              [40500000, 4000000],
            ],
          ],
        ],
      ],
    });
    const [lon, lat] = rings?.[0]?.[0]?.[0] ?? [0, 0];
    expect(lon).toBeCloseTo(120, 9);
    expect(lat).toBeCloseTo(36.13029292, 7);
  });

  it('takes WGS 84 as CGCS2000 and refuses an unknown system', () => {
    const ring: MultiPolygonRings = [
      [
        [
          [118, 36],
          [118.1, 36],
          [118.1, 36.1],
          [118, 36],
        ],
      ],
    ];
    expect(toLonLat({ crs: 'EPSG:4326', polygons: [ring] })).toEqual([ring]);
    expect(() => toLonLat({ crs: 'EPSG:999999', polygons: [ring] })).toThrow(/坐标系/);
  });
});
