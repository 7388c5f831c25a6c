/**
 * optimise: a copy of an image that is fast to compare: a cloud-optimised GeoTIFF in small tiles, ZSTD where this GDAL has it (a third
 * quicker to decode than DEFLATE), averaged overviews, and the extremes of its cells beside it (cells.ts). The pixels are the same.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import type { WorkCatalogue } from '../../model/work.js';
import { cellsAreOf, writeCells } from './cells.js';
import { messageOf, openRaster } from './open.js';

/** Small enough for a close look to decode little around it, large enough to compress as well. */
const TILE_PX = 128;

export function optimise({ path, out }: WorkCatalogue['optimise']['input']): WorkCatalogue['optimise']['output'] {
  if (existsSync(out) && cellsAreOf(out)) return { path: out, made: false };
  const partial = `${out}.part`;
  try {
    const source = openRaster(path);
    gdal.translate(partial, source, [...['-of', 'COG'], ...creation().flatMap((option) => ['-co', option])]).close();
    renameSync(partial, out);
    writeCells(out);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault(
      'scene.optimise',
      `无法写出优化后的影像 ${out}：${messageOf(cause)}。请检查磁盘空间与写权限；原文件未受影响 (cannot write the optimised copy; the original is untouched)`,
      { blame: 'system', cause },
    );
  } finally {
    rmSync(partial, { force: true });
  }
  return { path: out, made: true };
}

function creation(): string[] {
  const codecs = String(
    (gdal.drivers.get('COG').getMetadata() as Record<string, unknown>).DMD_CREATIONOPTIONLIST ?? '',
  );
  return [
    `COMPRESS=${codecs.includes('ZSTD') ? 'ZSTD' : 'DEFLATE'}`,
    'PREDICTOR=YES',
    `BLOCKSIZE=${TILE_PX}`,
    'OVERVIEW_RESAMPLING=AVERAGE',
    'BIGTIFF=IF_SAFER',
  ];
}
