/**
 * open: datasets of this child, kept open between requests (opening costs more than a block's read on network disks), and the
 * only place that turns a failed open into words. A file that changed on disk since is opened again.
 */
import { statSync } from 'node:fs';
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';

// Small on purpose: every child has one, and the blocks are read once.
gdal.config.set('GDAL_CACHEMAX', '64');
// A county's folder holds thousands of files; looking for side-car files in all of them is slow.
gdal.config.set('GDAL_DISABLE_READDIR_ON_OPEN', 'TRUE');

const KEPT = 8;
const opened = new Map<string, { stamp: string; dataset: gdal.Dataset }>();

function stampOf(path: string): string {
  if (path.startsWith('/vsi')) return path;
  try {
    const { size, mtimeMs } = statSync(path);
    return `${size}:${mtimeMs}`;
  } catch (cause) {
    throw new Fault('raster.missing', `找不到文件 ${path}，请检查路径 (no such file: ${path})`, { cause });
  }
}

export function openRaster(path: string): gdal.Dataset {
  const stamp = stampOf(path);
  const known = opened.get(path);
  if (known?.stamp === stamp) return known.dataset;
  known?.dataset.close();
  opened.delete(path);
  let dataset: gdal.Dataset;
  try {
    dataset = gdal.open(path, 'r');
  } catch (cause) {
    throw new Fault(
      'raster.unreadable',
      `无法作为影像打开 ${path}：${messageOf(cause)}。需要 GDAL 能读的栅格，如 GeoTIFF、JP2、IMG (not a raster that can be opened)`,
      { cause },
    );
  }
  for (const [oldest, entry] of opened) {
    if (opened.size < KEPT) break;
    entry.dataset.close();
    opened.delete(oldest);
  }
  opened.set(path, { stamp, dataset });
  return dataset;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
