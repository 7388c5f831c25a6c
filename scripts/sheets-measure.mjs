/**
 * Measures task sheets on paper from real imagery: the demo's quarter is run on a private PostgreSQL, its tasks are copied to places of their own all
 * over the scene, and `tuban tasks export sheets.pdf --as LOGIN` prints so many of them, as a user would type it. Time, the highest memory of the command
 * with its raster processes (pages they share counted once), size.
 *   node scripts/sheets-measure.mjs [--sheets 20,200]        (after npm run build; figures stand in docs/lists.md)
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { watchTree } from './bench/tree.mjs';
import { CLI, ROOT } from './demo/commands.mjs';
import { startPostgres } from './test/servers.mjs';

const QUARTER = '2018Q2';
const KINDS = ['licences', 'exploration', 'plans', 'restoration', 'closed', 'prone', 'keyzones', 'admin', 'lawful'];
const { values } = parseArgs({ options: { sheets: { type: 'string', default: '20,200' } } });
const wanted = values.sheets.split(',').map(Number);

const postgres = await startPostgres();
const folder = mkdtempSync(join(tmpdir(), 'tuban-sheets-'));
try {
  const url = await postgres.freshUrl();
  const tuban = (...args) => typed(url, ['-C', folder, ...args]);
  const data = (name) => join(ROOT, 'fixtures', 'demo', name);
  await typed(url, ['init', folder, '--title', '演示县']);
  await tuban('scene', 'add', data('s2-2017-04-14.tif'), '--acquired', '2017-04-14');
  await tuban('scene', 'add', data('s2-2018-04-02.tif'), '--acquired', '2018-04-02');
  for (const kind of KINDS) await tuban('layer', 'import', kind, data(`${kind}.geojson`));
  await tuban('run', QUARTER);
  await tuban('user', 'add', 'guan', '--name', '管理员周', '--role', 'administrator');
  process.stdout.write('sheets   seconds   peak MB   file MB\n');
  for (const count of wanted) {
    await layTasks(url, count);
    const path = join(folder, `sheets-${count}.pdf`);
    const { seconds, peakBytes } = await tuban('tasks', 'export', path, '--as', 'guan');
    const bytes = statSync(path).size;
    const figures = [seconds.toFixed(1), (peakBytes / 1e6).toFixed(0), (bytes / 1e6).toFixed(1)];
    process.stdout.write(`${String(count).padStart(6)} ${figures.map((one) => one.padStart(9)).join(' ')}\n`);
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** So many copies of the run's own tasks, each at a place of its own: no two pictures are of the same ground. */
async function layTasks(url, count) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `DELETE FROM tuban.task_file WHERE task_id LIKE 'X%'; DELETE FROM tuban.task WHERE id LIKE 'X%'; DELETE FROM tuban.patch WHERE id LIKE 'X%'`,
    );
    await client.query(`UPDATE tuban.task SET state = 'reserve' WHERE state = 'new'`);
    await client.query(
      `CREATE TEMP TABLE copy AS
       SELECT n, 'X' || n AS id, t.id AS of, p.id AS patch, 0.0004 * (n / 40) AS dy, 0.0004 * (n % 40) - 0.008 AS dx
       FROM generate_series(1, $1::int) n
       JOIN (SELECT id, patch_id, row_number() OVER (ORDER BY rank, id) - 1 AS i, count(*) OVER () AS all_of
             FROM tuban.task WHERE id NOT LIKE 'X%' AND patch_id IN (SELECT id FROM tuban.patch)) t ON t.i = n % t.all_of
       JOIN tuban.patch p ON p.id = t.patch_id`.replace('$1::int', String(count)),
    );
    await client.query(
      `INSERT INTO tuban.patch (id, quarter, run_id, site_id, geom, score, body)
       SELECT c.id, quarter, run_id, site_id, ST_Translate(geom, dx, dy), score, jsonb_set(body, '{patch,id}', to_jsonb(c.id))
       FROM copy c JOIN tuban.patch p ON p.id = c.patch`,
    );
    await client.query(
      `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
       SELECT c.id, quarter, c.id, site_id, n, score, 'new', jsonb_set(body, '{id}', to_jsonb(c.id))
       FROM copy c JOIN tuban.task t ON t.id = c.of`,
    );
    await client.query(
      `INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2)
       SELECT id, quarter, 'new', rank, score, '{}', 1 FROM tuban.task WHERE id LIKE 'X%'`,
    );
  } finally {
    await client.end();
  }
}

function typed(url, args) {
  return new Promise((done, failed) => {
    const began = performance.now();
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: url },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const watch = watchTree(child.pid);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    child.once('error', failed);
    child.once('close', (status) => {
      const peakBytes = watch.stop();
      if (status === 0) done({ seconds: (performance.now() - began) / 1000, peakBytes });
      else failed(new Error(`tuban ${args.join(' ')}: ${status}\n${said}`));
    });
  });
}
