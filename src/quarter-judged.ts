/** quarter-judged: what the run of a quarter that was finished last judged, as it is stored. */
import { Fault } from './model/fault.js';
import type { Judgement } from './model/patch.js';
import type { JudgedQuarter, RunRecord } from './model/run.js';
import type { Quarter } from './model/scene.js';
import type { RunRecords } from './ports/run-records.js';
import { fitsOf } from './quarter-ground.js';
import { attributeKey } from './quarter-steps.js';

/** Null where the quarter has no finished run. */
export async function finishedRun(records: RunRecords, quarter: Quarter): Promise<RunRecord | null> {
  const hash = await records.lastFinishedHash(quarter);
  return hash === null ? null : ((await records.run(`${quarter}-${hash}`))?.record ?? null);
}

/** Null where the results were cleared away. */
export async function judgedOf(records: RunRecords, run: RunRecord): Promise<JudgedQuarter | null> {
  try {
    const stored = await records.result('attribute', attributeKey(run, await fitsOf(records, run)));
    return stored ? (stored.body as JudgedQuarter) : null;
  } catch (error) {
    if (error instanceof Fault && error.code === 'run.result-missing') return null;
    throw error;
  }
}

/** Judgements of the last finished run, by what they rest on. */
export async function standingJudgements(
  records: RunRecords,
  quarter: Quarter,
): Promise<ReadonlyMap<string, Judgement>> {
  const run = await finishedRun(records, quarter);
  const judged = run && (await judgedOf(records, run));
  const bases = judged?.basis?.patches ?? [];
  return new Map(
    bases.flatMap((basis, i): [string, Judgement][] => {
      const one = judged?.judged[i];
      return one ? [[basis, one.judgement]] : [];
    }),
  );
}
