/** The job queue's own role, on both databases: it carries jobs and reads no task. A queue of before is handed over. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobQueues } from '../ports/job-queue.js';
import { freshDatabase, withPostgres } from '../testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { QUEUE_ROLE } from './queue-schema.js';
import { openQueues } from './queues.js';

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let queues: JobQueues;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    queues = await openQueues(workspace);
  });
  afterAll(async () => {
    await queues.close();
    await workspace.close();
  });

  it('owns the queue’s schema with all that is in it, and nothing else', async () => {
    const owners = await workspace.database.query<{ schema: string; owner: string }>(
      `SELECT DISTINCT n.nspname AS schema, o.rolname AS owner FROM (
         SELECT relnamespace AS n, relowner AS o FROM pg_class UNION ALL SELECT pronamespace, proowner FROM pg_proc
         UNION ALL SELECT typnamespace, typowner FROM pg_type UNION ALL SELECT oid, nspowner FROM pg_namespace) x
       JOIN pg_namespace n ON n.oid = x.n JOIN pg_roles o ON o.oid = x.o
       WHERE n.nspname IN ('bullmq', 'tuban') ORDER BY 1`,
    );
    expect(owners.filter(({ schema }) => schema === 'bullmq')).toEqual([{ schema: 'bullmq', owner: QUEUE_ROLE }]);
    expect(owners.filter(({ owner }) => owner === QUEUE_ROLE)).toHaveLength(1);
  });

  it('reads and changes nothing of tuban’s', async () => {
    for (const text of ['SELECT * FROM tuban.task', 'DELETE FROM tuban.person', 'SELECT tuban.my_roles()']) {
      const work = workspace.database.transaction(async (sql) => {
        await sql.query(`SELECT set_config('role', '${QUEUE_ROLE}', true)`);
        await sql.query(text);
      });
      await expect(work, text).rejects.toThrow(/permission denied for schema tuban/);
    }
  });

  it('is what the queue’s connections speak in while jobs are carried, and nobody else’s', async () => {
    const seen: string[] = [];
    let worked = () => {};
    const done = new Promise<void>((resolve) => {
      worked = resolve;
    });
    const worker = queues.work(async ({ id }) => {
      const [row] = await workspace.database.query<{ role: string }>('SELECT current_user::text AS role');
      seen.push(`${id} ${row?.role === QUEUE_ROLE}`);
      if (seen.length === 20) worked();
    }, 2);
    await queues.add(
      Array.from({ length: 20 }, (_, i) => ({ id: `compare-${i}`, name: 'compare' as const, data: {} })),
    );
    await done;
    await worker.close();
    expect(new Set(seen).size).toBe(20);
    expect(seen.every((line) => line.endsWith(' false'))).toBe(true);
  });
}

describe('the queue’s role on the embedded database', () => holds(async () => null));
withPostgres('the queue’s role on a server', () => {
  holds(freshDatabase);

  it('takes over a queue that the login made before there was the role', async () => {
    const url = await freshDatabase();
    const { runMigrations } = await import('bullmq');
    const login = new pg.Client({ connectionString: url });
    await login.connect();
    await runMigrations(login as never);
    const workspace = await openTestWorkspace({ databaseUrl: url });
    const queues = await openQueues(workspace);
    await queues.add([{ id: 'compare-x', name: 'compare', data: {} }]);
    const { rows } = await login.query(
      `SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'bullmq'
       UNION SELECT usename FROM pg_stat_activity WHERE application_name = 'tuban-queue' AND usename = '${QUEUE_ROLE}'`,
    );
    expect(rows).toEqual([{ tableowner: QUEUE_ROLE }]);
    await queues.close();
    await workspace.close();
    await login.end();
  });
});
