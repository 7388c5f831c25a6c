import { mkdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rasterFolder } from '../../testing/rasters.js';
import { sceneFiles } from './scene-files.js';

const folder = rasterFolder();
afterAll(() => folder.remove());
const { digest, expand, state } = sceneFiles();
const make = (name: string, text = 'x'): string => {
  writeFileSync(folder.path(name), text);
  return folder.path(name);
};

describe('digest and state', () => {
  it('hashes contents', async () => {
    const file = await digest(make('abc.bin', 'abc'));
    expect(file.sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(file.bytes).toBe(3);
    await expect(digest(folder.path('没有'))).rejects.toMatchObject({ code: 'scene.missing' });
  });

  it('tells same, touched, changed and missing apart', async () => {
    const path = make('state.bin', 'abcd');
    const file = await digest(path);
    expect(await state(file)).toBe('same');
    utimesSync(path, 1_000_000, 1_000_000);
    expect(await state(file)).toBe('same');
    writeFileSync(path, 'abcx');
    expect(await state(file)).toBe('changed');
    truncateSync(path, 2);
    expect(await state(file)).toBe('changed');
    expect(await state({ ...file, path: folder.path('gone') })).toBe('missing');
  });
});

describe('expand', () => {
  mkdirSync(folder.path('沂源 2026'));
  for (const name of ['b.TIF', 'a.tif', 'c.jp2', 'd.txt', 'a.tif.aux.xml', '[x] 1.img', '.hidden.tif']) {
    make(join('沂源 2026', name));
  }
  const names = async (argument: string, from = folder.dir) =>
    (await expand(argument, from)).map((path) => path.slice(folder.dir.length + 1));

  it('a folder means its images', async () => {
    const images = ['[x] 1.img', 'a.tif', 'b.TIF', 'c.jp2'];
    expect(await names('沂源 2026')).toEqual(images.map((name) => `沂源 2026/${name}`));
    mkdirSync(folder.path('empty'));
    await expect(expand('empty', folder.dir)).rejects.toMatchObject({ code: 'scene.no-match' });
  });

  it('patterns work in names and folders, with Chinese and spaces', async () => {
    expect(await names('沂源 */?.tif')).toEqual(['沂源 2026/a.tif']);
    expect(await names('*/*.jp2')).toEqual(['沂源 2026/c.jp2']);
    await expect(expand('*.nothing', folder.dir)).rejects.toMatchObject({ code: 'scene.no-match' });
  });

  it('a named file is that file, whatever its name, there or not', async () => {
    expect(await names('沂源 2026/[x] 1.img')).toEqual(['沂源 2026/[x] 1.img']);
    expect(await names('d.txt', folder.path('沂源 2026'))).toEqual(['沂源 2026/d.txt']);
    expect(await names('missing.tif')).toEqual(['missing.tif']);
    make('star*.tif');
    expect(await names('star*.tif')).toEqual(['star*.tif']);
  });
});
