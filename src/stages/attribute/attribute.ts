/**
 * attribute: a patch meets the register. Each polygon near it is set beside it with what it was worth between the patch's two dates
 * (model/standing.ts). Versions that stood at no time between them are left out. Of a secret area only that it is one goes further.
 * In:  a patch, its overlaps (children's `overlay`), the boundaries by id. Out: AttributedPatch.
 */
import type { AttributedPatch, NearBoundary } from '../../model/attribution.js';
import type { Boundary } from '../../model/boundary.js';
import type { Overlap, Patch } from '../../model/patch.js';
import { standingAt } from '../../model/standing.js';
import { withheld } from '../../model/zone-kinds.js';

export function attribute(
  patch: Patch,
  overlaps: readonly Overlap[],
  boundaries: ReadonlyMap<string, Boundary>,
): AttributedPatch {
  const near: NearBoundary[] = [];
  for (const overlap of overlaps) {
    const boundary = boundaries.get(overlap.boundaryId);
    if (!boundary) continue;
    const at = standingAt(boundary, patch.dateBefore, patch.dateAfter);
    if (!at) continue;
    const { standing, validity, since, remark } = at;
    near.push({
      boundary: withheld(boundary),
      overlap,
      validity,
      standing,
      ...(since === null ? {} : { since }),
      ...(remark === null ? {} : { remark }),
    });
  }
  near.sort(
    (a, b) =>
      b.overlap.areaInsideM2 - a.overlap.areaInsideM2 ||
      a.overlap.distanceM - b.overlap.distanceM ||
      (a.boundary.id < b.boundary.id ? -1 : 1),
  );
  return { patch, near };
}
