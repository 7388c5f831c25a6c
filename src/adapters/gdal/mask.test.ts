import { writeFileSync } from 'node:fs';
import gdal from 'gdal-async';
import { afterAll, describe, expect, it } from 'vitest';
import type { Grid, MultiPolygonRings, Window } from '../../model/grid.js';
import { rasterFolder, writeTiny } from '../../testing/rasters.js';
import { lonLat } from './lon-lat.js';
import { readSeenMask } from './mask.js';

const folder = rasterFolder();
afterAll(() => folder.remove());

function gridOf(
  epsg: number,
  transform: readonly [number, number, number, number, number, number],
  width = 8,
  height = 6,
): Grid {
  return { crs: gdal.SpatialReference.fromEPSG(epsg).toWKT(), transform, width, height };
}
const UTM = gridOf(32650, [500000, 10, 0, 4400000, 0, -10]);
const whole = (grid: Grid): Window => ({ col: 0, row: 0, width: grid.width, height: grid.height });

/** One line per row: `.` seen, `#` not seen. */
function picture(seen: Uint8Array | null, width: number): string[] {
  const text = Array.from(seen ?? [], (v) => (v === 1 ? '.' : '#')).join('');
  return text.match(new RegExp(`.{${width}}`, 'g')) ?? [];
}

/** A polygon over the box of pixels [col, row] … of a grid, as GeoJSON in lon/lat. */
function geojson(name: string, grid: Grid, from: [number, number], to: [number, number]): string {
  const place = lonLat(grid.crs);
  const t = grid.transform;
  const corner = (c: number, r: number) => place.toLonLat(t[0] + c * t[1] + r * t[2], t[3] + c * t[4] + r * t[5]);
  const ring = [corner(...from), corner(to[0], from[1]), corner(...to), corner(from[0], to[1]), corner(...from)];
  const coordinates = [ring] as unknown as MultiPolygonRings[number];
  const path = folder.path(name);
  writeFileSync(
    path,
    JSON.stringify({
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates } }],
    }),
  );
  return path;
}

describe('readSeenMask', () => {
  it('is null without masks', () => {
    expect(readSeenMask([], UTM, whole(UTM))).toBeNull();
  });

  it('reads SCL of 20 m on a 10 m grid, each code by its meaning', () => {
    const path = writeTiny(folder.path('scl.tif'), {
      type: 'Byte',
      width: 4,
      height: 3,
      transform: [500000, 20, 0, 4400000, 0, -20],
      bands: [(col, row) => row * 4 + col],
    });
    expect(picture(readSeenMask([{ code: 'scl', path }], UTM, whole(UTM)), 8)).toEqual([
      '####..##',
      '####..##',
      '........',
      '........',
      '########',
      '########',
    ]);
  });

  it('what SCL does not cover is not seen; what a plain mask does not cover is', () => {
    const transform = [500020, 10, 0, 4400000, 0, -10];
    const path = writeTiny(folder.path('part.tif'), { type: 'Byte', width: 4, height: 6, transform, bands: [4] });
    const line = (code: 'scl' | 'nonzero') => picture(readSeenMask([{ code, path }], UTM, whole(UTM)), 8)[0];
    expect(line('scl')).toBe('##....##');
    expect(line('nonzero')).toBe('..####..');
  });

  it('combines masks: seen by all of them', () => {
    const left = writeTiny(folder.path('left.tif'), { type: 'Byte', bands: [(c) => (c < 2 ? 1 : 0)] });
    const qa = writeTiny(folder.path('qa.tif'), { bands: [(c) => (c > 5 ? 22280 : 21824)] });
    const masks = [
      { code: 'nonzero', path: left },
      { code: 'qa_pixel', path: qa },
    ] as const;
    expect(picture(readSeenMask(masks, UTM, whole(UTM)), 8)[3]).toBe('##....##');
  });

  it('gives each pixel the same value in any window, also beyond the grid', () => {
    const path = writeTiny(folder.path('rot.tif'), {
      type: 'Byte',
      width: 20,
      height: 20,
      transform: [500000 - 40, 5.3, 2.1, 4400000 + 30, 1.7, -4.9],
      bands: [(c, r) => (c * 7 + r * 3) % 3],
    });
    const big = { col: -3, row: -2, width: 14, height: 10 };
    const all = picture(readSeenMask([{ code: 'nonzero', path }], UTM, big), 14);
    expect(all.join('')).toMatch(/#/);
    for (const [col, row] of [
      [0, 0],
      [3, 2],
      [-1, 4],
    ] as const) {
      const part = picture(readSeenMask([{ code: 'nonzero', path }], UTM, { col, row, width: 5, height: 3 }), 5);
      expect(part).toEqual(all.slice(row + 2, row + 5).map((line) => line.slice(col + 3, col + 8)));
    }
  });

  it('finds the layer by name in a stack', () => {
    const path = writeTiny(folder.path('stack.tif'), { bands: [3, 4], names: ['B02', 'SCL'] });
    expect(picture(readSeenMask([{ code: 'scl', path }], UTM, whole(UTM)), 8)[0]).toBe('........');
  });

  it.each([
    ['UTM 50', UTM],
    ['CGCS2000 3-degree zone with northing first', gridOf(4528, [40400000, 10, 0, 4400000, 0, -10])],
    ['geographic', gridOf(4490, [117, 1e-4, 0, 36, 0, -1e-4])],
    ['rotated', gridOf(32650, [500000, 8, 6, 4400000, 6, -8])],
    ['south up', gridOf(32650, [500000, 10, 0, 4400000, 0, 10])],
  ])('brings a lon/lat polygon and a lon/lat raster onto a grid: %s', (name, grid) => {
    const path = geojson(`${name}.geojson`, grid, [2.3, 1.3], [4.7, 3.7]);
    const expected = ['........', '..###...', '..###...', '..###...', '........', '........'];
    expect(picture(readSeenMask([{ code: 'vector', path }], grid, whole(grid)), 8)).toEqual(expected);

    // the same place as a fine raster in lon/lat: 1 inside the polygon's box of pixels
    const place = lonLat(grid.crs);
    const t = grid.transform;
    const middle = place.toLonLat(t[0] + 4 * t[1] + 3 * t[2], t[3] + 4 * t[4] + 3 * t[5]) ?? [0, 0];
    const det = t[1] * t[5] - t[2] * t[4];
    const inside = (lon: number, lat: number): number => {
      const [x, y] = place.toMap(lon, lat) ?? [0, 0];
      const col = ((x - t[0]) * t[5] - (y - t[3]) * t[2]) / det;
      const row = ((y - t[3]) * t[1] - (x - t[0]) * t[4]) / det;
      return col > 2 && col < 5 && row > 1 && row < 4 ? 1 : 0;
    };
    const step = 1e-5;
    const origin = [middle[0] - 100 * step, middle[1] + 100 * step] as const;
    const raster = writeTiny(folder.path(`${name}.tif`), {
      type: 'Byte',
      width: 200,
      height: 200,
      crs: 4326,
      transform: [origin[0], step, 0, origin[1], 0, -step],
      bands: [(c, r) => inside(origin[0] + (c + 0.5) * step, origin[1] - (r + 0.5) * step)],
    });
    expect(picture(readSeenMask([{ code: 'nonzero', path: raster }], grid, whole(grid)), 8)).toEqual(expected);
  });

  it('without coordinate systems, masks of the same size lie pixel on pixel; others are refused', () => {
    const bare: Grid = { crs: '', transform: [0, 1, 0, 0, 0, 1], width: 8, height: 6 };
    const path = writeTiny(folder.path('bare.tif'), { crs: null, transform: null, bands: [(c) => (c === 3 ? 9 : 0)] });
    expect(picture(readSeenMask([{ code: 'nonzero', path }], bare, whole(bare)), 8)[2]).toBe('...#....');
    expect(picture(readSeenMask([{ code: 'nonzero', path }], UTM, whole(UTM)), 8)[2]).toBe('...#....');
    expect(() => readSeenMask([{ code: 'nonzero', path }], { ...bare, width: 9 }, whole(bare))).toThrow(/8×6.*9×6/);
    const vector = geojson('v.geojson', UTM, [0, 0], [1, 1]);
    expect(() => readSeenMask([{ code: 'vector', path: vector }], bare, whole(bare))).toThrow(/坐标系/);
  });

  it('refuses values that the named layer cannot hold, and files that are no masks', () => {
    const path = writeTiny(folder.path('notscl.tif'), { bands: [1200] });
    expect(() => readSeenMask([{ code: 'scl', path }], UTM, whole(UTM))).toThrow(/1200.*SCL/);
    const bytes = writeTiny(folder.path('bytes.tif'), { type: 'Byte', bands: [9] });
    expect(() => readSeenMask([{ code: 'qa_pixel', path: bytes }], UTM, whole(UTM))).toThrow(/8 位/);
    expect(() => readSeenMask([{ code: 'fmask', path: folder.path('gone.tif') }], UTM, whole(UTM))).toThrow(
      /找不到.*gone/,
    );
    const vector = geojson('w.geojson', UTM, [0, 0], [1, 1]);
    expect(() => readSeenMask([{ code: 'scl', path: vector }], UTM, whole(UTM))).toThrow(/不是栅格/);
    expect(() => readSeenMask([{ code: 'vector', path }], UTM, whole(UTM))).toThrow(/矢量图层/);
  });
});
