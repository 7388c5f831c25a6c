/**
 * quarter-run: `tuban run` from end to end: lock → plan → jobs → summary; and which quarters are due. The queue is an argument, so
 * that it can be the database's, Redis's, or a test's.
 */
import { sceneFiles } from './adapters/files/scene-files.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { createSceneRegister } from './adapters/postgres/scene-register.js';
import { takeRunLock } from './jobs/run-lock.js';
import { runToEnd } from './jobs/runner.js';
import { Fault } from './model/fault.js';
import { quarterDays, quarterIndex } from './model/quarter.js';
import type { Recipe } from './model/recipe.js';
import type { RunRecord, RunSummary } from './model/run.js';
import type { Quarter } from './model/scene.js';
import type { RunProgress } from './pipeline.js';
import type { JobQueues } from './ports/job-queue.js';
import type { RunRecords } from './ports/run-records.js';
import type { Workspace } from './ports/workspace.js';
import { type PlanPorts, planQuarter } from './quarter-plan.js';

export type RunWorkspace = Pick<Workspace, 'database' | 'pool' | 'recipe' | 'queueSettings'>;

export interface RunQuarterOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Called once, when the run begins. */
  onPlan?(run: RunRecord): void;
  onProgress?(progress: RunProgress): void;
  /** Called when the run has ended, well or not. */
  onEnd?(): void;
  /** Called instead where the same run stands already and nothing was done. */
  onStanding?(): void;
}

function portsOf(workspace: RunWorkspace): PlanPorts {
  return {
    records: createRunRecords(workspace.database, workspace.queueSettings),
    register: createSceneRegister(workspace.database),
    files: sceneFiles(),
    pool: workspace.pool,
  };
}

export function planOf(
  workspace: RunWorkspace,
  quarter: Quarter,
  recipe: Recipe = workspace.recipe,
): Promise<RunRecord> {
  return planQuarter(portsOf(workspace), quarter, recipe);
}

/** Null: another run holds the lock. Faults: those of planning and of runToEnd. */
export async function runQuarter(
  workspace: RunWorkspace,
  queues: JobQueues,
  quarter: Quarter,
  options: RunQuarterOptions,
): Promise<RunSummary | null> {
  const lock = await takeRunLock(workspace.database);
  if (!lock) return null;
  try {
    const run = await planOf(workspace, quarter);
    const standing = await standingSummary(createRunRecords(workspace.database), run);
    if (standing) {
      options.onStanding?.();
      return standing;
    }
    return await carryOut(workspace, queues, run, { ...options, signal: AbortSignal.any([options.signal, lock.lost]) });
  } finally {
    await lock.release();
  }
}

/** What stands already: the same inputs were run last, and nothing was run since. Null = it has to be run. */
async function standingSummary(records: RunRecords, run: RunRecord): Promise<RunSummary | null> {
  if ((await records.lastFinished()) !== run.id) return null;
  const stored = await records.run(run.id);
  // the size of blocks changes no result; a run with another one is still a run
  if (!stored?.summary || stored.record.plan.blockPx !== run.plan.blockPx) return null;
  return { ...stored.summary, tasksNew: 0, tasksChanged: 0, tasksWithdrawn: 0 };
}

async function carryOut(
  workspace: RunWorkspace,
  queues: JobQueues,
  run: RunRecord,
  options: RunQuarterOptions,
): Promise<RunSummary> {
  const records = createRunRecords(workspace.database, workspace.queueSettings);
  options.onPlan?.(run);
  const onProgress = (progress: RunProgress): void => options.onProgress?.(progress);
  try {
    const { jobs, signal } = options;
    await runToEnd({ records, pool: workspace.pool }, queues, run, { jobs, signal, onProgress });
  } finally {
    options.onEnd?.();
  }
  const summary = (await records.run(run.id))?.summary;
  if (summary) return summary;
  throw new Fault('run.no-summary', `运行 ${run.id} 没有留下汇总 (the run left no summary)`, { blame: 'system' });
}

export type DueOutcome = 'nothing' | 'locked' | readonly RunSummary[];

/**
 * Runs every quarter that is due, oldest first: it has ended in Asia/Shanghai, has scenes, and its inputs differ from those of
 * its last finished run. Throws the first failure when all have had their turn.
 */
export async function runDue(
  workspace: RunWorkspace,
  queues: JobQueues,
  now: Date,
  options: RunQuarterOptions,
): Promise<DueOutcome> {
  const ports = portsOf(workspace);
  const candidates = endedQuarters(
    (await ports.register.list()).map((scene) => scene.quarter),
    now,
  );
  if (candidates.length === 0) return 'nothing';
  const lock = await takeRunLock(workspace.database);
  if (!lock) return 'locked';
  try {
    const signal = AbortSignal.any([options.signal, lock.lost]);
    const summaries: RunSummary[] = [];
    let failed: unknown = null;
    for (const quarter of candidates) {
      try {
        const run = await planQuarter(ports, quarter, workspace.recipe);
        if (await isDue(ports.records, run)) {
          summaries.push(await carryOut(workspace, queues, run, { ...options, signal }));
        }
      } catch (error) {
        // A quarter that cannot be run (an image is gone, say) does not stand in the way of the others.
        failed ??= error;
        if (signal.aborted || !(error instanceof Fault)) break;
      }
    }
    if (failed !== null) throw failed;
    return summaries.length === 0 ? 'nothing' : summaries;
  } finally {
    await lock.release();
  }
}

async function isDue(records: RunRecords, run: RunRecord): Promise<boolean> {
  return (await records.lastFinishedHash(run.quarter)) !== run.inputHash;
}

/** China has had no daylight saving time since 1991: Asia/Shanghai is UTC+8. */
export function endedQuarters(quarters: readonly Quarter[], now: Date): Quarter[] {
  const today = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  return [...new Set(quarters)]
    .filter((quarter) => quarterDays(quarter).last < today)
    .sort((a, b) => quarterIndex(a) - quarterIndex(b));
}
