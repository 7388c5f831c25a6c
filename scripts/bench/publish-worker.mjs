/** publish-worker: one database in a process of its own: node publish-worker.mjs DIR DATABASE_URL|embedded TASKS. Tells its parent each figure. */
import { mkdirSync } from 'node:fs';
import { loginOf, peopleSql, task } from './queue-ground.mjs';

const DIST = new URL('../../dist/src/', import.meta.url);
const load = (path) => import(new URL(path, DIST));
const [dir, databaseUrl, count] = process.argv.slice(2);
const TASKS = Number(count);
const [OFFICERS, TOWNSHIPS, ROUNDS, QUARTER] = [20, 10, 15, '2026Q3'];

const [{ openWorkspace }, { readConfig }, { makeWorkspaceFolder }, { silentLog }, { createRunRecords }] =
  await Promise.all(
    ['app.js', 'config.js', 'adapters/workspace/make.js', 'log.js', 'adapters/postgres/run-records.js'].map(load),
  );
const [{ createDesk }, { openTaskQueue }, { createReading }] = await Promise.all(
  ['adapters/postgres/desk.js', 'queue-open.js', 'adapters/postgres/reading.js'].map(load),
);

mkdirSync(dir, { recursive: true });
makeWorkspaceFolder(dir, '测量县');
const { workspace, close } = await openWorkspace(
  dir,
  { ...readConfig({}), databaseUrl: databaseUrl === 'embedded' ? null : databaseUrl, redisUrl: null },
  silentLog(),
);
const { database } = workspace;
for (const statement of peopleSql({ officers: OFFICERS, townships: TOWNSHIPS })) await database.query(statement);
await database.query(`INSERT INTO tuban.person (id, login, name) VALUES ('analyst', 'analyst', '析')`);
await database.query(`INSERT INTO tuban.grant_of (person_id, role) VALUES ('analyst', 'analyst')`);

const records = createRunRecords(database, workspace.queueSettings);
const run = {
  id: `${QUARTER}-made`,
  quarter: QUARTER,
  inputHash: 'made',
  recipe: workspace.recipe,
  plan: { quarter: QUARTER, rasterHash: '', blockPx: 256, scenes: [], pairs: [], layersHash: '' },
};
await records.beginRun(run);
const list = Array.from({ length: TASKS }, (_, n) => ({ ...task(n, TOWNSHIPS), quarter: QUARTER }));

async function publish(what, standing) {
  const began = performance.now();
  await records.publish({
    run,
    sites: standing.map(({ siteId, judged }) => ({
      id: siteId,
      firstQuarter: QUARTER,
      geometry: judged.patch.geometry,
    })),
    merges: [],
    siteStates: [],
    patches: standing.map(({ judged, siteId }) => ({ judged, siteId })),
    observations: [],
    standing,
    withdrawn: [],
    summary: {},
  });
  const seconds = (performance.now() - began) / 1000;
  process.send({ table: 'published', what, seconds, mb: process.resourceUsage().maxRSS / 1024 });
}

await publish('the first time', list);
await publish('again, nothing changed', list);
const moved = list.map((one) => ({ ...one, rank: one.rank + 1 }));
await publish('again, one new patch before all others', [
  { ...task(TASKS, TOWNSHIPS), quarter: QUARTER, rank: 1 },
  ...moved,
]);
if (database.kind === 'server') await database.query('ANALYZE');

const desk = createDesk(database);
const queue = openTaskQueue(workspace, desk);
const reading = createReading(database, desk);
for (const [who, personId] of [
  ['officer of one of ten areas', loginOf(0)],
  ['analyst of everywhere', 'analyst'],
]) {
  const actor = { personId, device: 'bench' };
  for (const needle of ['load777', 'is-nowhere']) {
    await timed('queue', who, needle, () => queue.list(actor, { text: needle, order: 'rank', after: null, limit: 50 }));
    await timed("quarter's tasks", who, needle, () =>
      reading(actor, ({ record }) => record.tasks(QUARTER, { text: needle, limit: 50, offset: 0 })),
    );
  }
}

async function timed(page, who, needle, ask) {
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  process.send({ table: 'text', page, who, needle, times });
}

process.send({ done: true });
await close();
process.disconnect();
