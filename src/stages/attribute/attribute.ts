/**
 * attribute: a patch meets the register. Each polygon near it is set beside it with its validity at the patch's dates.
 * Validity is derived per date and never stored: a licence counts when it is in force on the date of the later image, or when
 * its status says that a renewal was accepted (2011 rules: lawful). Dates that are missing on either side are "unknown": the
 * polygon counts, and the classification says that validity was not judged.
 * In:  a patch, its overlaps (children's `overlay`), the boundaries by id. Out: AttributedPatch.
 */
import type { AttributedPatch, NearBoundary, Validity } from '../../model/attribution.js';
import type { Boundary } from '../../model/boundary.js';
import type { Overlap, Patch } from '../../model/patch.js';

const RENEWAL_ACCEPTED = /延续.*受理|受理.*延续|renewal accepted/i;
const ENDED = /注销|吊销|废止|撤销|关闭|失效|cancel|revoked|closed/i;

export function validityOf(
  boundary: Pick<Boundary, 'validFrom' | 'validTo' | 'status'>,
  dateAfter: string | null,
): Validity {
  if (boundary.status !== null && ENDED.test(boundary.status)) return 'ended';
  if (dateAfter === null) return 'unknown';
  if (boundary.validFrom !== null && boundary.validFrom > dateAfter) return 'not-yet';
  if (boundary.validTo === null) return 'unknown';
  if (boundary.validTo >= dateAfter) return 'valid';
  return boundary.status !== null && RENEWAL_ACCEPTED.test(boundary.status) ? 'valid' : 'expired';
}

export function attribute(
  patch: Patch,
  overlaps: readonly Overlap[],
  boundaries: ReadonlyMap<string, Boundary>,
): AttributedPatch {
  const near: NearBoundary[] = [];
  for (const overlap of overlaps) {
    const boundary = boundaries.get(overlap.boundaryId);
    if (boundary) near.push({ boundary, overlap, validity: validityOf(boundary, patch.dateAfter) });
  }
  near.sort(
    (a, b) =>
      b.overlap.areaInsideM2 - a.overlap.areaInsideM2 ||
      a.overlap.distanceM - b.overlap.distanceM ||
      (a.boundary.id < b.boundary.id ? -1 : 1),
  );
  return { patch, near };
}
