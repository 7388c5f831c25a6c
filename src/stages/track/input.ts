/** What track and its evidence are given: the patches of a quarter, earlier ground, and how they were measured to lie to each other. */
import type { Quarter } from '../../model/scene.js';
import type { SiteGround } from '../../model/site.js';

export interface TrackedPatch {
  readonly id: string;
  readonly areaM2: number;
  readonly sigmaM: number;
}

/** How a patch lies to a ground or to another patch. */
export interface Contact {
  readonly id: string;
  readonly overlapM2: number;
  readonly distanceM: number;
}

export interface TrackInput {
  readonly quarter: Quarter;
  readonly patches: readonly TrackedPatch[];
  /** All ground of the places concerned; sites are those that stand (merged ones named by what they belong to). */
  readonly earlier: readonly Omit<SiteGround, 'geometry' | 'memberId' | 'drawn'>[];
  /** Per patch: grounds, and other patches of the quarter, within reach. */
  readonly contacts: readonly (readonly Contact[])[];
  readonly neighbours: readonly (readonly Contact[])[];
  /** Per patch: site → share of the patch in the hull of the site's ground of the window. */
  readonly hulls: readonly ReadonlyMap<string, number>[];
}
