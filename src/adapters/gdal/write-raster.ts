/** writeRaster: a raw row-major file becomes a tiled GeoTIFF on a grid, strip by strip. */
import { closeSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import type { WorkCatalogue } from '../../model/work.js';
import { referenceFrom } from './spatial-reference.js';

const STRIP_ROWS = 512;

export function writeRaster(input: WorkCatalogue['writeRaster']['input']): WorkCatalogue['writeRaster']['output'] {
  const { grid, path, type } = input;
  const partial = `${path}.part`;
  const raw = openSync(input.rawPath, 'r');
  try {
    const dataset = gdal.open(
      partial,
      'w',
      'GTiff',
      grid.width,
      grid.height,
      1,
      type === 'uint8' ? gdal.GDT_Byte : gdal.GDT_Float32,
      ['TILED=YES', 'COMPRESS=DEFLATE', `PREDICTOR=${type === 'uint8' ? 1 : 3}`, 'BIGTIFF=IF_SAFER'],
    );
    if (grid.crs !== '') {
      dataset.srs = referenceFrom(grid.crs);
      dataset.geoTransform = [...grid.transform];
    }
    const band = dataset.bands.get(1);
    if (input.noData !== null) band.noDataValue = input.noData;
    const strip =
      type === 'uint8' ? new Uint8Array(grid.width * STRIP_ROWS) : new Float32Array(grid.width * STRIP_ROWS);
    for (let row = 0; row < grid.height; row += STRIP_ROWS) {
      const rows = Math.min(STRIP_ROWS, grid.height - row);
      const bytes = new Uint8Array(strip.buffer, 0, grid.width * rows * strip.BYTES_PER_ELEMENT);
      readFully(raw, bytes, row * grid.width * strip.BYTES_PER_ELEMENT);
      band.pixels.write(0, row, grid.width, rows, strip.subarray(0, grid.width * rows));
    }
    dataset.close();
    renameSync(partial, path);
    return { path };
  } catch (error) {
    rmSync(partial, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault('raster.write', `无法写入 ${path}：${why}。请检查磁盘空间与写权限 (cannot write the raster)`, {
      blame: 'system',
      cause: error,
    });
  } finally {
    closeSync(raw);
  }
}

function readFully(file: number, into: Uint8Array, position: number): void {
  let done = 0;
  while (done < into.length) {
    const got = readSync(file, into, done, into.length - done, position + done);
    if (got === 0) throw new Error(`raw file ends at byte ${position + done}`);
    done += got;
  }
}
