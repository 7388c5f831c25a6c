/**
 * track: a patch joins the site (the place, across quarters) of an earlier quarter's patch that it overlaps most, or begins one.
 * Only patches of earlier quarters count, so that working a quarter again finds the same sites.
 * In:  patch ids; per patch its overlaps with earlier patches. Out: per patch the id of its site; a new site takes the patch's id.
 */
export interface EarlierOverlap {
  readonly siteId: string;
  readonly areaM2: number;
}

export function track(patchId: string, overlaps: readonly EarlierOverlap[]): string {
  const bySite = new Map<string, number>();
  for (const { siteId, areaM2 } of overlaps) {
    if (areaM2 > 0) bySite.set(siteId, Math.max(bySite.get(siteId) ?? 0, areaM2));
  }
  const [best] = [...bySite].sort(([idA, a], [idB, b]) => b - a || (idA < idB ? -1 : 1));
  return best?.[0] ?? patchId;
}
