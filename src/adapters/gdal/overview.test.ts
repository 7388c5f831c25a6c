import gdal from 'gdal-async';
import { afterAll, describe, expect, it } from 'vitest';
import { rasterFolder } from '../../testing/rasters.js';
import { missingBytes } from '../geotiff/missing-bytes.js';
import { inspect } from './inspect.js';
import { openRaster } from './open.js';
import { overviewFactors } from './overview.js';

const folder = rasterFolder();
afterAll(() => folder.remove());

/** A ramp with averaged overviews; `alpha`: with an alpha band. */
function ramp(name: string, width: number, height: number, factors: number[], alpha = false): string {
  const path = folder.path(name);
  const options = ['TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64', ...(alpha ? ['PHOTOMETRIC=RGB', 'ALPHA=YES'] : [])];
  const dataset = gdal.open(path, 'w', 'GTiff', width, height, alpha ? 4 : 1, gdal.GDT_UInt16, options);
  dataset.srs = gdal.SpatialReference.fromEPSG(4528);
  dataset.geoTransform = [40_500_000, 2, 0, 4_400_000, 0, -2];
  if (!alpha) dataset.bands.get(1).noDataValue = 0;
  const values = Uint16Array.from({ length: width * height }, (_, i) => 100 + (i % width) + 3 * Math.floor(i / width));
  dataset.bands.get(1).pixels.write(0, 0, width, height, values);
  if (factors.length > 0) dataset.buildOverviews('AVERAGE', factors);
  dataset.close();
  return path;
}

describe('an overview as a raster', () => {
  it('has its pixels, on the grid of the file, and what the file says of missing values', () => {
    const path = ramp('ramp.tif', 256, 192, [2, 4]);
    const reduced = openRaster(path, 4);
    expect([reduced.rasterSize.x, reduced.rasterSize.y]).toEqual([64, 48]);
    expect(reduced.geoTransform).toEqual([40_500_000, 8, 0, 4_400_000, 0, -8]);
    expect(reduced.bands.get(1).noDataValue).toBe(0);
    expect(reduced.srs?.toWKT()).toBe(openRaster(path).srs?.toWKT());
    const own = openRaster(path).bands.get(1).overviews.get(1).pixels.read(0, 0, 64, 48);
    expect(reduced.bands.get(1).pixels.read(0, 0, 64, 48)).toEqual(own);
    // the mean of columns 0 to 3 and rows 0 to 3
    expect(own[0]).toBe(Math.round(100 + 1.5 + 4.5));
  });

  it('is told by whole factors, also of files that are no multiple of them', () => {
    expect(overviewFactors(openRaster(ramp('odd.tif', 250, 131, [2, 4])))).toEqual([2, 4]);
    expect(overviewFactors(openRaster(ramp('none.tif', 64, 64, [])))).toEqual([]);
    expect(() => openRaster(ramp('two.tif', 128, 128, [2]), 4)).toThrow('金字塔');
  });

  it('does not serve where the file has a mask of its own, which overviews may lack', async () => {
    const look = (path: string) => inspect({ path }, missingBytes);
    expect((await look(ramp('alpha.tif', 128, 128, [2, 4], true))).overviews).toEqual([]);
    expect((await look(ramp('plain.tif', 128, 128, [2, 4]))).overviews).toEqual([2, 4]);
  });
});
