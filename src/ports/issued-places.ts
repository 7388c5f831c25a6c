/** What working out the places of issued patches needs from the database. */
import type { MultiPolygonRings } from '../model/grid.js';
import type { Quarter } from '../model/scene.js';
import type { SiteMerge, SiteRow } from '../model/site.js';
import type { OwnPatch } from './issued-register.js';

/** An issued patch that stands and has an outline. */
export interface IssuedOutline {
  readonly keyId: string;
  readonly geometry: MultiPolygonRings;
  /** Where it was put before; null = nowhere yet. */
  readonly siteId: string | null;
}

export interface IssuedSettlement {
  readonly quarter: Quarter;
  /** All of the quarter: what is not among them has no place any more. */
  readonly places: readonly { readonly keyId: string; readonly patchId: string; readonly siteId: string }[];
  /** Sites that begin with them. */
  readonly sites: readonly SiteRow[];
  /** What they show to have become one; takes the place of what they showed before. */
  readonly merges: readonly SiteMerge[];
}

export interface IssuedPlaces {
  /** Quarters up to this one, oldest first, that have an outline without a place. */
  unsettledQuarters(until: Quarter): Promise<Quarter[]>;
  /** Of the quarter, by key. */
  issuedOutlines(quarter: Quarter): Promise<IssuedOutline[]>;
  /** Published patches of all quarters whose box meets one of those given, by id. */
  ownPatches(near: readonly MultiPolygonRings[]): Promise<OwnPatch[]>;
  /** By key, of one quarter. */
  issuedSites(quarter: Quarter): Promise<ReadonlyMap<string, string>>;
  /** One transaction. */
  settle(settlement: IssuedSettlement): Promise<void>;
}
