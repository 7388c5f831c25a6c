import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsOn } from '../testing/commands.js';
import { rasterFolder, writeTiny } from '../testing/rasters.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register } from './scene.js';

const folder = rasterFolder();
let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await openTestWorkspace({ jobs: 1 });
}, 120_000);
afterAll(async () => {
  await workspace.close();
  folder.remove();
});

const tuban = (...argv: string[]) => commandsOn(workspace, [register], folder.dir)(...argv);

describe('tuban scene', () => {
  it('adds a batch, goes on past bad files, lists the refusals and ends with 2', async () => {
    writeTiny(folder.path('沂源 一_20260501.tif'), { bands: [1, 2, 3, 4] });
    writeTiny(folder.path('b_20260815.img'), { driver: 'HFA', bands: [5, 6, 7, 8] });
    writeFileSync(folder.path('文字.tif'), '不是影像');
    writeFileSync(folder.path('空.tif'), '');
    writeTiny(folder.path('undated.tif'), { bands: [9, 9, 9, 8] });
    const { status, out, err } = await tuban('scene', 'add', '.', 'nowhere.tif');
    expect(status).toBe(2);
    expect(out.match(/已登记 \(added\)/g)).toHaveLength(2);
    expect(out).toMatch(/2026-05-01 {2}2026Q2 {2}bgrn .*沂源 一_20260501\.tif/);
    expect(err).toMatch(/refused: 4, done: 2/);
    for (const bad of ['文字.tif', '空.tif', 'undated.tif', 'nowhere.tif'])
      expect(err).toContain(`${folder.path(bad)}\n`);
    expect(err).not.toMatch(/\n\s+at /);
    expect(await workspace.database.query('SELECT quarter FROM tuban.scene ORDER BY quarter')).toEqual([
      { quarter: '2026Q2' },
      { quarter: '2026Q3' },
    ]);
  });

  it('adding again changes nothing and says so', async () => {
    const rows = () => workspace.database.query('SELECT * FROM tuban.scene ORDER BY id');
    const before = await rows();
    const { status, out } = await tuban('scene', 'add', '*_2026*.tif', 'b_20260815.img');
    expect(status).toBe(0);
    expect(out.match(/nothing changed/g)).toHaveLength(2);
    expect(await rows()).toEqual(before);
  });

  it('takes date, bands and mask from the command line and prints JSON', async () => {
    writeTiny(folder.path('云.tif'), { type: 'Byte', bands: [(c) => (c < 2 ? 9 : 4)] });
    const add = ['scene', 'add', 'undated.tif', '--acquired', '2026-02-03', '--bands', 'red,green,blue,-', '--json'];
    const { status, out, err } = await tuban(...add, '--mask', 'scl:云.tif');
    expect([status, err]).toEqual([0, '']);
    const { scenes, refused } = JSON.parse(out);
    expect(refused).toEqual([]);
    expect(scenes).toMatchObject([
      {
        outcome: 'new',
        quarter: '2026Q1',
        bands: ['red', 'green', 'blue'],
        validShare: 0.75,
        masks: [{ code: 'scl', path: folder.path('云.tif') }],
      },
    ]);
  });

  it('lists by date and tells files that are gone', async () => {
    rmSync(folder.path('云.tif'));
    const { out } = await tuban('scene', 'list');
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/2026-02-03 .*75\.0 % .*文件缺失 \(missing\) {2}undated\.tif$/);
    expect(lines[3]).toMatch(/2026-08-15 +2026Q3 .*b_20260815\.img$/);
    const { scenes } = JSON.parse((await tuban('scene', 'list', '--json')).out);
    expect(scenes.map((s: { state: string }) => s.state)).toEqual(['missing', 'same', 'same']);
  });

  it('removes by id', async () => {
    const { scenes } = JSON.parse((await tuban('scene', 'list', '--json')).out);
    expect((await tuban('scene', 'remove', scenes[0].id)).status).toBe(0);
    const again = await tuban('scene', 'remove', scenes[0].id);
    expect([again.status, again.out]).toEqual([2, '']);
  });

  it('refuses one raster mask for several images, unknown sensors and options', async () => {
    const many = await tuban('scene', 'add', '.', '--mask', 'scl:x.tif');
    expect(many.status).toBe(2);
    expect(many.err).toMatch(/逐个登记/);
    expect((await tuban('scene', 'add', 'b_20260815.img', '--sensor', 'GF99')).err).toMatch(/GF99/);
    expect((await tuban('scene', 'add', 'b_20260815.img', '--colour')).status).toBe(2);
    expect((await tuban('scene', 'add')).status).toBe(2);
  });

  it('--optimise registers a copy with overviews and cells in place of the file, once', async () => {
    writeTiny(folder.path('大_20260601.tif'), { width: 300, height: 200, bands: [(c, r) => 100 + c + r, 7, 8, 9] });
    const add = ['scene', 'add', '大_20260601.tif', '--bands', 'blue,green,red,nir', '--json'];
    const first = JSON.parse((await tuban(...add, '--optimise')).out);
    const [scene] = first.scenes;
    expect(scene).toMatchObject({ outcome: 'new', acquiredOn: '2026-06-01' });
    expect(dirname(scene.path)).toBe(join(workspace.dir, 'scenes'));
    const info = await workspace.pool.run('inspect', { path: scene.path });
    expect([info.overviews[0], info.tile, info.grid.width]).toEqual([2, { width: 128, height: 128 }, 300]);
    expect(existsSync(`${scene.path}.cells.tif`)).toBe(true);
    expect(JSON.parse((await tuban(...add, '--optimise')).out).scenes).toMatchObject([
      { outcome: 'known', id: scene.id },
    ]);
    expect(readdirSync(join(workspace.dir, 'scenes')).sort()).toHaveLength(2);
    // the file itself, once it is registered, is not registered a second time as its copy
    writeTiny(folder.path('原_20260602.tif'), { bands: [3, 2, 1, 4] });
    await tuban('scene', 'add', '原_20260602.tif');
    const again = await tuban('scene', 'add', '原_20260602.tif', '--optimise');
    expect([again.status, again.err]).toEqual([2, expect.stringContaining('remove it first')]);
  });
});
