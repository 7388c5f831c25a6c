/** layer, tasks, patches and observations on an embedded workspace, their rows as a run leaves them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toWkb } from '../geo/wkb.js';
import type { MultiPolygonRings } from '../model/grid.js';
import type { JudgedPatch } from '../model/patch.js';
import type { SqlValue } from '../ports/database.js';
import { commandsOn } from '../testing/commands.js';
import { testJudgement, testPart } from '../testing/judgement.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register as layer } from './layer.js';
import { register as observations } from './observations.js';
import { register as patches } from './patches.js';
import { register as tasks } from './tasks.js';

let workspace: TestWorkspace;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-lists-'));
  workspace = await openTestWorkspace({ jobs: 1 });
}, 120_000);
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
});

const tuban = (...argv: string[]) => commandsOn(workspace, [layer, tasks, patches, observations], dir)(...argv);

const square = (lon: number, lat: number, size = 0.001): MultiPolygonRings => [
  [
    [
      [lon, lat],
      [lon + size, lat],
      [lon + size, lat + size],
      [lon, lat + size],
      [lon, lat],
    ],
  ],
];

function licenceFile(name: string, rows: readonly { lid: string; geometry: MultiPolygonRings | null }[]): void {
  const features = rows.map(({ lid, geometry }) => ({
    type: 'Feature',
    properties: { lid, 矿山名称: `${lid}石灰岩矿` },
    geometry: geometry === null ? null : { type: 'MultiPolygon', coordinates: geometry },
  }));
  writeFileSync(join(dir, name), JSON.stringify({ type: 'FeatureCollection', features }));
}

describe('tuban layer', () => {
  it('imports what can serve, lists what cannot, and ends with 2', async () => {
    licenceFile('证.geojson', [
      { lid: 'C1', geometry: square(118, 36, 0.01) },
      { lid: 'C2', geometry: null },
    ]);
    writeFileSync(join(dir, 'junk.shp'), 'junk');
    const dry = await tuban('layer', 'import', 'licences', '证.geojson', '--dry-run');
    expect(dry.out).toContain('试读，未存储');
    expect(await workspace.database.query('SELECT 1 FROM tuban.layer_file')).toEqual([]);
    const { status, out, err } = await tuban('layer', 'import', 'licences', '证.geojson', 'junk.shp');
    expect(status).toBe(2);
    expect(out).toMatch(/已导入.*证\.geojson：1 个面.*新增 \(new\) 1/);
    expect(err).toContain('第 2 行 (row)：没有几何');
    expect(err).toContain('refused: 1, done: 1');
  });

  it('changes nothing the second time', async () => {
    const rows = 'SELECT id FROM tuban.boundary UNION ALL SELECT id FROM tuban.layer_file';
    const before = await workspace.database.query(rows);
    const { out } = await tuban('layer', 'import', 'licences', '证.geojson');
    expect(out).toContain('已导入过，未作更改');
    expect(await workspace.database.query(rows)).toEqual(before);
  });

  it('lists and exports what it holds', async () => {
    const { layers } = JSON.parse((await tuban('layer', 'list', '--json')).out);
    expect(layers).toMatchObject([{ kind: 'licences', name: '证.geojson', polygons: 1, encoding: 'UTF-8' }]);
    expect((await tuban('layer', 'list')).out).toContain('licences 采矿许可证');
    expect((await tuban('layer', 'export', 'licences', 'back.geojson')).status).toBe(0);
    const { features } = JSON.parse(readFileSync(join(dir, 'back.geojson'), 'utf8'));
    expect(features[0].properties).toMatchObject({ licence_no: 'C1', mine: 'C1石灰岩矿', area_m2: 1000384.95 });
    expect(features[0].geometry.coordinates).toEqual(square(118, 36, 0.01)[0]);
  });

  it('refuses unknown kinds and dates with status 2', async () => {
    expect((await tuban('layer', 'import', 'lakes', '证.geojson')).status).toBe(2);
    expect((await tuban('layer', 'import', 'licences', '证.geojson', '--valid-from', 'soon')).status).toBe(2);
  });
});

describe('tuban tasks, patches, observations', () => {
  const patch = (n: number): JudgedPatch => ({
    patch: {
      id: `2026Q3-${n}`,
      pairs: ['P1'],
      geometry: square(118.02 + n / 100, 36),
      areaM2: 10003.1 * n,
      perimeterM: 401,
      lon: 118.0205 + n / 100,
      lat: 36.0005,
      confidence: 0.9,
      changeType: 'vegetation-to-bare',
      seenShare: 1,
      sigmaM: 5,
      dateBefore: '2026-05-01',
      dateAfter: '2026-08-01',
      reasons: ['植被变为裸地'],
    },
    judgement: testJudgement({
      violations: ['no-licence'],
      licenceNo: null,
      outsideM2: 10003.1 * n,
      outsideM: null,
      overlaps: [],
      reasons: ['[NL-1] 疑似无证开采'],
      score: 80.5 - n,
      parts: [testPart({ part: 'violation', name: '疑似类型', points: 80.5 - n, evidence: 'no-licence' })],
    }),
  });

  beforeAll(async () => {
    const run = (text: string, values: readonly SqlValue[] = []) => workspace.database.query(text, values);
    await run(
      `INSERT INTO tuban.run (id, quarter, input_hash, recipe, recipe_hash, state, plan)
       VALUES ('R1', '2026Q3', 'h', '{}', 'r', 'done', '{"pairs": []}')`,
    );
    for (const n of [1, 2, 3]) {
      const { patch: facts, judgement } = patch(n);
      const { geometry, ...body } = facts;
      const geom = Buffer.from(toWkb(geometry)).toString('hex');
      const place = `ST_SetSRID(ST_GeomFromWKB(decode($2, 'hex')), 4490)`;
      await run(`INSERT INTO tuban.site (id, first_quarter, geom) VALUES ($1, '2026Q3', ${place})`, [facts.id, geom]);
      await run(
        `INSERT INTO tuban.patch (id, quarter, run_id, site_id, geom, score, body)
         VALUES ($1, '2026Q3', 'R1', $1, ${place}, $3, $4::jsonb)`,
        [facts.id, geom, judgement.score, JSON.stringify({ patch: body, judgement })],
      );
      if (n === 3) continue;
      await run(
        `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
         VALUES ($1, '2026Q3', $2, $2, $3, $4, $5, '{}')`,
        [`T${facts.id}`, facts.id, n, judgement.score, n === 1 ? 'new' : 'withdrawn'],
      );
    }
    await run(
      `INSERT INTO tuban.observation (boundary_id, quarter, run_id, result, body)
       SELECT id, '2026Q3', 'R1', 'not-seen',
         '{"seenShare": 0.25, "changedM2": 0, "pairs": [], "patches": [], "reason": "云"}' FROM tuban.boundary`,
    );
  });

  it('does not call a quarter that was not run one without tasks', async () => {
    const never = await tuban('tasks', 'list', '--quarter', '2011Q1');
    expect(never).toMatchObject({ status: 2, out: '' });
    expect(never.err).toContain('2011Q1 还没有运行过，没有任务不等于没有发现');
  });

  it('lists the tasks of the newest quarter, aligned under Chinese heads', async () => {
    const { out, status } = await tuban('tasks', 'list');
    expect(status).toBe(0);
    const [heads, row, rest] = out.split('\n');
    expect(heads).toMatch(/^排名 {2}任务编号 \(id\)/);
    expect(row).toMatch(/^ {3}1 {2}T2026Q3-1 +79\.5 {2}疑似无证开采 +15\.00 +10003\.1 /);
    expect(rest).toBe('');
    expect(JSON.parse((await tuban('tasks', 'list', '--all', '--json')).out).tasks).toHaveLength(2);
  });

  it('shows a task with the parts of its score, and says when there is none', async () => {
    const { out } = await tuban('tasks', 'show', 'T2026Q3-1');
    expect(out).toMatch(/高德 {2}https:\/\/uri\.amap\.com\/marker\?position=\d/);
    expect(out).toContain('数字不可作坐标使用');
    expect(out).toContain('10003.10 m²（15.00 亩）');
    expect(out).toContain('得分 79.5 =');
    expect(JSON.parse((await tuban('tasks', 'show', 'T2026Q3-1', '--json')).out)).toMatchObject({
      id: 'T2026Q3-1',
      judgement: { violations: ['no-licence'] },
    });
    const none = await tuban('tasks', 'show', 'T9');
    expect(none.status).toBe(2);
    expect(none.err).toContain('没有编号为 T9 的任务');
  });

  it.each(['geojson', 'gpkg', 'shp', 'csv', 'xlsx'])(
    'exports tasks, patches and observations as .%s',
    async (ending) => {
      for (const [what, count] of [
        ['tasks', 1],
        ['patches', 3],
        ['observations', 1],
      ] as const) {
        const { status, out } = await tuban(what, 'export', `${what}.${ending}`);
        expect(status).toBe(0);
        expect(out).toContain(` ${count} `);
        expect(readFileSync(join(dir, `${what}.${ending}`)).length).toBeGreaterThan(50);
      }
    },
  );

  it('exports the columns of the interface and the geometry', async () => {
    await tuban('patches', 'export', 'p.geojson', '--quarter', '2026q3');
    const { features } = JSON.parse(readFileSync(join(dir, 'p.geojson'), 'utf8'));
    expect(features.map((f: { properties: { id: string } }) => f.properties.id)).toEqual([
      '2026Q3-1',
      '2026Q3-2',
      '2026Q3-3',
    ]);
    expect(features[0].properties).toMatchObject({ area_m2: 10003.1, violation: ['no-licence'], outside_m: null });
    expect(features[0].geometry.coordinates).toEqual(square(118.03, 36)[0]);
    await tuban('observations', 'export', 'o.csv');
    expect(readFileSync(join(dir, 'o.csv'), 'utf8')).toContain('C1石灰岩矿,not-seen,未看到,0.25');
  });

  it('refuses unknown formats and folders with status 2', async () => {
    expect((await tuban('tasks', 'export', 'a.pdf')).status).toBe(2);
    expect((await tuban('tasks', 'export', 'none/a.xlsx')).status).toBe(2);
    expect((await tuban('tasks', 'list', '--quarter', '2026')).status).toBe(2);
  });
});
