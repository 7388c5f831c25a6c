/** What the list of a quarter needs of the pits that people reported. */
import type { MultiPolygonRings } from '../model/grid.js';
import type { PlacedPit } from '../model/reported-pit.js';
import type { Quarter } from '../model/scene.js';

/** Ground of a quarter or of one since: a patch of a run, one that was issued, or a pit that was reported. */
export interface StandingGround {
  readonly id: string;
  readonly kind: 'detected' | 'issued' | 'reported';
  readonly siteId: string;
  readonly quarter: Quarter;
  readonly geometry: MultiPolygonRings;
  /** Its task, where it is on the list or was decided about. */
  readonly taskId: string | null;
}

export interface ReportedPits {
  /** Of the quarter, by id, with the site that each was put at. */
  reportedPits(quarter: Quarter): Promise<(PlacedPit & { readonly detectedTask: string | null })[]>;
}

export interface PitGround {
  /** Ground of the quarter and of later ones whose box meets the outline's, by id. */
  groundSince(quarter: Quarter, outline: MultiPolygonRings): Promise<StandingGround[]>;
  /** Reported for the quarter. */
  count(quarter: Quarter): Promise<number>;
  /** Of the quarter's tasks that stand, parts of split ones not. */
  scores(quarter: Quarter): Promise<number[]>;
}
