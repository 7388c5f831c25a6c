/** A quarter whose patches are given: everything after judging (places, record, list, publication) is the program's. */
import { createRunRecords } from '../adapters/postgres/run-records.js';
import { polygonAreaM2 } from '../geo/ellipsoid-area.js';
import type { MultiPolygonRings } from '../model/grid.js';
import type { JudgedPatch } from '../model/patch.js';
import { quarterDays } from '../model/quarter.js';
import type { Recipe } from '../model/recipe.js';
import type { PlannedPair, RunRecord } from '../model/run.js';
import type { Quarter } from '../model/scene.js';
import type { WorkPool } from '../ports/work-pool.js';
import { publishJob } from '../quarter-publish.js';
import { assembleKey, attributeKey, recallKey } from '../quarter-steps.js';
import { testJudgement } from './judgement.js';
import type { TestWorkspace } from './workspace.js';

/** West, south, east, north in metres from 118° E, 36° N. */
export type Rectangle = readonly [number, number, number, number];

const REFUSED = { refused: { code: 'pair.made', message: '影像不比较' } };

export function outlineOf([west, south, east, north]: Rectangle): MultiPolygonRings {
  const at = (x: number, y: number) => [118 + x / 90_164, 36 + y / 110_958] as const;
  return [[[at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)]]];
}

export function givenPatch(id: string, quarter: Quarter, rectangle: Rectangle): JudgedPatch {
  const geometry = outlineOf(rectangle);
  const areaM2 = polygonAreaM2(geometry);
  const [lon, lat] = geometry[0]?.[0]?.[0] ?? [0, 0];
  const seen = {
    pairs: ['P'],
    perimeterM: 1,
    confidence: 0.9,
    changeType: 'vegetation-to-bare' as const,
    seenShare: 1,
  };
  const dates = { dateBefore: quarterDays(quarter).first, dateAfter: quarterDays(quarter).last };
  return {
    patch: { id, geometry, areaM2, lon, lat, sigmaM: 5, reasons: [], ...seen, ...dates },
    judgement: testJudgement({ outsideM2: areaM2, score: 50 }),
  };
}

/** Works the quarter from its judged patches on. `pool` answers what the images show of places that rest. */
export async function publishGiven(
  { database }: TestWorkspace,
  quarter: Quarter,
  judged: readonly JudgedPatch[],
  { recipe, pool }: { readonly recipe: Recipe; readonly pool: WorkPool },
): Promise<void> {
  const records = createRunRecords(database);
  const run = runOf(quarter, recipe);
  await records.beginRun(run);
  await records.save('fit', `P${quarter}`, REFUSED);
  await records.save('assemble', assembleKey(run, [REFUSED]), { patches: [], pixels: 1, seenPixels: 1 });
  await records.save('recall', recallKey(run, [REFUSED]), { patches: [], dropped: [] });
  await records.save('attribute', attributeKey(run, [REFUSED]), { judged, observations: [] });
  await publishJob({ records, pool }, run);
  await records.finishRun(run.id);
}

function runOf(quarter: Quarter, recipe: Recipe): RunRecord {
  const grid = { crs: 'EPSG:4490', transform: [117.9, 0.001, 0, 36.1, 0, -0.001], width: 300, height: 300 } as const;
  const use = { before: { path: 'before', bands: [] }, after: { path: 'after', bands: [] }, masks: [] };
  const extent = { col: 0, row: 0, width: 300, height: 300 };
  const pair = { id: `P${quarter}`, role: 'previous', beforeId: 'b', afterId: `a${quarter}`, use, grid, extent };
  const plan = {
    quarter,
    rasterHash: 'r',
    blockPx: 1024,
    scenes: [],
    pairs: [pair as unknown as PlannedPair],
    history: [],
    layersHash: 'l',
  };
  return { id: `${quarter}-run`, quarter, inputHash: 'inputs', recipe, plan };
}
