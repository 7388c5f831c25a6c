/**
 * quarter-sites: the patches of a quarter get their places, and the places' record its say:
 *   ground of earlier quarters near them → overlay (children) → track → growth (children) → remember → score again
 * In:  judged patches. Out: patches with their sites, facts, notes and renewed score; merges of sites. What a place is told by depends on
 * earlier quarters and decisions only.
 */

import { boxOf } from './geo/distance.js';
import { metresPerDegree } from './geo/ellipsoid-area.js';
import { judgeWithSite } from './judge.js';
import { convexHull } from './kernels/hull.js';
import type { Box, MultiPolygonRings } from './model/grid.js';
import type { JudgedPatch } from './model/patch.js';
import { quarterIndex } from './model/quarter.js';
import type { Recipe } from './model/recipe.js';
import type { Quarter } from './model/scene.js';
import type { SitedPatch, SiteGround, SiteMerge } from './model/site.js';
import type { SiteMemory } from './ports/site-memory.js';
import type { WorkPool } from './ports/work-pool.js';
import { growthOf } from './site-growth.js';
import { remember } from './stages/remember/remember.js';
import { reachM } from './stages/track/evidence.js';
import type { Contact, TrackInput } from './stages/track/input.js';
import { track } from './stages/track/track.js';

export interface SitePorts {
  readonly records: SiteMemory;
  readonly pool: WorkPool;
}

export interface PlacedQuarter {
  /** In the order given. */
  readonly patches: readonly SitedPatch[];
  readonly merges: readonly SiteMerge[];
}

export interface PlaceRequest {
  readonly quarter: Quarter;
  readonly recipe: Pick<Recipe, 'judgement' | 'sites'>;
  readonly judged: readonly JudgedPatch[];
  /** Where these patches come from; ours where absent. */
  readonly origin?: 'issued';
}

export async function placePatches(ports: SitePorts, request: PlaceRequest): Promise<PlacedQuarter> {
  const { quarter, recipe, judged } = request;
  const widest = reachM(Math.max(0, ...judged.map(({ patch }) => patch.sigmaM)), recipe.sites);
  const boxes = judged.map(({ patch }) => widened(boxOf(patch.geometry), widest));
  const grounds = await ports.records.grounds(quarter, boxes);
  const { sites, merges } = track(await trackInput(ports.pool, request, grounds, widest), recipe.sites);

  const into = new Map(merges.map(({ siteId, intoId }) => [siteId, intoId]));
  // Outlines of this quarter that people decided about give a place its name again; they are no earlier ground.
  const standing = grounds
    .filter((ground) => quarterIndex(ground.quarter) < quarterIndex(quarter))
    .map((ground) => ({ ...ground, siteId: into.get(ground.siteId) ?? ground.siteId }));
  const siteOf = ({ patch }: JudgedPatch): string => sites.get(patch.id) ?? patch.id;
  const bySite = groupBy(standing, ({ siteId }) => siteId);
  const decisions = await ports.records.decisions(quarter, [...new Set([...sites.values(), ...into.keys()])].sort());
  const decisionsOf = (siteId: string) =>
    [siteId, ...merges.filter(({ intoId }) => intoId === siteId).map((merge) => merge.siteId)].flatMap(
      (id) => decisions.get(id) ?? [],
    );
  const grown = await growthOf(
    judged.map((one) => ({
      judged: one,
      siteId: siteOf(one),
      grounds: bySite.get(siteOf(one)) ?? [],
      decisions: decisionsOf(siteOf(one)),
    })),
    { quarter, toleranceSigmas: recipe.judgement.toleranceSigmas, pool: ports.pool },
  );
  const patches = judged.map((one, i): SitedPatch => {
    const siteId = siteOf(one);
    const { facts, quiet, notes } = remember({
      quarter,
      dateBefore: one.patch.dateBefore,
      dateAfter: one.patch.dateAfter,
      earlierQuarters: quartersOf(bySite.get(siteId) ?? []),
      decisions: decisionsOf(siteId),
      grownM2: grown[i]?.grownM2 ?? null,
      grownSinceM2: grown[i]?.grownSinceM2 ?? null,
    });
    const told = [...mergeNotes(merges, siteId), ...notes];
    return {
      judged: judgeWithSite(one, facts, recipe.judgement),
      siteId,
      facts,
      ...(request.origin ? { origin: request.origin } : {}),
      ...(quiet === null ? {} : { quiet }),
      ...(told.length > 0 ? { notes: told } : {}),
    };
  });
  return { patches, merges };
}

/** How the patches lie to earlier ground, to its hulls and to each other. */
async function trackInput(
  pool: WorkPool,
  { quarter, recipe, judged }: PlaceRequest,
  grounds: readonly SiteGround[],
  reach: number,
): Promise<TrackInput> {
  const patches = judged.map(({ patch }) => patch.geometry);
  const hulls = hullsOf(grounds, quarter, recipe.sites.windowQuarters);
  const boundaries = [
    ...grounds.map(({ geometry }, i) => ({ id: `ground:${i}`, geometry })),
    ...hulls.map(({ geometry }, i) => ({ id: `hull:${i}`, geometry })),
    ...patches.map((geometry, i) => ({ id: `patch:${i}`, geometry })),
  ];
  const overlaps = await pool.run('overlay', {
    patches,
    boundaries: boundaries.map((boundary) => ({ ...boundary, kind: 'lawful' as const })),
    reachM: reach,
  });
  const contacts = (kind: string, nameOf: (place: number) => string | undefined, self?: string) => (i: number) =>
    (overlaps[i] ?? []).flatMap(({ boundaryId, areaInsideM2, distanceM }): Contact[] => {
      const [found, place] = boundaryId.split(':');
      const id = nameOf(Number(place));
      return found === kind && id !== undefined && id !== self ? [{ id, overlapM2: areaInsideM2, distanceM }] : [];
    });
  const places = patches.map((_geometry, i) => i);
  return {
    quarter,
    patches: judged.map(({ patch: { id, areaM2, sigmaM } }) => ({ id, areaM2, sigmaM })),
    earlier: grounds,
    contacts: places.map(contacts('ground', (place) => grounds[place]?.id)),
    neighbours: places.map((i) => contacts('patch', (place) => judged[place]?.patch.id, judged[i]?.patch.id)(i)),
    hulls: places.map((i) => {
      const areaM2 = judged[i]?.patch.areaM2 ?? 0;
      const within = contacts('hull', (place) => hulls[place]?.siteId)(i);
      return new Map(within.map(({ id, overlapM2 }) => [id, areaM2 > 0 ? overlapM2 / areaM2 : 0]));
    }),
  };
}

/** Per site the convex hull of its ground of the window. */
function hullsOf(
  grounds: readonly SiteGround[],
  quarter: Quarter,
  windowQuarters: number,
): { siteId: string; geometry: MultiPolygonRings }[] {
  const recent = grounds.filter((ground) => quarterIndex(quarter) - quarterIndex(ground.quarter) <= windowQuarters);
  return [...groupBy(recent, ({ siteId }) => siteId)].flatMap(([siteId, own]) => {
    const corners = own
      .flatMap(({ geometry }) => geometry.flatMap((polygon) => polygon[0] ?? []))
      .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const hull = convexHull(corners);
    const [first] = hull;
    return first && hull.length >= 3 ? [{ siteId, geometry: [[[...hull, first]]] }] : [];
  });
}

function quartersOf(grounds: readonly SiteGround[]): Quarter[] {
  return [...new Set(grounds.map((ground) => ground.quarter))].sort((a, b) => quarterIndex(a) - quarterIndex(b));
}

function mergeNotes(merges: readonly SiteMerge[], siteId: string): string[] {
  const merged = merges.filter(({ intoId }) => intoId === siteId).map((merge) => merge.siteId);
  return merged.length > 0 ? [`地点 ${merged.join('、')} 与本地点连成一片，本季度起并入本地点，其历史一并保留`] : [];
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function widened([minLon, minLat, maxLon, maxLat]: Box, metres: number): Box {
  const scale = metresPerDegree(Math.min(89, Math.max(Math.abs(minLat), Math.abs(maxLat))));
  const [lon, lat] = [(1.01 * metres) / scale.lon, (1.01 * metres) / scale.lat];
  return [minLon - lon, minLat - lat, maxLon + lon, maxLat + lat];
}
