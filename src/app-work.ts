/** Composition root of the jobs: a workspace takes jobs of any run from its queue, and runs what is due. */
import { setTimeout as sleep } from 'node:timers/promises';
import { auditHeadOf } from './adapters/postgres/audit.js';
import { createDesk } from './adapters/postgres/desk.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { jobHandler } from './jobs/runner.js';
import { headText } from './model/audit.js';
import { faultRecord } from './model/fault.js';
import type { JobQueues, JobWorker } from './ports/job-queue.js';
import type { Workspace } from './ports/workspace.js';
import { runDue } from './quarter-run.js';
import { openTaskQueue } from './queue-open.js';

export function workOnJobs(workspace: Workspace, queues: JobQueues, jobs: number): JobWorker {
  return queues.work(
    jobHandler({ records: createRunRecords(workspace.database, workspace.queueSettings), pool: workspace.pool }),
    jobs,
  );
}

export interface DueOptions {
  readonly everyMs: number;
  readonly jobs: number;
  readonly signal: AbortSignal;
  tell(line: string): void;
}

/**
 * Runs what is due, now and then again and again until stopped. A plain clock and no scheduler of the queue: those can double
 * after a restart, and what is due is read from the database each time, where a run in another process also holds the lock.
 */
export async function runWhatIsDue(workspace: Workspace, queues: JobQueues, options: DueOptions): Promise<void> {
  const { everyMs, jobs, signal, tell } = options;
  while (!signal.aborted) {
    try {
      const outcome = await runDue(workspace, queues, new Date(), { jobs, signal });
      if (typeof outcome !== 'string') {
        await workspace.safeCopy();
        for (const { quarter, tasks } of outcome) tell(`${quarter} 运行完成，核查任务 ${tasks} (run finished)`);
      }
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = faultRecord(error);
      workspace.log.error({ err: error, code }, 'Due:Run:Failed');
      tell(`到期运行失败，下次再试：${code === 'internal.defect' ? '详情见日志 (see the log)' : message}`);
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Daily in `tuban serve`: where the audit stands, so that a log kept elsewhere tells whether its end was cut off. */
export async function noteAuditHead({ database, log }: Workspace, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await auditHeadOf({ sql: database }).then(
      (head) => log.info({ head: headText(head) }, 'Audit:Head'),
      (err: unknown) => log.error({ err }, 'Audit:Head:Failed'),
    );
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Hourly in `tuban serve`: what came in since by other commands. */
export async function copyAgainAndAgain(workspace: Workspace, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    await workspace.safeCopy().catch((err: unknown) => workspace.log.error({ err }, 'Database:Copy:Failed'));
  }
}

/** In `tuban serve` and `tuban worker`: leases that are over end on the record, too; what reads or claims sweeps by itself. */
export async function sweepLeases(workspace: Workspace, everyMs: number, signal: AbortSignal): Promise<void> {
  const queue = openTaskQueue(workspace, createDesk(workspace.database));
  while (!signal.aborted) {
    await queue.lapse().catch((err: unknown) => workspace.log.error({ err }, 'Lease:Sweep:Failed'));
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
