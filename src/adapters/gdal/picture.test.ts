import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';
import { afterAll, describe, expect, it } from 'vitest';
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import type { BandRole, PairUse } from '../../model/raster.js';
import { picture } from './picture.js';

const folder = mkdtempSync(join(tmpdir(), 'tuban-picture-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** 40 × 40 pixels of 10 m in CGCS2000 zone 39, three bands, a bright square at `col,row`. */
function makeRaster(name: string, square: { col: number; row: number }, epsg: number | null = 4527): string {
  const path = join(folder, name);
  const dataset = gdal.open(path, 'w', 'GTiff', 40, 40, 3, gdal.GDT_UInt16);
  if (epsg !== null) dataset.srs = gdal.SpatialReference.fromEPSG(epsg);
  dataset.geoTransform = [39_500_000, 10, 0, 4_000_000, 0, -10];
  for (let band = 1; band <= 3; band++) {
    const pixels = new Uint16Array(1600).fill(400).map((value, i) => value + ((i * 7) % 50));
    for (let r = 0; r < 6; r++) for (let c = 0; c < 6; c++) pixels[(square.row + r) * 40 + square.col + c] = 3000;
    dataset.bands.get(band).pixels.write(0, 0, 40, 40, pixels);
  }
  dataset.close();
  return path;
}

function pairOf(before: string, after: string, roles: readonly BandRole[] = ['blue', 'green', 'red']): PairUse {
  const use = (path: string) => ({
    path,
    bands: roles.map((role, i) => ({ role, index: i + 1 })),
    sensor: 'generic',
    acquiredOn: null,
  });
  return { before: use(before), after: use(after), masks: [] };
}

/** Middle of the raster by gdaltransform: 39,500,200 E, 3,999,800 N of EPSG:4527. */
const middle = { lon: 117.002221798, lat: 36.128490472 };
const metres = metresPerDegree(middle.lat);
const box = [
  middle.lon - 300 / metres.lon,
  middle.lat - 300 / metres.lat,
  middle.lon + 300 / metres.lon,
  middle.lat + 300 / metres.lat,
] as const;

function brightest(rgb: Uint8Array, width: number): { col: number; row: number; pixels: number } {
  let [sumCol, sumRow, pixels] = [0, 0, 0];
  for (let i = 0; i < rgb.length / 3; i++) {
    if ((rgb[i * 3] ?? 0) < 240) continue;
    sumCol += (i % width) + 0.5;
    sumRow += Math.floor(i / width) + 0.5;
    pixels++;
  }
  return { col: sumCol / pixels, row: sumRow / pixels, pixels };
}

describe('picture', () => {
  it('shows both dates on one grid of square ground pixels, grey where there is no data', () => {
    const pair = pairOf(makeRaster('a.tif', { col: 5, row: 5 }), makeRaster('b.tif', { col: 25, row: 15 }));
    const shown = picture({ pair, box, maxPx: 60 });
    expect([shown.width, shown.height, Math.round(shown.metresPerPixel)]).toEqual([60, 60, 10]);
    expect(shown.rendering).toBe('true-colour');
    expect([...shown.after.slice(0, 3)]).toEqual([214, 214, 214]);
    expect([shown.afterData[0], shown.afterData[30 * 60 + 30]]).toEqual([0, 255]);
    const before = brightest(shown.before, 60);
    const after = brightest(shown.after, 60);
    expect(after.col - before.col).toBeCloseTo(20, 0);
    expect(after.row - before.row).toBeCloseTo(10, 0);
    expect(after.pixels).toBeGreaterThan(20);
  });

  it('moves BEFORE by the measured shift: the same content then lies at the same place', () => {
    const pair = pairOf(makeRaster('c.tif', { col: 17, row: 12 }), makeRaster('d.tif', { col: 14, row: 14 }));
    const shown = picture({ pair, box, maxPx: 120, shiftPx: [3, -2] });
    const before = brightest(shown.before, 120);
    const after = brightest(shown.after, 120);
    expect(before.col).toBeCloseTo(after.col, 0);
    expect(before.row).toBeCloseTo(after.row, 0);
  });

  it('falls back to false colour and to grey by the bands that both dates have', () => {
    const a = makeRaster('e.tif', { col: 5, row: 5 });
    expect(picture({ pair: pairOf(a, a, ['green', 'red', 'nir']), box, maxPx: 20 }).rendering).toBe('false-colour');
    const sar = picture({ pair: pairOf(a, a, ['sar', 'b2', 'b3']), box, maxPx: 20 });
    expect(sar.rendering).toBe('grey');
    expect(sar.after[0]).toBe(sar.after[1]);
  });

  it('refuses what cannot be a map picture, by a fault', () => {
    const a = makeRaster('f.tif', { col: 5, row: 5 });
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return (error as { code?: string }).code;
      }
      return 'none';
    };
    const bare = makeRaster('g.tif', { col: 5, row: 5 }, null);
    expect(code(() => picture({ pair: pairOf(bare, bare), box, maxPx: 20 }))).toBe('picture.no-crs');
    expect(code(() => picture({ pair: pairOf(a, a), box: [1, 1, 1, 2], maxPx: 20 }))).toBe('picture.empty-box');
    expect(code(() => picture({ pair: pairOf(join(folder, 'none.tif'), a), box, maxPx: 20 }))).toBe('raster.missing');
  });
});
