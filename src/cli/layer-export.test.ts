/** layer export into every format and the way back, on an embedded workspace. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LayerReading } from '../model/boundary.js';
import { commandsOn } from '../testing/commands.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register as layer } from './layer.js';

let workspace: TestWorkspace;
let dir: string;

const tuban = (...argv: string[]) => commandsOn(workspace, [layer], dir)(...argv);

const read = (name: string): Promise<LayerReading> =>
  workspace.pool.run('readLayer', {
    path: join(dir, name),
    kind: 'licences',
    crs: null,
    encoding: null,
    validFrom: null,
  });
const idsOf = ({ boundaries }: LayerReading): string[] => boundaries.map(({ id }) => id).sort();

const CORNERS =
  '2,4,J1,3998000.12,39560000.5,J2,3998000,39560300,J3,3998300,39560300,J4,3998300,39560000,285,8,,1,' +
  '3,J5,3998100,39560100,J6,3998100,39560200,J7,3998200,39560200,285,200,扣除王家沟村,-1,';

let stored: LayerReading;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-export-'));
  workspace = await openTestWorkspace({ jobs: 1 });
  writeFileSync(join(dir, 'a.txt'), `许可证号\t矿山名称\t拐点坐标\nC1\t东山矿\t${CORNERS}\n`);
  const ring = [
    [118.2, 36.1],
    [118.21, 36.1],
    [118.205, 36.11],
    [118.2, 36.1],
  ];
  const feature = {
    type: 'Feature',
    properties: { 许可证号: 'C2', 采矿权人: '甲' },
    geometry: { type: 'Polygon', coordinates: [ring] },
  };
  writeFileSync(join(dir, 'b.geojson'), JSON.stringify({ type: 'FeatureCollection', features: [feature] }));
  const done = await tuban('layer', 'import', 'licences', 'a.txt', 'b.geojson');
  expect(done.err).not.toContain('未采用');
  const [a, b] = [await read('a.txt'), await read('b.geojson')];
  stored = { ...a, boundaries: [...a.boundaries, ...b.boundaries] };
}, 120_000);
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('layer export', () => {
  it.each(['geojson', 'gpkg', 'gdb', 'kml', 'kmz'])(
    '.%s comes back as the polygons of the register',
    async (ending) => {
      const { status, out } = await tuban('layer', 'export', 'licences', `x.${ending}`);
      expect(status).toBe(0);
      expect(out).toContain('已写出 2 个面');
      expect(idsOf(await read(`x.${ending}`))).toEqual(idsOf(stored));
    },
  );

  it('.shp comes back with all but the attributes that its fields cannot hold', async () => {
    await tuban('layer', 'export', 'licences', 'x.shp');
    const back = await read('x.shp');
    expect(back.boundaries.map(({ number, name, holder }) => ({ number, name, holder }))).toEqual(
      expect.arrayContaining([
        { number: 'C1', name: '东山矿', holder: null },
        { number: 'C2', name: null, holder: '甲' },
      ]),
    );
    const areas = ({ boundaries }: LayerReading) => boundaries.map(({ areaM2 }) => areaM2).sort();
    expect(areas(back)).toEqual(areas(stored));
  });

  it('.xlsx is a table of corner points: the very points where there were some, to the millimetre elsewhere', async () => {
    const { status, out } = await tuban('layer', 'export', 'licences', 'x.xlsx');
    expect(status).toBe(0);
    expect(out).toContain('2000国家大地坐标系第 39 带');
    const back = await read('x.xlsx');
    expect(back.refused).toEqual([]);
    const first = stored.boundaries.find(({ number }) => number === 'C1');
    expect(back.boundaries.find(({ number }) => number === 'C1')).toEqual({ ...first, row: expect.any(Number) });
    const [one, two] = [stored, back].map(({ boundaries }) => boundaries.find(({ number }) => number === 'C2'));
    // Its edges of a kilometre, straight in lon/lat before, are now straight in the plane.
    expect(Math.abs((two?.areaM2 ?? 0) / (one?.areaM2 ?? 1) - 1)).toBeLessThan(5e-5);
    expect(two).toMatchObject({ holder: '甲', attributes: { 采矿权人: '甲', 许可证号: 'C2' } });
  });

  it('.dxf lies in the zone of the middle or in the one told, and says which', async () => {
    expect((await tuban('layer', 'export', 'licences', 'x.dxf')).out).toContain('坐标系 EPSG:4527');
    expect((await tuban('layer', 'export', 'licences', 'y.dxf', '--zone', '40')).out).toContain('坐标系 EPSG:4528');
    const [one, two] = [await read('x.dxf'), await read('y.dxf')];
    expect([one.crsName, two.crsName].map((name) => name.slice(0, 9))).toEqual(['EPSG:4527', 'EPSG:4528']);
    expect(one.boundaries.map(({ number }) => number)).toEqual(expect.arrayContaining(['C1', 'C2']));
    expect(one.boundaries.find(({ number }) => number === 'C1')?.geometry[0]).toHaveLength(2);
  });

  it('gives the same bytes again, and refuses a zone where there is none and an ending that is none', async () => {
    const { out, ...rest } = await tuban('layer', 'export', 'licences', 'x.tab');
    expect(out).toBe('');
    expect(rest.status).toBe(2);
    expect(rest.err).toContain('不支持的输出格式');
    expect((await tuban('layer', 'export', 'licences', 'z.kml', '--zone', '39')).status).toBe(2);
    await tuban('layer', 'export', 'licences', 'x.kmz');
    const before = readFileSync(join(dir, 'x.kmz'));
    await tuban('layer', 'export', 'licences', 'x.kmz');
    expect(readFileSync(join(dir, 'x.kmz')).equals(before)).toBe(true);
  });
});

describe('secret areas', () => {
  it('leave only where they are asked for, which is said either way', async () => {
    const ring = [
      [118.3, 36.1],
      [118.31, 36.1],
      [118.3, 36.11],
      [118.3, 36.1],
    ];
    const properties = { zone_kind: '军事区', 名称: '七号库' };
    const feature = { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
    writeFileSync(join(dir, 'k.geojson'), JSON.stringify({ type: 'FeatureCollection', features: [feature] }));
    expect((await tuban('layer', 'import', 'keyzones', 'k.geojson')).status).toBe(0);
    for (const argv of [['k.kml'], ['k.xlsx'], ['k.txt', '--format', 'string']]) {
      const kept = await tuban('layer', 'export', 'keyzones', ...argv);
      expect(kept.err).toContain('未包括涉密区域 1 个');
      const given = await tuban('layer', 'export', 'keyzones', ...argv, '--with-secret');
      expect(given.err).toContain('注意：含涉密区域 1 个');
      expect(given.out).toContain('已写出 1 个面');
    }
    expect(readFileSync(join(dir, 'k.kml'), 'utf8')).toContain('七号库');
    await tuban('layer', 'export', 'keyzones', 'k.kml');
    expect(readFileSync(join(dir, 'k.kml'), 'utf8')).not.toContain('七号库');
  });
});

describe('own parameters', () => {
  const parameters = () => join(workspace.dir, 'datum-parameters.yaml');
  const numbers = [11.125, -22.25, 33.375, 0.4375, -0.5625, 0.6875, 7.8125];
  const [dx, dy, dz, rx, ry, rz, scale] = numbers;
  const seven = `{ convention: coordinate-frame, dx_m: ${dx}, dy_m: ${dy}, dz_m: ${dz}, rx_arcsec: ${rx}, ry_arcsec: ${ry}, rz_arcsec: ${rz}, scale_ppm: ${scale} }`;

  it('of a file that others can read are refused; else they convert, and are nowhere but in it', async () => {
    writeFileSync(join(dir, 'old.txt'), `许可证号\t拐点坐标\nC9\t${CORNERS}\n`);
    writeFileSync(parameters(), `xian80: ${seven}\n`, { mode: 0o644 });
    const open = await tuban('layer', 'import', 'closed', 'old.txt', '--crs', 'EPSG:2363');
    expect(open.status).toBe(2);
    expect(open.err).toContain('chmod 600 datum-parameters.yaml');
    chmodSync(parameters(), 0o600);
    const done = await tuban('layer', 'import', 'closed', 'old.txt', '--crs', 'EPSG:2363', '--json');
    expect(done.status).toBe(0);
    expect(done.out).toContain('由本单位自有参数转换为2000国家大地坐标系');
    await tuban('layer', 'export', 'closed', 'old.geojson');
    const stored = await workspace.database.query<{ text: string }>(
      `SELECT f.id || f.report::text || b.id || b.body::text AS text FROM tuban.layer_file f
       JOIN tuban.boundary b ON b.layer_file_id = f.id WHERE b.kind = 'closed'`,
    );
    expect(stored).toHaveLength(1);
    const everywhere = JSON.stringify([open, done, stored, readFileSync(join(dir, 'old.geojson'), 'utf8')]);
    for (const number of numbers) expect(everywhere).not.toContain(String(Math.abs(number)));
    expect(everywhere).not.toContain('39560300');
    rmSync(parameters());
  });
});
