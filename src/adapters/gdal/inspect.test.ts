import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import gdal from 'gdal-async';
import { afterAll, describe, expect, it } from 'vitest';
import { Fault } from '../../model/fault.js';
import { rasterFolder, writeTiny } from '../../testing/rasters.js';
import { missingBytes } from '../geotiff/missing-bytes.js';
import { inspect } from './inspect.js';

const folder = rasterFolder();
afterAll(() => folder.remove());

const look = (path: string) => inspect({ path }, missingBytes);
async function code(path: string): Promise<string> {
  const fault = await look(path).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(Fault);
  const { message, blame } = fault as Fault;
  expect(blame).toBe('input');
  // Chinese first, then English; never a stack or an address in native code
  expect(message).toMatch(/^[^(]*[\u4e00-\u9fff][\s\S]*\([\s\S]*\)/);
  expect(message).not.toMatch(/\n\s+at |0x[0-9a-f]{6}/);
  return `${(fault as Fault).code}: ${message}`;
}

describe('inspect', () => {
  it('tells grid, bands, tiles, overviews and metadata of a GeoTIFF', async () => {
    const path = writeTiny(folder.path('甲 地.tif'), {
      width: 64,
      height: 32,
      type: 'Int16',
      bands: [1, 2, 3],
      names: ['B02', 'B03', 'B04'],
      noData: -9999,
      metadata: { ACQUISITION_DATE: '2026-08-15' },
      options: ['TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=32'],
    });
    const info = await look(path);
    expect(info).toMatchObject({
      path,
      driver: 'GTiff',
      grid: { transform: [500000, 10, 0, 4400000, 0, -10], width: 64, height: 32 },
      tile: { width: 16, height: 32 },
      overviews: [],
      metadata: { ACQUISITION_DATE: '2026-08-15' },
    });
    expect(info.grid.crs).toContain('UTM zone 50N');
    expect(info.bands.map((b) => [b.index, b.type, b.description, b.noData])).toEqual([
      [1, 'int16', 'B02', -9999],
      [2, 'int16', 'B03', -9999],
      [3, 'int16', 'B04', -9999],
    ]);
    expect(info.ungeoreferenced).toBeUndefined();
  });

  it.each([
    ['COG', 'c.tif', 'GTiff', [2]],
    ['JP2OpenJPEG', 'j.jp2', 'JP2OpenJPEG', []],
    ['HFA', 'h.img', 'HFA', []],
  ])('opens %s', async (driver, name, read, overviews) => {
    const path = writeTiny(folder.path(name), { driver, width: 600, height: 520 });
    const info = await look(path);
    expect(info.driver).toBe(read);
    expect(info.grid.width).toBe(600);
    expect(info.grid.crs).toContain('UTM zone 50N');
    if (driver === 'COG') expect(info.overviews).toEqual(overviews);
  });

  it('takes rotated and south-up grids and geographic systems as they are', async () => {
    const rotated = [500000, 8, 6, 4400000, 6, -8];
    const path = writeTiny(folder.path('rot.tif'), { transform: rotated });
    expect((await look(path)).grid.transform).toEqual(rotated);
    const geo = writeTiny(folder.path('geo.tif'), { crs: 4490, transform: [117, 1e-4, 0, 36, 0, -1e-4] });
    expect((await look(geo)).grid.crs).toMatch(/^GEOGCS/);
  });

  it('says what is there instead of a coordinate system', async () => {
    const nothing = await look(writeTiny(folder.path('n.tif'), { crs: null, transform: null }));
    expect([nothing.grid.crs, nothing.ungeoreferenced]).toEqual(['', 'none']);
    const noCrs = await look(writeTiny(folder.path('nc.tif'), { crs: null }));
    expect([noCrs.grid.crs, noCrs.ungeoreferenced]).toEqual(['', 'no-crs']);
    const noGrid = await look(writeTiny(folder.path('ng.tif'), { transform: null }));
    expect([noGrid.grid.crs, noGrid.ungeoreferenced]).toEqual(['', 'no-grid']);
    const local = 'LOCAL_CS["mine grid",UNIT["metre",1]]';
    expect((await look(writeTiny(folder.path('l.tif'), { crs: local }))).ungeoreferenced).toBe('local');
  });

  it('tells raw images with control points or RPC from images without any place', async () => {
    const make = (name: string, place: (dataset: gdal.Dataset) => void): string => {
      const path = folder.path(name);
      const dataset = gdal.open(path, 'w', 'GTiff', 8, 6, 1, gdal.GDT_Byte);
      place(dataset);
      dataset.close();
      return path;
    };
    const bare = gdal.open(make('bare.tif', () => undefined));
    const corners = [
      [0, 0, 117, 36],
      [8, 0, 117.1, 36.02],
      [0, 6, 117, 35.9],
    ].flatMap((corner) => ['-gcp', ...corner.map(String)]);
    const gcps = folder.path('gcps.tif');
    gdal.translate(gcps, bare, ['-a_srs', 'EPSG:4326', ...corners]).close();
    bare.close();
    expect((await look(gcps)).ungeoreferenced).toBe('gcps');
    const terms = (first: number): string => [first, ...Array(19).fill(0)].join(' ');
    const rpc = make('rpc.tif', (dataset) => {
      const numbers = { LINE_OFF: 3, SAMP_OFF: 4, LAT_OFF: 36, LONG_OFF: 117, HEIGHT_OFF: 100 };
      const scales = { LINE_SCALE: 3, SAMP_SCALE: 4, LAT_SCALE: 1, LONG_SCALE: 1, HEIGHT_SCALE: 100 };
      const coefficients = {
        LINE_NUM_COEFF: terms(0),
        LINE_DEN_COEFF: terms(1),
        SAMP_NUM_COEFF: terms(0),
        SAMP_DEN_COEFF: terms(1),
      };
      dataset.setMetadata({ ...numbers, ...scales, ...coefficients }, 'RPC');
    });
    expect((await look(rpc)).ungeoreferenced).toBe('rpc');
  });

  it('refuses what is no raster, by what it is', async () => {
    expect(await code(folder.path('没有.tif'))).toMatch(/^scene\.missing: 找不到文件/);
    writeFileSync(folder.path('zero.tif'), '');
    expect(await code(folder.path('zero.tif'))).toMatch(/^scene\.empty: zero\.tif 是空文件/);
    writeFileSync(folder.path('text.tif'), '这不是影像，是一段文字\n'.repeat(50));
    expect(await code(folder.path('text.tif'))).toMatch(/^scene\.unreadable: .*内容是文本/);
    writeFileSync(folder.path('page.tif'), '<!DOCTYPE html><html><body>login</body></html>');
    expect(await code(folder.path('page.tif'))).toMatch(/^scene\.unreadable: .*网页/);
    writeFileSync(folder.path('zip.jp2'), Buffer.from('504b0304140000000800', 'hex'));
    expect(await code(folder.path('zip.jp2'))).toMatch(/^scene\.unreadable: .*ZIP/);
    writeFileSync(folder.path('junk.img'), Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)));
    expect(await code(folder.path('junk.img'))).toMatch(/^scene\.unreadable: junk\.img/);
    mkdirSync(folder.path('sub'));
    expect(await code(folder.path('sub'))).toMatch(/^scene\.folder/);
    writeFileSync(
      folder.path('v.geojson'),
      '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}]}',
    );
    expect(await code(folder.path('v.geojson'))).toMatch(/^scene\.no-bands: .*layer import/);
  });

  it('finds a cut-off TIFF before decoding it', async () => {
    // the directory of a COG stands at the beginning, so the file opens though its tiles are gone
    const noise = (col: number, row: number) => (col * 7919 + row * 104729) % 60000;
    const cog = writeTiny(folder.path('cut.tif'), { driver: 'COG', width: 700, height: 600, bands: [noise] });
    const whole = readFileSync(cog).length;
    truncateSync(cog, Math.floor(whole * 0.6));
    const message = await code(cog);
    expect(message).toMatch(/^scene\.truncated: cut\.tif 不完整/);
    expect(message).toContain(`${Math.floor(whole * 0.6)} 字节`);
    // a plain TIFF of these has its directory at the end
    const bytes = readFileSync(writeTiny(folder.path('tail.tif'), { width: 300, height: 300, bands: [noise, noise] }));
    bytes.writeUInt32LE(bytes.length - 20, 4);
    writeFileSync(folder.path('tail.tif'), bytes.subarray(0, bytes.length - 20));
    expect(await code(folder.path('tail.tif'))).toMatch(/^scene\.truncated: .*目录缺失或损坏/);
  });

  it('does not take sparse tiles for missing ones', async () => {
    const path = writeTiny(folder.path('sparse.tif'), {
      width: 512,
      height: 512,
      bands: [0],
      options: ['TILED=YES', 'SPARSE_OK=TRUE'],
    });
    expect((await look(path)).grid.width).toBe(512);
  });

  it('refuses complex pixels and degenerate grids', async () => {
    expect(await code(writeTiny(folder.path('slc.tif'), { type: 'CFloat32' }))).toMatch(
      /^scene\.type: .*CFloat32.*强度/,
    );
    const flat = writeTiny(folder.path('flat.tif'), { transform: [500000, 10, 20, 4400000, 5, 10] });
    expect(await code(flat)).toMatch(/^scene\.grid/);
  });
});
