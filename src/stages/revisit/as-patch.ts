/**
 * as-patch: an issued patch and its answer as a patch like our own, so that it is judged and scored alike: the measured outline where the
 * image showed open ground, else the issuer's. Confidence: what the image says of open ground being there, by result (a judgement).
 */
import { perimeterM, polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { interiorPoint } from '../../geo/interior-point.js';
import type { ChangeType } from '../../model/change.js';
import {
  ISSUED_SIGMA_M,
  type IssuedAnswer,
  type IssuedPatch,
  type IssuedResult,
  issuedName,
} from '../../model/issued.js';
import type { Patch } from '../../model/patch.js';
import { quarterDays } from '../../model/quarter.js';

const CONFIDENCE: Readonly<Record<IssuedResult, number>> = {
  grown: 0.9,
  'no-visible-change': 0.7,
  recovered: 0.1,
  'not-seen': 0.5,
  'no-outline': 0.5,
};

/** null without an outline. */
export function asPatch(patch: IssuedPatch, answer: IssuedAnswer): Patch | null {
  if (patch.geometry === null) return null;
  const { facts, quarter } = patch;
  const isOpen = answer.result === 'grown' || answer.result === 'no-visible-change';
  const geometry = isOpen && answer.measured && answer.measured.length > 0 ? answer.measured : patch.geometry;
  const { lon, lat } = interiorPoint(geometry);
  return {
    id: patchIdOf(patch),
    pairs: [],
    geometry,
    areaM2: polygonAreaM2(geometry),
    perimeterM: perimeterM(geometry),
    lon,
    lat,
    confidence: CONFIDENCE[answer.result],
    changeType: changeTypeOf(answer),
    seenShare: answer.seenShare ?? 0,
    sigmaM: sigmaOf(answer.newest?.gsdM ?? null),
    dateBefore: facts.before?.to ?? null,
    dateAfter: answer.newest?.on ?? facts.after?.to ?? quarterDays(quarter).last,
    reasons: [issuedReason(patch), ...answer.reasons],
    ...(answer.result === 'recovered' || answer.result === 'not-seen' ? { ground: answer.result } : {}),
  };
}

/** The same for every version of the patch, so that a correction keeps its task. */
export function patchIdOf({ quarter, keyId }: Pick<IssuedPatch, 'quarter' | 'keyId'>): string {
  return `${quarter}-${keyId.toLowerCase()}`;
}

/** Of the drawn outline and of the image that it is held against (product classes as for our own outlines), metres. */
export function sigmaOf(gsdM: number | null): number {
  const imageM = gsdM === null ? 0 : gsdM <= 1.2 ? 2.5 : gsdM <= 2.5 ? 5 : Math.max(5, gsdM);
  return Math.hypot(ISSUED_SIGMA_M, imageM);
}

function changeTypeOf({ result }: IssuedAnswer): ChangeType {
  return result === 'grown' || result === 'no-visible-change' ? 'bare-deeper' : 'other';
}

function issuedReason(patch: IssuedPatch): string {
  const { facts, source, quarter } = patch;
  const type = facts.typeName ?? facts.typeCode;
  const phases = `前时相 ${facts.before?.raw ?? '未知'}，后时相 ${facts.after?.raw ?? '未知'}`;
  const notes = facts.notes.length > 0 ? `；${facts.notes.join('；')}` : '';
  return `${source} ${quarter} 下发图斑 ${issuedName(patch)}${type === null ? '' : `（${type}）`}，${phases}${notes}`;
}
