/** quarter-estimate: what a planned run will read and how long it may take, without doing it (`tuban run --dry-run`). */
import { windowBytes } from './adapters/geotiff/window-bytes.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { createSceneRegister } from './adapters/postgres/scene-register.js';
import { blocksOf } from './comparison.js';
import type { Window } from './model/grid.js';
import { pixelToMap } from './model/grid.js';
import { type FitOutcome, isRefused, type PlannedPair, type RunRecord } from './model/run.js';
import type { Scene } from './model/scene.js';
import type { RunWorkspace } from './quarter-run.js';
import { blockSteps, fitKey } from './quarter-steps.js';

/** Million pixels of a pair (six bands, DEFLATE) that one process fits and compares in a second; measured on the demo, 2 cores. */
const MEGAPIXELS_PER_SECOND = 0.8;
/** Judging, observing and publishing, measured on the demo. */
const REST_SECONDS = 3;

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
  const records = createRunRecords(workspace.database);
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
    const fit = (await records.result('fit', fitKey(pair)))?.body as FitOutcome | undefined;
    const steps = fit ? blockSteps(run.plan, pair, fit) : [];
    const done = await records.doneKeys(
      'compare',
      steps.map(({ key }) => key),
    );
    pairs.push({
      pair: pair.id,
      before: pair.use.before.path,
      after: pair.use.after.path,
      blocks: fit && isRefused(fit) ? 0 : blocksOf(pair.extent, run.plan.blockPx).length,
      blocksDone: done.size,
      megapixels: (pair.extent.width * pair.extent.height) / 1e6,
      bytes,
    });
  }
  const sum = (of: (pair: PairEstimate) => number): number => pairs.reduce((total, pair) => total + of(pair), 0);
  const open = sum((pair) => pair.megapixels * (pair.blocks === 0 ? 0 : 1 - pair.blocksDone / pair.blocks));
  return {
    run: run.id,
    pairs,
    blocks: sum((pair) => pair.blocks),
    blocksDone: sum((pair) => pair.blocksDone),
    bytes: sum((pair) => pair.bytes),
    bytesExact,
    seconds: Math.round(open / MEGAPIXELS_PER_SECOND / jobs + REST_SECONDS),
  };
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
