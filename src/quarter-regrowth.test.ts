/** What resting places look like, read from the images of a made series (src/testing/series-fixture.ts) by a whole run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sceneFiles } from './adapters/files/scene-files.js';
import { canonicalLines } from './adapters/postgres/canonical.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { createSceneRegister } from './adapters/postgres/scene-register.js';
import { createSiteRegister } from './adapters/postgres/site-register.js';
import type { JudgedPatch } from './model/patch.js';
import { recipeSchema } from './model/recipe.js';
import type { RunRecord, RunSummary } from './model/run.js';
import { runQuarter } from './quarter-run.js';
import { ingest } from './stages/ingest/stage.js';
import { localQueues } from './testing/local-queues.js';
import { outlineOf, SERIES_PLACES, writeSeries } from './testing/series-fixture.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

/** Nothing is large enough to be a patch: every place is at rest. */
const RECIPE = recipeSchema.parse({ raster: { minAreaM2: 1e7 }, history: { quarters: 0, years: 0 } });
let folder: string;
let workspace: TestWorkspace;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-regrowth-'));
  workspace = await openTestWorkspace();
  const ports = { pool: workspace.pool, files: sceneFiles(), register: createSceneRegister(workspace.database) };
  const scenes = writeSeries(folder, { clouded: { '2026-08-13': 'late field' } });
  for (const { path, date } of scenes.filter((scene) => scene.date > '2026-04' && scene.date < '2026-10')) {
    const wish = { acquired: date, sensor: 'sentinel-2', bands: 'blue,green,red,nir,swir1,swir2', masks: [] };
    await ingest(path, wish, ports);
  }
  await publishEarlier();
}, 120_000);
afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every place of the series had a patch in 2025Q4. */
async function publishEarlier(): Promise<void> {
  const records = createRunRecords(workspace.database);
  const run: RunRecord = {
    id: '2025Q4-given',
    quarter: '2025Q4',
    inputHash: 'given',
    recipe: RECIPE,
    plan: { quarter: '2025Q4', rasterHash: '', blockPx: 256, scenes: [], pairs: [], layersHash: '' },
  };
  const places = SERIES_PLACES.map((place) => ({ id: place.name, geometry: outlineOf(place) }));
  await records.beginRun(run);
  await records.publish({
    run,
    sites: places.map((place) => ({ ...place, firstQuarter: '2025Q4' })),
    merges: [],
    siteStates: [],
    patches: places.map(({ id, geometry }) => ({
      siteId: id,
      judged: { patch: { id, geometry, areaM2: 1, sigmaM: 5 }, judgement: { score: 0 } } as unknown as JudgedPatch,
    })),
    observations: [],
    standing: [],
    withdrawn: [],
    summary: {} as RunSummary,
  });
}

function run() {
  const options = { jobs: 2, signal: new AbortController().signal };
  return runQuarter({ ...workspace, recipe: RECIPE }, localQueues(), '2026Q3', options);
}

it('green ground is recovered, an open pit is not, and cloud says nothing; the same again', async () => {
  await run();
  const states = await createSiteRegister(workspace.database).states();
  expect(Object.fromEntries(states.map(({ siteId, state }) => [siteId, state]))).toEqual({
    field: 'recovered',
    'late field': 'not-seen',
    'old pit': 'unchanged',
    pit: 'recovered',
    'pit in field': 'recovered',
    plot: 'recovered',
    reservoir: 'unchanged',
  });
  expect(states.find(({ siteId }) => siteId === 'old pit')?.reason).toMatch(
    /^植被指数 0\.0\d，周边 0\.7\d：仍为裸露，未见新的变化$/,
  );
  const before = await canonicalLines(workspace.database);
  await workspace.database.query(`DELETE FROM tuban.stage_result`);
  await workspace.database.query(`UPDATE tuban.run SET state = 'failed'`);
  await run();
  expect(await canonicalLines(workspace.database)).toEqual(before);
}, 240_000);
