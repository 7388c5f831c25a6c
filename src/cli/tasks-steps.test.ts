/** The queue on the command line: as its people type it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandsOn, type Said } from '../testing/commands.js';
import { countyTasks, LAT, layPeople, layTasks, queueTask, rightForm, square } from '../testing/queue-ground.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { commands } from './commands.js';

let workspace: TestWorkspace;
let tuban: (...argv: string[]) => Promise<Said>;
beforeAll(async () => {
  workspace = await openTestWorkspace();
  tuban = commandsOn(workspace, commands, workspace.dir);
  await layPeople(workspace.database);
  await layTasks(workspace.database, countyTasks(12));
});
afterAll(() => workspace.close());

const put = (name: string, content: unknown) => writeFileSync(join(workspace.dir, name), JSON.stringify(content));
const json = async <T>(...argv: string[]): Promise<T> => {
  const { status, out, err } = await tuban(...argv, '--json');
  expect(err).toBe('');
  expect(status).toBe(0);
  return JSON.parse(out) as T;
};
interface Files {
  readonly files: readonly { readonly taskId: string; readonly state: string }[];
}

it('claims a batch, extends, departs, submits, reviews to the end', async () => {
  const nobody = await tuban('tasks', 'claim', '--batch', '2');
  expect([nobody.status, nobody.err]).toEqual([2, expect.stringContaining('--as')]);
  const claimed = await json<Files>('tasks', 'claim', '--batch', '2', '--as', 'o1');
  expect(claimed.files.map(({ taskId }) => taskId)).toEqual(['Tp1', 'Tp3']);
  const taken = await tuban('tasks', 'claim', 'Tp1', 'Tp5', '--as', 'o2');
  expect([taken.status, taken.out, taken.err]).toEqual([
    2,
    expect.stringContaining('Tp5'),
    expect.stringMatching(/未领取 Tp1：.*已领取/s),
  ]);
  expect((await tuban('tasks', 'extend', 'Tp1', '--as', 'o1')).out).toMatch(/续领：Tp1.*第 1 次领取，已续 1 次/s);
  expect((await tuban('tasks', 'depart', 'Tp1', '--as', 'o1')).status).toBe(0);
  put('form.json', rightForm(queueTask(1)));
  const without = await tuban('tasks', 'submit', 'Tp1', '--as', 'o1');
  expect([without.status, without.err]).toEqual([2, expect.stringMatching(/--form FILE\.json.*\[tasks\.form\]/)]);
  expect((await tuban('tasks', 'submit', 'Tp1', '--form', 'form.json', '--lease', '1', '--as', 'o1')).out).toContain(
    '待审核',
  );
  expect((await tuban('tasks', 'submit', 'Tp1', '--form', 'form.json', '--as', 'o1')).status).toBe(0);
  // Returned, and sent once more as it is: that is a submission, not the old one again.
  expect((await tuban('tasks', 'return', 'Tp1', '--reason', '补照片', '--as', 'r1')).out).toContain('退回补正');
  expect((await tuban('tasks', 'claim', 'Tp1', '--as', 'o1')).status).toBe(0);
  expect((await tuban('tasks', 'submit', 'Tp1', '--form', 'form.json', '--as', 'o1')).out).toContain('待审核');
  expect((await tuban('tasks', 'review', '--as', 'r1')).out).toContain('Tp1');
  expect((await tuban('tasks', 'return', 'Tp1', '--reason', '补照片', '--as', 'o1')).err).toContain('权限');
  expect((await tuban('tasks', 'review', 'Tp1', '--as', 'r1')).out).toContain('待审核');
  expect((await tuban('tasks', 'review', 'Tp1', '--as', 'r2')).out).toContain('已立案');
  const steps = await json<{ steps: readonly { action: string }[] }>('tasks', 'steps', 'Tp1', '--as', 'su');
  expect(steps.steps.map(({ action }) => action).join()).toBe(
    'claim,extend-lease,depart,submit,return,claim,submit,approve,approve,open-case',
  );
});

it('lists by whose, state and area, and shows the file beside the task', async () => {
  const ids = async (...argv: string[]) =>
    (await json<Files>('tasks', 'list', ...argv)).files.map(({ taskId }) => taskId);
  expect(await ids('--mine', '--as', 'o2')).toEqual(['Tp5']);
  expect(await ids('--state', 'claimed', '--as', 'su')).toEqual(['Tp3', 'Tp5']);
  expect(await ids('--area', 'west', '--as', 'o1')).toEqual([]);
  expect(await ids('--area', 'west', '--as', 'su')).toHaveLength(6);
  expect(await ids('--overdue', '--as', 'su')).toEqual([]);
  expect((await tuban('tasks', 'list', '--state', 'lost', '--as', 'su')).err).toContain('bad-imagery');
  expect((await tuban('tasks', 'show', 'Tp3')).out).toMatch(/任务 Tp3 .*状态 已领取 .*由 东一/s);
  const shown = await json<{ file: { state: string }; patch: object }>('tasks', 'show', 'Tp3');
  expect([shown.file.state, typeof shown.patch]).toEqual(['claimed', 'object']);
});

it('shows a person what he may see and no more, and what happened in words', async () => {
  const seen = await json<Files>('tasks', 'list', '--as', 'o3');
  expect(seen.files.map(({ taskId }) => taskId)).toEqual(['Tp2', 'Tp4', 'Tp6', 'Tp8', 'Tp10', 'Tp12']);
  const hidden = await tuban('tasks', 'show', 'Tp3', '--as', 'o3');
  expect([hidden.status, hidden.out, hidden.err]).toEqual([2, '', expect.stringContaining('没有编号为 Tp3 的任务')]);
  expect((await tuban('tasks', 'show', 'Tp3', '--as', 'o1')).out).toMatch(/可以：续领、放回.*位置/s);
  expect((await tuban('tasks', 'list', '--area', '西镇', '--as', 'su')).out).toContain('Tp12');
  const nowhere = await tuban('tasks', 'list', '--area', '南镇', '--as', 'su');
  expect([nowhere.status, nowhere.err]).toEqual([2, expect.stringContaining('tuban area list')]);
  const { out } = await tuban('tasks', 'steps', 'Tp1', '--as', 'su');
  expect(out).toMatch(/领取 +待分派 → 已领取 +东一 .*领取至 \d{4}-\d\d-\d\d \d\d:\d\d；第 1 次领取/);
  expect(out).not.toMatch(/[{}"]/);
});

it('goes on after what is refused, says which, and ends with status 2', async () => {
  const many = await tuban('tasks', 'assign', 'Tp3', 'Tp7', 'Tnone', 'Tp9', '--to', 'o2', '--as', 'an');
  expect(many.status).toBe(2);
  expect(many.out).toMatch(/Tp7.*Tp9/s);
  expect(many.err).toMatch(/未办理 Tp3：.*未办理 Tnone：/s);
  const claimed = await json<Files>('tasks', 'claim', 'Tp7', 'Tp9', '--as', 'o2');
  expect(claimed.files).toHaveLength(2);
  const both = await tuban('tasks', 'release', 'Tp3', 'Tp7', 'Tp9', '--as', 'o2', '--json');
  const answer = JSON.parse(both.out) as Files & { refused: readonly { taskId: string; code: string }[] };
  expect([both.status, answer.files.map(({ taskId }) => taskId)]).toEqual([2, ['Tp7', 'Tp9']]);
  expect(answer.refused).toMatchObject([{ taskId: 'Tp3', code: 'flow.holder' }]);
  const day = await tuban('tasks', 'ask-extension', 'Tp3', '--until', '明天', '--reason', '路断', '--as', 'o1');
  expect([day.status, day.err]).toEqual([2, expect.stringContaining('期限：应为日期，如 2026-10-12')]);
  const one = await tuban('tasks', 'release', 'Tp7', 'Tp9', '--revision', '3', '--as', 'o2');
  expect([one.status, one.err]).toEqual([2, expect.stringContaining('--revision')]);
});

it('says what is wrong with a form or a number, with its code, and changes nothing', async () => {
  const before = await tuban('tasks', 'steps', 'Tp3', '--json', '--as', 'su');
  const form = JSON.stringify({ ...rightForm(queueTask(3)), description: '山坡新开采坑' });
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'half.json': form.slice(0, 200),
    'gbk.json': iconv.encode(form, 'gbk'),
    'empty.json': '',
    'codes.json': form.replace('"illegal"', '"大概违法"'),
    'abroad.json': form.replace(
      /"position":\{[^}]*\}/,
      '"position":{"lon":2.35,"lat":48.85,"datum":"WGS84","accuracyM":5}',
    ),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(workspace.dir, name), content);
  const wrong: readonly (readonly [argv: readonly string[], said: RegExp])[] = [
    [['submit', 'Tp3', '--form', 'half.json'], /half\.json.*第 1 行第 201 个字符处中断.*\[input\.json\]/],
    [['submit', 'Tp3', '--form', 'gbk.json'], /gbk\.json.*不是 UTF-8.*GBK.*\[input\.json\]/],
    [['submit', 'Tp3', '--form', 'empty.json'], /是空的.*\[input\.json\]/],
    [['submit', 'Tp3', '--form', 'none.json'], /none\.json.*\[input\.file\]/],
    [['submit', 'Tp3', '--form', 'codes.json'], /\[finding\.invalid\]:\n.*parts\.0\.verdict：代码表里没有“大概违法”/],
    [['submit', 'Tp3', '--form', 'abroad.json'], /position.*(中国|我国)/],
    [['submit', 'Tp3', '--form', 'form.json', '--lease', 'x'], /--lease.*“x”.*\[cli\.number\]/],
    [['extend', 'Tp3', '--hours', 'x'], /--hours.*“x”.*\[cli\.number\]/],
    [['claim', 'Tp7', '--hours', '-1'], /--hours.*“-1”.*\[cli\.number\]/],
    [['extend', 'Tp3', '--hours', '500'], /最多 \d+ 小时.*\[flow\.lease\]/],
    [['submit', 'Tp3'], /--form.*\[tasks\.form\]/],
    [['submit'], /^缺少参数 ID/],
    [['submit', 'Tp3', '--from', 'form.json'], /^没有选项 --from/],
  ];
  for (const [argv, said] of wrong) {
    const { status, out, err } = await tuban('tasks', ...argv, '--as', 'o1');
    expect([argv, status, out, err]).toEqual([argv, 2, '', expect.stringMatching(said)]);
  }
  expect(await tuban('tasks', 'steps', 'Tp3', '--json', '--as', 'su')).toEqual(before);
});

it('assigns by role and load, and refuses those who assign nowhere', async () => {
  const role = await tuban('tasks', 'assign', 'Tp7', 'Tp9', '--role', 'officer', '--as', 'an');
  expect([role.status, role.out]).toEqual([0, expect.stringContaining('已分派 2 个任务')]);
  const wrong = await tuban('tasks', 'assign', 'Tp7', '--role', 'reviewer', '--as', 'an');
  expect([wrong.status, wrong.err]).toEqual([2, expect.stringContaining('执法人员 officer')]);
  const officer = await tuban('tasks', 'assign', '--auto', '--as', 'o1');
  expect([officer.status, officer.out, officer.err]).toEqual([2, '', expect.stringContaining('没有分派任务的权限')]);
});

it('assigns by name and by load, merges, splits, refuses what is stale', async () => {
  expect((await tuban('tasks', 'assign', 'Tp7', '--to', 'o2', '--as', 'an')).out).toContain('东二');
  expect((await tuban('tasks', 'assign', 'Tp7', '--to', 'o3', '--as', 'an')).err).toContain(
    '不是任务 Tp7 所在区域的执法人员',
  );
  expect((await tuban('tasks', 'responsible', '西镇', '--person', 'o3', '--as', 'ad')).out).toMatch(
    /西镇（west）\s+西一/,
  );
  expect((await tuban('tasks', 'assign', '--auto', '--area', 'west', '--as', 'an')).out).toContain('已分派 6 个任务');
  expect((await tuban('tasks', 'merge', 'Tp9', 'Tp7', '--reason', '同一采场', '--as', 'an')).status).toBe(0);
  expect((await tuban('tasks', 'show', 'Tp7')).out).toContain('已并入 Tp9');
  const { lon } = queueTask(11).judged.patch;
  const part = (dx: number, name: string) => ({
    type: 'Feature',
    properties: { name },
    geometry: { type: 'MultiPolygon', coordinates: square(lon + dx, LAT, 0.0001) },
  });
  put('parts.geojson', { type: 'FeatureCollection', features: [part(-0.0002, '甲'), part(0.0002, '乙')] });
  const split = await tuban('tasks', 'split', 'Tp11', '--parts', 'parts.geojson', '--reason', '两家', '--as', 'an');
  expect([split.err, split.status]).toEqual(['', 0]);
  expect((await tuban('tasks', 'show', 'Tp11-2')).out).toContain('由任务 Tp11 拆分：乙');
  const stale = await tuban('tasks', 'claim', 'Tp9', '--as', 'o1');
  expect(stale.status).toBe(0);
  const refused = await tuban('tasks', 'release', 'Tp9', '--revision', '1', '--as', 'o1');
  expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('现为第 7 版')]);
});

it('cron: ends leases that are over and tells what is overdue, in one line; again it does nothing and is silent', async () => {
  const { files: claimed } = await json<Files>('tasks', 'list', '--state', 'claimed', 'field', '--as', 'su');
  expect(claimed.length).toBeGreaterThan(0);
  // Nobody looked for days: leases and a deadline went by.
  await workspace.database.query(
    `UPDATE tuban.task_file SET lease_until = now() - interval '3 days' WHERE lease_until IS NOT NULL`,
  );
  await workspace.database.query(`UPDATE tuban.task_file SET deadline = '2026-01-05' WHERE task_id = 'Tp8'`);
  const first = await tuban('notices', 'send');
  expect([first.status, first.err, first.out]).toEqual([
    0,
    '',
    expect.stringMatching(
      new RegExp(`^领取到期 ${claimed.length}，新通知 [1-9]\\d*；消息：新增 0，发出 0，失败 0 \\(.*\\)\\n$`),
    ),
  ]);
  expect(await tuban('notices', 'send')).toEqual({ status: 0, out: '', err: '' });
  expect(await json('notices', 'send')).toEqual({ ended: 0, notices: 0, made: 0, sent: 0, failed: 0 });
  const { steps } = await json<{ steps: readonly { action: string }[] }>('tasks', 'steps', 'Tp3', '--as', 'su');
  expect(steps.filter(({ action }) => action === 'lapse')).toHaveLength(1);
  const told = await json<readonly { kind: string; taskId: string }[]>('notices', 'list', '--as', 'o3');
  expect(told.filter(({ kind }) => kind === 'overdue')).toMatchObject([{ taskId: 'Tp8' }]);
});
