/** Site: the place, across quarters. Its id is the id of its first patch. */
import type { MultiPolygonRings } from './grid.js';
import type { JudgedPatch } from './patch.js';
import type { Quarter } from './scene.js';

export interface SiteRow {
  readonly id: string;
  readonly firstQuarter: Quarter;
  readonly geometry: MultiPolygonRings;
}

export interface SitedPatch {
  readonly judged: JudgedPatch;
  readonly siteId: string;
}
