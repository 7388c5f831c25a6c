/** quarter-progress: what is done of a run, as the database knows it, and what comes next. The queue is never asked. */
import { contentHash } from './model/id.js';
import type { FitOutcome, PlannedPair, RunRecord } from './model/run.js';
import type { RunRecords } from './ports/run-records.js';
import { assembleKey, attributeKey, blockSteps, fitKey, recallKey } from './quarter-steps.js';

export interface RunProgress {
  /** Jobs that can be done now. */
  readonly ready: readonly { readonly job: string; readonly pair?: PlannedPair; readonly index?: number }[];
  readonly done: number;
  readonly total: number;
  readonly finished: boolean;
}

export async function progressOf(records: RunRecords, run: RunRecord): Promise<RunProgress> {
  const { pairs } = run.plan;
  const fitted = await records.doneKeys('fit', pairs.map(fitKey));
  const open = pairs.filter((pair) => !fitted.has(fitKey(pair)));
  const have = pairs.filter((pair) => fitted.has(fitKey(pair)));
  const outcomes = (await records.results('fit', have.map(fitKey))).map(({ body }) => body as FitOutcome);
  const steps = have.flatMap((pair, i) => blockSteps(run.plan, pair, outcomes[i] as FitOutcome));
  const compared = await records.doneKeys(
    'compare',
    steps.map(({ key }) => key),
  );
  const blocks = steps.filter(({ key }) => !compared.has(key));
  const guessed = open.reduce(
    (sum, { extent }) => sum + Math.ceil((extent.width * extent.height) / run.plan.blockPx ** 2),
    0,
  );
  const total = pairs.length + steps.length + guessed + 5;
  const done = have.length + compared.size;
  if (open.length > 0 || blocks.length > 0) {
    const ready = [
      ...open.map((pair) => ({ job: 'fit', pair })),
      ...blocks.map(({ pair, index }) => ({ job: 'compare', pair, index })),
    ];
    return { ready, done, total, finished: false };
  }
  const last = async (job: string, extra: number): Promise<RunProgress> => ({
    ready: [{ job }],
    done: done + extra,
    total,
    finished: false,
  });
  if (!(await records.result('assemble', assembleKey(run, outcomes)))) return last('assemble', 0);
  if (!(await records.result('recall', recallKey(run, outcomes)))) return last('recall', 1);
  if (!(await records.result('attribute', attributeKey(run, outcomes)))) return last('attribute', 2);
  const stored = await records.run(run.id);
  if (!stored?.summary) return last('publish', 3);
  if (stored.state !== 'done') return last('report', 4);
  return { ready: [], done: total, total, finished: true };
}

/** Name of a job that its inputs decide. Contents first: ids of BullMQ may not be all digits or hold a colon. */
export function jobId(run: RunRecord, job: string, pair?: PlannedPair, index?: number): string {
  return `${job}-${contentHash({ run: run.id, blockPx: run.plan.blockPx, pair: pair?.id ?? null, index: index ?? null })}`;
}
