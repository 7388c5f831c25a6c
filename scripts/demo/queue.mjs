/**
 * The demo's second half: one task of the quarter from claim to verdict, by invented people with drawn photos, its papers, and the record, of which a copy
 * is tampered with to show that it tells.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sitePhoto } from '../fixtures/site-photo.mjs';
import { tuban } from './commands.mjs';

const PEOPLE = [
  ['li', '李四', 'officer'],
  ['suo', '所长王', 'reviewer', 'station'],
  ['xian', '县局陈', 'reviewer', 'county'],
  ['shi', '市局林', 'reviewer', 'city'],
];
const INPUT_ERROR = 2;
const BROKEN = 1;

/** `shown`: the workspace's folder as a user types it; `folder`: where it is. Gives the files that it wrote, as typed; rejects where a command ends otherwise than it should. */
export async function demoQueue({ shown, folder, quarter }) {
  const say = (text) => process.stdout.write(`\n—— ${text} ——\n`);
  const inWorkspace = (args, options) => tuban(['-C', shown, ...args], options);
  const as = (login, ...args) => [...args, '--as', login];

  say('核查队列：人员和权限 (the queue: people and rights)');
  await inWorkspace(['user', 'add', 'guan', '--name', '管理员周', '--role', 'administrator']);
  for (const [login, name, role, level] of PEOPLE) {
    const grant = ['--name', name, '--role', role, ...(level ? ['--level', level] : [])];
    await inWorkspace(as('guan', 'user', 'add', login, ...grant));
  }

  say('从领取到认定 (from claim to verdict)');
  const claimed = await inWorkspace(as('li', 'tasks', 'claim', '--batch', '1', '--quarter', quarter));
  const [id] = /T\d{4}Q\d-\w+/.exec(claimed) ?? [];
  if (id === undefined) throw new Error('没有可领取的任务 (there was nothing to claim)');
  await inWorkspace(as('li', 'tasks', 'depart', id));
  const task = JSON.parse(await inWorkspace(as('li', 'tasks', 'show', id, '--json'), { show: 0 }));
  const { photos, form } = await found(folder, task.patch);
  const typed = (path) => join(shown, path);
  await inWorkspace(as('li', 'tasks', 'attach', id, ...photos.map(typed)));
  await inWorkspace(as('li', 'tasks', 'submit', id, '--form', typed(form)));
  process.stdout.write(
    '\n本人不能审核本人提交的，有审核权限也不能 (nobody reviews his own work, whatever his roles):\n',
  );
  await inWorkspace(as('guan', 'user', 'grant', 'li', '--role', 'reviewer', '--level', 'station'), { show: 0 });
  await inWorkspace(as('li', 'tasks', 'review', id), { expected: [INPUT_ERROR] });
  // Level by level: it waits for the city where it is a key patch.
  for (const [login] of PEOPLE.slice(1)) {
    const waiting = await inWorkspace(as(login, 'tasks', 'review'), { show: 0 });
    if (waiting.includes(id)) await inWorkspace(as(login, 'tasks', 'review', id));
  }
  await inWorkspace(as('xian', 'tasks', 'steps', id));

  say('任务单和卷宗 (sheets for paper, the whole file)');
  const [sheets, bundle] = [typed('sheets.pdf'), typed('bundle.zip')];
  await inWorkspace(as('li', 'tasks', 'claim', '--batch', '3'));
  await inWorkspace(as('li', 'tasks', 'export', sheets));
  await inWorkspace(as('xian', 'tasks', 'bundle', id, bundle));

  say('审计记录：完整；改动过的副本会被指出 (the record is whole; a copy that was tampered with tells)');
  await inWorkspace(['audit', 'verify']);
  const [record, tampered] = ['audit.jsonl', 'audit-tampered.jsonl'];
  await inWorkspace(['audit', 'export', typed(record)]);
  tamper(join(folder, record), join(folder, tampered));
  await tuban(['audit', 'verify', '--file', typed(tampered)], { expected: [BROKEN] });
  return { sheets, bundle };
}

/** Photos beside the patch and a filled form, written into `folder`; their names. */
async function found(folder, { lon, lat }) {
  const now = Date.now();
  const local = (minutes) => new Date(now + 8 * 3_600_000 - minutes * 60_000).toISOString().slice(0, 16);
  const views = [0, 1, 2];
  const photos = views.map((view) => `photo-${view + 1}.jpg`);
  for (const view of views) {
    const photo = await sitePhoto({ lon, lat, at: local(70 - view), view });
    writeFileSync(join(folder, photos[view]), photo);
  }
  const form = {
    codesVersion: 1,
    arrivedAt: `${local(75)}:00+08:00`,
    leftAt: `${local(40)}:00+08:00`,
    officers: [
      { name: '李四', number: '演示 0101' },
      { name: '张三', number: '演示 0102' },
    ],
    position: { lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)), datum: 'CGCS2000', accuracyM: 8 },
    description: '山坡新开采坑一处，坑内停放挖掘机一台，未见作业。',
    measures: ['stop-notice'],
    parts: [
      {
        part: '1',
        active: 'no',
        mineral: 'building-stone',
        method: 'open-pit',
        violation: 'no-licence',
        quantities: { volumeM3: 5200, how: 'estimated' },
        verdict: 'illegal',
        handling: 'case',
      },
    ],
  };
  writeFileSync(join(folder, 'finding.json'), JSON.stringify(form, null, 1));
  return { photos, form: 'finding.json' };
}

/** One letter of one entry in the middle is another. */
function tamper(from, to) {
  const rows = readFileSync(from, 'utf8').split('\n');
  const middle = Math.floor(rows.length / 2);
  rows[middle] = (rows[middle] ?? '').replace('"action":"', '"action":"x');
  writeFileSync(to, rows.join('\n'));
}
