/**
 * quarter-plan: what a run of a quarter has to do, from the register and the recipe: pair → meet → plan. Reads no pixel. The same
 * scenes, layers and recipe give the same plan and the same run id; where files lie does not matter.
 */
import { boxOf } from './geo/distance.js';
import { Fault } from './model/fault.js';
import type { HistoryScene } from './model/history.js';
import { contentHash } from './model/id.js';
import type { RasterUse } from './model/raster.js';
import { type Recipe, rasterRecipeHash, recipeHash } from './model/recipe.js';
import { type PlannedPair, type RunPlan, type RunRecord, type ScenePair, sinceOf } from './model/run.js';
import type { Quarter, Scene } from './model/scene.js';
import type { RunRecords } from './ports/run-records.js';
import type { SceneFiles } from './ports/scene-files.js';
import type { SceneRegister } from './ports/scene-register.js';
import type { WorkPool } from './ports/work-pool.js';
import { verifyScene } from './stages/ingest/stage.js';
import { historyScenes } from './stages/pair/history.js';
import { pairScenes } from './stages/pair/pair.js';

export interface PlanPorts {
  readonly records: RunRecords;
  readonly register: SceneRegister;
  readonly files: SceneFiles;
  readonly pool: WorkPool;
}

/** Faults: run.no-scenes; scene.gone, scene.changed; those of `meet`. */
export async function planQuarter(ports: PlanPorts, quarter: Quarter, recipe: Recipe): Promise<RunRecord> {
  const { records, register, files, pool } = ports;
  const scenes = new Map((await register.list()).map((scene) => [scene.id, scene]));
  const own = [...scenes.values()].filter((scene) => scene.quarter === quarter);
  if (own.length === 0) {
    throw new Fault(
      'run.no-scenes',
      `${quarter} 还没有登记影像，请先 tuban scene add (no scene of ${quarter} is registered: add some first)`,
    );
  }
  const chosen = pairScenes([...scenes.values()], quarter, recipe.raster);
  const used = new Set([...own.map(({ id }) => id), ...chosen.map((pair) => pair.beforeId)]);
  for (const id of [...used].sort()) {
    const scene = scenes.get(id);
    if (scene) await verifyScene(scene, files);
  }
  const pairs = await Promise.all(chosen.map((pair) => plannedPair(pair, scenes, pool, recipe)));
  const history = await usableHistory(
    historyScenes([...scenes.values()], quarter, new Set(chosen.map(({ afterId }) => afterId)), recipe.history),
    used,
    files,
  );
  const planned = pairs.filter((pair) => pair !== null);
  const plan: RunPlan = {
    quarter,
    rasterHash: rasterRecipeHash(recipe.raster),
    blockPx: recipe.raster.blockPx,
    scenes: own.map(({ id }) => id).sort(),
    pairs: planned,
    history: history.scenes,
    historyGone: history.gone,
    layersHash: await records.layersHash(quarter, sinceOf({ pairs: planned })),
  };
  return runOf(plan, recipe);
}

/** The run that works a plan with a recipe: the same inputs, the same id. */
export function runOf(plan: RunPlan, recipe: Recipe): RunRecord {
  const { quarter } = plan;
  const inputHash = contentHash({
    quarter,
    scenes: plan.scenes,
    pairs: plan.pairs.map(({ id }) => id),
    history: (plan.history ?? []).map(({ id, acquiredOn }) => [id, acquiredOn]),
    layers: plan.layersHash,
    recipe: recipeHash(recipe),
  });
  return { id: `${quarter}-${inputHash}`, quarter, inputHash, recipe, plan };
}

/**
 * Old images are often archived away. That must not stop a quarter: what is gone or changed is left out, which changes the run's
 * inputs and is told. Images of the pairs were verified before.
 */
async function usableHistory(
  asked: readonly Scene[],
  verified: ReadonlySet<string>,
  files: SceneFiles,
): Promise<{ scenes: HistoryScene[]; gone: string[] }> {
  const scenes: HistoryScene[] = [];
  const gone: string[] = [];
  for (const scene of asked) {
    try {
      if (!verified.has(scene.id)) await verifyScene(scene, files);
      scenes.push(historyScene(scene));
    } catch (error) {
      if (!(error instanceof Fault) || !['scene.gone', 'scene.changed'].includes(error.code)) throw error;
      gone.push(scene.id);
    }
  }
  return { scenes, gone };
}

function historyScene(scene: Scene): HistoryScene {
  const { id, acquiredOn, masks, footprint } = scene;
  return { id, acquiredOn, use: rasterUse(scene), masks, box: boxOf(footprint) };
}

/** Null where the two rasters do not meet after all. */
async function plannedPair(
  pair: ScenePair,
  scenes: ReadonlyMap<string, Scene>,
  pool: WorkPool,
  { raster }: Recipe,
): Promise<PlannedPair | null> {
  const before = scenes.get(pair.beforeId);
  const after = scenes.get(pair.afterId);
  if (!before || !after) return null;
  const masks = [
    ...before.masks.map((mask) => ({ ...mask, date: 'before' as const })),
    ...after.masks.map((mask) => ({ ...mask, date: 'after' as const })),
  ];
  const use = { before: rasterUse(before), after: rasterUse(after), masks };
  const { grid, window, gsdM, pixelAreaM2 } = await pool.run('meet', { pair: use });
  if (!window) return null;
  const facts = {
    kind: raster.kind,
    gsdM,
    pixelAreaM2,
    minAreaM2: raster.minAreaM2,
    sensorBefore: before.sensor,
    sensorAfter: after.sensor,
    dateBefore: before.acquiredOn,
    dateAfter: after.acquiredOn,
  };
  return { ...pair, use, facts, grid, extent: window };
}

function rasterUse({ path, bands, sensor, acquiredOn }: Scene): RasterUse {
  return { path, bands, sensor, acquiredOn };
}
