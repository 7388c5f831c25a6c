import { readFileSync, writeFileSync } from 'node:fs';
import gdal from 'gdal-async';
import { afterAll, describe, expect, it } from 'vitest';
import type { MultiPolygonRings, Position } from '../../model/grid.js';
import type { MaskUse } from '../../model/raster.js';
import { type RasterSpec, rasterFolder, writeTiny } from '../../testing/rasters.js';
import { footprint } from './footprint.js';
import { lonLat } from './lon-lat.js';
import { openRaster } from './open.js';

const folder = rasterFolder();
afterAll(() => folder.remove());
let made = 0;

function outlineOf(spec: RasterSpec, masks: readonly MaskUse[] = []) {
  made += 1;
  const path = writeTiny(folder.path(`${made}.tif`), spec);
  const bands = (spec.bands ?? [0]).map((_, i) => ({ role: `b${i + 1}` as const, index: i + 1 }));
  return { path, ...footprint({ use: { path, bands, sensor: 'unknown', acquiredOn: null }, masks }) };
}

/** The outline back on the raster's own pixels (corners as col,row, rounded to 1/1000). */
function inPixels(path: string, rings: MultiPolygonRings): MultiPolygonRings {
  const dataset = openRaster(path);
  const place = lonLat(dataset.srs?.toWKT() ?? '');
  const [x0 = 0, a = 1, b = 0, y0 = 0, d = 0, e = 1] = dataset.geoTransform ?? [];
  const det = a * e - b * d;
  const pixel = ([lon, lat]: Position): Position => {
    const [x, y] = place.toMap(lon, lat) ?? [Number.NaN, Number.NaN];
    const [dx, dy] = [x - x0, y - y0];
    const rounded = (value: number): number => Math.round(value * 1000) / 1000 + 0;
    return [rounded((dx * e - dy * b) / det), rounded((dy * a - dx * d) / det)];
  };
  return rings.map((polygon) => polygon.map((ring) => ring.map(pixel)));
}

function areaPx(rings: MultiPolygonRings): number {
  const ringArea = (ring: readonly Position[]): number =>
    ring.slice(1).reduce((sum, [x, y], i) => {
      const [x0, y0] = ring[i] ?? [0, 0];
      return sum + (x0 * y - x * y0) / 2;
    }, 0);
  return rings.reduce((sum, polygon) => sum + polygon.reduce((s, ring) => s + ringArea(ring), 0), 0);
}

/** Even-odd over all rings. */
function contains(rings: MultiPolygonRings, x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings.flat()) {
    for (let i = 1; i < ring.length; i++) {
      const [[x0, y0], [x1, y1]] = [ring[i - 1] ?? [0, 0], ring[i] ?? [0, 0]];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
    }
  }
  return inside;
}

describe('footprint', () => {
  it.each<[string, RasterSpec]>([
    ['UTM', {}],
    ['CGCS2000 3-degree zone, northing first', { crs: 4528, transform: [40400000, 10, 0, 4400000, 0, -10] }],
    ['CGCS2000 geographic', { crs: 4490, transform: [117, 1e-4, 0, 36, 0, -1e-4] }],
    ['WGS 84 geographic', { crs: 4326, transform: [117, 1e-4, 0, 36, 0, -1e-4] }],
    ['rotated', { transform: [500000, 8, 6, 4400000, 6, -8] }],
    ['south up', { transform: [500000, 10, 0, 4400000, 0, 10] }],
    ['Web Mercator', { crs: 3857, transform: [13000000, 10, 0, 4400000, 0, -10] }],
  ])('is the raster itself where all is valid: %s', (_, spec) => {
    const { path, footprint: rings, validShare } = outlineOf(spec);
    expect(validShare).toBe(1);
    const pixels = inPixels(path, rings);
    expect(Math.abs(areaPx(pixels))).toBeCloseTo(48, 2);
    const flat = pixels.flat(2);
    expect([Math.min(...flat.map((p) => p[0])), Math.max(...flat.map((p) => p[0]))]).toEqual([0, 8]);
    expect([Math.min(...flat.map((p) => p[1])), Math.max(...flat.map((p) => p[1]))]).toEqual([0, 6]);
    const [lon, lat] = rings[0]?.[0]?.[0] ?? [0, 0];
    expect(lon).toBeGreaterThan(115);
    expect(lon).toBeLessThan(120);
    expect(lat).toBeGreaterThan(35);
    expect(lat).toBeLessThan(40);
    for (const value of rings.flat(3)) expect(value).toBe(Math.round(value * 1e9) / 1e9);
  });

  it('tells the pixel size in metres, geographic grids included', () => {
    expect(outlineOf({}).gsdM).toBe(10);
    const { gsdM } = outlineOf({ crs: 4490, transform: [117, 1e-4, 0, 36, 0, -1e-4] });
    // 1e-4° at 36° N: 9.02 m east, 11.10 m north
    expect(gsdM).toBeCloseTo(10.0, 1);
  });

  const left = (col: number) => (col < 3 ? 0 : 7);
  it.each<[string, RasterSpec]>([
    ['a declared value', { bands: [(c) => (c < 3 ? 999 : 7)], noData: 999 }],
    ['a declared value in one band of two', { bands: [5, (c) => (c < 3 ? 999 : 7)], noData: 999 }],
    ['NaN', { type: 'Float32', bands: [(c) => (c < 3 ? Number.NaN : 7)] }],
    ['declared NaN', { type: 'Float32', bands: [(c) => (c < 3 ? Number.NaN : 7)], noData: Number.NaN }],
    ['zero in all of three bands or more', { bands: [left, left, left] }],
    [
      'an alpha band',
      { type: 'Byte', bands: [7, 7, 7, (c) => (c < 3 ? 0 : 255)], options: ['PHOTOMETRIC=RGB', 'ALPHA=YES'] },
    ],
  ])('leaves out what is not valid: %s', (name, spec) => {
    const wanted = name === 'an alpha band' ? 3 : (spec.bands?.length ?? 1);
    made += 1;
    const path = writeTiny(folder.path(`${made}.tif`), spec);
    const bands = Array.from({ length: wanted }, (_, i) => ({ role: `b${i + 1}` as const, index: i + 1 }));
    const result = footprint({ use: { path, bands, sensor: 'unknown', acquiredOn: null }, masks: [] });
    expect(result.validShare).toBe(5 / 8);
    expect(areaPx(inPixels(path, result.footprint))).toBeCloseTo(30, 2);
  });

  it('tests no-data on raw values, with zero in some bands still valid', () => {
    expect(outlineOf({ bands: [0, 0, 5] }).validShare).toBe(1);
    expect(outlineOf({ bands: [(c) => c - 4], type: 'Int16', noData: -4 }).validShare).toBe(7 / 8);
  });

  it('leaves out what masks cover, holes and islands included', () => {
    const mask = writeTiny(folder.path('m.tif'), { type: 'Byte', bands: [(c, r) => (c === 4 && r === 3 ? 1 : 0)] });
    const { path, footprint: rings, validShare } = outlineOf({}, [{ date: 'both', code: 'nonzero', path: mask }]);
    expect(validShare).toBe(47 / 48);
    expect(rings).toHaveLength(1);
    expect(rings[0]).toHaveLength(2);
    expect(areaPx(inPixels(path, rings))).toBeCloseTo(47, 2);
  });

  it('of a large slanted scene holds every valid pixel with few corners', () => {
    const [width, height] = [1500, 1100];
    const valid = (c: number, r: number): boolean => c + r * 0.27 > 200 && c + r * 0.27 < 1400 && r - c * 0.21 < 800;
    const spec: RasterSpec = {
      width,
      height,
      bands: [(c, r) => (valid(c, r) ? 500 : 0)],
      noData: 0,
      options: ['TILED=YES', 'COMPRESS=DEFLATE'],
    };
    const { path, footprint: rings, validShare } = outlineOf(spec);
    const pixels = inPixels(path, rings);
    let count = 0;
    for (let r = 0; r < height; r++) for (let c = 0; c < width; c++) if (valid(c, r)) count++;
    expect(validShare).toBe(count / (width * height));
    expect(rings.flat(2).length).toBeLessThan(400);
    for (let r = 0; r < height; r += 7) {
      for (let c = 0; c < width; c += 5) if (valid(c, r)) expect(contains(pixels, c + 0.5, r + 0.5)).toBe(true);
    }
    // at most two cells of 3 pixels beyond: the outline is 4,600 pixels long
    expect(Math.abs(areaPx(pixels))).toBeLessThan(count + 4600 * 6);
    const shape = gdal.Geometry.fromGeoJson({ type: 'MultiPolygon', coordinates: rings });
    expect(shape.isValid()).toBe(true);
  });

  it('stays small and valid for salt and pepper', () => {
    const { footprint: rings, validShare } = outlineOf({
      width: 400,
      height: 400,
      bands: [(c, r) => ((c * 31 + r * 17) % 5 < 2 ? 0 : 9)],
      noData: 0,
    });
    expect(validShare).toBeCloseTo(0.6, 3);
    expect(rings.flat(2).length).toBeLessThan(3000);
    expect(gdal.Geometry.fromGeoJson({ type: 'MultiPolygon', coordinates: rings }).isValid()).toBe(true);
  });

  it('finds a corrupt block and says where', () => {
    const noise = (c: number, r: number): number => (c * 7919 + r * 104729) % 60000;
    const path = writeTiny(folder.path('坏块.tif'), {
      width: 256,
      height: 256,
      bands: [noise],
      options: ['TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64', 'COMPRESS=DEFLATE'],
    });
    const bytes = readFileSync(path);
    bytes.fill(0xa5, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 400);
    writeFileSync(path, bytes);
    const use = { path, bands: [{ role: 'b1' as const, index: 1 }], sensor: 'unknown', acquiredOn: null };
    expect(() => footprint({ use, masks: [] })).toThrow(/坏块\.tif 第 1 波段.*损坏/);
  });

  it('refuses a file without any valid pixel, without a place, or with an impossible place', () => {
    expect(() => outlineOf({ bands: [0], noData: 0 })).toThrow(/没有有效像元/);
    expect(() => outlineOf({ crs: null })).toThrow(/没有坐标系/);
    expect(() => outlineOf({ crs: 4326, transform: [500000, 10, 0, 4400000, 0, -10] })).toThrow(/地理参考可能有误/);
    expect(() => outlineOf({ crs: 32650, transform: [500000, 10, 0, 44000000, 0, -10] })).toThrow(/地理参考可能有误/);
  });
});
