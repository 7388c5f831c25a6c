/** Patch (图斑): a connected piece of ground that changed between two dates, measured; and what the overlay says of it. */

import type { BoundaryKind } from './boundary.js';
import type { ChangeType } from './change.js';
import type { MultiPolygonRings } from './grid.js';
import type { PatchHistory } from './history.js';
import type { RuleId } from './rules.js';
import type { SiteFacts } from './site-facts.js';
import type { ViolationCode } from './violation.js';

export { VIOLATION_CODES, type ViolationCode } from './violation.js';

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
  /** Positional uncertainty, metres (one sigma), from pixel size and shift residual, by the default image classes. */
  readonly sigmaM: number;
  /** What that rests on, so that a rule set can weigh it by its own classes: pixel size and one sigma of the shift's residual, metres. */
  readonly image?: { readonly gsdM: number; readonly shiftM: number };
  readonly dateBefore: string | null;
  readonly dateAfter: string | null;
  readonly reasons: readonly string[];
  /** Of an issued patch: the newest image shows no open ground there, or nothing at all; absent where it shows some. */
  readonly ground?: 'recovered' | 'not-seen';
  /** What earlier images say of it; absent where the recipe asks for none. */
  readonly history?: PatchHistory;
}

/** Where the patch lies to a polygon when both may be off by the tolerance. */
export type OverlapVerdict = 'inside' | 'outside' | 'partly' | 'cannot-say';

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

/** An overlap with its error bars. */
export interface JudgedOverlap extends Overlap {
  readonly verdict: OverlapVerdict;
  /** Metres; position of patch and polygon together. */
  readonly toleranceM: number;
  /** Of the area outside, m²: least and most that the tolerance leaves; null where the polygon is no title that is measured so. */
  readonly outsideRangeM2: readonly [least: number, most: number] | null;
  /** Of the greatest distance outside, metres. */
  readonly outsideRangeM: readonly [least: number, most: number];
}

export interface ScorePart {
  /** Stable code of the part, e.g. `area`. */
  readonly part: string;
  /** Chinese name. */
  readonly name: string;
  readonly points: number;
  /** What the part could give at most. */
  readonly most: number;
  readonly evidence: string;
  /** What would change it, Chinese. */
  readonly change: string;
}

/** A key zone, closed mine or prone place at the patch. */
export interface ZoneFact {
  /** Kind of zone, or of the layer. */
  readonly zone: string;
  readonly name: string;
  readonly inside: boolean;
  readonly distanceM: number;
}

/** Why a suspicion is less than certain. */
export type Doubt = 'shifted' | 'ended' | 'undated' | 'recovered' | 'not-seen';

/** Everything that the score is computed from; frozen with the task, so that the score can be computed again from the record. */
export interface ScoreFacts {
  readonly violations: readonly ViolationCode[];
  readonly doubts: readonly Doubt[];
  readonly areaM2: number;
  /** m² outside beyond the tolerance; 0 without a suspicion. */
  readonly beyondM2: number;
  /** Least greatest distance outside, metres; null without a licence near. */
  readonly leastOutsideM: number | null;
  readonly confidence: number;
  readonly changeType: ChangeType;
  readonly zones: readonly ZoneFact[];
  /** The later image's day. */
  readonly dateAfter: string | null;
  /** Null in a one-off comparison: no place is remembered. */
  readonly site: SiteFacts | null;
}

/** One rule that spoke. */
export interface Finding {
  readonly rule: RuleId;
  readonly code: ViolationCode | null;
  /** Chinese, begins with the rule's id. */
  readonly reason: string;
  /** The title that raised it, where one did. */
  readonly boundaryId?: string;
  /** Its first day, where the place's record is held against it. */
  readonly from?: string;
}

/** One sigma each, metres, and the tolerance that follows from them. */
export interface Position {
  readonly imageM: number;
  readonly shiftM: number;
  /** Of the polygon; 0 without one. */
  readonly boundaryM: number;
  readonly toleranceM: number;
}

/** A part of the patch (地块) that lies under one title or under none. */
export interface PatchPiece {
  /** From 1, largest first. */
  readonly piece: number;
  readonly areaM2: number;
  /** The title under it; null = under none. */
  readonly boundaryId: string | null;
  /** Chinese; its name and number. */
  readonly title: string | null;
  readonly violations: readonly ViolationCode[];
  readonly geometry: MultiPolygonRings;
}

export interface Judgement {
  readonly violations: readonly ViolationCode[];
  readonly licenceNo: string | null;
  /** m² outside every licence that counts for it. */
  readonly outsideM2: number;
  /** Least and most of it that the tolerance leaves. */
  readonly outsideRangeM2: readonly [least: number, most: number];
  /** Greatest distance of that part from the licences that count, metres; 0 when nothing is outside, null without a licence near. */
  readonly outsideM: number | null;
  readonly outsideRangeM: readonly [least: number, most: number] | null;
  /** Of patch and licence together. */
  readonly position: Position;
  readonly overlaps: readonly JudgedOverlap[];
  /** In the order of their weight; `reasons` are their sentences. */
  readonly findings: readonly Finding[];
  /** Chinese sentences with rule ids. */
  readonly reasons: readonly string[];
  /** Two or more, or none: a patch under one title is one piece. */
  readonly pieces: readonly PatchPiece[];
  /** 0–100, the sum of the parts. */
  readonly score: number;
  readonly parts: readonly ScorePart[];
  readonly facts: ScoreFacts;
  /** Hash of the rule set (judgement recipe). */
  readonly ruleSet: string;
}

export interface JudgedPatch {
  readonly patch: Patch;
  readonly judgement: Judgement;
}
