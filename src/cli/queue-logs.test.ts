/**
 * What the commands of the queue leave in the log and say on the side, from claim to bundle, done and refused: no coordinates, no names of places,
 * licence holders, offenders or of who reported, no password. Results (stdout) go to whoever asked for them and are no part of this.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandsOn, type Said } from '../testing/commands.js';
import { photo } from '../testing/photos.js';
import { countyTasks, LAT, layPeople, layTasks, queueTask, rightForm } from '../testing/queue-ground.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { commands } from './commands.js';

const HOLDER = '李家沟石灰岩矿业公司';
const PLACE = '李家沟北坡';
const OFFENDER = '赵小六';
const REPORTER = '孙老汉';
const PASSWORD = 'zao shang hao, kuang shan';
const SECRET = new RegExp(
  `10[678][.,°]\\d|(?<![\\d:T-])29[.]\\d|${HOLDER}|李家沟|${OFFENDER}|${REPORTER}|138000|${PASSWORD}`,
);

let workspace: TestWorkspace;
const logged: string[] = [];
let tuban: (...argv: string[]) => Promise<Said>;
beforeAll(async () => {
  const opened = await openTestWorkspace();
  const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) });
  workspace = { ...opened, recipe: opened.recipe, log };
  const run = commandsOn(workspace, commands, workspace.dir, { terminal: true, log, input: `${PASSWORD}\n` });
  tuban = async (...argv) => {
    const said = await run(...argv);
    // What was typed may be said back to whoever typed it.
    const aside = argv.reduce((text, typed) => text.replaceAll(typed, ''), said.err);
    expect(aside, argv.join(' ')).not.toMatch(SECRET);
    return said;
  };
  await layPeople(workspace.database);
  const held = countyTasks(8).map((task) => {
    const judgement = { ...task.judged.judgement, licenceNo: HOLDER };
    return { ...task, judged: { ...task.judged, judgement } };
  });
  await layTasks(workspace.database, held);
  const { lon, lat } = queueTask(1).judged.patch;
  writeFileSync(join(workspace.dir, 'IMG.jpg'), await photo({ lon, lat, takenAt: '2026:10:12 09:40:00' }));
  const form = rightForm(queueTask(1));
  const offender = { kind: 'person', name: OFFENDER, phone: '13800013800' };
  put('form.json', { ...form, description: `${PLACE}有采坑`, offender });
  put('wrong.json', { ...form, position: { lon: 10.5, lat: LAT, datum: 'CGCS2000' }, offender, description: PLACE });
  put('text.json', `${PLACE} ${lon}`);
  writeFileSync(join(workspace.dir, 'junk.json'), `{"${PLACE}": 106.301, ${OFFENDER}`);
}, 120_000);
afterAll(() => workspace?.close());

const put = (name: string, content: unknown) => writeFileSync(join(workspace.dir, name), JSON.stringify(content));

it('says nothing of a place or a person in the log or on the side, whatever is done or refused', async () => {
  const done: [number, ...string[]][] = [
    [0, 'tasks', 'claim', 'Tp1', 'Tp3', '--as', 'o1'],
    [2, 'tasks', 'claim', 'Tp1', '--as', 'o2'],
    [0, 'tasks', 'list', '--mine', '--as', 'o1'],
    [0, 'tasks', 'show', 'Tp1', '--as', 'o1'],
    [2, 'tasks', 'show', 'Tp1', '--as', 'o3'],
    [0, 'tasks', 'depart', 'Tp1', '--as', 'o1'],
    [0, 'tasks', 'attach', 'Tp1', 'IMG.jpg', '--note', `${PLACE}，${REPORTER}所拍`, '--as', 'o1'],
    [2, 'tasks', 'attach', 'Tp1', 'junk.json', '--note', PLACE, '--as', 'o1'],
    [0, 'tasks', 'files', 'Tp1', '--as', 'o1'],
    [2, 'tasks', 'finding', 'Tp1', '--form', 'wrong.json', '--as', 'o1'],
    [2, 'tasks', 'submit', 'Tp1', '--form', 'wrong.json', '--as', 'o1'],
    [2, 'tasks', 'submit', 'Tp1', '--form', 'text.json', '--as', 'o1'],
    [2, 'tasks', 'submit', 'Tp1', '--form', 'junk.json', '--as', 'o1'],
    [0, 'tasks', 'drafts', '--as', 'o1'],
    [0, 'tasks', 'submit', 'Tp1', '--form', 'form.json', '--as', 'o1'],
    [0, 'tasks', 'return', 'Tp1', '--reason', `${PLACE}照片不清`, '--as', 'r1'],
    [2, 'tasks', 'return', 'Tp1', '--reason', `${PLACE}照片不清`, '--as', 'o2'],
    [0, 'tasks', 'claim', 'Tp1', '--as', 'o1'],
    [0, 'tasks', 'submit', 'Tp1', '--form', 'form.json', '--as', 'o1'],
    [0, 'tasks', 'finding', 'Tp1', '--offender', '--as', 'r1'],
    [0, 'tasks', 'review', 'Tp1', '--as', 'r1'],
    [0, 'tasks', 'review', 'Tp1', '--as', 'r2'],
    [0, 'tasks', 'verdict', 'Tp1', '--as', 'su'],
    [0, 'tasks', 'steps', 'Tp1', '--as', 'su'],
    [2, 'tasks', 'report', '--quarter', '2026Q3', '--point', '106.35', '--note', `${REPORTER}说${PLACE}`, '--as', 'o1'],
    [2, 'tasks', 'report', '--quarter', '2026Q3', '--outline', 'junk.json', '--note', PLACE, '--as', 'o1'],
    [2, 'tasks', 'export', 'none/list.xlsx', '--quarter', '2026Q3', '--as', 'su'],
    [0, 'tasks', 'export', 'list.xlsx', '--quarter', '2026Q3', '--as', 'su'],
    [0, 'tasks', 'export', 'list.geojson', '--quarter', '2026Q3', '--as', 'su'],
    [2, 'tasks', 'read-back', 'junk.json', '--as', 'o1'],
    [
      0,
      'rounds',
      'plan',
      '--from',
      '106.30,29.39',
      '--hours',
      '8',
      '--quarter',
      '2026Q3',
      '--team',
      '一中队',
      '--as',
      'su',
    ],
    [2, 'rounds', 'plan', '--from', '106.3,99.39', '--hours', '8', '--as', 'su'],
    [0, 'rounds', 'list', '--as', 'su'],
    [0, 'notices', 'send'],
    [0, 'notices', 'list', '--as', 'o1'],
    [0, 'tasks', 'bundle', 'Tp1', 'Tp1.zip', '--as', 'su'],
    [2, 'tasks', 'bundle', 'Tp1', 'none/x.zip', '--as', 'su'],
    [0, 'user', 'password', 'o1', '--password-stdin'],
    [2, 'user', 'add', 'x', '--name', REPORTER, '--role', 'reviewer'],
    [0, 'audit', 'verify', '--as', 'ad'],
  ];
  for (const [status, ...argv] of done) {
    const said = await tuban(...argv);
    expect([argv.join(' '), said.status], said.err).toEqual([argv.join(' '), status]);
  }
  // The search finds what is there: results do hold places.
  expect((await tuban('tasks', 'show', 'Tp1', '--as', 'o1')).out).toMatch(SECRET);
  expect(logged.length).toBeGreaterThan(10);
  expect(logged.join('')).not.toMatch(SECRET);
  expect(logged.filter((line) => line.includes('Command:Run:Refused')).join('')).toContain(
    'tasks report --quarter --point',
  );
}, 240_000);
