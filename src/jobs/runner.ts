/**
 * runner: works a planned run to its end through the queue, and is the one place that tries again. What is done is read from the
 * database before every step (reconcile): a job that was lost anywhere is added again, a result that is there is never made
 * twice. A job that fails for good is written to the run with its block and reason; the others go on, what is committed stays.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, faultRecord } from '../model/fault.js';
import type { JobFailure, RunRecord } from '../model/run.js';
import { type JobPorts, jobId, progressOf, type RunProgress, runJob } from '../pipeline.js';
import type { JobQueues, JobRequest } from '../ports/job-queue.js';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;
/** How often the database is asked when no job of this process ends (others may work for the run as well). */
const LOOK_EVERY_MS = 2_000;
const LOOK_AT_MOST_EVERY_MS = 400;
/** A job that ends this often without being done or failed is a defect, not bad luck. */
const MOST_ROUNDS = 5;

/** Tries again what may succeed later. */
export async function withRetries<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Fault) || !error.retryable || attempt === ATTEMPTS || signal?.aborted) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

/** What a worker does with a job: the same in `tuban run` and in every `tuban worker`. */
export function jobHandler(ports: JobPorts): (job: JobRequest) => Promise<void> {
  return async (job) => {
    const runId = String(job.data.run);
    const stored = await withRetries(() => ports.records.run(runId));
    // Left over from a run that ended, failed or was planned anew.
    if (stored?.state !== 'running') return;
    try {
      await withRetries(() => runJob(ports, stored.record, job));
    } catch (error) {
      await withRetries(() => ports.records.addFailure(runId, failureOf(stored.record, job, error)));
    }
  };
}

function failureOf(run: RunRecord, job: JobRequest, error: unknown): JobFailure {
  const { code, message, blame } = faultRecord(error);
  const pair = run.plan.pairs.find(({ id }) => id === job.data.pair);
  const where = pair ? `${pair.use.before.path} → ${pair.use.after.path}` : run.quarter;
  const block = job.data.index === undefined ? '' : `，第 ${Number(job.data.index) + 1} 块 (block ${job.data.index})`;
  const [firstLine = ''] = message.split('\n');
  return { id: job.id, job: job.name, where: `${where}${block}`, code, message: firstLine, blame };
}

export interface RunOptions {
  /** Jobs at a time in this process. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  onProgress(progress: RunProgress): void;
}

/** Faults: run.failed (with the jobs that failed), run.stopped, database.lost. */
export async function runToEnd(
  ports: JobPorts,
  queues: JobQueues,
  run: RunRecord,
  { jobs, signal, onProgress }: RunOptions,
): Promise<void> {
  const { records } = ports;
  await queues.empty();
  await withRetries(() => records.beginRun(run));
  const round = new Round(run);
  const handle = jobHandler(ports);
  const worker = queues.work(async (job) => {
    try {
      await handle(job);
    } finally {
      round.ended(job.id);
    }
  }, jobs);
  try {
    for (;;) {
      if (signal.aborted) throw stopped();
      const progress = await withRetries(() => progressOf(records, run), signal);
      onProgress(progress);
      if (progress.finished) return;
      const failures = (await withRetries(() => records.run(run.id), signal))?.failures ?? [];
      const failed = new Set(failures.map(({ id }) => id));
      const ready = round.requests(progress).filter(({ id }) => !failed.has(id));
      if (ready.length === 0) {
        await withRetries(() => records.failRun(run.id));
        throw failedRun(failures);
      }
      await queues.add(round.toAdd(ready));
      await round.change(signal);
    }
  } catch (error) {
    await queues.empty().catch(() => undefined);
    throw error;
  } finally {
    await worker.close();
  }
}

function stopped(): Fault {
  return new Fault('run.stopped', '运行已中断，已完成的部分保留；同一命令可继续 (stopped; the same command goes on)', {
    blame: 'system',
  });
}

const FAILURES_SHOWN = 10;

function failedRun(failures: readonly JobFailure[]): Fault {
  const lines = failures.slice(0, FAILURES_SHOWN).map(({ job, where, message }) => `  ${job} ${where}：${message}`);
  if (failures.length > FAILURES_SHOWN) lines.push(`  … 其余 ${failures.length - FAILURES_SHOWN} 处`);
  return new Fault(
    'run.failed',
    `有 ${failures.length} 个步骤失败；其余已完成并保留，排除原因后用同一命令继续 (${failures.length} jobs failed; what is done stays, the same command goes on):\n${lines.join('\n')}`,
    { blame: 'system', details: { failures } },
  );
}

/** What this execution of a run has put into the queue. */
class Round {
  /** Ids carry it, so that a job of a killed execution, locked in the queue, does not stand in the way of its successor. */
  private readonly mark = randomUUID().slice(0, 8);
  private readonly waiting = new Set<string>();
  private readonly rounds = new Map<string, number>();
  private wake: () => void = () => undefined;
  private quietSince = Date.now();

  constructor(private readonly run: RunRecord) {}

  requests(progress: RunProgress): JobRequest[] {
    return progress.ready.map(({ job, pair, index }) => ({
      id: `${jobId(this.run, job, pair, index)}-${this.mark}`,
      name: job,
      data: { run: this.run.id, ...(pair ? { pair: pair.id } : {}), ...(index === undefined ? {} : { index }) },
    }));
  }

  /** Those that are not in the queue as far as is known; all of them when nothing has moved for a while. */
  toAdd(ready: readonly JobRequest[]): JobRequest[] {
    if (Date.now() - this.quietSince > 15 * LOOK_EVERY_MS) {
      this.waiting.clear();
      this.quietSince = Date.now();
    }
    const fresh = ready.filter(({ id }) => !this.waiting.has(id));
    for (const { id, name } of fresh) {
      this.waiting.add(id);
      if ((this.rounds.get(id) ?? 0) >= MOST_ROUNDS) {
        throw new Fault(
          'run.no-progress',
          `任务 ${name} 多次执行仍未完成 (job ${id} ended ${MOST_ROUNDS} times undone)`,
          {
            blame: 'system',
          },
        );
      }
    }
    return fresh;
  }

  ended(id: string): void {
    this.waiting.delete(id);
    this.rounds.set(id, (this.rounds.get(id) ?? 0) + 1);
    this.quietSince = Date.now();
    this.wake();
  }

  /** Waits until it is worth looking again: the queue is empty, or a job ended some time ago, or long silence. */
  async change(signal: AbortSignal): Promise<void> {
    const silence = new AbortController();
    const woken = new Promise<void>((resolve) => {
      this.wake = () => {
        if (this.waiting.size === 0) resolve();
        else setTimeout(resolve, LOOK_AT_MOST_EVERY_MS);
      };
      signal.addEventListener('abort', () => resolve(), { once: true, signal: silence.signal });
    });
    if (this.waiting.size === 0) return;
    await Promise.race([woken, sleep(LOOK_EVERY_MS, undefined, { signal: silence.signal }).catch(() => undefined)]);
    silence.abort();
  }
}
