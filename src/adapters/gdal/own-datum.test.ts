/** Layers in a classified datum, converted with a bureau's own parameters (made up here). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LayerReading } from '../../model/boundary.js';
import type { OwnDatum, SevenParameters } from '../../model/own-datum.js';
import { readLayer } from './read-layer.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-own-datum-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const SEVEN: SevenParameters = {
  convention: 'coordinate-frame',
  translationM: [11.125, -22.25, 33.375],
  rotationArcsec: [0.4375, -0.5625, 0.6875],
  scalePpm: 7.8125,
};
const own = (parameters: OwnDatum['parameters']): OwnDatum => ({ digest: '0123abcd', parameters });

function read(name: string, text: string, crs: string | null, ownDatum?: OwnDatum): LayerReading {
  const path = join(dir, name);
  writeFileSync(path, text);
  const wish = { path, kind: 'licences' as const, crs, encoding: null, validFrom: null };
  return readLayer(ownDatum ? { ...wish, ownDatum } : wish);
}

const RING = [
  [118.2, 36.1],
  [118.21, 36.1],
  [118.205, 36.11],
  [118.2, 36.1],
] as const;
const GEOJSON = JSON.stringify({
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { 许可证号: 'C1', 中心点: '118.205123,36.104567', 面积: 49.96 },
      geometry: { type: 'Polygon', coordinates: [RING] },
    },
  ],
});

/** Bursa-Wolf written out: IAG 1975 ellipsoid to geocentric, turned, and back on GRS 80 by iteration. */
function bursaWolf([lon, lat]: readonly [number, number], seven: SevenParameters): [number, number] {
  const rad = Math.PI / 180;
  const [a1, f1, a2, f2] = [6378140, 1 / 298.257, 6378137, 1 / 298.257222101];
  const e1 = f1 * (2 - f1);
  const e2 = f2 * (2 - f2);
  const [l, b] = [lon * rad, lat * rad];
  const n = a1 / Math.sqrt(1 - e1 * Math.sin(b) ** 2);
  const p = [n * Math.cos(b) * Math.cos(l), n * Math.cos(b) * Math.sin(l), n * (1 - e1) * Math.sin(b)] as const;
  const sign = seven.convention === 'coordinate-frame' ? 1 : -1;
  const [rx, ry, rz] = seven.rotationArcsec.map((s) => (sign * s * rad) / 3600) as [number, number, number];
  const m = 1 + seven.scalePpm * 1e-6;
  const [dx, dy, dz] = seven.translationM;
  const x = dx + m * (p[0] + rz * p[1] - ry * p[2]);
  const y = dy + m * (-rz * p[0] + p[1] + rx * p[2]);
  const z = dz + m * (ry * p[0] - rx * p[1] + p[2]);
  const across = Math.hypot(x, y);
  let latitude = Math.atan2(z, across * (1 - e2));
  for (let i = 0; i < 20; i++) {
    const radius = a2 / Math.sqrt(1 - e2 * Math.sin(latitude) ** 2);
    latitude = Math.atan2(z + e2 * radius * Math.sin(latitude), across);
  }
  return [Math.atan2(y, x) / rad, latitude / rad];
}

describe('own parameters', () => {
  it.each(['coordinate-frame', 'position-vector'] as const)(
    'convert as Bursa-Wolf with the %s rotation does',
    (convention) => {
      const seven = { ...SEVEN, convention };
      const reading = read('a.geojson', GEOJSON, 'EPSG:4610', own({ Xian80: seven }));
      const [boundary] = reading.boundaries;
      expect(boundary?.excludedReason).toBeNull();
      for (const [lon, lat] of RING.slice(0, 3).map((position) => bursaWolf(position, seven))) {
        const near = boundary?.geometry[0]?.[0]?.some(([x, y]) => Math.hypot(x - lon, y - lat) < 2e-9);
        expect(near).toBe(true);
      }
    },
  );

  it('are marked with the polygon and named by digest, and take the source coordinates away', () => {
    const reading = read('a.geojson', GEOJSON, 'EPSG:4610', own({ Xian80: SEVEN }));
    expect(reading.assumptions).toContain(
      '1980西安坐标系：由本单位自有参数转换为2000国家大地坐标系（参数摘要 0123abcd）',
    );
    expect(reading.boundaries[0]?.attributes).toEqual({
      许可证号: 'C1',
      面积: 49.96,
      坐标转换: '由本单位自有参数转换',
    });
    expect(JSON.stringify(reading)).not.toMatch(/11\.125|22\.25|33\.375|0\.4375|0\.5625|0\.6875|7\.8125/);
  });

  it('serve corner points and zones, too', () => {
    const text = `许可证号\t拐点坐标\nC1\t1,3,J1,3998000.12,39560000.5,J2,3998000,39560300,J3,3998300,39560300,285,8,,1,\n`;
    const without = read('a.txt', text, 'EPSG:2363');
    const reading = read('a.txt', text, 'EPSG:2363', own({ Xian80: SEVEN }));
    expect(without.boundaries[0]?.excludedReason).toContain('1980西安坐标系');
    expect(without.boundaries[0]?.attributes.拐点坐标).toBeDefined();
    expect(reading.boundaries[0]).toMatchObject({ number: 'C1', excludedReason: null });
    expect(reading.boundaries[0]?.attributes).toEqual({
      许可证号: 'C1',
      标高上限: 285,
      标高下限: 8,
      坐标转换: '由本单位自有参数转换',
    });
    const [before, after] = [without, reading].map(({ boundaries }) => boundaries[0]?.geometry[0]?.[0]?.[0] ?? [0, 0]);
    const expected = bursaWolf([before?.[0] ?? 0, before?.[1] ?? 0], SEVEN);
    expect(Math.hypot((after?.[0] ?? 0) - expected[0], (after?.[1] ?? 0) - expected[1])).toBeLessThan(3e-9);
  });

  it('leave the other datum as it was, and CGCS2000 alone', () => {
    const xian = read('a.geojson', GEOJSON, 'EPSG:4610', own({ Beijing54: SEVEN }));
    expect(xian.boundaries[0]?.excludedReason).toContain('1980西安坐标系');
    const official = read('a.geojson', GEOJSON, 'EPSG:4490', own({ Xian80: SEVEN }));
    expect(official.boundaries).toEqual(read('a.geojson', GEOJSON, 'EPSG:4490').boundaries);
  });
});
