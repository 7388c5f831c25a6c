/** Places as officers write them, against proj4 and by hand. */
import proj4 from 'proj4';
import { describe, expect, it } from 'vitest';
import { fewCorners } from './few-corners.js';
import { degreesText, planeCoordinates } from './plane-coordinates.js';

describe('planeCoordinates', () => {
  it('agrees with proj4 to a tenth of a millimetre and carries the zone before the easting', () => {
    for (const [lon, lat, zone] of [
      [118.15, 36.18, 39],
      [106.3, 29.4, 35],
      [134.5, 48.2, 45],
      [75.1, 39.5, 25],
    ] as const) {
      const to = `+proj=tmerc +lon_0=${zone * 3} +x_0=${zone * 1_000_000 + 500_000} +ellps=GRS80 +a=6378137 +rf=298.257222101`;
      const [easting, northing] = proj4('+proj=longlat +a=6378137 +rf=298.257222101', to, [lon, lat]);
      const found = planeCoordinates(lon, lat);
      expect(found?.zone).toBe(zone);
      expect(found?.eastingM).toBeCloseTo(easting as number, 4);
      expect(found?.northingM).toBeCloseTo(northing as number, 4);
    }
    expect(planeCoordinates(2.3, 48.8)).toBeNull();
  });

  it('writes degrees without ever writing 60 seconds', () => {
    expect(degreesText(118.2008900001)).toBe('118°12′03.204″');
    expect(degreesText(36 + 59 / 60 + 59.99996 / 3600)).toBe('37°00′00.000″');
    expect(degreesText(-0.5, 0)).toBe('-0°30′00″');
  });
});

describe('fewCorners', () => {
  it('keeps the corners of a square with many points on its sides, and says how far a circle goes astray', () => {
    const side = Array.from({ length: 10 }, (_, i) => i);
    const square = [
      ...side.map((i) => [i * 10, 0] as const),
      ...side.map((i) => [100, i * 10] as const),
      ...side.map((i) => [100 - i * 10, 100] as const),
      ...side.map((i) => [0, 100 - i * 10] as const),
      [0, 0] as const,
    ];
    expect(fewCorners(square, 12)).toEqual({ kept: [0, 10, 20, 30], astrayM: 0 });
    const circle = Array.from({ length: 361 }, (_, i) => {
      const angle = ((i % 360) * Math.PI) / 180;
      return [100 * Math.cos(angle), 100 * Math.sin(angle)] as const;
    });
    const { kept, astrayM } = fewCorners(circle, 8);
    expect(kept).toHaveLength(8);
    expect(astrayM).toBeGreaterThan(5);
    expect(astrayM).toBeLessThan(12);
    expect(fewCorners(square.slice(0, 5), 12)).toEqual({ kept: [0, 1, 2, 3], astrayM: 0 });
  });
});
