/**
 * queue-worker: the program's server with a made county, in a process of its own: node queue-worker.mjs DIR DATABASE_URL|embedded OFFICERS TASKS TOWNSHIPS.
 * Tells its parent { address, cookies }, answers 'check' with what stands in the database, and ends with its channel.
 */
import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { layTasks, loginOf, PASSWORD, peopleSql } from './queue-ground.mjs';

const DIST = new URL('../../dist/src/', import.meta.url);
const load = (path) => import(new URL(path, DIST));
const [dir, databaseUrl, officers, tasks, townships] = process.argv
  .slice(2)
  .map((word, i) => (i >= 2 ? Number(word) : word));

const [{ openWorkspace }, { serveApi }, { readConfig }, { makeWorkspaceFolder }, { silentLog }] = await Promise.all(
  ['app.js', 'app-serve.js', 'config.js', 'adapters/workspace/make.js', 'log.js'].map(load),
);
const [{ admitTasks }, { queueAccess }, { createDesk }, people, { firstBreak }] = await Promise.all(
  [
    'adapters/postgres/admission.js',
    'queue-access.js',
    'adapters/postgres/desk.js',
    'queue-people.js',
    'model/audit.js',
  ].map(load),
);

mkdirSync(dir, { recursive: true });
makeWorkspaceFolder(dir, '测量县');
const url = databaseUrl === 'embedded' ? null : databaseUrl;
const { workspace, close } = await openWorkspace(
  dir,
  { ...readConfig({}), databaseUrl: url, redisUrl: null },
  silentLog(),
);
const { database } = workspace;
for (const statement of peopleSql({ officers, townships })) await database.query(statement);
await layTasks(database, { tasks, townships, admit: (sql, some) => admitTasks(sql, some, workspace.queueSettings) });
if (url !== null) await database.query('ANALYZE');

const access = queueAccess(workspace, people.consoleDesk(createDesk(database)));
const cookies = [];
for (let n = 0; n < officers; n += 1) {
  await access.credentials.setPassword(people.CONSOLE_ACTOR, loginOf(n), PASSWORD);
  const wish = { login: loginOf(n), password: PASSWORD };
  const { secret } = await access.signIn.signIn(wish, { address: '127.0.0.1', device: 'bench' });
  cookies.push(`tuban=${secret}`);
}
const api = await serveApi(workspace);
const address = await api.listen({ host: '127.0.0.1', port: 0 });
process.send({ address, cookies });

process.on('message', async () => {
  const [counts] = await database.query(
    `SELECT (SELECT count(*)::int FROM tuban.task_step WHERE action = 'submit') AS submits,
       (SELECT count(*)::int FROM tuban.finding) AS findings,
       (SELECT count(*)::int FROM tuban.evidence_file) AS files,
       (SELECT count(*)::int FROM (SELECT task_id FROM tuban.task_step WHERE action = 'claim' GROUP BY task_id HAVING count(*) > 1) d) AS twice`,
  );
  const entries = await database.query('SELECT * FROM tuban.audit ORDER BY seq');
  process.send({ ...counts, audit: entries.length, broken: firstBreak(entries) });
});
process.on('disconnect', async () => {
  await api.close();
  await close();
  process.exit(0);
});
if (import.meta.url !== pathToFileURL(process.argv[1]).href) throw new Error('a process of its own');
