/**
 * quarter-estimate: what a planned run will read and how long it may take on this machine (`tuban run --dry-run`). Told from a trial: the fit of one
 * pair and a few of its blocks, done by the run's own jobs and kept, so that the run goes on from there; nothing is published.
 */
import { windowBytes } from './adapters/geotiff/window-bytes.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { createSceneRegister } from './adapters/postgres/scene-register.js';
import { blocksOf, componentsOf, recutComponents } from './comparison.js';
import type { BlockResult, PairModel } from './model/change.js';
import type { Window } from './model/grid.js';
import { pixelToMap } from './model/grid.js';
import { type FitOutcome, isRefused, type PlannedPair, type RunRecord } from './model/run.js';
import type { Scene } from './model/scene.js';
import { compareJob, fitJob, type JobPorts } from './quarter-jobs.js';
import type { RunWorkspace } from './quarter-run.js';
import { type BlockStep, blockSteps, fitKey } from './quarter-steps.js';
import { unpackBlock } from './stages/compare/payload.js';

/** Opening files, judging, observing, publishing, the safe copy: measured on the demo and on a pair of 25 million pixels. */
const REST_SECONDS = 3;
/** Blocks tried per process: the first of each warms it up. */
const TRIAL_BLOCKS = 3;

export interface PairEstimate {
  readonly pair: string;
  readonly before: string;
  readonly after: string;
  readonly blocks: number;
  /** Blocks whose result is stored already. */
  readonly blocksDone: number;
  readonly megapixels: number;
  readonly bytes: number;
}

export interface RunEstimate {
  readonly run: string;
  readonly pairs: readonly PairEstimate[];
  readonly blocks: number;
  readonly blocksDone: number;
  /** Of both dates, as they lie in the files. */
  readonly bytes: number;
  /** False where a format does not tell the bytes of a block. */
  readonly bytesExact: boolean;
  readonly seconds: number;
}

export async function estimateRun(workspace: RunWorkspace, run: RunRecord, jobs: number): Promise<RunEstimate> {
  const scenes = new Map(
    (await createSceneRegister(workspace.database).list()).map((scene) => [scene.id, scene] as const),
  );
  const ports: JobPorts = { records: createRunRecords(workspace.database), pool: workspace.pool };
  const trial = await tried(ports, run, jobs);
  let bytesExact = true;
  const pairs: PairEstimate[] = [];
  for (const pair of run.plan.pairs) {
    const before = scenes.get(pair.beforeId);
    const windows: [path: string, size: { width: number; height: number }, window: Window][] = [
      [pair.use.after.path, pair.grid, pair.extent],
    ];
    if (before) windows.push([before.path, before.grid, windowOnBefore(pair, before)]);
    let bytes = 0;
    for (const [path, size, window] of windows) {
      const read = await windowBytes(path, size, window);
      bytes += read.bytes;
      bytesExact &&= read.exact;
    }
    const { fit, done } = await openBlocks(ports, run, pair);
    pairs.push({
      pair: pair.id,
      before: pair.use.before.path,
      after: pair.use.after.path,
      blocks: fit && isRefused(fit) ? 0 : blocksOf(pair.extent, run.plan.blockPx).length,
      blocksDone: done,
      megapixels: megapixels(pair.extent),
      bytes,
    });
  }
  const sum = (of: (pair: PairEstimate) => number): number => pairs.reduce((total, pair) => total + of(pair), 0);
  return {
    run: run.id,
    pairs,
    blocks: sum((pair) => pair.blocks),
    blocksDone: sum((pair) => pair.blocksDone),
    bytes: sum((pair) => pair.bytes),
    bytesExact,
    seconds: Math.round(REST_SECONDS + (await openSeconds(ports, run, trial, jobs))),
  };
}

interface Trial {
  /** Seconds a million pixels of one process. */
  readonly fit: number;
  readonly blocks: number;
  readonly objects: number;
}

/** Seconds of all that is not done yet, by what the trial took. */
async function openSeconds(ports: JobPorts, run: RunRecord, trial: Trial | null, jobs: number): Promise<number> {
  if (trial === null) return 0;
  let [seconds, unfitted] = [0, 0];
  for (const pair of run.plan.pairs) {
    const { fit, open } = await openBlocks(ports, run, pair);
    const whole = megapixels(pair.extent);
    const share = fit ? open.length / Math.max(1, blocksOf(pair.extent, run.plan.blockPx).length) : 1;
    if (!fit) unfitted++;
    seconds += (share * whole * trial.blocks + whole * trial.objects) / jobs;
    // pairs are fitted side by side, each by one process
    if (!fit) seconds += whole * trial.fit * (1 / Math.min(jobs, Math.max(1, unfitted)));
  }
  return seconds;
}

/** Does a few jobs of the pair with most to do; null where nothing is left, or nothing can be tried. */
async function tried(ports: JobPorts, run: RunRecord, jobs: number): Promise<Trial | null> {
  const states = await Promise.all(
    run.plan.pairs.map(async (pair) => ({ pair, ...(await openBlocks(ports, run, pair)) })),
  );
  const left = ({ pair, fit, open }: (typeof states)[number]) =>
    fit ? open.length : blocksOf(pair.extent, run.plan.blockPx).length;
  const most = states.toSorted((a, b) => left(b) - left(a))[0];
  if (!most || left(most) === 0) return null;
  const { pair } = most;
  const began = performance.now();
  await fitJob(ports, run, pair);
  const fit = (performance.now() - began) / 1000 / megapixels(pair.extent);
  const { open, fit: model } = await openBlocks(ports, run, pair);
  if (!model || isRefused(model) || open.length === 0) return { fit, blocks: 0, objects: 0 };
  const wanted = Math.min(open.length, TRIAL_BLOCKS * jobs);
  const some = Array.from({ length: wanted }, (_, i) => open[Math.floor(((i + 0.5) * open.length) / wanted)]).flatMap(
    (step) => step ?? [],
  );
  const warm = some.slice(0, jobs);
  await Promise.all(warm.map((step) => compareJob(ports, run, step)));
  const rest = some.length > warm.length ? some.slice(warm.length) : [];
  const start = performance.now();
  await Promise.all(rest.map((step) => compareJob(ports, run, step)));
  const took = (performance.now() - start) / 1000;
  const area = rest.reduce((sum, { block }) => sum + megapixels(block), 0);
  const blocks = area > 0 ? (took * Math.min(jobs, rest.length)) / area : 0;
  return { fit, blocks, objects: await objectsOf(ports, pair, model, some) };
}

/** Seconds a million pixels that judging objects and drawing them again takes one process. */
async function objectsOf(
  { records, pool }: JobPorts,
  pair: PlannedPair,
  model: PairModel,
  steps: readonly BlockStep[],
): Promise<number> {
  const results: BlockResult[] = [];
  for (const { key } of steps) {
    const stored = await records.result('compare', key);
    if (stored?.payload) results.push(unpackBlock(stored.payload));
  }
  const began = performance.now();
  await recutComponents(pool, { pair: pair.use, extent: pair.extent, model }, componentsOf(results, model));
  const seconds = ((performance.now() - began) / 1000) * pool.size;
  const area = steps.reduce((sum, { block }) => sum + megapixels(block), 0);
  return seconds / area;
}

async function openBlocks({ records }: JobPorts, run: RunRecord, pair: PlannedPair) {
  const fit = (await records.result('fit', fitKey(pair)))?.body as FitOutcome | undefined;
  const steps = fit ? blockSteps(run.plan, pair, fit) : [];
  const done = await records.doneKeys(
    'compare',
    steps.map(({ key }) => key),
  );
  return { fit, done: done.size, open: steps.filter(({ key }) => !done.has(key)) };
}

function megapixels({ width, height }: Window): number {
  return (width * height) / 1e6;
}

/** The part of BEFORE that lies under the extent; all of it where the two have different coordinate systems. */
function windowOnBefore(pair: PlannedPair, before: Scene): Window {
  const { grid } = before;
  const whole = { col: 0, row: 0, width: grid.width, height: grid.height };
  const t = grid.transform;
  if (grid.crs !== pair.grid.crs || t[2] !== 0 || t[4] !== 0) return whole;
  const { col, row, width, height } = pair.extent;
  const corners = [
    pixelToMap(pair.grid.transform, col, row),
    pixelToMap(pair.grid.transform, col + width, row + height),
  ].map(([x, y]) => [(x - t[0]) / t[1], (y - t[3]) / t[5]] as const);
  const cols = corners.map(([c]) => c).sort((a, b) => a - b);
  const rows = corners.map(([, r]) => r).sort((a, b) => a - b);
  const clip = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value)));
  const [left = 0, right = 0] = cols.map((c) => clip(c, grid.width));
  const [top = 0, bottom = 0] = rows.map((r) => clip(r, grid.height));
  return { col: left, row: top, width: right - left, height: bottom - top };
}
