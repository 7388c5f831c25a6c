import { copyFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sceneFiles } from '../../adapters/files/scene-files.js';
import { footprint } from '../../adapters/gdal/footprint.js';
import { inspect } from '../../adapters/gdal/inspect.js';
import { missingBytes } from '../../adapters/geotiff/missing-bytes.js';
import { Fault } from '../../model/fault.js';
import type { Scene } from '../../model/scene.js';
import type { WorkCatalogue, WorkName } from '../../model/work.js';
import type { SceneRegister } from '../../ports/scene-register.js';
import type { WorkPool } from '../../ports/work-pool.js';
import { type RasterSpec, rasterFolder, writeTiny } from '../../testing/rasters.js';
import type { IngestWish } from './ingest.js';
import { type IngestPorts, ingest } from './stage.js';

const folder = rasterFolder();
afterAll(() => folder.remove());

/** The children's work done here, counted. */
function poolHere(calls: string[]): WorkPool {
  const work: { readonly [K in WorkName]?: (input: never) => unknown } = {
    inspect: (input: WorkCatalogue['inspect']['input']) => inspect(input, missingBytes),
    footprint,
  };
  return {
    size: 1,
    run: async (name, input) => {
      calls.push(name);
      return (await work[name]?.(input as never)) as never;
    },
    close: async () => undefined,
  };
}

function registerHere(): SceneRegister & { scenes: Map<string, Scene> } {
  const scenes = new Map<string, Scene>();
  return {
    scenes,
    list: async () => [...scenes.values()],
    bySha256: async (sha256) => [...scenes.values()].find((s) => s.sha256 === sha256) ?? null,
    add: async (scene) => {
      if (scenes.has(scene.id)) return false;
      scenes.set(scene.id, structuredClone(scene));
      return true;
    },
    move: async (scene) => void scenes.set(scene.id, structuredClone(scene)),
    remove: async (id) => scenes.delete(id),
  };
}

let calls: string[] = [];
let register = registerHere();
let ports: IngestPorts;
beforeEach(() => {
  calls = [];
  register = registerHere();
  ports = { pool: poolHere(calls), files: sceneFiles(), register };
});

const tiny = (name: string, spec: RasterSpec = {}): string =>
  writeTiny(folder.path(name), { bands: [5, 6, 7, 8], ...spec });
const add = (path: string, wish: Partial<IngestWish> = {}) => ingest(path, { masks: [], ...wish }, ports);
async function refusedAs(done: Promise<unknown>): Promise<string> {
  const error = await done.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  return `${(error as Fault).code} ${(error as Fault).message}`;
}

describe('ingest', () => {
  it('registers an image with all that a run needs', async () => {
    const path = tiny('GF2_PMS1_E117.9_N36.1_20260815_L1A0001-MSS1.tif', {
      bands: [5, 6, 7, (c) => (c < 2 ? 0 : 8)],
      noData: 0,
    });
    const { outcome, scene } = await add(path);
    expect(outcome).toBe('new');
    expect(scene).toMatchObject({
      path,
      acquiredOn: '2026-08-15',
      quarter: '2026Q3',
      sensor: 'gf-2',
      gsdM: 10,
      validShare: 0.75,
      masks: [],
      bands: [
        { role: 'blue', index: 1 },
        { role: 'green', index: 2 },
        { role: 'red', index: 3 },
        { role: 'nir', index: 4 },
      ],
    });
    expect(scene.id).toMatch(/^S[0-9a-f]{16}$/);
    expect(scene.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(scene.footprint[0]?.[0]?.length).toBeGreaterThan(4);
    expect(scene.notes?.join()).toContain('文件名');
    expect(register.scenes.get(scene.id)).toEqual(scene);
  });

  it('the same file again changes nothing and reads no pixel', async () => {
    const path = tiny('again.tif', { metadata: { ACQUISITION_DATE: '2026-08-15' } });
    const first = await add(path);
    const before = structuredClone([...register.scenes.values()]);
    calls.length = 0;
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    const second = await add(path, { acquired: '2026-08-15' });
    expect(second.outcome).toBe('known');
    expect(second.scene.id).toBe(first.scene.id);
    expect([...register.scenes.values()]).toEqual(before);
    expect(calls).toEqual(['inspect']);
  });

  it('a date given once need not be given again', async () => {
    const path = tiny('undated.tif');
    expect(await refusedAs(add(path))).toMatch(/^scene\.no-date .*--acquired/);
    expect((await add(path, { acquired: '2026-05-01' })).outcome).toBe('new');
    expect((await add(path)).outcome).toBe('known');
  });

  it('a copy under another name is told, a moved file gets its new path', async () => {
    const path = tiny('原 件.tif');
    const { scene } = await add(path, { acquired: '2026-05-01' });
    copyFileSync(path, folder.path('副本.tif'));
    expect(await add(folder.path('副本.tif'))).toMatchObject({ outcome: 'copy', path: folder.path('副本.tif') });
    expect(register.scenes.get(scene.id)?.path).toBe(path);
    rmSync(path);
    expect((await add(folder.path('副本.tif'))).outcome).toBe('moved');
    expect(register.scenes.size).toBe(1);
    const now = register.scenes.get(scene.id);
    expect([now?.path, now?.info.path, now?.files?.[0]?.path]).toEqual(Array(3).fill(folder.path('副本.tif')));
    expect(now?.acquiredOn).toBe('2026-05-01');
  });

  it('a mask belongs to the scene, follows it, and makes another id', async () => {
    const path = tiny('masked.tif');
    const mask = writeTiny(folder.path('云.tif'), { type: 'Byte', bands: [(c) => (c < 4 ? 9 : 4)] });
    const masks = [{ code: 'scl' as const, path: mask }];
    const { scene } = await add(path, { acquired: '2026-05-01', masks });
    expect(scene.validShare).toBe(0.5);
    expect(scene.files?.map((f) => f.path)).toEqual([path, mask]);
    expect((await add(path)).outcome).toBe('known');
    renameSync(mask, folder.path('云 2.tif'));
    const moved = await add(path, { masks: [{ code: 'scl', path: folder.path('云 2.tif') }] });
    expect(moved.outcome).toBe('moved');
    expect(moved.scene.masks).toEqual([{ code: 'scl', path: folder.path('云 2.tif') }]);
    register.scenes.clear();
    expect((await add(path, { acquired: '2026-05-01' })).scene.id).not.toBe(scene.id);
  });

  it('refuses the same image with other facts instead of changing it silently', async () => {
    const path = tiny('otherwise.tif');
    const { scene } = await add(path, { acquired: '2026-05-01' });
    expect(await refusedAs(add(path, { acquired: '2026-05-02' }))).toMatch(
      /^scene\.otherwise .*2026-05-01.*2026-05-02.*remove S/,
    );
    expect(await refusedAs(add(path, { bands: 'red,green,blue,nir' }))).toMatch(/^scene\.otherwise .*波段/);
    const mask = writeTiny(folder.path('m.tif'), { type: 'Byte', bands: [0] });
    expect(await refusedAs(add(path, { masks: [{ code: 'nonzero', path: mask }] }))).toMatch(
      /^scene\.otherwise .*掩膜/,
    );
    expect((await add(path, { acquired: '2026-05-01', sensor: 'bgrn' })).outcome).toBe('known');
    expect(register.scenes.get(scene.id)).toEqual(scene);
  });

  it.each<[string, RasterSpec, RegExp]>([
    ['no-crs.tif', { crs: null }, /^scene\.no-crs .*没有坐标系.*-a_srs/],
    ['no-grid.tif', { transform: null }, /^scene\.no-crs .*没有像元位置/],
    ['bare.tif', { crs: null, transform: null }, /^scene\.no-crs .*先配准/],
    ['xian80.tif', { crs: 2364, transform: [40500000, 10, 0, 4000000, 0, -10] }, /^scene\.datum .*西安80/],
    ['bj54.tif', { crs: 2433, transform: [500000, 10, 0, 4000000, 0, -10] }, /^scene\.datum .*北京54/],
    ['empty.tif', { noData: 5, bands: [5] }, /^scene\.no-valid/],
  ])('refuses %s', async (name, spec, message) => {
    expect(await refusedAs(add(tiny(name, spec), { acquired: '2026-05-01' }))).toMatch(message);
    expect(register.scenes.size).toBe(0);
  });

  it('refuses a bad date and a band list that does not fit', async () => {
    const path = tiny('wish.tif');
    expect(await refusedAs(add(path, { acquired: '2026-02-30' }))).toMatch(/^scene\.date-form/);
    expect(await refusedAs(add(path, { acquired: '2026-02-03', bands: 'red' }))).toMatch(/^sensor\.band-count/);
    writeFileSync(folder.path('t.tif'), 'text');
    expect(await refusedAs(add(folder.path('t.tif')))).toMatch(/^scene\.unreadable/);
  });

  it('takes JP2, .img, COG and a VRT of single bands; a VRT is as its sources are', async () => {
    for (const [name, driver] of [
      ['a.jp2', 'JP2OpenJPEG'],
      ['a.img', 'HFA'],
      ['c.tif', 'COG'],
    ] as const) {
      expect((await add(tiny(name, { driver, width: 64, height: 64 }), { acquired: '2026-05-01' })).outcome).toBe(
        'new',
      );
    }
    const [b, g] = [tiny('b.tif', { bands: [5] }), tiny('g.tif', { bands: [6] })];
    const source = (n: number, file: string): string =>
      `<VRTRasterBand dataType="UInt16" band="${n}"><SimpleSource><SourceFilename relativeToVRT="0">${file}</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>`;
    writeFileSync(
      folder.path('s.vrt'),
      `<VRTDataset rasterXSize="8" rasterYSize="6"><SRS>EPSG:32650</SRS><GeoTransform>500000,10,0,4400000,0,-10</GeoTransform>${source(1, b)}${source(2, g)}</VRTDataset>`,
    );
    const { scene } = await add(folder.path('s.vrt'), { acquired: '2026-05-01', bands: 'blue,green' });
    expect(scene.files?.map((f) => f.path)).toEqual([folder.path('s.vrt'), b, g]);
  });
});
