/** A run with the history of a made series (src/testing/series-fixture.ts) against the same run with two dates only. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sceneFiles } from './adapters/files/scene-files.js';
import { canonicalLines } from './adapters/postgres/canonical.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { createSceneRegister } from './adapters/postgres/scene-register.js';
import { isInside } from './geo/interior-point.js';
import type { Patch } from './model/patch.js';
import { recipeSchema } from './model/recipe.js';
import { explainPlace } from './quarter-explain.js';
import { planOf, runQuarter } from './quarter-run.js';
import { ingest } from './stages/ingest/stage.js';
import { localQueues } from './testing/local-queues.js';
import { outlineOf, SERIES_PLACES, type SeriesScene, seriesDate, writeSeries } from './testing/series-fixture.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const idle = new AbortController().signal;
const ANY = { kind: 'any' as const, minAreaM2: 4000 };
const WITH = recipeSchema.parse({ raster: ANY });
const TWO_DATES = recipeSchema.parse({ raster: ANY, history: { quarters: 0, years: 0 } });
const BANDS = 'blue,green,red,nir,swir1,swir2';
let folder: string;
let scenes: SeriesScene[];
let workspace: TestWorkspace;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-history-'));
  scenes = writeSeries(folder);
  workspace = await openTestWorkspace();
  await register(
    workspace,
    scenes.filter(({ date }) => date <= seriesDate(2026, 4)),
  );
}, 120_000);
afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

async function register({ database, pool }: TestWorkspace, files: readonly SeriesScene[]): Promise<void> {
  const ports = { pool, files: sceneFiles(), register: createSceneRegister(database) };
  for (const { path, date } of files) {
    await ingest(path, { acquired: date, sensor: 'sentinel-2', bands: BANDS, masks: [] }, ports);
  }
}

async function run(on: TestWorkspace, recipe = WITH, quarter: '2026Q4' | '2027Q1' = '2026Q4') {
  const summary = await runQuarter({ ...on, recipe }, localQueues(), quarter, { jobs: 2, signal: idle });
  const lines = await canonicalLines(on.database);
  return { summary, canonical: lines.join('') };
}

/** In a workspace of its own: what another recipe withdraws stays on record. */
async function twoDates(): Promise<Patch[]> {
  const other = await openTestWorkspace();
  try {
    await register(
      other,
      scenes.filter(({ date }) => date <= seriesDate(2026, 4)),
    );
    return patchesOf((await run(other, TWO_DATES)).canonical);
  } finally {
    await other.close();
  }
}

const patchesOf = (canonical: string): Patch[] =>
  canonical
    .split('\n')
    .filter((line) => line.startsWith('{') && (JSON.parse(line) as { kind: string }).kind === 'patch')
    .map((line) => JSON.parse(line) as { geometry: Patch['geometry']; patch: Patch })
    .map(({ patch, geometry }) => ({ ...patch, geometry }));

/** Name of the place → verdict of the patch there, null where there is none. */
function found(patches: readonly Patch[]): Record<string, string | null | undefined> {
  return Object.fromEntries(
    SERIES_PLACES.map((place) => {
      const [lon, lat] = middleOf(place);
      const here = patches.find(({ geometry }) => isInside(geometry, lon, lat));
      return [place.name, here ? (here.history?.verdict ?? 'none') : null];
    }),
  );
}

function middleOf(place: (typeof SERIES_PLACES)[number]): readonly [number, number] {
  const ring = outlineOf(place)[0]?.[0] ?? [];
  const [a, b] = [ring[0] ?? [0, 0], ring[2] ?? [0, 0]];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

describe('a run with history', () => {
  it('drops the season that two dates cannot tell, keeps every pit, and says why', async () => {
    const alone = await twoDates();
    const { summary, canonical } = await run(workspace);
    const known = patchesOf(canonical);
    expect(found(alone)).toMatchObject({ field: 'none', pit: 'none', 'pit in field': 'none' });
    expect(found(known)).toMatchObject({ field: null, pit: 'new' });
    expect(found(known)['pit in field']).not.toBeNull();
    // Outlines and names are those of the two dates; history takes away and describes.
    const kept = new Map(alone.map((patch) => [patch.id, patch]));
    for (const { id, geometry, areaM2 } of known) expect({ geometry, areaM2 }).toMatchObject(pick(kept.get(id)));
    expect(summary?.seasonal).toBe(alone.length - known.length);
    const pit = known.find(({ geometry }) => isInside(geometry, ...middleOf(SERIES_PLACES[3] as never)));
    expect(pit?.history?.available).toBe(9);
    expect(pit?.reasons.at(-1)).toBe(
      '历史影像（近 8 个季度及往年同季） 9 期，其中 9 期可用（2022Q4—2026Q2），此前各期均为植被，本期首次出现裸露',
    );
    const ports = {
      record: quarterRecord(workspace.database),
      records: createRunRecords(workspace.database),
      pool: workspace.pool,
    };
    const said = await explainPlace(ports, middleOf(SERIES_PLACES[0] as never), '2026Q4');
    expect(said.patches).toEqual([]);
    expect(said.seasonal.map(({ history }) => history?.verdict)).toEqual(['seasonal']);
  }, 120_000);

  it('gives the same bytes from scenes registered in another order, in other blocks, and again', async () => {
    const { canonical } = await run(workspace);
    const other = await openTestWorkspace();
    try {
      await register(other, scenes.filter(({ date }) => date <= seriesDate(2026, 4)).toReversed());
      const recipe = recipeSchema.parse({ raster: { ...ANY, blockPx: 256 } });
      expect((await run(other, recipe)).canonical).toBe(canonical);
      expect((await run(other, recipe)).canonical).toBe(canonical);
    } finally {
      await other.close();
    }
  }, 120_000);

  it('one more earlier image is another run, a later one is not; one whose file is gone is left out and told', async () => {
    const plan = await planOf(workspace, '2026Q4', WITH);
    expect(plan.plan.history?.map(({ acquiredOn }) => acquiredOn).sort()).toEqual(
      scenes
        .map(({ date }) => date)
        .filter((date) => date < seriesDate(2026, 4))
        .sort(),
    );
    await register(
      workspace,
      scenes.filter(({ date }) => date > seriesDate(2026, 4)),
    );
    expect((await planOf(workspace, '2026Q4', WITH)).id).toBe(plan.id);
    rmSync(scenes.find(({ date }) => date === seriesDate(2022, 4))?.path ?? '');
    const without = await planOf(workspace, '2026Q4', WITH);
    expect(without.id).not.toBe(plan.id);
    expect(without.plan.historyGone).toHaveLength(1);
    expect((await run(workspace)).summary).toMatchObject({ historyGone: 1 });
  }, 120_000);
});

function pick(patch: Patch | undefined): Pick<Patch, 'geometry' | 'areaM2'> {
  if (!patch) throw new Error('a patch that two dates did not find');
  return { geometry: patch.geometry, areaM2: patch.areaM2 };
}
