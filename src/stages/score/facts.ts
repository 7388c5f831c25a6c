/** facts: what of an attributed patch the score is computed from. */
import type { AttributedPatch, Classification, NearBoundary } from '../../model/attribution.js';
import type { BoundaryKind } from '../../model/boundary.js';
import type { Doubt, Patch, ScoreFacts, ZoneFact } from '../../model/patch.js';
import type { Standing } from '../../model/standing.js';
import { BOUNDARY_WORDS } from '../../model/words.js';
import type { OutsideReading } from '../../model/work.js';
import { isSecret, zoneKindOf } from '../../model/zone-kinds.js';

const KEY_KINDS: readonly BoundaryKind[] = ['keyzones', 'closed', 'prone'];

export function scoreFacts(
  { patch, near }: AttributedPatch,
  { violations, findings }: Pick<Classification, 'violations' | 'findings'>,
  licences: OutsideReading,
): ScoreFacts {
  const doubts: Doubt[] = [];
  if (violations.includes('beyond-boundary') && licences.shift) doubts.push('shifted');
  const accused = violations.includes('no-licence') || violations.includes('beyond-boundary');
  const raised = new Set(findings.flatMap(({ boundaryId, code }) => (code !== null && boundaryId) || []));
  const isInDoubt = (item: NearBoundary): boolean =>
    raised.has(item.boundary.id) ? endedBetween(item, patch) : accused && replaced(item);
  if (near.some(isInDoubt)) doubts.push('ended');
  if (patch.dateAfter === null) doubts.push('undated');
  if (patch.ground) doubts.push(patch.ground);
  const suspected = violations.some((code) => code !== 'lawful');
  const zones = near
    .filter(({ boundary }) => KEY_KINDS.includes(boundary.kind) && boundary.excludedReason === null)
    // How far off a secret area lies would tell where it is.
    .filter(({ boundary, overlap }) => !isSecret(boundary) || overlap.areaInsideM2 > 0)
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

/** It counted on the earlier date, or nobody wrote down until when it did: the digging may be of that time. */
function endedBetween({ boundary, validity, standing }: NearBoundary, { dateBefore }: Patch): boolean {
  const end = endOf(boundary, standing);
  if ((validity === 'ended' || validity === 'expired') && end === null) return true;
  return ['expired', 'lapsed', 'ended'].includes(validity) && dateBefore !== null && (end ?? '') >= dateBefore;
}

function endOf({ validTo, endedOn, acceptedUntil, span }: NearBoundary['boundary'], standing: Standing): string | null {
  if (standing === 'lapsed') return acceptedUntil ?? validTo;
  if (standing === 'delisted') return span?.delistedOn ?? null;
  return standing === 'expired' ? validTo : (endedOn ?? null);
}

/** A version that held the ground until it was replaced between the two images. */
function replaced({ boundary, overlap, validity }: NearBoundary): boolean {
  return boundary.kind === 'licences' && overlap.areaInsideM2 > 0 && validity === 'superseded';
}
