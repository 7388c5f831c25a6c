/**
 * attach: what is noticed about a file that was attached to a task. Flags tell a reviewer where to look; nothing is dropped for one, and none of
 * them says that a file is false.
 * In:  what the picture says of itself and where that is (null: no picture), the newest image of the patch, when it was received, whether the same
 *      bytes hang on another task. Out: flags in a fixed order.
 */
import { EVIDENCE_FLAGS, type EvidenceFlag, type PhotoFacts, type PhotoPlace } from '../../model/evidence.js';

export interface Received {
  readonly photo: PhotoFacts | null;
  readonly place: PhotoPlace | null;
  /** ISO day of the newest image in which the change was seen. */
  readonly imageOn: string | null;
  readonly receivedAt: string;
  readonly elsewhere: boolean;
  readonly nameDiffers: boolean;
  readonly farM: number;
}

/** Names that editors of pictures write into them; cameras write their firmware's. */
const EDITORS =
  /photoshop|lightroom|gimp|snapseed|picsart|paint\.net|affinity|acdsee|capture one|faceapp|facetune|canva|vsco|pixelmator|meitu|美图|醒图|xingtu|美颜|beautyplus|b612|photoscape|luminar/i;
/** Clocks of phones and ours differ. */
const CLOCK_MS = 10 * 60_000;
const CHINA_MS = 8 * 3_600_000;

export function attachFlags(received: Received): EvidenceFlag[] {
  const { photo, place, elsewhere, nameDiffers } = received;
  const raised = new Set<EvidenceFlag>();
  if (elsewhere) raised.add('repeated');
  if (nameDiffers) raised.add('name-differs');
  if (photo && place) for (const flag of photoFlags(photo, place, received)) raised.add(flag);
  return EVIDENCE_FLAGS.filter((flag) => raised.has(flag));
}

function* photoFlags(
  photo: PhotoFacts,
  place: PhotoPlace,
  { imageOn, receivedAt, farM }: Received,
): Generator<EvidenceFlag> {
  if (!photo.exif) yield 'no-exif';
  if (photo.truncated) yield 'truncated';
  if (photo.software !== null && EDITORS.test(photo.software)) yield 'edited';
  if (place.takenAt === null) yield 'no-time';
  else {
    const taken = Date.parse(place.takenAt);
    if (taken > Date.parse(receivedAt) + CLOCK_MS) yield 'future';
    if (imageOn !== null && new Date(taken + CHINA_MS).toISOString().slice(0, 10) < imageOn) yield 'before-image';
  }
  if (place.lon === null) yield 'no-position';
  if (place.datum === 'GCJ-02') yield 'shifted-datum';
  if (place.distanceM !== null && place.distanceM > farM) yield 'far';
  if (place.pointsAtPatch === false) yield 'turned-away';
}
