/** facts: what of an attributed patch the score is computed from. */
import type { AttributedPatch, NearBoundary } from '../../model/attribution.js';
import type { BoundaryKind } from '../../model/boundary.js';
import type { Doubt, Patch, ScoreFacts, ZoneFact } from '../../model/patch.js';
import type { ViolationCode } from '../../model/violation.js';
import { BOUNDARY_WORDS } from '../../model/words.js';
import type { OutsideReading } from '../../model/work.js';
import { zoneKindOf } from '../../model/zone-kinds.js';

const KEY_KINDS: readonly BoundaryKind[] = ['keyzones', 'closed', 'prone'];

export function scoreFacts(
  { patch, near }: AttributedPatch,
  violations: readonly ViolationCode[],
  licences: OutsideReading,
): ScoreFacts {
  const doubts: Doubt[] = [];
  if (violations.includes('beyond-boundary') && licences.shift) doubts.push('shifted');
  const accused = violations.includes('no-licence') || violations.includes('beyond-boundary');
  if (near.some((item) => endedBetween(item, patch) || (accused && replaced(item)))) doubts.push('ended');
  if (patch.dateAfter === null) doubts.push('undated');
  if (patch.ground) doubts.push(patch.ground);
  const suspected = violations.some((code) => code !== 'lawful');
  const zones = near
    .filter(({ boundary }) => KEY_KINDS.includes(boundary.kind) && boundary.excludedReason === null)
    .map(({ boundary, overlap }): ZoneFact => {
      const known = zoneKindOf(boundary);
      return {
        zone: known?.code ?? boundary.zoneKind ?? boundary.kind,
        name: boundary.name ?? known?.zh ?? boundary.zoneKind ?? BOUNDARY_WORDS[boundary.kind].zh,
        inside: overlap.areaInsideM2 > 0,
        distanceM: overlap.distanceM,
      };
    });
  return {
    violations,
    doubts,
    areaM2: patch.areaM2,
    beyondM2: suspected ? licences.beyondToleranceM2 : 0,
    leastOutsideM: suspected ? (licences.outsideRangeM?.[0] ?? null) : 0,
    confidence: patch.confidence,
    changeType: patch.changeType,
    zones,
    dateAfter: patch.dateAfter,
    site: null,
  };
}

function endedBetween({ boundary, overlap, validity }: NearBoundary, { dateBefore }: Patch): boolean {
  return (
    boundary.kind === 'licences' &&
    overlap.areaInsideM2 > 0 &&
    validity === 'expired' &&
    dateBefore !== null &&
    (boundary.validTo ?? '') >= dateBefore
  );
}

/** A version that held the ground until it was replaced between the two images. */
function replaced({ boundary, overlap, validity }: NearBoundary): boolean {
  return boundary.kind === 'licences' && overlap.areaInsideM2 > 0 && validity === 'superseded';
}
