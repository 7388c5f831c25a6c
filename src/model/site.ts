/** Site: the place, across quarters, and what its record says. Its id is the id of its first patch. */
import type { MultiPolygonRings } from './grid.js';
import type { JudgedPatch } from './patch.js';
import { quarterIndex } from './quarter.js';
import type { Quarter } from './scene.js';
import type { SiteFacts } from './site-facts.js';

/** An outline that people drew: issued from above, or reported by hand. */
export type Drawn = 'issued' | 'reported';

export interface SiteRow {
  readonly id: string;
  readonly firstQuarter: Quarter;
  readonly geometry: MultiPolygonRings;
}

export interface SitedPatch {
  readonly judged: JudgedPatch;
  readonly siteId: string;
  /** Drawn by people, or found by us (absent). */
  readonly origin?: Drawn;
  /** Chinese: why a dismissed place stays quiet; absent where it does not. */
  readonly quiet?: string;
  /** Chinese: what the place's record says besides. */
  readonly notes?: readonly string[];
  /** What the score was given of the place. */
  readonly facts?: SiteFacts;
}

/** Two places became one: from this quarter on the first is part of the second. */
export interface SiteMerge {
  readonly siteId: string;
  readonly intoId: string;
  readonly quarter: Quarter;
  /** The patch that covers both. */
  readonly patchId: string;
}

/** Ground that a place had in a quarter: one of its patches, ours or issued, or the outline that a person decided about. */
export interface SiteGround {
  readonly id: string;
  /** The site that stands, and the one that the ground was recorded under. */
  readonly siteId: string;
  readonly memberId: string;
  readonly quarter: Quarter;
  readonly areaM2: number;
  readonly sigmaM: number;
  readonly geometry: MultiPolygonRings;
  /** By whom it was drawn, where it is not what our images showed. */
  readonly drawn: Drawn | null;
}

/** What a place looked like in a quarter. `unchanged`: still open, no new change; `not-seen`: not seen, or cannot be told. */
export const SITE_STATES = ['changed', 'unchanged', 'recovering', 'recovered', 'not-seen'] as const;

export interface SiteState {
  readonly siteId: string;
  readonly quarter: Quarter;
  readonly state: (typeof SITE_STATES)[number];
  /** NDVI (or its stand-in) of the place less that of the ground around it, thousandths; null where not read. */
  readonly contrast: number | null;
  /** Chinese; how it was told, or why not. */
  readonly reason: string;
}

/**
 * The place that each site belongs to at a quarter: merges of earlier quarters only, in their order, so that a quarter worked again finds
 * what it found. A later merge of what is one already changes nothing.
 */
export function siteRoots(merges: readonly SiteMerge[], before: Quarter | null): (siteId: string) => string {
  const parent = new Map<string, string>();
  const root = (id: string): string => {
    let at = id;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) at = up;
    return at;
  };
  const known = merges
    .filter(({ quarter }) => before === null || quarterIndex(quarter) < quarterIndex(before))
    .sort((a, b) => quarterIndex(a.quarter) - quarterIndex(b.quarter) || (a.siteId < b.siteId ? -1 : 1));
  for (const { siteId, intoId } of known) {
    const [from, into] = [root(siteId), root(intoId)];
    if (from !== into) parent.set(from, into);
  }
  return root;
}
