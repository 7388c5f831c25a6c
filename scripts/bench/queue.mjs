/**
 * queue: the verification queue under officers at work, the program's own server on PostgreSQL and on the embedded database. The rate rises until the server and its
 * database take half of the machine; there the requests are timed. Afterwards the database is asked whether anything was lost or done twice.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres } from '../test/servers.mjs';
import { driver, makePhoto, PHOTO_BYTES, READS, WRITES } from './queue-drive.mjs';
import { treeCpuSeconds } from './tree.mjs';

export const name = 'queue';
const WORKER = fileURLToPath(new URL('queue-worker.mjs', import.meta.url));
const [OFFICERS, TOWNSHIPS] = [200, 10];
const TASKS = { server: 100_000, embedded: 20_000 };
const [STEP_SECONDS, MEASURE_SECONDS, FIRST_RATE, HALF] = [10, 40, 0.5, 0.5];
const PAGES = [
  'state=new&limit=50',
  'state=new&quarter=2026Q3&violation=no-licence&limit=50',
  'quarter=2026Q2&minScore=60&limit=50',
  'text=load777&limit=50',
  'state=new&limit=50&area=town3',
  'overdue=true&order=deadline&limit=50',
];

export async function run({ say }) {
  const photo = await makePhoto();
  const rows = [];
  for (const kind of ['server', 'embedded']) rows.push(await measure(kind, photo, say));
  const failures = rows.filter(({ check }) => check.lost !== 0 || check.twice !== 0 || check.broken !== null).length;
  return { intro: [INTRO], tables: rows.flatMap(tablesOf), raw: rows, failures };
}

const INTRO = `${OFFICERS} officers in ${TOWNSHIPS} townships are signed in. A visit is: list of 50, counts, claim one, open its file, three photos of ${PHOTO_BYTES / 1e6} MB each, submit. Visits begin at a fixed rate; the one
measured is where the server's process and its database take about half of the processors (the officers' side runs on the same machine and is not counted). Every answer goes through sign-in, row-level
security, the audit chain and idempotency keys. Times are of whole requests at the client, milliseconds.`;

async function measure(kind, photo, say) {
  const dir = mkdtempSync(join(tmpdir(), 'tuban-queue-'));
  const postgres = kind === 'server' ? await startPostgres({ shared_buffers: '256MB', max_connections: '60' }) : null;
  say(`${kind}: ${TASKS[kind]} tasks`);
  const url = postgres ? await postgres.freshUrl() : 'embedded';
  const postmaster = postgres ? await postmasterOf(url) : null;
  const child = fork(WORKER, [join(dir, 'workspace'), url, OFFICERS, TASKS[kind], TOWNSHIPS].map(String));
  const next = () =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (status) => reject(new Error(`the server ended: ${status}`)));
    });
  try {
    const { address, cookies } = await next();
    const officers = driver({ address, cookies, photo });
    const cpu = () => treeCpuSeconds(child.pid) + (postmaster === null ? 0 : treeCpuSeconds(postmaster));
    const pages = await officers.pages(PAGES, 30);
    const burst = await officers.burst();
    say(`${kind}: burst of ${OFFICERS}: ${new Set(burst).size} different tasks of ${burst.length}`);
    const levels = [];
    let rate = FIRST_RATE;
    for (;;) {
      const level = await busy(officers, cpu, rate, STEP_SECONDS);
      levels.push(level);
      say(`${kind}: ${rate.toFixed(2)} visits/s: ${(100 * level.share).toFixed(0)} % of the processors`);
      if (level.share >= HALF || level.behind) break;
      rate *= Math.min(2, Math.max(1.2, HALF / Math.max(level.share, 0.01)));
    }
    const last = levels.at(-1);
    const chosen = last.share > HALF ? (last.rate * HALF) / last.share : last.rate;
    const measured = await busy(officers, cpu, chosen, MEASURE_SECONDS);
    child.send('check');
    const found = await next();
    const { submitted, photos, refused, missed } = officers.done;
    const lost = submitted - found.submits + (submitted - found.findings) + (photos - found.files);
    const double = burst.length - new Set(burst).size + found.twice;
    return {
      kind,
      tasks: TASKS[kind],
      levels: levels.map(({ timed: _timed, ...level }) => level),
      measured: { ...measured, timed: Object.fromEntries(measured.timed) },
      pages,
      burst: burst.length,
      check: { ...found, submitted, photos, lost, twice: double, missed, refused: Object.fromEntries(refused) },
    };
  } finally {
    if (child.connected) child.disconnect();
    await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve()));
    await postgres?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function postmasterOf(url) {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid");
  await client.end();
  return rows[0].pid;
}

async function busy(officers, cpu, rate, seconds) {
  const [before, missed] = [cpu(), officers.done.missed];
  const driven = await officers.drive(rate, seconds);
  const share = (cpu() - before) / driven.seconds / availableParallelism();
  // Ended much later than it should have: the visits pile up.
  const behind = driven.seconds > 2 * seconds || officers.done.missed > missed;
  return { rate, share, behind, seconds: driven.seconds, timed: driven.timed };
}

/** A process of the database that ended meanwhile has taken its processor time with it. */
function shareText(share) {
  return share < 0 ? 'not known' : `${(100 * share).toFixed(0)} %`;
}

function at(times, share) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function tablesOf({ kind, tasks, measured, levels, pages, burst, check }) {
  const title = kind === 'server' ? 'PostgreSQL' : 'Embedded database';
  const line = (what, times) =>
    `| ${what} | ${times.length} | ${at(times, 0.5).toFixed(0)} | ${at(times, 0.95).toFixed(0)} | ${Math.max(...times).toFixed(0)} |`;
  const all = (kinds) => kinds.flatMap((one) => measured.timed[one]);
  const ended = levels.map(({ rate, share }) => `${rate.toFixed(2)}: ${shareText(share)}`).join(', ');
  const refused = Object.entries(check.refused).map(([what, count]) => `${what} × ${count}`);
  return [
    {
      title: `${title}, ${tasks.toLocaleString('en')} tasks, ${measured.rate.toFixed(2)} visits a second (${(100 * measured.share).toFixed(0)} % of the processors)`,
      lines: [
        '| request | number | median ms | p95 ms | greatest ms |',
        '|---|---:|---:|---:|---:|',
        ...[...READS, ...WRITES].map((one) => line(one, measured.timed[one])),
        line('all reads (asked: p95 < 150)', all(READS)),
        line('all writes (asked: p95 < 400)', all(WRITES)),
        '',
        `Visits a second and share of the processors on the way: ${ended}. An officer makes ten visits on a busy day, so ${measured.rate.toFixed(2)} a second is the work of ${Math.round((measured.rate * 8 * 3600) / 10).toLocaleString('en')} officers.`,
        `${burst} of ${OFFICERS} officers who claimed at the same moment got a task. Submitted ${check.submitted}, photos ${check.photos}; lost ${check.lost}, held twice ${check.twice}; audit of ${check.audit} entries ${check.broken === null ? 'whole' : 'BROKEN'}.${refused.length > 0 ? ` Refused: ${refused.join(', ')}.` : ''}`,
      ],
    },
    {
      title: `${title}: a filtered page of ${tasks.toLocaleString('en')} tasks, nothing else going on (asked: < 200 ms)`,
      lines: [
        '| filter | number | median ms | p95 ms | greatest ms |',
        '|---|---:|---:|---:|---:|',
        ...pages.map(({ query, times }) => line(`\`${query}\``, times)),
      ],
    },
  ];
}
