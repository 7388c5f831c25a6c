/**
 * open: datasets of this child, kept open between requests (opening costs more than a block's read on network disks), and the
 * only place that turns a failed open into words. A file that changed on disk since is opened again.
 */
import { statSync } from 'node:fs';
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import { overviewOf } from './overview.js';

// Small on purpose: every child has one, and the blocks are read once.
gdal.config.set('GDAL_CACHEMAX', '64');
// A county's folder holds thousands of files; looking for side-car files in all of them is slow.
gdal.config.set('GDAL_DISABLE_READDIR_ON_OPEN', 'TRUE');
// What was fetched over a network is printed when this process ends; the pool reads it.
gdal.config.set('CPL_VSIL_NETWORK_STATS_ENABLED', 'YES');
gdal.config.set('CPL_VSIL_SHOW_NETWORK_STATS', 'YES');

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

/** `reduced`: the file's overview by this factor instead of the file. */
export function openRaster(path: string, reduced = 1): gdal.Dataset {
  if (reduced !== 1) {
    const file = openRaster(path);
    return kept(`${path} / ${reduced}`, stampOf(path), () => overviewOf(file, path, reduced));
  }
  return kept(path, stampOf(path), () => openFile(path));
}

function openFile(path: string): gdal.Dataset {
  try {
    return gdal.open(path, 'r');
  } catch (cause) {
    throw new Fault(
      'raster.unreadable',
      `无法作为影像打开 ${path}：${messageOf(cause)}。需要 GDAL 能读的栅格，如 GeoTIFF、JP2、IMG (not a raster that can be opened)`,
      { cause },
    );
  }
}

function kept(key: string, stamp: string, open: () => gdal.Dataset): gdal.Dataset {
  const known = opened.get(key);
  if (known?.stamp === stamp) return known.dataset;
  known?.dataset.close();
  opened.delete(key);
  const dataset = open();
  for (const [oldest, entry] of opened) {
    if (opened.size < KEPT) break;
    entry.dataset.close();
    opened.delete(oldest);
  }
  opened.set(key, { stamp, dataset });
  return dataset;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
