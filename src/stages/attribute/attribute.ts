/**
 * attribute: a patch meets the register. Each polygon near it is set beside it with what it was worth between the patch's two dates
 * (model/standing.ts). Versions that stood at no time between them are left out. Of a secret area only that it is one goes further.
 * In:  a patch, its overlaps (children's `overlay`), the boundaries by id. Out: AttributedPatch.
 */
import type { AttributedPatch, NearBoundary } from '../../model/attribution.js';
import type { Boundary } from '../../model/boundary.js';
import type { Overlap, Patch } from '../../model/patch.js';
import { standingAt } from '../../model/standing.js';
import { lineageOf } from '../../model/versions.js';
import { withheld } from '../../model/zone-kinds.js';

/** Overlap areas are rounded to this, m². */
const SAME_M2 = 0.01;

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
    // Of other kinds than licences the version of the later date is all that is asked about.
    if (!at || (at.standing === 'superseded' && boundary.kind !== 'licences')) continue;
    const { standing, validity, since, remark } = at;
    near.push({
      boundary,
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
  const joined = joinVersions(near, patch.dateBefore);
  return { patch, near: joined.map((item) => ({ ...item, boundary: withheld(item.boundary) })) };
}

/**
 * A licence that was renewed or changed between the dates held the ground all the time where both versions do and one was in force until
 * the other began: then there is nothing to tell apart, and the earlier version has nothing to add.
 */
function joinVersions(near: readonly NearBoundary[], dateBefore: string | null): NearBoundary[] {
  const dropped = new Set<NearBoundary>();
  const joined = near.map((item) => {
    const earlier = near.filter((old) => old !== item && heldUntil(old, item, dateBefore));
    for (const old of earlier) {
      if (old.overlap.areaInsideM2 <= item.overlap.areaInsideM2 + SAME_M2) dropped.add(old);
    }
    const covered = earlier.some(({ overlap }) => overlap.areaInsideM2 >= item.overlap.areaInsideM2 - SAME_M2);
    if (!covered) return item;
    const { since: _since, remark: _remark, ...throughout } = item;
    return throughout;
  });
  return joined.filter((_, i) => !dropped.has(near[i] as NearBoundary));
}

function heldUntil(old: NearBoundary, now: NearBoundary, dateBefore: string | null): boolean {
  const until = old.boundary.span?.until;
  if (old.standing !== 'superseded' || !until || now.since === undefined || until < now.since) return false;
  if (now.validity !== 'valid' && now.validity !== 'unknown') return false;
  if (lineageOf(old.boundary) !== lineageOf(now.boundary)) return false;
  const { span: _span, ...itself } = old.boundary;
  const then = standingAt(itself, dateBefore, dayBefore(now.since));
  return then !== null && then.since === null && (then.validity === 'valid' || then.validity === 'unknown');
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
