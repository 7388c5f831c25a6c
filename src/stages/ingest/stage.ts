/** ingest, load → call → save for one file. What costs little is checked first; pixels are read for new scenes only. */
import { Fault } from '../../model/fault.js';
import type { RasterInfo } from '../../model/raster.js';
import type { Scene, SceneFile } from '../../model/scene.js';
import type { SceneFiles } from '../../ports/scene-files.js';
import type { SceneRegister } from '../../ports/scene-register.js';
import type { WorkPool } from '../../ports/work-pool.js';
import { candidate, checkPlace, differences, type IngestWish, makeScene } from './ingest.js';

export interface IngestPorts {
  readonly pool: WorkPool;
  readonly files: SceneFiles;
  readonly register: SceneRegister;
  /** The folder for copies that are fast to compare: they are registered in place of the files. Absent = the files themselves. */
  readonly optimiseInto?: string;
}

export type Ingested =
  | { readonly outcome: 'new' | 'known' | 'moved'; readonly scene: Scene }
  /** The same contents stand registered at another place, which is still there. */
  | { readonly outcome: 'copy'; readonly scene: Scene; readonly path: string };

/** Faults: those of inspecting, bands, date, footprint; scene.otherwise (registered with other bands, masks or date). */
export async function ingest(named: string, wish: IngestWish, ports: IngestPorts): Promise<Ingested> {
  const { pool, files, register } = ports;
  const given = await pool.run('inspect', { path: named });
  checkPlace(given);
  const info = ports.optimiseInto === undefined ? given : await optimised(given, ports.optimiseInto, ports);
  const { path } = info;
  const image = await digests([path, ...(info.parts ?? [])], files);
  const masks = await digests(
    wish.masks.map((mask) => mask.path),
    files,
  );
  const known = await register.bySha256(image[0]?.sha256 ?? '');
  if (known) return sameAgain(known, info, wish, { image, masks }, ports);
  const from = candidate(info, wish);
  const outline = await pool.run('footprint', {
    use: { path, bands: from.reading.bands, sensor: from.reading.sensor, acquiredOn: from.acquiredOn },
    masks: from.masks.map((mask) => ({ ...mask, date: 'both' as const })),
  });
  const scene = makeScene(from, [...image, ...masks], outline);
  return { outcome: (await register.add(scene)) ? 'new' : 'known', scene };
}

/** The same image, read from its copy: made now, or by an earlier call from the same contents. Fault scene.as-it-is. */
async function optimised(
  info: RasterInfo,
  folder: string,
  { pool, files, register }: IngestPorts,
): Promise<RasterInfo> {
  const { sha256 } = await files.digest(info.path);
  const known = await register.bySha256(sha256);
  if (known) {
    throw new Fault(
      'scene.as-it-is',
      `${info.path} 已按原文件登记为 ${known.id}；要改用优化副本，请先 tuban scene remove ${known.id} ` +
        '(registered as it is: remove it first to use an optimised copy)',
    );
  }
  const stem = info.path.slice(info.path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const out = `${folder}/${stem}-${sha256.slice(0, 12)}.tif`;
  await pool.run('optimise', { path: info.path, out });
  const { driver, tile, overviews } = await pool.run('inspect', { path: out });
  const { parts: _ofTheOriginal, ...rest } = info;
  return { ...rest, path: out, driver, tile, overviews };
}

async function digests(paths: readonly string[], files: SceneFiles): Promise<SceneFile[]> {
  const all: SceneFile[] = [];
  for (const path of paths) all.push(await files.digest(path));
  return all;
}

async function sameAgain(
  known: Scene,
  info: RasterInfo,
  wish: IngestWish,
  now: { image: readonly SceneFile[]; masks: readonly SceneFile[] },
  { files, register }: IngestPorts,
): Promise<Ingested> {
  const differs = differences(
    known,
    info,
    wish,
    now.masks.map((file) => file.sha256),
  );
  if (differs.length > 0) {
    throw new Fault(
      'scene.otherwise',
      `${info.path} 的内容已登记为 ${known.id}，但${differs.join('；')}；如要更改，请先 tuban scene remove ${known.id} 再登记 ` +
        '(registered already, otherwise: remove it first to change it)',
    );
  }
  const registered = known.files ?? [];
  const states = await Promise.all(registered.map((file) => files.state(file)));
  if (states.every((state) => state === 'same')) {
    return known.path === info.path
      ? { outcome: 'known', scene: known }
      : { outcome: 'copy', scene: known, path: info.path };
  }
  const masks = now.masks.length > 0 ? now.masks : registered.slice(registered.length - known.masks.length);
  const moved: Scene = {
    ...known,
    path: info.path,
    info,
    masks: known.masks.map((mask, i) => ({ ...mask, path: masks[i]?.path ?? mask.path })),
    files: [...now.image, ...masks],
  };
  await register.move(moved);
  return { outcome: 'moved', scene: moved };
}

/** Before a run uses a scene: its files are still those that were registered. Faults: scene.gone, scene.changed. */
export async function verifyScene(scene: Scene, files: SceneFiles): Promise<void> {
  for (const file of scene.files ?? []) {
    const state = await files.state(file);
    if (state === 'missing') {
      throw new Fault(
        'scene.gone',
        `影像 ${scene.id} 的文件不在了：${file.path}；若已移动，请用 tuban scene add 指明新位置，否则 tuban scene remove ${scene.id} ` +
          '(the file of a registered image is gone: add it again where it is now, or remove the image)',
        { details: { scene: scene.id, path: file.path } },
      );
    }
    if (state === 'changed') {
      throw new Fault(
        'scene.changed',
        `影像 ${scene.id} 的文件内容在登记之后变了：${file.path}；请恢复原文件，或 tuban scene remove ${scene.id} 后重新登记 ` +
          '(the file has other contents than when it was registered: restore it, or remove and add the image again)',
        { details: { scene: scene.id, path: file.path } },
      );
    }
  }
}
