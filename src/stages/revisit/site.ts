/**
 * site: the place that an issued patch belongs to. That of the own patch it overlaps most; else that of an issued patch of an earlier
 * quarter, or of the same quarter with a smaller id, that it overlaps; else it begins one. Earlier answers keep their place.
 * In: patches in any order, their overlaps. Out: patch id → site id; a new site has the id of its first patch.
 */
import type { Quarter } from '../../model/scene.js';

export interface Placed {
  readonly id: string;
  readonly quarter: Quarter;
  /** Overlaps with own patches. */
  readonly own: readonly { readonly siteId: string; readonly areaM2: number }[];
  /** Overlaps with other issued patches, by their ids. */
  readonly issued: readonly { readonly id: string; readonly areaM2: number }[];
  /** From an earlier comparison. */
  readonly before: string | null;
}

export function sitesOf(patches: readonly Placed[]): ReadonlyMap<string, string> {
  const sites = new Map<string, string>();
  const inOrder = [...patches].sort((a, b) => (a.quarter + a.id < b.quarter + b.id ? -1 : 1));
  for (const { id, own, issued, before } of inOrder) {
    const known = issued.flatMap((other) => {
      const siteId = sites.get(other.id);
      return siteId === undefined ? [] : [{ siteId, areaM2: other.areaM2 }];
    });
    sites.set(id, before ?? largest(own) ?? largest(known) ?? id);
  }
  return sites;
}

function largest(overlaps: readonly { readonly siteId: string; readonly areaM2: number }[]): string | null {
  const [best] = overlaps
    .filter(({ areaM2 }) => areaM2 > 0)
    .sort((a, b) => b.areaM2 - a.areaM2 || (a.siteId < b.siteId ? -1 : 1));
  return best?.siteId ?? null;
}
