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
import type { Recipe, SitesRecipe } from './model/recipe.js';
import type { Quarter } from './model/scene.js';
import type { Drawn, SitedPatch, SiteGround, SiteMerge } from './model/site.js';
import type { SiteMemory } from './ports/site-memory.js';
import type { WorkPool } from './ports/work-pool.js';
import { growthOf } from './site-growth.js';
import { remember } from './stages/remember/remember.js';
import { reachM } from './stages/track/evidence.js';
import type { Contact, TrackedPatch, TrackInput } from './stages/track/input.js';
import { type Tracked, track } from './stages/track/track.js';

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
}

/** Patches that people drew, which have their places already (issued-places, queue-pits). */
export interface DrawnPlaceRequest extends PlaceRequest {
  readonly origin: Drawn;
  /** By patch. */
  readonly sites: ReadonlyMap<string, string>;
  /** What they show to have become one. */
  readonly merges: readonly SiteMerge[];
  /** Outlines as drawn: what is on record of their places lies around these. */
  readonly outlines: readonly MultiPolygonRings[];
}

/** The patches of a run: places are those of earlier ground and of what was issued for the quarter, or begin here. */
export async function placePatches(ports: SitePorts, request: PlaceRequest): Promise<PlacedQuarter> {
  const { quarter, recipe, judged } = request;
  const patches = judged.map(({ patch }) => patch);
  const { grounds, tracked } = await trackPatches(ports, { quarter, recipe: recipe.sites, patches, drawnToo: true });
  return recall(ports, request, grounds, tracked);
}

export async function recallDrawn(ports: SitePorts, request: DrawnPlaceRequest): Promise<readonly SitedPatch[]> {
  const { quarter, origin, judged, sites, merges, outlines } = request;
  const boxes = [...judged.map(({ patch }) => patch.geometry), ...outlines].map(boxOf);
  const grounds = await ports.records.grounds(quarter, boxes, true);
  const { patches } = await recall(ports, request, grounds, { sites, merges }, origin);
  return patches;
}

export interface TrackRequest {
  readonly quarter: Quarter;
  readonly recipe: SitesRecipe;
  readonly patches: readonly (TrackedPatch & { readonly geometry: MultiPolygonRings })[];
  /** Whether what people drew for the quarter counts as ground. */
  readonly drawnToo: boolean;
}

/** The places of patches of a quarter by the ground near them. */
export async function trackPatches(
  ports: SitePorts,
  request: TrackRequest,
): Promise<{ grounds: SiteGround[]; tracked: Tracked }> {
  const { quarter, recipe, patches, drawnToo } = request;
  const widest = reachM(Math.max(0, ...patches.map(({ sigmaM }) => sigmaM)), recipe);
  const boxes = patches.map(({ geometry }) => widened(boxOf(geometry), widest));
  const grounds = await ports.records.grounds(quarter, boxes, drawnToo);
  return { grounds, tracked: track(await trackInput(ports.pool, request, grounds, widest), recipe) };
}

/** What the record of its place says of each patch. */
async function recall(
  ports: SitePorts,
  { quarter, recipe, judged }: PlaceRequest,
  grounds: readonly SiteGround[],
  { sites, merges }: Tracked,
  origin?: Drawn,
): Promise<PlacedQuarter> {
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
      earlierQuarters: quartersOf((bySite.get(siteId) ?? []).filter(({ drawn }) => drawn === null)),
      decisions: decisionsOf(siteId),
      grownM2: grown[i]?.grownM2 ?? null,
      grownSinceM2: grown[i]?.grownSinceM2 ?? null,
      drawn: origin ?? null,
    });
    const told = [
      ...mergeNotes(merges, siteId),
      ...notes,
      ...drawnNotes(
        grounds.filter((ground) => (into.get(ground.siteId) ?? ground.siteId) === siteId),
        one.patch.id,
      ),
    ];
    return {
      judged: judgeWithSite(one, facts, recipe.judgement),
      siteId,
      facts,
      ...(origin ? { origin } : {}),
      ...(quiet === null ? {} : { quiet }),
      ...(told.length > 0 ? { notes: told } : {}),
    };
  });
  return { patches, merges };
}

/** How the patches lie to earlier ground, to its hulls and to each other. */
async function trackInput(
  pool: WorkPool,
  { quarter, recipe, patches: tracked }: TrackRequest,
  grounds: readonly SiteGround[],
  reach: number,
): Promise<TrackInput> {
  const patches = tracked.map(({ geometry }) => geometry);
  const hulls = hullsOf(grounds, quarter, recipe.windowQuarters);
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
    patches: tracked.map(({ id, areaM2, sigmaM }) => ({ id, areaM2, sigmaM })),
    earlier: grounds,
    contacts: places.map(contacts('ground', (place) => grounds[place]?.id)),
    neighbours: places.map((i) => contacts('patch', (place) => tracked[place]?.id, tracked[i]?.id)(i)),
    hulls: places.map((i) => {
      const areaM2 = tracked[i]?.areaM2 ?? 0;
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

function drawnNotes(grounds: readonly SiteGround[], patchId: string): string[] {
  const quarters = (by: Drawn): Quarter[] =>
    quartersOf(grounds.filter(({ drawn, id }) => drawn === by && id !== patchId));
  const [issued, reported] = [quarters('issued'), quarters('reported')];
  return [
    ...(issued.length > 0 ? [`该地点有上级下发图斑：${issued.join('、')}`] : []),
    ...(reported.length > 0 ? [`该地点有人工上报：${reported.join('、')}`] : []),
  ];
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
