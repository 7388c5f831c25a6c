/** Two people never hold one task: 200 claimers at once, a process that is killed while it claims, and nothing lost either way. */
import { afterAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { type AuditEntry, firstBreak } from './model/audit.js';
import { Fault } from './model/fault.js';
import type { Database } from './ports/database.js';
import { openTaskQueue } from './queue-open.js';
import { programs } from './testing/program.js';
import { countyTasks, layPeople, layTasks } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { makeTestWorkspaceFolder, openTestWorkspace } from './testing/workspace.js';

const CLAIMERS = 200;
const TASKS = 150;

/** Officers of everywhere. */
async function layOfficers(database: Database, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => `c${i + 1}`);
  await database.query(
    `INSERT INTO tuban.person (id, login, name) SELECT id, id, id FROM (SELECT jsonb_array_elements_text($1::jsonb) AS id) c`,
    [JSON.stringify(ids)],
  );
  await database.query(
    `INSERT INTO tuban.grant_of (person_id, role) SELECT jsonb_array_elements_text($1::jsonb), 'officer'`,
    [JSON.stringify(ids)],
  );
  return ids;
}

interface Standing {
  task_id: string;
  state: string;
  revision: number;
  holder: string | null;
  lease_no: number;
  steps: number;
  claims: number;
  last_claimer: string | null;
}

/** Each file says what its steps say, and the record is whole. */
async function standing(database: Database): Promise<Standing[]> {
  const rows = await database.query<Standing>(
    `SELECT f.task_id, f.state, f.revision, f.holder, f.lease_no,
       (SELECT count(*)::int FROM tuban.task_step s WHERE s.task_id = f.task_id) AS steps,
       (SELECT count(*)::int FROM tuban.task_step s WHERE s.task_id = f.task_id AND s.action = 'claim') AS claims,
       (SELECT s.person_id FROM tuban.task_step s WHERE s.task_id = f.task_id AND s.action = 'claim' ORDER BY s.revision DESC LIMIT 1) AS last_claimer
     FROM tuban.task_file f ORDER BY f.rank`,
  );
  for (const file of rows) {
    expect(file.revision).toBe(file.steps + 1);
    expect(file.lease_no).toBe(file.claims);
    if (file.state === 'claimed') expect(file.holder).toBe(file.last_claimer);
    else expect(file.holder).toBeNull();
  }
  const entries = await database.query<AuditEntry>('SELECT * FROM tuban.audit ORDER BY seq');
  expect(firstBreak(entries)).toBeNull();
  expect(entries.filter(({ action }) => action === 'task.claim')).toHaveLength(
    rows.reduce((sum, { claims }) => sum + claims, 0),
  );
  return rows;
}

async function crowd(databaseUrl: string | null): Promise<void> {
  const workspace = await openTestWorkspace({ databaseUrl, jobs: 12 });
  try {
    await layPeople(workspace.database);
    await layTasks(workspace.database, countyTasks(TASKS));
    const people = await layOfficers(workspace.database, CLAIMERS);
    const queue = openTaskQueue(workspace, createDesk(workspace.database));
    const outcomes = await Promise.all(
      people.map(async (personId) => {
        try {
          const { files } = await queue.claimBatch({ personId, device: 'test' }, { count: 1 });
          return files.map(({ taskId, holder }) => ({ personId, taskId, holder }));
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
          expect((error as Fault).code).toBe('flow.none');
          return [];
        }
      }),
    );
    const got = outcomes.flat();
    expect(new Set(got.map(({ taskId }) => taskId)).size).toBe(got.length);
    expect(got).toHaveLength(TASKS);
    for (const { personId, holder } of got) expect(holder).toBe(personId);
    const files = await standing(workspace.database);
    expect(files.every(({ holder, lease_no }) => holder !== null && lease_no === 1)).toBe(true);

    // The same again for one and the same task: all want the best one that a single person gave back.
    const [best] = got.filter(({ taskId }) => taskId === 'Tp1');
    await queue.act({ personId: best?.personId ?? '', device: 'test' }, 'Tp1', { action: 'release', revision: 2 });
    const answers = await Promise.all(
      people.map((personId) => queue.claimBatch({ personId, device: 'test' }, { ids: ['Tp1'], count: 1 })),
    );
    expect(answers.filter(({ files: taken }) => taken.length === 1)).toHaveLength(1);
    expect(new Set(answers.flatMap(({ refused }) => refused.map(({ code }) => code)))).toEqual(new Set(['flow.state']));
    await standing(workspace.database);
  } finally {
    await workspace.close();
  }
}

describe('200 claimers at once', () => {
  it('on the embedded database: each task has one holder, none is lost', () => crowd(null));
});
withPostgres('200 claimers at once on a server', () => {
  it('each task has one holder, none is lost', async () => crowd(await freshDatabase()));
});

const running = programs();
afterAll(() => running.end());

/** Programs claim in a batch and are killed at moments that nobody chose; what is left has to be whole each time. */
async function killed(databaseUrl: string | null): Promise<void> {
  const dir = makeTestWorkspaceFolder();
  const prepared = await openTestWorkspace({ dir, databaseUrl });
  await layPeople(prepared.database);
  await layTasks(prepared.database, countyTasks(60));
  await layOfficers(prepared.database, 8);
  await prepared.close();
  const environment = databaseUrl === null ? {} : { DATABASE_URL: databaseUrl };
  const claim = (i: number) => running.start(['tasks', 'claim', '--batch', '5', '--as', `c${i}`], dir, environment);
  const calm = await claim(1).ended;
  expect(calm).toMatchObject({ status: 0 });
  for (let i = 2; i <= 8; i++) {
    const one = claim(i);
    // Somewhere between its start and its end.
    setTimeout(() => one.process.kill('SIGKILL'), (i - 1) * 180);
    await one.ended;
  }
  const after = await openTestWorkspace({ dir, databaseUrl });
  try {
    const files = await standing(after.database);
    const byHolder = new Map<string, number>();
    for (const { holder } of files) if (holder !== null) byHolder.set(holder, (byHolder.get(holder) ?? 0) + 1);
    // All of a batch or nothing of it.
    expect([...byHolder.values()].every((count) => count === 5)).toBe(true);
    expect(byHolder.get('c1')).toBe(5);
    const queue = openTaskQueue(after, createDesk(after.database));
    const rest = files.length - [...byHolder.values()].reduce((sum, count) => sum + count, 0);
    let taken = 0;
    for (const person of ['c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8']) {
      const answer = await queue.claimBatch({ personId: person, device: 'test' }, { count: 12 }).catch(() => null);
      taken += answer?.files.length ?? 0;
    }
    expect(taken).toBe(rest);
    await standing(after.database);
  } finally {
    await after.close();
  }
}

describe('a program that is killed while it claims', () => {
  it('leaves whole batches or nothing on the embedded database', () => killed(null));
});
withPostgres('a program that is killed while it claims, on a server', () => {
  it('leaves whole batches or nothing', async () => killed(await freshDatabase()));
});
