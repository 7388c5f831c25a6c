/**
 * quarter-regrowth: what every place that is on record looks like in a quarter: `changed` where it has a patch, else read from the AFTER
 * images (children). Each image's readings are stored, so that a run that is cut short reads no image twice.
 * In:  the quarter's AFTER images and places with their patches. Out: one SiteState per place that began earlier or changed.
 */
import { boxOf } from './geo/distance.js';
import { extentRing } from './geo/extent-ring.js';
import { boxesMeet } from './geo/map-frame.js';
import type { Box, MultiPolygonRings } from './model/grid.js';
import type { GroundReading, HistoryScene } from './model/history.js';
import type { RunRecord } from './model/run.js';
import type { SitedPatch, SiteMerge, SiteState } from './model/site.js';
import type { RunRecords } from './ports/run-records.js';
import type { WorkPool } from './ports/work-pool.js';
import { scenesOfPair } from './quarter-jobs.js';
import { groupBy } from './quarter-sites.js';
import { readingKey } from './quarter-steps.js';
import { siteState } from './stages/regrow/regrow.js';

interface Place {
  readonly siteId: string;
  readonly outline: MultiPolygonRings;
  readonly box: Box;
}

export async function siteStates(
  records: RunRecords,
  pool: WorkPool,
  run: RunRecord,
  placed: { readonly patches: readonly SitedPatch[]; readonly merges: readonly SiteMerge[] },
): Promise<SiteState[]> {
  const { quarter } = run;
  const into = new Map(placed.merges.map(({ siteId, intoId }) => [siteId, intoId]));
  const changed = new Map(placed.patches.map(({ siteId, judged }) => [siteId, judged.patch.id]));
  const grounds = (await records.openGrounds(quarter)).filter(({ siteId }) => !changed.has(into.get(siteId) ?? siteId));
  const places = await Promise.all(
    [...groupBy(grounds, ({ siteId }) => siteId)].map(async ([siteId, own]): Promise<Place> => {
      const { geometry } = await pool.run('unite', { polygons: own.map((ground) => ground.geometry), snapM: 0 });
      const outline = geometry.flat();
      return { siteId, outline, box: boxOf(outline) };
    }),
  );
  const readings = await readingsOf(records, pool, run, places);
  const earlier = groupBy(await records.statesBefore(quarter), ({ siteId }) => siteId);
  const states = places.map(({ siteId }) =>
    siteState(siteId, quarter, readings.get(siteId) ?? [], earlier.get(siteId) ?? []),
  );
  const found = [...changed].map(
    ([siteId]): SiteState => ({ siteId, quarter, state: 'changed', contrast: null, reason: '本季度有变化图斑' }),
  );
  return [...found, ...states].sort((a, b) => (a.siteId < b.siteId ? -1 : 1));
}

async function readingsOf(
  records: RunRecords,
  pool: WorkPool,
  run: RunRecord,
  places: readonly Place[],
): Promise<Map<string, (GroundReading | null)[]>> {
  const found = new Map<string, (GroundReading | null)[]>();
  if (places.length === 0) return found;
  for (const { scene, box } of await afterScenes(pool, run)) {
    const within = places.filter((place) => boxesMeet(place.box, box));
    if (within.length === 0) continue;
    const outlines = within.map(({ outline }) => outline);
    const key = readingKey(scene, outlines);
    const known = await records.result('reading', key);
    const readings =
      (known?.body as (GroundReading | null)[] | undefined) ??
      (await pool.run('recall', { scene: { use: scene.use, masks: scene.masks }, patches: outlines }));
    if (!known) await records.save('reading', key, readings);
    for (const [i, { siteId }] of within.entries()) {
      found.set(siteId, [...(found.get(siteId) ?? []), readings[i] ?? null]);
    }
  }
  return found;
}

/** Every AFTER image once, by id, with the lon/lat box of its whole grid. */
async function afterScenes(pool: WorkPool, run: RunRecord): Promise<{ scene: HistoryScene; box: Box }[]> {
  const pairs = new Map(run.plan.pairs.map((pair) => [pair.afterId, pair]));
  return Promise.all(
    [...pairs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(async ([, pair]) => {
        const { width, height, crs } = pair.grid;
        const ring = extentRing(pair.grid, { col: 0, row: 0, width, height });
        const [outline] = await pool.run('toLonLat', { crs, polygons: [[[ring]]] });
        return { scene: scenesOfPair(pair).after, box: boxOf(outline ?? []) };
      }),
  );
}
