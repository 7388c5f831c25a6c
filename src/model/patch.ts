/** Patch (图斑): a connected piece of ground that changed between two dates, measured; and what the overlay says of it. */

import type { BoundaryKind } from './boundary.js';
import type { ChangeType } from './change.js';
import type { MultiPolygonRings } from './grid.js';
import type { PatchHistory } from './history.js';

export interface Patch {
  /** `<quarter>-<hash>` in a workspace, `<n>` ranked by score in a one-off comparison. */
  readonly id: string;
  /** Pairs (before scene → after scene) that saw it, sorted. */
  readonly pairs: readonly string[];
  /** lon/lat, EPSG:4490, quantised to 1e-9 degree. */
  readonly geometry: MultiPolygonRings;
  readonly areaM2: number;
  readonly perimeterM: number;
  /** A point inside it: lon, lat. */
  readonly lon: number;
  readonly lat: number;
  readonly confidence: number;
  readonly changeType: ChangeType;
  readonly seenShare: number;
  /** Positional uncertainty, metres (one sigma), from pixel size and shift residual. */
  readonly sigmaM: number;
  readonly dateBefore: string | null;
  readonly dateAfter: string | null;
  readonly reasons: readonly string[];
  /** What earlier images say of it; absent where the recipe asks for none. */
  readonly history?: PatchHistory;
}

export const VIOLATION_CODES = [
  'no-licence',
  'off-plan',
  'beyond-boundary',
  'other-holder',
  'exploration',
  'restoration',
  'lawful',
  'cannot-say',
] as const;
export type ViolationCode = (typeof VIOLATION_CODES)[number];

/** How a patch lies to one polygon of a register layer. */
export interface Overlap {
  readonly boundaryId: string;
  readonly kind: BoundaryKind;
  /** m² of the patch inside the polygon. */
  readonly areaInsideM2: number;
  /** m² of the patch outside the polygon. */
  readonly areaOutsideM2: number;
  /** Greatest distance of a point of the patch from the polygon, metres; 0 when wholly inside. */
  readonly greatestOutsideM: number;
  /** Distance between patch and polygon, metres; 0 when they meet. */
  readonly distanceM: number;
}

export interface ScorePart {
  /** Stable code of the part, e.g. `area`. */
  readonly part: string;
  /** Chinese name. */
  readonly name: string;
  readonly points: number;
  readonly evidence: string;
}

export interface Judgement {
  readonly violations: readonly ViolationCode[];
  readonly licenceNo: string | null;
  /** m² outside every licence that counts for it. */
  readonly outsideM2: number;
  /** Greatest distance of that part from the licences that count, metres; 0 when nothing is outside, null without a licence near. */
  readonly outsideM: number | null;
  readonly overlaps: readonly Overlap[];
  /** Chinese sentences with rule ids. */
  readonly reasons: readonly string[];
  /** 0–100, the sum of the parts. */
  readonly score: number;
  readonly parts: readonly ScorePart[];
}

export interface JudgedPatch {
  readonly patch: Patch;
  readonly judgement: Judgement;
}
