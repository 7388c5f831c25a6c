/**
 * quarter-publish: the last job that works: judged patches → places and their record → score again, with the pits that people reported → list with budget and sample → one
 * transaction. What it leaves is committed with its done-mark.
 */
import { boxOf } from './geo/distance.js';
import { polygonAreaM2 } from './geo/ellipsoid-area.js';
import { settleIssued } from './issued-places.js';
import { contentHash } from './model/id.js';
import type { JudgedPatch, Patch } from './model/patch.js';
import { ruleSetHash } from './model/recipe.js';
import {
  type AssembledQuarter,
  type FitOutcome,
  isRefused,
  type JudgedQuarter,
  type RecalledQuarter,
  type RunRecord,
  type RunSummary,
} from './model/run.js';
import type { SitedPatch, SiteRow } from './model/site.js';
import type { Task } from './model/task.js';
import { unscored } from './model/unscored.js';
import type { WorkPool } from './ports/work-pool.js';
import { fitsOf, quarterGround } from './quarter-ground.js';
import { type JobPorts, stored } from './quarter-jobs.js';
import { siteStates } from './quarter-regrowth.js';
import { placePatches } from './quarter-sites.js';
import { assembleKey, attributeKey, blockSteps, recallKey } from './quarter-steps.js';
import { pitsOfQuarter } from './queue-pits.js';
import { publish, type TaskChanges } from './stages/publish/publish.js';
import { cellOutline, drawCells, drawIds, type GroundCell, groundCells } from './stages/sample/sample.js';

export async function publishJob(ports: JobPorts, run: RunRecord): Promise<void> {
  const { records, pool } = ports;
  const fits = await fitsOf(records, run);
  const { judged, observations } = await stored<JudgedQuarter>(records, 'attribute', attributeKey(run, fits));
  const { quarter, recipe } = run;
  await settleIssued(ports, recipe.sites, [quarter]);
  const placed = await placePatches(ports, { quarter, recipe, judged });
  // Of the images alone: another rule set, a late licence file or another recipe draws no other sample.
  const seed = contentHash({ quarter, scenes: run.plan.scenes });
  const ground = await groundTasks(ports, run, judged, seed);
  const own = new Set(placed.patches.map((one) => one.judged.patch.id));
  const pits = await pitsOfQuarter(ports, { quarter, recipe, own });
  const tasks = publish(quarter, [...placed.patches, ...pits.sited], await records.tasks(quarter), {
    ...recipe.sites,
    reported: pits.reported,
    decided: await records.decidedTasks(quarter),
    draw: (ids, count) => drawIds(seed, ids, count),
    seed,
    ground,
  });
  const states = await siteStates(records, pool, run, placed);
  await records.publish({
    run,
    sites: [...begunSites(run, placed.patches), ...ground.map((task) => siteOf(run, task))],
    merges: placed.merges,
    siteStates: states,
    patches: placed.patches,
    observations,
    standing: tasks.standing,
    withdrawn: tasks.withdrawn,
    summary: await summaryOf(ports, run, { fits, judged, observations, tasks, merged: placed.merges.length }),
  });
}

function begunSites(run: RunRecord, patches: readonly SitedPatch[]): SiteRow[] {
  return patches
    .filter(({ judged: { patch }, siteId }) => patch.id === siteId)
    .map(({ judged: { patch } }) => ({ id: patch.id, firstQuarter: run.quarter, geometry: patch.geometry }));
}

type GroundTask = Omit<Task, 'rank' | 'quarter' | 'state'>;

function siteOf(run: RunRecord, { siteId, judged }: GroundTask): SiteRow {
  return { id: siteId, firstQuarter: run.quarter, geometry: judged.patch.geometry };
}

/** The sample of seen ground without a patch, each cell as a task; its place on record takes what people decide about it. */
async function groundTasks(
  { records, pool }: { readonly records: JobPorts['records']; readonly pool: WorkPool },
  run: RunRecord,
  judged: readonly JudgedPatch[],
  seed: string,
): Promise<GroundTask[]> {
  const { sampleGround } = run.recipe.sites;
  if (sampleGround === 0) return [];
  const { coverage, boxes } = await quarterGround(records, pool, run);
  const cells = groundCells(
    coverage,
    boxes,
    judged.map(({ patch }) => boxOf(patch.geometry)),
  );
  const drawn = drawCells(seed, cells, sampleGround);
  const sample = {
    stratum: 'ground' as const,
    size: cells.length,
    drawn: drawn.length,
    probability: drawn.length / cells.length,
    seed,
  };
  return drawn.map((cell) => groundTask(run, cell, sample));
}

/** Its id stands in addresses and notices: it names the cell only to who knows the seed, and stays while the images of the quarter do. */
function groundTask({ quarter, recipe }: RunRecord, cell: GroundCell, sample: NonNullable<Task['sample']>): GroundTask {
  const geometry = cellOutline(cell);
  const [west, south, east, north] = boxOf(geometry);
  const id = `${quarter}-S${contentHash({ seed: sample.seed, cell })}`;
  const reason = `随机抽查：从 ${sample.size} 个可见且未发现变化的网格中抽取 ${sample.drawn} 个（概率 ${sample.probability.toFixed(6)}），用于估计漏查；影像上未见疑似开采`;
  const patch: Patch = {
    id,
    pairs: [],
    geometry,
    areaM2: polygonAreaM2(geometry),
    perimeterM: 0,
    lon: (west + east) / 2,
    lat: (south + north) / 2,
    confidence: 0,
    changeType: 'other',
    seenShare: 1,
    sigmaM: 0,
    dateBefore: null,
    dateAfter: null,
    reasons: [reason],
  };
  const judged = { patch, judgement: unscored(patch, ruleSetHash(recipe.judgement)) };
  return { id: `T${id}`, siteId: id, origin: 'sample', sample, notes: [reason], judged };
}

interface Outcome {
  readonly fits: readonly FitOutcome[];
  readonly judged: readonly JudgedPatch[];
  readonly observations: JudgedQuarter['observations'];
  readonly tasks: TaskChanges;
  readonly merged: number;
}

async function summaryOf({ records }: JobPorts, run: RunRecord, outcome: Outcome): Promise<RunSummary> {
  const { fits, judged, observations, tasks, merged } = outcome;
  const { pixels, seenPixels } = await stored<AssembledQuarter>(records, 'assemble', assembleKey(run, fits));
  const { dropped } = await stored<RecalledQuarter>(records, 'recall', recallKey(run, fits));
  const observed = (answer: string): number => observations.filter(({ result }) => result === answer).length;
  const inState = (...states: Task['state'][]): number =>
    tasks.standing.filter(({ state }) => states.includes(state)).length;
  return {
    run: run.id,
    quarter: run.quarter,
    pairs: run.plan.pairs.length,
    refusedPairs: run.plan.pairs.flatMap(({ id }, i) => {
      const fit = fits[i];
      return fit && isRefused(fit) ? [{ pair: id, why: fit.refused.message }] : [];
    }),
    blocks: run.plan.pairs.reduce((sum, pair, i) => sum + blockSteps(run.plan, pair, fits[i] as FitOutcome).length, 0),
    patches: judged.length,
    seasonal: dropped.length,
    historyGone: run.plan.historyGone?.length ?? 0,
    tasks: inState('new', 'decided'),
    tasksNew: tasks.added.length,
    tasksChanged: tasks.changed.length,
    tasksWithdrawn: tasks.withdrawn.length,
    tasksReserve: inState('reserve'),
    tasksQuiet: inState('quiet'),
    tasksSampled: tasks.standing.filter(({ origin }) => origin === 'sample').length,
    sitesMerged: merged,
    observations: { changed: observed('changed'), unchanged: observed('unchanged'), notSeen: observed('not-seen') },
    notSeenShare: pixels > 0 ? 1 - seenPixels / pixels : null,
  };
}
