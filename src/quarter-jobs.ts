/**
 * quarter-jobs: the body of each job of a run: load → call → save. A result that is there already is not made again. Raster work is
 * awaited on the forked children; what a job leaves is committed with its done-mark.
 */
import { fitPair } from './comparison.js';
import { judgeAgain } from './judge-again.js';
import { Fault } from './model/fault.js';
import type { GroundReading, HistoryScene } from './model/history.js';
import {
  type AssembledQuarter,
  type FitOutcome,
  isRefused,
  type JudgedQuarter,
  type PlannedPair,
  type RecalledQuarter,
  type RunRecord,
  sinceOf,
} from './model/run.js';
import type { Observation } from './model/task.js';
import { versionKey } from './model/versions.js';
import type { RunRecords, StandingRegister } from './ports/run-records.js';
import type { WorkPool } from './ports/work-pool.js';
import { fitsOf, quarterGround } from './quarter-ground.js';
import { standingJudgements } from './quarter-judged.js';
import { quarterPatches } from './quarter-patches.js';
import {
  assembleKey,
  attributeKey,
  type BlockStep,
  blockSteps,
  fitKey,
  readingKey,
  recallKey,
} from './quarter-steps.js';
import { recallPatches } from './recall.js';
import { packBlock } from './stages/compare/payload.js';
import { observe } from './stages/observe/observe.js';
import { scopeOf } from './stages/recall/apply.js';
import { blockCapacity, sieves } from './strips.js';

export interface JobPorts {
  readonly records: RunRecords;
  readonly pool: WorkPool;
}

/** Faults that say "these two dates cannot be compared": a result (not seen), not a failure of the run. */
const REFUSALS = /^(pair|fit|detect)\./;

async function isDone(records: RunRecords, stage: string, key: string): Promise<boolean> {
  return (await records.doneKeys(stage, [key])).size > 0;
}

export async function fitJob({ records, pool }: JobPorts, run: RunRecord, pair: PlannedPair): Promise<void> {
  if (await isDone(records, 'fit', fitKey(pair))) return;
  await records.save('fit', fitKey(pair), await fitOutcome(pool, run, pair));
}

async function fitOutcome(pool: WorkPool, run: RunRecord, pair: PlannedPair): Promise<FitOutcome> {
  try {
    return (await fitPair(pool, pair.use, run.recipe.raster)).model;
  } catch (error) {
    if (error instanceof Fault && !error.retryable && REFUSALS.test(error.code)) {
      return { refused: { code: error.code, message: error.message } };
    }
    throw error;
  }
}

export async function compareJob({ records, pool }: JobPorts, run: RunRecord, step: BlockRequest): Promise<void> {
  const model = await stored<FitOutcome>(records, 'fit', fitKey(step.pair));
  if (isRefused(model)) return;
  const { key, block } = blockAt(run, step, model);
  if (await isDone(records, 'compare', key)) return;
  const { use, extent } = step.pair;
  const stripCapacity = sieves(model) ? blockCapacity(run.plan.blockPx, model) : null;
  const compared = await pool.run('compare', {
    pair: use,
    model,
    extent,
    block,
    ...(stripCapacity === null ? {} : { stripCapacity }),
  });
  const { seenPixels, changedPixels, patches } = compared;
  await records.save(
    'compare',
    key,
    { block, seenPixels, changedPixels, patches: patches.length },
    packBlock(compared),
  );
}

export interface BlockRequest {
  readonly pair: PlannedPair;
  readonly index: number;
}

function blockAt(run: RunRecord, { pair, index }: BlockRequest, model: FitOutcome): BlockStep {
  const step = blockSteps(run.plan, pair, model)[index];
  if (step) return step;
  throw new Fault('run.no-block', `影像对 ${pair.id} 没有第 ${index} 块 (the pair has no such block)`, {
    blame: 'system',
  });
}

export async function assembleJob({ records, pool }: JobPorts, run: RunRecord): Promise<void> {
  const key = assembleKey(run, await fitsOf(records, run));
  if (await isDone(records, 'assemble', key)) return;
  const ground = await quarterGround(records, pool, run);
  const blocks = ground.compared.flatMap((pair) => pair.blocks);
  const assembled: AssembledQuarter = {
    patches: await quarterPatches(run, ground, pool),
    pixels: run.plan.pairs.reduce((sum, { extent }) => sum + extent.width * extent.height, 0),
    seenPixels: blocks.reduce((sum, { seenPixels }) => sum + seenPixels, 0),
  };
  await records.save('assemble', key, assembled);
}

/**
 * Each image's readings are a result of their own, so that a killed run reads no image twice, and a run with one more image reads
 * that one only.
 */
export async function recallJob({ records, pool }: JobPorts, run: RunRecord): Promise<void> {
  const fits = await fitsOf(records, run);
  const key = recallKey(run, fits);
  if (await isDone(records, 'recall', key)) return;
  const { patches } = await stored<AssembledQuarter>(records, 'assemble', assembleKey(run, fits));
  const recalled: RecalledQuarter = await recallPatches({
    patches,
    pairs: new Map(run.plan.pairs.map((pair) => [pair.id, scenesOfPair(pair)])),
    earlier: run.plan.history ?? [],
    recipe: run.recipe.history,
    scope: scopeOf(run.recipe.history),
    async read(scene, outlines) {
      const readingsKey = readingKey(scene, outlines);
      const known = await records.result('reading', readingsKey);
      if (known) return known.body as (GroundReading | null)[];
      const readings = await pool.run('recall', { scene: { use: scene.use, masks: scene.masks }, patches: outlines });
      await records.save('reading', readingsKey, readings);
      return readings;
    },
  });
  await records.save('recall', key, recalled);
}

/** The two dates of a pair as images of their own. */
export function scenesOfPair({ beforeId, afterId, beforeOn, afterOn, use }: PlannedPair) {
  const of = (id: string, acquiredOn: string, date: 'before' | 'after'): HistoryScene => ({
    id,
    acquiredOn,
    use: use[date],
    masks: use.masks.filter((mask) => mask.date === date),
    box: EVERYWHERE,
  });
  return { before: of(beforeId, beforeOn, 'before'), after: of(afterId, afterOn, 'after') };
}

/** Patches are looked up by their pairs, not by place. */
const EVERYWHERE: HistoryScene['box'] = [-180, -90, 180, 90];

export async function attributeJob({ records, pool }: JobPorts, run: RunRecord): Promise<void> {
  const fits = await fitsOf(records, run);
  const key = attributeKey(run, fits);
  if (await isDone(records, 'attribute', key)) return;
  const { patches } = await stored<RecalledQuarter>(records, 'recall', recallKey(run, fits));
  const register = await records.register(run.quarter, sinceOf(run.plan));
  const { judgement } = run.recipe;
  const layers = [...new Set(register.versions.map(({ kind }) => kind))].sort();
  const known = await standingJudgements(records, run.quarter);
  const { judged, bases } = await judgeAgain({ patches, register, layers, recipe: judgement }, known, pool);
  const { coverage } = await quarterGround(records, pool, run);
  const observing = observe(coverage, judged, run.quarter, judgement);
  const result: JudgedQuarter = {
    judged,
    observations: await ofEach(register, observing),
    basis: { patches: bases, versions: register.versions.map(versionKey) },
  };
  await records.save('attribute', key, result);
}

/** Polygons read at once. A judgement: few queries, and little memory unless the polygons are very large. */
const POLYGONS = 500;

/** A version that was replaced by the quarter's end has a successor that is observed. */
async function ofEach(
  register: StandingRegister,
  observing: ReturnType<typeof observe>,
): Promise<JudgedQuarter['observations']> {
  const current = register.versions.flatMap(({ span }, place) => (span?.until ? [] : [place]));
  const observations: Observation[] = [];
  for (let from = 0; from < current.length; from += POLYGONS) {
    const polygons = await register.take(current.slice(from, from + POLYGONS));
    observations.push(...polygons.map(observing));
  }
  return observations;
}

/** Fault run.result-missing where it is not there. */
export async function stored<T>(records: RunRecords, stage: string, key: string): Promise<T> {
  const [result] = await records.results(stage, [key]);
  return result?.body as T;
}

export async function reportJob({ records }: JobPorts, run: RunRecord): Promise<void> {
  await records.finishRun(run.id);
}
