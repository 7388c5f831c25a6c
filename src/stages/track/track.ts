/**
 * track: every patch of a quarter belongs to one place (site), that of earlier ground or a new one; a place may have several patches (faces).
 *   overlap  the patch and the ground of one earlier quarter share at least `overlapShare` of the smaller; however old the ground is
 *   near     outlines within the uncertainty of both positions + `nearM`, ground of the last `windowQuarters`: a face that moves on
 *   between  at least half of the patch lies in the hull of that ground, near enough to it
 * in this order; of several the stronger (older ground weighs less), the nearer, the fuller; then the newer, the older place, the lower id.
 * Patches without a place that lie as near to each other are one: they join the nearest patch's place, or begin one named by the largest.
 * Merge: a patch covers `mergeShare` of the newest ground of several places, and these have no patch of their own: the oldest stays.
 * In:  patches, earlier ground, how they lie to each other. Only earlier quarters count, so that working a quarter again finds the same.
 * Out: the place of each patch; merges. Independent of the order of everything given.
 */
import { quarterIndex } from '../../model/quarter.js';
import type { SitesRecipe } from '../../model/recipe.js';
import type { SiteMerge } from '../../model/site.js';
import { evidenceOf, type SiteEvidence, strongest, toleranceM } from './evidence.js';
import type { TrackInput } from './input.js';

export interface Tracked {
  /** Patch id → site id. A site that begins has the id of one of its patches. */
  readonly sites: ReadonlyMap<string, string>;
  readonly merges: readonly SiteMerge[];
}

export function track(input: TrackInput, recipe: SitesRecipe): Tracked {
  const evidence = evidenceOf(input, recipe);
  const sites = new Map<string, string>();
  for (const [id, found] of evidence) {
    const [best] = [...found].sort(strongest);
    if (best) sites.set(id, best.siteId);
  }
  const merges = mergesOf(input, evidence, sites, recipe);
  const into = new Map(merges.map(({ siteId, intoId }) => [siteId, intoId]));
  for (const [patch, site] of sites) sites.set(patch, into.get(site) ?? site);
  joinNeighbours(input, sites, recipe);
  return { sites, merges };
}

/** Places of which a patch covers the newest ground become one, where they have no other patch of their own. */
function mergesOf(
  { quarter, patches }: TrackInput,
  evidence: ReadonlyMap<string, readonly SiteEvidence[]>,
  sites: ReadonlyMap<string, string>,
  { mergeShare }: SitesRecipe,
): SiteMerge[] {
  const ownPatches = new Map<string, string[]>();
  for (const [patch, site] of sites) ownPatches.set(site, [...(ownPatches.get(site) ?? []), patch]);
  const merged = new Map<string, SiteMerge>();
  for (const { id: patchId } of [...patches].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const covered = (evidence.get(patchId) ?? [])
      .filter(({ newestCovered }) => newestCovered >= mergeShare)
      .filter(({ siteId }) => (ownPatches.get(siteId) ?? []).every((own) => own === patchId))
      .filter(({ siteId }) => !merged.has(siteId))
      .sort(
        (a, b) =>
          quarterIndex(a.since) - quarterIndex(b.since) || b.groundM2 - a.groundM2 || (a.siteId < b.siteId ? -1 : 1),
      );
    const own = sites.get(patchId);
    const [oldest, ...others] = covered;
    if (!oldest || others.length === 0 || !covered.some(({ siteId }) => siteId === own)) continue;
    for (const { siteId } of others) merged.set(siteId, { siteId, intoId: oldest.siteId, quarter, patchId });
  }
  return [...merged.values()].sort((a, b) => (a.siteId < b.siteId ? -1 : 1));
}

/** Nearest pairs first: a patch without a place takes that of its neighbour; what remains begins places. */
function joinNeighbours({ patches, neighbours }: TrackInput, sites: Map<string, string>, recipe: SitesRecipe): void {
  const byId = new Map(patches.map((patch) => [patch.id, patch]));
  const pairs = patches
    .flatMap((patch, i) =>
      (neighbours[i] ?? []).flatMap(({ id, distanceM }) => {
        const other = byId.get(id);
        if (!other || id <= patch.id || distanceM > toleranceM(patch, other, recipe)) return [];
        return [{ a: patch.id, b: id, distanceM }];
      }),
    )
    .sort((x, y) => x.distanceM - y.distanceM || (x.a + x.b < y.a + y.b ? -1 : 1));
  for (let joined = true; joined; ) {
    joined = false;
    for (const { a, b } of pairs) {
      const site = sites.get(a) ?? sites.get(b);
      if (site === undefined || sites.has(a) === sites.has(b)) continue;
      sites.set(a, site).set(b, site);
      joined = true;
    }
  }
  const near = new Map<string, string[]>();
  for (const { a, b } of pairs) {
    near.set(a, [...(near.get(a) ?? []), b]);
    near.set(b, [...(near.get(b) ?? []), a]);
  }
  const bySize = [...patches].sort((a, b) => b.areaM2 - a.areaM2 || (a.id < b.id ? -1 : 1));
  for (const { id } of bySize) {
    const open = [id];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (sites.has(at)) continue;
      sites.set(at, id);
      open.push(...(near.get(at) ?? []));
    }
  }
}
