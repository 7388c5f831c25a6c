import { describe, expect, it } from 'vitest';
import type { MultiPolygonRings } from '../model/grid.js';
import { boxOf } from './distance.js';
import { metresPerDegree } from './ellipsoid-area.js';
import { boxesMeet, scaleBar, squareBoxAround, svgPath } from './map-frame.js';

const square: MultiPolygonRings = [
  [
    [
      [117, 36],
      [117.001, 36],
      [117.001, 36.001],
      [117, 36.001],
      [117, 36],
    ],
  ],
];

describe('map frame', () => {
  it('knows which boxes meet; nothing meets nothing', () => {
    expect(boxesMeet(boxOf([]), [-180, -90, 180, 90])).toBe(false);
    expect(boxesMeet([0, 0, 1, 1], [1, 1, 2, 2])).toBe(true);
    expect(boxesMeet([0, 0, 1, 1], [1.1, 0, 2, 1])).toBe(false);
  });

  it('makes a box that is square on the ground, with room and a least size', () => {
    const [minLon, minLat, maxLon, maxLat] = squareBoxAround(square, 2, 10);
    const scale = metresPerDegree(36.0005);
    expect((maxLon - minLon) * scale.lon).toBeCloseTo((maxLat - minLat) * scale.lat, 6);
    expect((maxLat - minLat) * scale.lat).toBeCloseTo(2 * 0.001 * scale.lat, 6);
    const least = squareBoxAround(square, 2, 1000);
    expect((least[3] - least[1]) * scale.lat).toBeCloseTo(1000, 6);
  });

  it('puts north up and the upper left corner at 0 0', () => {
    const frame = {
      width: 10,
      height: 10,
      metresPerPixel: 1,
      transform: [117, 0.0001, 0, 36.001, 0, -0.0001],
    } as const;
    expect(svgPath(square, frame)).toBe('M0.0 10.0L10.0 10.0L10.0 0.0L0.0 0.0Z');
  });

  it.each([
    [1.3, 150, 100, '100 m'],
    [10, 150, 1000, '1 km'],
    [0.05, 100, 5, '5 m'],
    [2.6, 100, 200, '200 m'],
  ])('chooses a round scale bar: %f m/px in %f px', (metresPerPixel, px, metres, label) => {
    expect(scaleBar(metresPerPixel, px)).toMatchObject({ metres, label, px: metres / metresPerPixel });
  });
});
