/**
 * A made-up year of issued patches (fixtures/issued) over the demo county, played through the commands: import → compare → results, with
 * every one answered: grown, unchanged, recovered, hidden by the planted cloud, outside all imagery, newer than it, without an outline.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import gdal from 'gdal-async';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layerFiles } from './adapters/files/layer-files.js';
import { sceneFiles } from './adapters/files/scene-files.js';
import { readDbf } from './adapters/gdal/dbf.js';
import { tableSheets } from './adapters/gdal/table-sheets.js';
import { createIssuedRegister } from './adapters/postgres/issued-register.js';
import { createLayerRegister } from './adapters/postgres/layer-register.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { createSceneRegister } from './adapters/postgres/scene-register.js';
import type { Session } from './cli/command.js';
import { register as patchesCommand } from './cli/patches.js';
import { runCommandLine } from './cli/program.js';
import { register as tasksCommand } from './cli/tasks.js';
import { compareIssued } from './issued-compare.js';
import { silentLog } from './log.js';
import { ingest } from './stages/ingest/stage.js';
import { registerLayer } from './stages/register/stage.js';
import { DEMO_FOLDER } from './testing/demo-quarter.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const ISSUED = fileURLToPath(new URL('../fixtures/issued', import.meta.url));
const FILES = [
  ['2017q3-county.shp', '县', 2017, 3],
  ['2017q4-change.shp', '部', 2017, 4],
  ['2017q4-correction.shp', '部', 2017, 4],
  ['2018q1-province.gpkg', '省厅', 2018, 1],
  ['2018q2-change.shp', '部', 2018, 2],
] as const;

let dir: string;
let workspace: TestWorkspace;

async function tuban(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const session: Session = {
    cwd: dir,
    columns: 200,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    input: async () => '',
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    signal: new AbortController().signal,
    status: 0,
  };
  const line = { argv, commands: [patchesCommand, tasksCommand], log: () => ({ log: silentLog(), path: null }) };
  const status = await runCommandLine(line, session, ({ person }) => ({
    session,
    person,
    directory: () => workspace.dir,
    workspace: async () => workspace,
    hold: async () => workspace,
    pool: () => workspace.pool,
  }));
  return { status, ...said };
}

const importFile = ([file, source, year, quarter]: (typeof FILES)[number]) =>
  tuban('patches', 'import', join(ISSUED, file), '--source', source, '--year', `${year}`, '--quarter', `${quarter}`);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-issued-'));
  workspace = await openTestWorkspace();
  const { database, pool } = workspace;
  const scenes = { pool, files: sceneFiles(), register: createSceneRegister(database) };
  const file = (name: string) => join(DEMO_FOLDER, name);
  await ingest(file('s2-2017-04-14.tif'), { acquired: '2017-04-14', masks: [] }, scenes);
  const masks = [{ code: 'scl' as const, path: file('s2-2018-04-02-scl.tif') }];
  await ingest(file('s2-2018-04-02.tif'), { acquired: '2018-04-02', masks }, scenes);
  const layers = { pool, files: layerFiles(), register: createLayerRegister(database) };
  for (const kind of ['licences', 'exploration', 'keyzones'] as const) {
    await registerLayer(file(`${kind}.geojson`), { kind, crs: null, encoding: null, validFrom: null }, false, layers);
  }
}, 120_000);
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Row {
  readonly source: string;
  readonly facts: { readonly number: string; readonly countyCode: string; readonly typeCode: string | null };
  readonly answer: {
    readonly result: string;
    readonly measuredM2: number | null;
    readonly grownM2: number | null;
    readonly reasons: readonly string[];
  } | null;
  readonly judgement: { readonly violations: readonly string[] } | null;
  readonly siteId: string | null;
  readonly taskId: string | null;
}
const rows = async (...argv: string[]): Promise<Row[]> =>
  (JSON.parse((await tuban('patches', ...argv, '--json')).out) as { patches: Row[] }).patches;
const results = (all: readonly Row[]): Record<string, string | undefined> =>
  Object.fromEntries(
    all.map(({ source, facts, answer }) => [`${source} ${facts.countyCode}/${facts.number}`, answer?.result]),
  );

describe('issued patches', () => {
  it('imports five files with their fields, a correction, a repetition and rows without an outline', async () => {
    const said: Awaited<ReturnType<typeof tuban>>[] = [];
    for (const file of FILES) said.push(await importFile(file));
    expect(said.map(({ status }) => status)).toEqual([0, 2, 0, 2, 0]);
    expect(said[0]?.out).toContain('4 行 (rows)，新增 4、更正 0、已有 0');
    expect(said[1]?.out).toContain('6 行 (rows)，新增 5、更正 0、已有 1');
    expect(said[1]?.err).toContain('与第 4 行完全相同，只保留一份');
    expect(said[2]?.out).toContain('新增 0、更正 1、已有 0');
    expect(said[3]?.err).toContain('图斑类型为数值 1，按代码“01”处理');
    expect(said[3]?.err).toContain('第 5 行 (row)：没有几何');
    expect((await importFile(FILES[0])).out).toContain('已导入过，未作更改');
  }, 60_000);

  it('says before the comparison that there is no result, and fails', async () => {
    const { status, err } = await tuban('patches', 'results', 'early.csv');
    expect(status).toBe(1);
    expect(err).toContain('17 行尚未比对');
  });

  it('leaves nothing half done when it is cut short, and is run again as if nothing had happened', async () => {
    const { database, pool } = workspace;
    const [records, register] = [createRunRecords(database), createIssuedRegister(database)];
    const run: typeof pool.run = async (name, input) => {
      // Images were read by then.
      if (name === 'outside') throw new Error('power cut');
      return pool.run(name, input);
    };
    const ports = { records, register, scenes: createSceneRegister(database), files: sceneFiles() };
    const cut = compareIssued({}, workspace.recipe, { ...ports, pool: { size: 1, run, close: async () => {} } });
    await expect(cut).rejects.toThrow('power cut');
    expect(await register.answers({})).toEqual([]);
    expect(await database.query('SELECT id FROM tuban.task')).toEqual([]);
  }, 120_000);

  it('answers every one, as planted', async () => {
    const { status, out } = await tuban('patches', 'compare', '--json');
    expect(status).toBe(0);
    const said = JSON.parse(out) as {
      counts: Record<string, number>;
      newResults: number;
      newTasks: number;
      patches: Row[];
    };
    const surrogate = said.patches.find(({ facts }) => facts.number.startsWith('无编号-'));
    expect(surrogate?.answer?.result).toBe('no-visible-change');
    expect(results(said.patches.filter((row) => row !== surrogate))).toEqual({
      '县 000001/0001': 'grown',
      '县 000001/0002': 'no-visible-change',
      '县 000001/0003': 'recovered',
      '县 000001/0004': 'not-seen',
      '部 000001/JC0007': 'grown',
      '部 990001/JC0007': 'no-visible-change',
      '部 000001/JC0008': 'no-visible-change',
      '部 000001/JC0009': 'not-seen',
      '部 000001/JC0010': 'no-outline',
      '省厅 000001/S-01': 'no-visible-change',
      '省厅 000001/S-02': 'grown',
      '省厅 000001/S-03': 'recovered',
      '省厅 000001/S-05': 'no-outline',
      '部 000001/JC0101': 'not-seen',
      '部 000001/JC0102': 'no-visible-change',
    });
    expect(said.counts).toEqual({ grown: 3, 'no-visible-change': 6, recovered: 2, 'not-seen': 3, 'no-outline': 2 });
    expect([said.newResults, said.newTasks]).toEqual([16, 14]);
  }, 120_000);

  it('says why, measures, judges, and sends each to a place and a task', async () => {
    const all = await rows('list');
    const one = (number: string, source = '部'): Row | undefined =>
      all.find((row) => row.facts.number === number && row.source === source);
    expect(one('0004', '县')?.answer?.reasons.join()).toContain('被云、阴影遮挡');
    expect(one('JC0009')?.answer?.reasons.join()).toContain('没有覆盖该图斑的影像');
    expect(one('JC0101')?.answer?.reasons.join()).toContain('最新影像 2018-04-02 早于后时相 2018-05-20');
    expect(one('S-03', '省厅')?.answer?.reasons.join()).toContain('“不详”不能识别，按下发季度末日 2018-03-31 处理');
    // The planted pit has 32,583 m² by its outline: what is measured is within 15 % of it, its growth beyond what was issued.
    const { measuredM2 = null, grownM2 = null } = one('0001', '县')?.answer ?? {};
    expect(measuredM2).toBeGreaterThan(41_000);
    expect(measuredM2).toBeLessThan(56_000);
    expect(grownM2).toBeGreaterThan(25_000);
    expect(one('0001', '县')?.judgement?.violations).toContain('beyond-boundary');
    // The same pit, issued twice, is one place.
    expect(one('JC0102')?.siteId).toBe(one('JC0007')?.siteId);
    expect(new Set(all.map(({ taskId }) => taskId)).size).toBe(15);
    const { out } = await tuban('tasks', 'show', one('0001', '县')?.taskId ?? '', '--json');
    const task = JSON.parse(out) as { issued: object[]; geometry: unknown[] };
    expect(task.issued).toMatchObject([{ source: '县', number: '0001', result: 'grown' }]);
    expect(task.geometry).toHaveLength(1);
  });

  it('finds nothing new the second time, and a run does not withdraw the tasks', async () => {
    const { out } = await tuban('patches', 'compare', '--json');
    expect(JSON.parse(out)).toMatchObject({ newResults: 0, newTasks: 0 });
    expect(await createRunRecords(workspace.database).tasks('2018Q2')).toEqual([]);
  }, 60_000);

  it('hangs a number on the task of an own patch at the same place, while that task is on the list', async () => {
    const { database } = workspace;
    const mine = (await rows('show', 'JC0102'))[0];
    const [row] = await database.query<{ body: { answer: object; judged: { patch: object; judgement: object } } }>(
      `SELECT r.body FROM tuban.issued_result r JOIN tuban.issued_answer a ON a.result_id = r.id WHERE a.task_id = $1`,
      [mine?.taskId ?? ''],
    );
    const { judged } = row?.body ?? {};
    const outline = `SELECT geom FROM tuban.issued_version WHERE number = 'JC0102'`;
    await database.query(
      `INSERT INTO tuban.run (id, quarter, input_hash, recipe, recipe_hash, state, plan)
       VALUES ('R', '2018Q2', 'h', '{}', 'h', 'done', '{}')`,
    );
    await database.query(`INSERT INTO tuban.site (id, first_quarter, geom) VALUES ('own', '2018Q2', (${outline}))`);
    await database.query(
      `INSERT INTO tuban.patch (id, quarter, run_id, site_id, geom, score, body)
       VALUES ('own', '2018Q2', 'R', 'own', (${outline}), 1, $1::jsonb)`,
      [JSON.stringify(judged)],
    );
    await database.query(
      `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
       VALUES ('Town', '2018Q2', 'own', 'own', 1, 1, 'new', '{"id": "Town", "quarter": "2018Q2"}')`,
    );
    await tuban('patches', 'compare');
    expect((await rows('show', 'JC0102'))[0]).toMatchObject({
      taskId: 'Town',
      answer: { result: 'no-visible-change' },
    });
    expect((await tuban('tasks', 'show', 'Town')).out).toContain('上级下发图斑 部 000001/JC0102：无明显变化');
    expect((await tuban('tasks', 'show', mine?.taskId ?? '')).out).toContain('已撤回');
    await database.query(`UPDATE tuban.task SET state = 'withdrawn' WHERE id = 'Town'`);
    await tuban('patches', 'compare');
    expect((await rows('show', 'JC0102'))[0]?.taskId).toBe(mine?.taskId);
    expect((await tuban('tasks', 'show', mine?.taskId ?? '')).out).not.toContain('已撤回');
  }, 60_000);

  it('writes results in the issuer’s own fields, every row answered', async () => {
    const wish = ['--source', '部', '--year', '2017', '--quarter', '4'];
    expect((await tuban('patches', 'results', '成果.shp', ...wish)).status).toBe(0);
    const table = readDbf(join(dir, '成果.dbf'), null);
    const issued = readDbf(join(ISSUED, '2017q4-change.dbf'), null);
    expect(table.names.slice(0, 11)).toEqual(issued.names);
    expect(table.fields.slice(0, 11)).toEqual(issued.fields);
    expect(table.names.every((name) => Buffer.byteLength(name) <= 10)).toBe(true);
    const at = (name: string): number => table.names.indexOf(name);
    const lines = table.records.map((record) => [record?.[at('JCBH')], record?.[at('TBLX')], record?.[at('BDJG')]]);
    expect(lines).toEqual([
      ['JC0007', 'CK', '扩大'],
      ['JC0007', 'CK', '无明显变化'],
      ['JC0009', 'DT', '影像不可用'],
      ['JC0010', 'CK', '无法比对（图形无效）'],
      ['JC0009', 'DT', '影像不可用'],
      ['JC0008', '01', '无明显变化'],
    ]);
    const info = execFileSync('ogrinfo', ['-al', '-so', join(dir, '成果.shp')], { encoding: 'utf8' });
    expect(info).toMatch(/Feature Count: 6[\s\S]*MJ: Real \(14\.2\)[\s\S]*BDJG: String \(30\.0\)/);
    for (const name of ['全部.gpkg', '全部.xlsx', '全部.csv'])
      expect((await tuban('patches', 'results', name)).status).toBe(0);
    const all = await rows('list');
    const dataset = gdal.open(join(dir, '全部.gpkg'));
    const layer = dataset.layers.get(0);
    expect(layer.srs?.getAuthorityCode('GEOGCS')).toBe('4490');
    const found = layer.features.map((feature) => ({ ...feature.fields.toObject(), shape: feature.getGeometry() }));
    dataset.close();
    const [csv = [], sheet = []] = ['全部.csv', '全部.xlsx'].map((name) =>
      (tableSheets(join(dir, name), null).sheets[0]?.rows ?? []).filter(({ cells }) => cells.some((cell) => cell)),
    );
    expect([found.length, csv.length, sheet.length]).toEqual([17, 18, 18]);
    const first = found[0] as Record<string, unknown>;
    expect(first).toMatchObject({ TBBH: '0001', BDJG: '扩大', BDDM: 'grown', BDRQ: '2018-04-02', CZRQ: '2017-04-14' });
    const one = all.find(({ source, facts }) => source === '县' && facts.number === '0001');
    expect(first.KDMJ).toBe(one?.answer?.grownM2);
    expect([first.RWBH, first.DDBH]).toEqual([one?.taskId, one?.siteId]);
    expect(found.filter(({ shape }) => shape === null)).toHaveLength(2);
    // Text and sheet hold the same rows in the same order, numbers of patches with the zeros in front.
    const results = found.map((row) => (row as Record<string, unknown>).BDJG);
    for (const table of [csv, sheet]) {
      const column = table[0]?.cells.findIndex((title) => title?.includes('比对结果')) ?? -1;
      expect(table.slice(1).map(({ cells }) => cells[column])).toEqual(results);
      expect(table[1]?.cells).toContain('0001');
    }
  }, 60_000);

  it('keeps versions: a correction is compared anew and keeps its task', async () => {
    const before = (await rows('show', 'JC0008'))[0];
    const again = ['--source', '部', '--year', '2017', '--quarter', '4', '--encoding', 'GBK'];
    await tuban('patches', 'import', join(ISSUED, '2017q4-change.shp'), ...again);
    expect((await rows('list', '--result', 'none')).map(({ facts }) => facts.number)).toEqual(['JC0008']);
    await tuban('patches', 'compare');
    const after = (await rows('show', 'JC0008'))[0];
    expect(after?.taskId).toBe(before?.taskId);
    expect(after?.answer?.measuredM2).not.toBeNull();
    expect((await tuban('patches', 'show', 'JC0008')).out).toContain('更正过 2 次');
  }, 60_000);
});
