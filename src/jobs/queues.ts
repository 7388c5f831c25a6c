/**
 * openQueues: the job queue of a workspace, on whatever carries it. One BullMQ queue per database, named after the database's
 * identity, so that two bureaus can share a Redis. It is transport only: nothing in it says what is done.
 */
import { Fault } from '../model/fault.js';
import type { JobQueues, JobRequest } from '../ports/job-queue.js';
import type { Workspace } from '../ports/workspace.js';
import type { Backend } from './backend.js';

/** BullMQ refuses `:` and takes an id of digits alone for one of its own. */
const JOB_ID = /^(?!\d+$)[A-Za-z0-9_-]+$/;

export async function openQueues(workspace: Pick<Workspace, 'database' | 'queue' | 'log'>): Promise<JobQueues> {
  const { database, queue: source, log } = workspace;
  const [identity] = await database.query<{ id: string }>('SELECT id FROM tuban.identity');
  const name = `tuban-${identity?.id}`;
  const onError = (err: Error) => log.warn({ err }, 'Queue:Connection:Error');
  const backend = await backendOf(source, name, onError);
  const queue = backend.queue(name);
  queue.on('error', onError);
  await queue.waitUntilReady();
  return {
    async add(jobs) {
      for (const { id } of jobs) {
        if (!JOB_ID.test(id)) throw new Fault('queue.job-id', `job id “${id}”`, { blame: 'system' });
      }
      await queue.addBulk(jobs.map(({ id, name: job, data }) => ({ name: job, data, opts: { jobId: id } })));
    },
    work(handle, concurrency) {
      const take = (job: { id?: string | undefined; name: string; data: unknown }) =>
        handle({ id: job.id ?? '', name: job.name, data: job.data as JobRequest['data'] });
      const worker = backend.worker(name, take, concurrency);
      worker.on('error', onError);
      return { close: () => worker.close() };
    },
    empty: () => queue.drain(true),
    async close() {
      await queue.close();
      await backend.close();
    },
  };
}

/** BullMQ is loaded only here: commands that queue nothing need not wait for it. */
async function backendOf(source: Workspace['queue'], name: string, onError: (error: Error) => void): Promise<Backend> {
  switch (source.kind) {
    case 'embedded':
      return (await import('./backend-embedded.js')).embeddedBackend(source.connection, name);
    case 'server':
      return (await import('./backend-server.js')).serverBackend(source, onError);
    case 'redis':
      return (await import('./backend-redis.js')).redisBackend(source.url, onError);
  }
}
