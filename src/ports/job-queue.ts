/**
 * What the jobs need from the queue: transport only. It does not know what is done (the database does), so it may be emptied
 * at any time, and it never tries again by itself: a job that rejects is gone, jobs/runner decides about retries.
 */
export interface JobRequest {
  /** Derived from the job's inputs; letters, digits, `-` and `_` only, never all digits. */
  readonly id: string;
  readonly name: string;
  /** Ids and parameters, never pixels or geometry. */
  readonly data: Readonly<Record<string, string | number>>;
}

export interface JobWorker {
  /** Takes no new job; resolves when those in hand have ended. */
  close(): Promise<void>;
}

export interface JobQueues {
  /** An id that is waiting or running already is left alone; one that ended, well or not, can be added again. */
  add(jobs: readonly JobRequest[]): Promise<void>;
  /** Takes jobs, `concurrency` at a time, until closed. */
  work(handle: (job: JobRequest) => Promise<void>, concurrency: number): JobWorker;
  /** Drops what waits. */
  empty(): Promise<void>;
  close(): Promise<void>;
}
