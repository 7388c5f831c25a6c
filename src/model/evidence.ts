/** Evidence: a file that was attached to a task, what it says of itself, and what was noticed about it. Nothing is dropped for a flag. */
import type { Datum } from './datum.js';

/** What may be attached, by content. */
export const EVIDENCE_TYPES = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/webp': 'image',
  'image/tiff': 'image',
  'video/mp4': 'video',
  'video/quicktime': 'video',
  'application/pdf': 'document',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'document',
  'application/gpx+xml': 'track',
  'application/geo+json': 'track',
} as const;
export type EvidenceType = keyof typeof EVIDENCE_TYPES;
export type EvidenceFamily = (typeof EVIDENCE_TYPES)[EvidenceType];

/** Codes of the kind `flag` (codes.ts) have their names. */
export const EVIDENCE_FLAGS = [
  'no-exif',
  'no-time',
  'no-position',
  'before-image',
  'future',
  'far',
  'turned-away',
  'shifted-datum',
  'repeated',
  'edited',
  'name-differs',
  'truncated',
] as const;
export type EvidenceFlag = (typeof EVIDENCE_FLAGS)[number];

/** What the camera wrote into a picture, as it stands there; null = not said. */
export interface PhotoFacts {
  /** ISO local time without offset. */
  readonly takenAt: string | null;
  /** Such as `+08:00`. */
  readonly offset: string | null;
  readonly lon: number | null;
  readonly lat: number | null;
  /** As the file names it. */
  readonly statedDatum: string | null;
  readonly accuracyM: number | null;
  readonly headingDeg: number | null;
  readonly headingFrom: 'true' | 'magnetic' | null;
  readonly device: string | null;
  readonly software: string | null;
  readonly width: number;
  readonly height: number;
  /** Whether there is EXIF at all. */
  readonly exif: boolean;
  /** The picture ends early. */
  readonly truncated: boolean;
}

/** A picture beside the patch it is to show. */
export interface PhotoPlace {
  /** UTC instant; null = no time. */
  readonly takenAt: string | null;
  /** The offset was not stated: China's was taken. */
  readonly offsetAssumed: boolean;
  /** Degrees in the datum named; null = no position. */
  readonly lon: number | null;
  readonly lat: number | null;
  readonly datum: Datum | null;
  /** The datum was not stated: WGS 84 was taken, which the format prescribes. */
  readonly datumAssumed: boolean;
  /** From the patch's outline, metres; 0 = within; of a position in GCJ-02 to 10 m only. */
  readonly distanceM: number | null;
  /** Direction from the camera to the patch, degrees from north. */
  readonly bearingDeg: number | null;
  readonly pointsAtPatch: boolean | null;
}

export interface EvidenceFile {
  readonly id: string;
  readonly taskId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly contentType: EvidenceType;
  /** As its sender called it: a label, never a path. */
  readonly name: string;
  readonly personId: string;
  readonly receivedAt: string;
  readonly note: string;
  readonly photo: PhotoFacts | null;
  readonly place: PhotoPlace | null;
  readonly flags: readonly EvidenceFlag[];
}
