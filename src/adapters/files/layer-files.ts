/** LayerFiles on the local disk. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../../model/fault.js';
import type { LayerFiles } from '../../ports/layer-register.js';

/** Side files of a shapefile that decide what is read. */
const SIDE_ENDINGS = ['.dbf', '.shx', '.prj', '.cpg', '.DBF', '.SHX', '.PRJ', '.CPG'];

export function layerFiles(): LayerFiles {
  return {
    async digests(path) {
      if (!existsSync(path)) throw new Fault('layer.missing', `找不到文件：${path} (no such file)`);
      if (statSync(path).isDirectory()) return folderDigests(path);
      const stem = /\.shp$/i.test(path) ? path.slice(0, -4) : null;
      const sides = stem === null ? [] : SIDE_ENDINGS.map((ending) => stem + ending).filter((file) => existsSync(file));
      return Promise.all([path, ...sides].map(sha256));
    },
  };
}

/** Of a FileGDB: one digest over its files, by name; locks and time stamps are none of its contents. */
async function folderDigests(path: string): Promise<readonly string[]> {
  const names = readdirSync(path)
    .filter((name) => !/\.lock$|^timestamps$/i.test(name))
    .sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(`${name}\0${await sha256(join(path, name))}\n`);
  return [hash.digest('hex')];
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('layer.unreadable', `无法读取 ${path}：${why} (cannot be read)`, { cause });
  }
  return hash.digest('hex');
}
