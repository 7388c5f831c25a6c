/**
 * publish: a quarter's list enters the database with a file for each task, on PostgreSQL and on the embedded database: the first time, again with nothing
 * changed, and again where one new patch moves every rank. Then a page filtered by text, as people with and without areas get it.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../test/servers.mjs';
import { median } from './figures.mjs';

export const name = 'publish';
const WORKER = fileURLToPath(new URL('publish-worker.mjs', import.meta.url));

export async function run({ tasks, say }) {
  const rows = [];
  for (const kind of ['server', 'embedded']) rows.push(await measure(kind, tasks, say));
  return { intro: [INTRO], tables: [listTable(rows, tasks), textTable(rows, tasks)], raw: rows, failures: 0 };
}

const INTRO = `What a run publishes last, in one transaction: places, patches, tasks, a file for each task with what it was opened with, with every trigger and row-level security. Memory is the greatest of the
process so far: it holds the list, and the embedded database too. Text: a page of 50 in a person's turn.`;

async function measure(kind, tasks, say) {
  const dir = mkdtempSync(join(tmpdir(), 'tuban-publish-'));
  const postgres = kind === 'server' ? await startPostgres({ shared_buffers: '256MB' }) : null;
  const child = fork(WORKER, [
    join(dir, 'workspace'),
    postgres ? await postgres.freshUrl() : 'embedded',
    String(tasks),
  ]);
  try {
    return await new Promise((resolve, reject) => {
      const row = { kind, tasks, published: [], text: [] };
      child.on('message', (message) => {
        if (message.done) return resolve(row);
        say(`${kind}: ${JSON.stringify(message)}`);
        return row[message.table].push(message);
      });
      child.once('exit', (status) => reject(new Error(`the worker ended: ${status}`)));
    });
  } finally {
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
    await postgres?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

const NAMES = { server: 'PostgreSQL', embedded: 'embedded' };

function listTable(rows, tasks) {
  return {
    title: `Publishing ${tasks.toLocaleString('en')} tasks`,
    lines: [
      '| database | what | seconds | greatest memory, MB |',
      '|---|---|---:|---:|',
      ...rows.flatMap(({ kind, published }) =>
        published.map(
          ({ what, seconds, mb }) => `| ${NAMES[kind]} | ${what} | ${seconds.toFixed(1)} | ${Math.round(mb)} |`,
        ),
      ),
    ],
  };
}

function textTable(rows, tasks) {
  return {
    title: `A page filtered by text among ${tasks.toLocaleString('en')} tasks (asked: < 200 ms)`,
    lines: [
      '| database | page | person | text | number | median ms | greatest ms |',
      '|---|---|---|---|---:|---:|---:|',
      ...rows.flatMap(({ kind, text }) =>
        text.map(
          ({ page, who, needle, times }) =>
            `| ${NAMES[kind]} | ${page} | ${who} | \`${needle}\` | ${times.length} | ${median(times).toFixed(0)} | ${Math.max(...times).toFixed(0)} |`,
        ),
      ),
    ],
  };
}
