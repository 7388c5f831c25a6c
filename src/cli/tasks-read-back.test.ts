/** tuban tasks export FILE.xlsx and read-back on a real workspace: status, counts, cells. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDesk } from '../adapters/postgres/desk.js';
import { openTaskQueue } from '../queue-open.js';
import { commandsOn } from '../testing/commands.js';
import { filledWorkbook } from '../testing/form-workbook.js';
import { countyTasks, layPeople, layTasks } from '../testing/queue-ground.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register as audit } from './audit.js';
import { register as tasks } from './tasks.js';

let dir: string;
let workspace: TestWorkspace;
const tuban = (...argv: string[]) => commandsOn(workspace, [tasks, audit], dir)(...argv);
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-read-back-'));
  workspace = await openTestWorkspace();
  await layPeople(workspace.database);
  await layTasks(workspace.database, countyTasks(6));
});
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
});

it('submits what is right, names the cell of what is not, and ends with 2', async () => {
  const written = await tuban('tasks', 'export', 'form.xlsx', '--as', 'o1');
  expect([written.status, written.out]).toEqual([0, expect.stringContaining('3 个任务')]);
  const queue = openTaskQueue(workspace, createDesk(workspace.database));
  await queue.claimBatch({ personId: 'o1', device: 'test' }, { ids: ['Tp1', 'Tp3'], count: 2 });
  const right = {
    到达时间: '2026-10-12 09:30',
    离开时间: '2026-10-12 10:10',
    执法人员一: '张三',
    执法人员二: '李四',
    无定位的原因: '无信号',
    现场核查描述: '采坑一处',
    正在开采: '否',
    认定意见: '违法',
  };
  const book = readFileSync(join(dir, 'form.xlsx'));
  const { file, cell } = await filledWorkbook(book, { Tp1: right, Tp3: { ...right, 认定意见: '大概' } });
  writeFileSync(join(dir, 'form.xlsx'), file);
  const dry = await tuban('tasks', 'read-back', 'form.xlsx', '--dry-run', '--as', 'o1');
  expect([dry.status, dry.out]).toEqual([
    2,
    '可以提交 (valid, not submitted) 1 行，未提交 (refused) 1 行，空行 (empty) 1 行\n',
  ]);
  const first = await tuban('tasks', 'read-back', 'form.xlsx', '--as', 'o1');
  expect([first.status, first.out]).toEqual([2, '已提交 (submitted) 1 行，未提交 (refused) 1 行，空行 (empty) 1 行\n']);
  expect(first.err).toBe(`${cell('Tp3', '认定意见')}: 代码表里没有“大概” (not in the code table)\n`);
  const again = JSON.parse((await tuban('tasks', 'read-back', 'form.xlsx', '--json', '--as', 'o1')).out);
  expect(again.rows.map(({ result }: { result: string }) => result)).toEqual(['known', 'refused']);
});

it('writes a shapefile for an officer with the mark beside it, and a .kmz; both on record with what was written', async () => {
  expect(await tuban('tasks', 'export', 'own.shp', '--as', 'o1')).toMatchObject({ status: 0, err: '' });
  const shape = execFileSync('ogrinfo', ['-al', '-geom=NO', join(dir, 'own.shp')], { encoding: 'utf8' });
  expect(shape).toMatch(/Feature Count: 3/);
  expect(shape).toMatch(/Tp[135]\b/);
  expect(shape).not.toMatch(/Tp[246]\b/);
  expect(readFileSync(join(dir, 'own.shp.mark.txt'), 'utf8')).toMatch(/东一[\s\S]*tuban-mark person=o1/);
  expect(await tuban('tasks', 'export', 'own.kmz', '--as', 'o1')).toMatchObject({ status: 0, err: '' });
  const kml = Buffer.from(unzipSync(readFileSync(join(dir, 'own.kmz')))['doc.kml'] ?? []).toString('utf8');
  expect(kml).toMatch(/tuban-mark person=o1/);
  expect(kml).not.toMatch(/Tp[246]\b/);
  for (const name of ['own.shp', 'own.kmz']) {
    const { exports } = JSON.parse((await tuban('audit', 'exports', '--file', name, '--json')).out);
    expect(exports).toMatchObject([{ personId: 'o1', kind: 'tasks', rows: 3 }]);
  }
});

it('says what is no form, and for whom it acts', async () => {
  expect((await tuban('tasks', 'read-back', 'none.xlsx', '--as', 'o1')).status).toBe(2);
  writeFileSync(join(dir, 'a.xlsx'), 'x');
  expect((await tuban('tasks', 'read-back', 'a.xlsx', '--as', 'o1')).err).toContain('读不出这个文件');
  expect((await tuban('tasks', 'read-back', 'a.xlsx')).err).toContain('--as');
});

it('lists for an officer, in whatever format, hold the tasks of his area alone', async () => {
  for (const name of ['own.csv', 'own.geojson', 'own.gpx']) {
    const { status, err } = await tuban('tasks', 'export', name, '--as', 'o1');
    expect([name, err, status]).toEqual([name, err, 0]);
    const text = readFileSync(join(dir, name), 'utf8');
    expect(text).toMatch(/Tp\d*[13579]\b/);
    expect(text).not.toMatch(/Tp\d*[02468]\b/);
  }
  const none = await tuban('tasks', 'export', 'own.dxf', '--as', 'o1');
  expect([none.status, none.err]).toEqual([2, expect.stringContaining('.shp .kml .kmz')]);
});
