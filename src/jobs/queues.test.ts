import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobQueues, JobRequest } from '../ports/job-queue.js';
import { freshDatabase, redisUrl, withPostgres, withPostgresAndRedis } from '../testing/servers.js';
import { openTestWorkspace, type TestWorkspace, type TestWorkspaceOptions } from '../testing/workspace.js';
import { openQueues } from './queues.js';

const job = (id: string, data: JobRequest['data'] = {}): JobRequest => ({ id, name: 'compare', data });

function until(done: () => boolean, ms = 20_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const start = Date.now();
    const look = () => {
      if (done()) resolve();
      else if (Date.now() - start > ms) reject(new Error('waited too long'));
      else setTimeout(look, 10);
    };
    look();
  });
}

function carriesJobs(options: () => Promise<TestWorkspaceOptions>) {
  let workspace: TestWorkspace;
  let queues: JobQueues;
  beforeAll(async () => {
    workspace = await openTestWorkspace(await options());
    queues = await openQueues(workspace);
  });
  beforeEach(() => queues.empty());
  afterAll(async () => {
    await queues.close();
    await workspace.close();
  });

  it('gives each of many jobs out once, never more at a time than asked', async () => {
    const seen: string[] = [];
    let running = 0;
    let most = 0;
    const worker = queues.work(async ({ id, data }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      seen.push(`${id}=${data.block}`);
    }, 3);
    const ids = Array.from({ length: 60 }, (_, block) => `compare-${block}`);
    await queues.add(ids.map((id, block) => job(id, { block })));
    await until(() => seen.length >= 60);
    await worker.close();
    expect([...seen].sort()).toEqual(ids.map((id, block) => `${id}=${block}`).sort());
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('leaves an id alone that waits or runs, and takes it again when it ended, well or not', async () => {
    const seen: string[] = [];
    let release = () => {};
    let held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const worker = queues.work(async ({ id }) => {
      seen.push(id);
      await held;
      if (id === 'bad') throw new Error('planned');
    }, 1);
    await queues.add([job('a'), job('bad')]);
    await until(() => seen.length === 1);
    await queues.add([job('a'), job('bad')]);
    release();
    held = Promise.resolve();
    await until(() => seen.length === 2);
    await queues.add([job('b')]);
    await until(() => seen.length === 3);
    expect(seen).toEqual(['a', 'bad', 'b']);
    await queues.add([job('a'), job('bad')]);
    await until(() => seen.length === 5);
    expect(seen.slice(3).sort()).toEqual(['a', 'bad']);
    await worker.close();
  });

  it('drops what waits when emptied', async () => {
    await queues.add([job('a'), job('b')]);
    await queues.empty();
    const seen: string[] = [];
    const worker = queues.work(async ({ id }) => void seen.push(id), 1);
    await queues.add([job('c')]);
    await until(() => seen.length === 1);
    await worker.close();
    expect(seen).toEqual(['c']);
  });

  it('finishes the job in hand when its worker closes, and takes no other', async () => {
    const seen: string[] = [];
    let started = false;
    const worker = queues.work(async ({ id }) => {
      started = true;
      await new Promise((resolve) => setTimeout(resolve, 50));
      seen.push(id);
    }, 1);
    await queues.add([job('a'), job('b')]);
    await until(() => started);
    await worker.close();
    expect(seen).toEqual(['a']);
  });

  it('refuses ids that BullMQ would misread', async () => {
    for (const id of ['123', 'a:b', '']) {
      await expect(queues.add([job(id)])).rejects.toMatchObject({ code: 'queue.job-id' });
    }
  });

  it('lets the database work beside it', async () => {
    const { database } = workspace;
    let ended = 0;
    const worker = queues.work(async ({ data }) => {
      await database.transaction(async (sql) => {
        await sql.query(`INSERT INTO tuban.stage_result (stage, key, body) VALUES ('x', $1, '{}'::jsonb)`, [
          `${data.n}`,
        ]);
      });
      ended += 1;
    }, 4);
    await queues.add(Array.from({ length: 20 }, (_, n) => job(`n-${n}`, { n })));
    await until(() => ended === 20);
    await worker.close();
    expect(await database.query(`SELECT count(*) AS n FROM tuban.stage_result WHERE stage = 'x'`)).toEqual([{ n: 20 }]);
  });
}

describe('queue in the embedded database', () => {
  carriesJobs(async () => ({}));

  it('is emptied by the process that opens the workspace next', async () => {
    const first = await openTestWorkspace();
    const queues = await openQueues(first);
    await queues.add([job('left')]);
    await first.database.close();
    const next = await openTestWorkspace({ dir: first.dir });
    const again = await openQueues(next);
    const seen: string[] = [];
    const worker = again.work(async ({ id }) => void seen.push(id), 1);
    await again.add([job('new')]);
    await until(() => seen.length === 1);
    expect(seen).toEqual(['new']);
    await worker.close();
    await again.close();
    await next.close();
  });

  it('is not emptied by a second user of the same process', async () => {
    const workspace = await openTestWorkspace();
    const one = await openQueues(workspace);
    await one.add([job('kept')]);
    const two = await openQueues(workspace);
    const seen: string[] = [];
    const worker = two.work(async ({ id }) => void seen.push(id), 1);
    await until(() => seen.length === 1);
    expect(seen).toEqual(['kept']);
    await worker.close();
    await workspace.close();
  });
});

withPostgres('queue on PostgreSQL', () => {
  carriesJobs(async () => ({ databaseUrl: await freshDatabase() }));
});

withPostgresAndRedis('queue on Redis', () => {
  carriesJobs(async () => ({ databaseUrl: await freshDatabase(), redisUrl: await redisUrl() }));

  it('says when Redis is not there', async () => {
    const workspace = await openTestWorkspace({
      databaseUrl: await freshDatabase(),
      redisUrl: 'redis://127.0.0.1:1/0',
    });
    await expect(openQueues(workspace)).rejects.toMatchObject({ code: 'queue.unreachable', retryable: true });
    await workspace.close();
  });
});
