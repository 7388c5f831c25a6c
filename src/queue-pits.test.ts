/** Pits that people report, on both databases: what becomes of one, by whom, and what runs before and after make of it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { createLayerRegister } from './adapters/postgres/layer-register.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { register as tasksCommand } from './cli/tasks.js';
import { toWkb } from './geo/wkb.js';
import { type Recipe, recipeSchema, ruleSetHash } from './model/recipe.js';
import type { Quarter } from './model/scene.js';
import type { EngineDesk } from './ports/desk.js';
import type { MissedPits, PitReport } from './ports/missed-pits.js';
import type { PitList, PitSketch } from './ports/pit-list.js';
import type { WorkPool } from './ports/work-pool.js';
import { createPitList } from './queue-pit-list.js';
import { createMissedPits } from './queue-pits.js';
import { commandsOn } from './testing/commands.js';
import { givenPatch, outlineOf, publishGiven, type Rectangle } from './testing/given-quarter.js';
import { boundary } from './testing/judged.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const RECIPE = recipeSchema.parse({});
const QUARTER: Quarter = '2025Q2';
const device = 'test';

const PEOPLE = `
INSERT INTO tuban.area (id, name, geom) VALUES
  ('east', '东镇', ST_GeomFromText('MULTIPOLYGON(((117.9 35.9,118.5 35.9,118.5 36.5,117.9 36.5,117.9 35.9)))', 4490)),
  ('west', '西镇', ST_GeomFromText('MULTIPOLYGON(((117 35.9,117.5 35.9,117.5 36.5,117 36.5,117 35.9)))', 4490));
INSERT INTO tuban.person (id, login, name) VALUES ('o', 'o', '东甲'), ('w', 'w', '西乙'), ('su', 'su', '督丙'), ('ad', 'ad', '管丁');
INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES
  ('o', 'officer', 'east'), ('w', 'officer', 'west'), ('su', 'supervisor', NULL), ('ad', 'administrator', NULL)`;

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  let pits: MissedPits;
  let list: PitList;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    for (const statement of PEOPLE.split(';\n')) await workspace.database.query(statement);
    desk = createDesk(workspace.database);
    pits = createMissedPits(desk, workspace);
    list = createPitList(desk, workspace);
    await run(QUARTER, { A: [0, 0, 100, 100], B: [0, 1000, 100, 1100] });
  });
  afterAll(() => workspace.close());

  async function run(quarter: Quarter, own: Readonly<Record<string, Rectangle>>, recipe: Recipe = RECIPE) {
    const judged = Object.entries(own).map(([name, shape]) => givenPatch(`${quarter}-${name}`, quarter, shape));
    const { pool } = workspace;
    const of = (veg: number) => ({ veg, bright: 0, bare: 0, white: 0 });
    // There are no images of the made county: places that rest are bare.
    const answer: WorkPool['run'] = async (name, input) => {
      if (name !== 'recall') return pool.run(name, input);
      const { patches } = input as { patches: readonly unknown[] };
      return patches.map(() => ({ seenPixels: 50, numbers: { patch: of(150), ring: of(600) } })) as never;
    };
    await workspace.database.query('DELETE FROM tuban.stage_result');
    await publishGiven(workspace, quarter, judged, { recipe, pool: { ...pool, size: pool.size, run: answer } });
  }

  const at = (shape: Rectangle, changes: Partial<PitReport> = {}): PitReport => ({
    quarter: QUARTER,
    place: { outline: outlineOf(shape) },
    note: '山坡上有新挖的坑',
    seenOn: '2025-06-10',
    ...changes,
  });
  const report = (personId: string, what: PitReport) => pits.report({ personId, device }, what);
  const tasks = async (quarter: Quarter = QUARTER) =>
    (await quarterRecord(workspace.database).tasks(quarter, { offset: 0, limit: 100 })).tasks;
  const sees = (personId: string, sql: string) => desk.as({ personId, device }, (turn) => turn.sql.query(sql));

  it('becomes a place and a task with a file, judged like ours, and says nowhere but in the audit who reported it', async () => {
    const { task, added } = await report('o', at([0, 5000, 80, 5080]));
    expect(added).toBe(true);
    expect(task).toMatchObject({ quarter: QUARTER, origin: 'reported', state: 'new', siteId: task.judged.patch.id });
    expect(task.judged.judgement.violations.length).toBeGreaterThan(0);
    expect(task.judged.judgement.parts.length).toBeGreaterThan(0);
    expect(task.notes?.[0]).toBe('人工上报：山坡上有新挖的坑');
    expect(await sees('o', `SELECT task_id, areas FROM tuban.task_file WHERE task_id = '${task.id}'`)).toEqual([
      { task_id: task.id, areas: ['east'] },
    ]);
    expect(await sees('o', `SELECT id FROM tuban.reported_pit`)).toEqual([{ id: task.judged.patch.id }]);
    expect(await sees('w', `SELECT id FROM tuban.reported_pit`)).toEqual([]);
    const [kept] = await workspace.database.query<{ text: string }>(
      `SELECT concat(r.body::text, t.body::text, o.body::text, to_jsonb(f)::text) AS text FROM tuban.reported_pit r
         JOIN tuban.task t ON t.id = 'T' || r.id JOIN tuban.task_opened o ON o.task_id = t.id JOIN tuban.task_file f ON f.task_id = t.id`,
    );
    expect(kept?.text).not.toMatch(/东甲|"o"/);
    const audit = await workspace.database.query('SELECT person, action, subject, body FROM tuban.audit');
    expect(audit).toEqual([
      {
        person: 'o',
        action: 'pit.report',
        subject: `task:${task.id}`,
        body: '{"added":true,"quarter":"2025Q2","seenOn":"2025-06-10"}',
      },
    ]);
  });

  it('reported again with the same outline is the same; a point is a circle of the area said', async () => {
    const again = await report('su', at([0, 5000, 80, 5080]));
    expect(again.added).toBe(false);
    const point = await report('su', at([0, 0, 1, 1], { place: { lon: 118.02, lat: 36.02, areaM2: 2500 } }));
    expect(point.added).toBe(true);
    expect(point.task.judged.patch.areaM2).toBeCloseTo(2500, -1);
    expect(point.task.judged.patch.sigmaM).toBeGreaterThan(25);
    expect((await tasks()).filter(({ origin }) => origin === 'reported')).toHaveLength(2);
  });

  it('stays on the list as it is when the quarter is worked again, whatever the budget, and takes none of it', async () => {
    const before = (await tasks()).filter(({ origin }) => origin === 'reported');
    const tight = recipeSchema.parse({ sites: { budget: 1, sampleReserve: 0 } });
    await run(QUARTER, { A: [0, 0, 100, 100], B: [0, 1000, 100, 1100] }, tight);
    const after = await tasks();
    const reported = after.filter(({ origin }) => origin === 'reported');
    const plain = (list: typeof before) => list.map(({ rank, ...task }) => task).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(plain(reported)).toEqual(plain(before));
    expect(after.filter(({ origin }) => origin === 'change').map(({ state }) => state)).toEqual(['new', 'reserve']);
    await run(QUARTER, { B: [0, 1000, 100, 1100] });
    expect((await tasks()).filter(({ origin, state }) => origin === 'reported' && state === 'new')).toHaveLength(2);
    await run(QUARTER, { A: [0, 0, 100, 100], B: [0, 1000, 100, 1100] });
  });

  it('where the list has the place already names that task; should the run lose it, the report stands for it', async () => {
    const known = report('o', at([10, 0, 100, 100]));
    await expect(known).rejects.toMatchObject({ code: 'pit.known', details: { taskId: `T${QUARTER}-A` } });
    const tight = recipeSchema.parse({ sites: { budget: 0, sampleReserve: 0 } });
    await run(QUARTER, { A: [0, 0, 100, 100], B: [0, 1000, 100, 1100] }, tight);
    const own = (await tasks()).filter(({ origin }) => origin === 'change');
    expect(own.map(({ id, state }) => [id, state])).toEqual([
      [`T${QUARTER}-A`, 'new'],
      [`T${QUARTER}-B`, 'reserve'],
    ]);
    await run(QUARTER, { B: [0, 1000, 100, 1100] });
    const now = await tasks();
    expect(now.find(({ id }) => id === `T${QUARTER}-A`)?.state).toBe('withdrawn');
    expect(now.filter(({ origin }) => origin === 'reported')).toHaveLength(3);
    expect(now.find(({ siteId, origin }) => siteId === `${QUARTER}-A` && origin === 'reported')?.state).toBe('new');
  });

  it('is ground of its place: a later patch there is of the same place, and so is a report where a patch was', async () => {
    const [pit] = await workspace.database.query<{ site_id: string }>(
      `SELECT site_id FROM tuban.reported_pit WHERE id = site_id AND body->>'drawn' = 'outline'`,
    );
    await run('2025Q3', { P: [10, 5000, 95, 5080] });
    const [later] = await tasks('2025Q3');
    expect(later?.siteId).toBe(pit?.site_id);
    expect(later?.notes).toContain('该地点有人工上报：2025Q2');
    const { task } = await report('o', at([0, 1000, 90, 1110], { quarter: '2025Q3', seenOn: '2025-09-01' }));
    expect(task.siteId).toBe(`${QUARTER}-B`);
    // Told late, of a quarter before: it is the place that was found since.
    await run('2025Q3', { P: [10, 5000, 95, 5080], N: [0, 8000, 100, 8100] });
    const late = await report('o', at([0, 8000, 60, 8100]));
    expect(late.task.siteId).toBe('2025Q3-N');
  });

  it('is judged again when the quarter is: a licence that came late counts for it, and it stays on the list', async () => {
    const { task } = await report('o', at([0, 9000, 60, 9060]));
    expect(task.judged.judgement.licenceNo).toBeNull();
    const licence = boundary('L1', outlineOf([-200, 8800, 300, 9300]), {
      kind: 'licences',
      number: 'C100',
      validFrom: '2020-01-01',
    });
    const read = { repaired: [], refused: [], encoding: 'UTF-8', crsName: 'EPSG:4490', assumptions: [], polygons: 1 };
    const file = { id: 'F1', kind: 'licences', name: '证.geojson', sha256: '', validFrom: null, report: read } as const;
    await createLayerRegister(workspace.database).add(file, [licence]);
    await run(QUARTER, { B: [0, 1000, 100, 1100] });
    const again = (await tasks()).find(({ id }) => id === task.id);
    expect(again?.judged.judgement.licenceNo).toBe('C100');
    expect(again).toMatchObject({ state: 'new', origin: 'reported', siteId: task.siteId });
  });

  it('comes in from the command line, which says what reports tell of what was missed', async () => {
    const tuban = commandsOn(workspace, [tasksCommand], workspace.dir);
    const pit = { type: 'Polygon', coordinates: outlineOf([0, 12_000, 70, 12_050])[0] };
    const features = { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: pit }] };
    await writeFile(join(workspace.dir, 'pit.geojson'), JSON.stringify(features));
    const wish = ['tasks', 'report', '--quarter', QUARTER, '--note', '新坑', '--seen-on', '2025-06-30', '--as', 'o'];
    const drawn = await tuban(...wish, '--outline', 'pit.geojson');
    expect(drawn).toMatchObject({ status: 0, out: expect.stringMatching(/^已立为任务 T2025Q2-r[0-9a-f]{12}/) });
    expect((await tuban(...wish, '--outline', 'pit.geojson')).out).toContain('已上报过');
    expect((await tuban(...wish, '--point', '118.05,36.3')).status).toBe(0);
    for (const wrong of [
      [],
      ['--point', '118.05'],
      ['--point', 'x,y'],
      ['--outline', 'none.geojson'],
      ['--outline', 'tuban.yaml'],
    ]) {
      const said = await tuban(...wish, ...wrong);
      expect({ wrong, status: said.status, out: said.out }).toEqual({ wrong, status: 2, out: '' });
    }
    const count = (await workspace.database.query(`SELECT id FROM tuban.reported_pit WHERE quarter = '${QUARTER}'`))
      .length;
    const sample = await tuban('tasks', 'sample', QUARTER);
    expect(sample.out).toContain(`人工上报 ${count} 处，已核查 0 处`);
    expect(sample.out).toContain('不能估计');
    const { pits: told } = JSON.parse((await tuban('tasks', 'sample', QUARTER, '--json')).out);
    expect(told).toMatchObject({ misses: null, counts: { reported: count, answered: 0 } });
  });

  it('reported by several at the same moment with outlines of their own is one task, named to the others', async () => {
    const shapes: Rectangle[] = [
      [0, 20_000, 60, 20_060],
      [5, 20_000, 65, 20_062],
      [-4, 20_003, 58, 20_058],
    ];
    const told = await Promise.allSettled(
      shapes.map((shape, i) => report(i === 1 ? 'su' : 'o', at(shape, { quarter: QUARTER }))),
    );
    const made = told.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(made).toMatchObject([{ added: true }]);
    const refused = told.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    const known = { code: 'pit.known', details: { taskId: made[0]?.task.id } };
    expect(refused).toMatchObject([known, known]);
    // Of another place at the same moment nobody is kept away.
    const apart = [0, 1, 2].map((n) => report('o', at([0, 21_000 + n * 200, 60, 21_060 + n * 200])));
    expect((await Promise.all(apart)).map(({ added }) => added)).toEqual([true, true, true]);
  });

  it('is looked at before: area, areas, what would be refused, what is there; and nothing is kept', async () => {
    const count = async () => (await workspace.database.query('SELECT id FROM tuban.reported_pit')).length;
    const before = await count();
    const check = (personId: string, place: PitSketch['place'], changes: Partial<PitSketch> = {}) =>
      list.check({ personId, device }, { quarter: QUARTER, place, seenOn: '2025-06-10', ...changes });
    const square = { outline: outlineOf([0, 30_000, 80, 30_080]) };
    const good = await check('o', square);
    expect(good).toMatchObject({ areaNames: ['东镇'], errors: [], remarks: [], near: [], notes: [] });
    expect(good.areaM2).toBeCloseTo(6400, -2);
    const [known] = (await tasks()).filter(({ origin, state }) => origin === 'change' && state === 'new');
    const shape = known?.judged.patch.geometry ?? [];
    expect((await check('o', { outline: shape })).near).toMatchObject([{ taskId: known?.id, same: true }]);
    const beside = await check('su', { outline: outlineOf([60, 1000, 400, 1100]) });
    expect(beside.near).toMatchObject([{ taskId: `T${QUARTER}-B`, same: false, share: expect.closeTo(0.4, 1) }]);
    // Whoever may not report there learns nothing of what is there.
    const stranger = await check('w', { outline: shape });
    expect(stranger).toMatchObject({ errors: [{ code: 'pit.role' }], near: [] });
    // Nor of what a sealed round withholds: asked without end and on no record, outlines would find it.
    const seal = (is: boolean) =>
      workspace.database.query(`UPDATE tuban.task_file SET sealed = ${is} WHERE task_id = '${known?.id}'`);
    await seal(true);
    expect((await check('o', { outline: shape })).near).toEqual([]);
    expect((await check('su', { outline: shape })).near).toMatchObject([{ taskId: known?.id }]);
    await seal(false);
    const edge = await check('o', { outline: outlineOf([44_700, 30_000, 45_120, 30_100]) });
    expect(edge).toMatchObject({ errors: [], remarks: [{ code: 'area' }] });
    const cases: [PitSketch['place'], Partial<PitSketch>, string[], string[]][] = [
      [{ outline: outlineOf([0, 30_000, 6, 30_006]) }, {}, [], ['small']],
      [{ outline: outlineOf([0, 30_000, 600, 30_500]) }, { seenOn: '2025-07-02' }, [], ['large', 'late']],
      [{ lon: 36, lat: 118 }, {}, ['pit.outside'], []],
      [{ outline: [[[...(square.outline[0]?.[0] ?? []).slice(0, 3)]]] }, {}, ['pit.outline'], []],
      [square, { seenOn: '2999-01-01' }, ['pit.future'], []],
    ];
    for (const [place, changes, errors, remarks] of cases) {
      const said = await check('o', place, changes);
      expect([said.errors.map(({ code }) => code), said.remarks.map(({ code }) => code)]).toEqual([errors, remarks]);
    }
    const text = (square.outline[0]?.[0] ?? []).map(([lon, lat]) => `${lon} ${lat}`).join('\n');
    const typed = await check('o', { text });
    expect(typed.areaM2).toBeCloseTo(good.areaM2 ?? 0, 0);
    await expect(check('o', { text: '118' })).rejects.toMatchObject({ code: 'pit.outline' });
    expect(await count()).toBe(before);
  });

  it('is listed for whom its task is there, with what was known before, and counted for the same', async () => {
    const page = (personId: string, quarter: Quarter | null) => list.list({ personId, device }, quarter);
    const rows = await workspace.database.query<{ id: string; detected_task: string | null }>(
      `SELECT id, detected_task FROM tuban.reported_pit WHERE quarter = '${QUARTER}'`,
    );
    const all = await page('su', QUARTER);
    expect(all.total).toBe(rows.length);
    expect(all.pits.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
    expect(JSON.stringify(all)).not.toMatch(/东甲|督丙|"lon"|geometry/);
    expect(await page('w', null)).toEqual({ pits: [], total: 0 });
    expect((await page('su', null)).total).toBeGreaterThan(all.total);
    const misses = await list.misses({ personId: 'su', device }, QUARTER);
    expect(misses).toMatchObject({ misses: null, whole: true, counts: { reported: rows.length, answered: 0 } });
    expect(await list.misses({ personId: 'w', device }, QUARTER)).toMatchObject({
      whole: false,
      counts: { reported: 0 },
    });
    // What the detector had on its list, too: seen with that task.
    const place = { outline: outlineOf([10, 1000, 100, 1100]) };
    await run(QUARTER, { A: [0, 0, 100, 100], B: [0, 1000, 100, 1100] });
    await expect(report('o', at([0, 0, 1, 1], { place }))).rejects.toMatchObject({ code: 'pit.known' });
    expect((await page('o', QUARTER)).pits.find(({ taskId }) => taskId === `T${QUARTER}-B`)).toMatchObject({
      detected: true,
      state: 'new',
    });
  });

  it('is judged by the rules that are in force when it is reported, also where they were adopted since the server began', async () => {
    let recipe = RECIPE;
    const { database, pool, queueSettings } = workspace;
    const served = {
      database,
      pool,
      queueSettings,
      get recipe() {
        return recipe;
      },
    };
    const running = createMissedPits(desk, served);
    recipe = recipeSchema.parse({ judgement: { severity: { 'no-licence': 0.5 } } });
    const { task } = await running.report({ personId: 'o', device }, at([0, 40_000, 60, 40_060]));
    expect(task.judged.judgement.ruleSet).toBe(ruleSetHash(recipe.judgement));
    expect(ruleSetHash(recipe.judgement)).not.toBe(ruleSetHash(RECIPE.judgement));
  });

  it('refuses what cannot be, all with codes, and leaves nothing', async () => {
    const rows = async () =>
      (await workspace.database.query('SELECT id FROM tuban.reported_pit')).length +
      (await workspace.database.query('SELECT id FROM tuban.task')).length;
    const before = await rows();
    const ring = (...corners: [number, number][]) => ({ outline: [[corners]] });
    const cases: [string, Partial<PitReport>][] = [
      ['pit.outside', { place: { lon: 36, lat: 118 } }],
      ['pit.outside', { place: ring([2, 48], [2.001, 48], [2.001, 48.001], [2, 48]) }],
      ['pit.future', { seenOn: '2999-01-01' }],
      ['pit.quarter', { seenOn: '2025-03-31' }],
      ['pit.quarter', { seenOn: '10.6.2025' }],
      ['pit.quarter', { quarter: '2999Q1' }],
      ['pit.note', { note: ' ' }],
      ['pit.note', { note: 'a\nb' }],
      ['pit.size', { place: { lon: 118, lat: 36, areaM2: 0 } }],
      ['pit.size', { place: ring([118, 36], [119, 36], [119, 37], [118, 36]) }],
      ['pit.outline', { place: ring([118, 36], [118.001, 36.001], [118.001, 36], [118, 36.001], [118, 36]) }],
      ['pit.outline', { place: ring([118, 36], [118.001, 36], [118.001, 36.001], [118.002, 36]) }],
      ['pit.outline', { place: ring([118, 36], [118.001, 36], [118.0005, 36], [118, 36]) }],
      ['pit.outline', { place: ring([118, Number.NaN], [118.001, 36], [118.0005, 36.001], [118, Number.NaN]) }],
      ['pit.outline', { place: { outline: [] } }],
    ];
    for (const [code, changes] of cases) {
      await expect(report('o', at([0, 7000, 50, 7050], changes)), JSON.stringify(changes)).rejects.toMatchObject({
        code,
      });
    }
    await expect(report('w', at([0, 7000, 50, 7050]))).rejects.toMatchObject({ code: 'pit.role' });
    await expect(report('ad', at([0, 7000, 50, 7050]))).rejects.toMatchObject({ code: 'pit.role' });
    expect(await rows()).toBe(before);
  });

  it('is refused by the database itself, too, where the program forgets to ask', async () => {
    const geometry = outlineOf([0, 7000, 50, 7050]);
    const entry = {
      id: '2025Q2-rabc',
      hash: 'abc',
      quarter: QUARTER,
      siteId: '2025Q2-rabc',
      seenOn: '2025-06-01',
      wkb: Buffer.from(toWkb(geometry)).toString('hex'),
      lon: 118.0002,
      lat: 36.0633,
      body: {},
      task: null,
    };
    const tries: [string, object][] = [
      ['w', entry],
      ['ad', entry],
      ['o', { ...entry, lon: 118.3 }],
      ['o', { ...entry, id: '2025Q2-A' }],
      ['o', { ...entry, task: { id: 'T2025Q2-rabc' } }],
      ['o', { ...entry, siteId: 'far' }],
      [
        'o',
        {
          ...entry,
          task: { id: 'T2025Q2-rabc', origin: 'change', state: 'new', quarter: QUARTER, siteId: entry.siteId },
        },
      ],
    ];
    await workspace.database.query(
      `INSERT INTO tuban.site (id, first_quarter, geom) SELECT 'far', '2025Q1', ST_Translate(geom, -1, 0) FROM tuban.site LIMIT 1`,
    );
    for (const [personId, pit] of tries) {
      const work = desk.as({ personId, device }, ({ sql }) =>
        sql.query('SELECT tuban.report_pit($1::jsonb)', [JSON.stringify(pit)]),
      );
      await expect(work, JSON.stringify(pit)).rejects.toThrow('row-level security');
    }
    for (const text of [
      `INSERT INTO tuban.reported_pit (id, quarter, site_id, seen_on, geom, body) SELECT 'x', '2025Q2', id, now(), geom, '{}' FROM tuban.site`,
      `DELETE FROM tuban.reported_pit`,
      `UPDATE tuban.reported_pit SET body = '{}'`,
    ]) {
      await expect(sees('su', text), text).rejects.toThrow('permission denied');
    }
  });
}

describe('reported pits on the embedded database', () => holds(async () => null));
withPostgres('reported pits on a server', () => holds(freshDatabase));
