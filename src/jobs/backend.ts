/** One shape for BullMQ on its three backends. */
import { type BackendFactory, type IQueueBackend, type Job, withBackend } from 'bullmq';

export interface BackendQueue {
  addBulk(jobs: { name: string; data: unknown; opts: { jobId: string } }[]): Promise<unknown>;
  drain(delayed?: boolean): Promise<void>;
  obliterate(options: { force: boolean }): Promise<void>;
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

export interface BackendWorker {
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

export type TakeJob = (job: Pick<Job, 'id' | 'name' | 'data'>) => Promise<void>;

export interface Backend {
  queue(name: string): BackendQueue;
  worker(name: string, take: TakeJob, concurrency: number): BackendWorker;
  close(): Promise<void>;
}

/**
 * A job's lock. BullMQ renews it by a timer of this process, half-way; raster work runs in children, so the timer lives. It is
 * short, because after a kill -9 a server's queue gives the job out again only when its lock has run out; a lock lost in a
 * long pause makes a job run twice, which changes nothing: results are keyed by their inputs.
 */
const LOCK_MS = 60_000;
const STALLED_EVERY_MS = 15_000;

export function boundBackend<B extends IQueueBackend, C>(
  factory: BackendFactory<B, C>,
  connection: C,
  close: () => Promise<void>,
): Backend {
  const { Queue, Worker } = withBackend(factory);
  return {
    queue: (name) =>
      new Queue(name, {
        connection,
        // The database knows what is done; a finished id must be free to be added again.
        defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
        streams: { events: { maxLen: 100 } },
      }),
    worker: (name, take, concurrency) =>
      new Worker(name, take, {
        connection,
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_EVERY_MS,
        // How often a job may lose its process is for jobs/runner to judge, not for the queue.
        maxStalledCount: 1000,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      }),
    close,
  };
}
