/**
 * issued-places: the place of every issued patch, quarter of issue by quarter, by the issuer's outline and by earlier ground alone: the
 * same before and after a comparison, and whether the patch was compared or not. So the run of a quarter and a comparison find the same,
 * whichever comes first. Where no earlier ground speaks: the place it was given before; else, for one that is imported late, that of the
 * first own patch since that it overlaps; else one that begins with it.
 * In: imports, earlier ground, published patches. Out: places, sites that begin, sites that became one, all on record.
 */
import { polygonAreaM2 } from './geo/ellipsoid-area.js';
import type { MultiPolygonRings } from './model/grid.js';
import { ISSUED_SIGMA_M } from './model/issued.js';
import { quarterIndex } from './model/quarter.js';
import type { SitesRecipe } from './model/recipe.js';
import type { Quarter } from './model/scene.js';
import type { SiteMerge } from './model/site.js';
import type { IssuedPlaces } from './ports/issued-places.js';
import type { OwnPatch } from './ports/issued-register.js';
import type { SiteMemory } from './ports/site-memory.js';
import type { WorkPool } from './ports/work-pool.js';
import { groupBy, trackPatches } from './quarter-sites.js';
import { patchIdOf } from './stages/revisit/as-patch.js';

export interface SettlePorts {
  readonly records: SiteMemory & IssuedPlaces;
  readonly pool: WorkPool;
}

interface Outline {
  readonly keyId: string;
  readonly id: string;
  readonly siteId: string | null;
  readonly geometry: MultiPolygonRings;
  readonly areaM2: number;
  readonly sigmaM: number;
}

/** These quarters, and those up to the newest of them that have outlines without a place. Out: what became one. */
export async function settleIssued(
  ports: SettlePorts,
  recipe: SitesRecipe,
  quarters: readonly Quarter[],
): Promise<SiteMerge[]> {
  const inOrder = (some: readonly Quarter[]): Quarter[] =>
    [...new Set(some)].sort((a, b) => quarterIndex(a) - quarterIndex(b));
  const newest = inOrder(quarters).at(-1);
  if (!newest) return [];
  const due = inOrder([...quarters, ...(await ports.records.unsettledQuarters(newest))]);
  const merges: SiteMerge[] = [];
  for (const quarter of due) merges.push(...(await settleQuarter(ports, recipe, quarter)));
  return merges;
}

async function settleQuarter(ports: SettlePorts, recipe: SitesRecipe, quarter: Quarter): Promise<readonly SiteMerge[]> {
  const { records } = ports;
  const outlines = (await records.issuedOutlines(quarter)).map(({ keyId, siteId, geometry }): Outline => {
    const id = patchIdOf({ quarter, keyId });
    return { keyId, id, siteId, geometry, areaM2: polygonAreaM2(geometry), sigmaM: ISSUED_SIGMA_M };
  });
  const { tracked } = await trackPatches(ports, { quarter, recipe, patches: outlines, drawnToo: false });
  const ids = new Set(outlines.map(({ id }) => id));
  const begun = outlines.filter(({ id }) => ids.has(tracked.sites.get(id) ?? id));
  const own = await ownSites(
    ports,
    recipe,
    quarter,
    begun.filter(({ siteId }) => siteId === null),
  );
  const sites = new Map(tracked.sites);
  for (const [name, group] of groupBy(begun, ({ id }) => tracked.sites.get(id) ?? id)) {
    const known = [...group].sort(byId).find(({ siteId }) => siteId !== null)?.siteId;
    const [found] = group.flatMap(({ id }) => own.get(id) ?? []).sort(earliest);
    for (const { id, siteId } of group) sites.set(id, siteId ?? known ?? found?.siteId ?? name);
  }
  const standing = new Set(sites.values());
  await records.settle({
    quarter,
    places: outlines.map(({ keyId, id }) => ({ keyId, patchId: id, siteId: sites.get(id) ?? id })),
    sites: outlines
      .filter(({ id }) => standing.has(id))
      .map(({ id, geometry }) => ({ id, firstQuarter: quarter, geometry })),
    merges: tracked.merges,
  });
  return tracked.merges;
}

interface Found {
  readonly siteId: string;
  readonly quarter: Quarter;
  readonly areaM2: number;
}

/** Of the quarter of issue or later: earlier ones were asked as ground. */
async function ownSites(
  { records, pool }: SettlePorts,
  recipe: SitesRecipe,
  quarter: Quarter,
  outlines: readonly Outline[],
): Promise<Map<string, Found[]>> {
  if (outlines.length === 0) return new Map();
  const all = await records.ownPatches(outlines.map(({ geometry }) => geometry));
  const since = new Map(
    all
      .filter((one) => quarterIndex(one.quarter) >= quarterIndex(quarter))
      .map((one): [string, OwnPatch] => [one.id, one]),
  );
  const overlaps = await pool.run('overlay', {
    patches: outlines.map(({ geometry }) => geometry),
    boundaries: [...since.values()].map(({ id, geometry }) => ({ id, kind: 'lawful' as const, geometry })),
    reachM: 0,
  });
  return new Map(
    outlines.map(({ id, areaM2: wholeM2 }, i) => [
      id,
      (overlaps[i] ?? []).flatMap(({ boundaryId, areaInsideM2: areaM2 }): Found[] => {
        const one = since.get(boundaryId);
        const smaller = Math.min(wholeM2, one ? polygonAreaM2(one.geometry) : 0);
        if (!one || areaM2 <= 0 || areaM2 < recipe.overlapShare * smaller) return [];
        return [{ siteId: one.siteId, quarter: one.quarter, areaM2 }];
      }),
    ]),
  );
}

function earliest(a: Found, b: Found): number {
  return quarterIndex(a.quarter) - quarterIndex(b.quarter) || b.areaM2 - a.areaM2 || (a.siteId < b.siteId ? -1 : 1);
}

function byId(a: Outline, b: Outline): number {
  return a.id < b.id ? -1 : 1;
}
