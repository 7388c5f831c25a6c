/** ReportedPit: a suspected pit that a person saw, as the program keeps it. Nothing in it says who saw it. */
import type { MultiPolygonRings } from './grid.js';
import type { Quarter } from './scene.js';

export interface ReportedPit {
  /** `<quarter>-r<hash of the outline>`: the same outline reported twice for a quarter is one. */
  readonly id: string;
  readonly hash: string;
  readonly quarter: Quarter;
  /** ISO day. */
  readonly seenOn: string;
  readonly note: string;
  /** `point`: nobody drew it; the outline is a circle of the area that was said, or of the usual one. */
  readonly drawn: 'outline' | 'point';
  readonly geometry: MultiPolygonRings;
  readonly areaM2: number;
  /** One sigma of the outline's position, metres. */
  readonly sigmaM: number;
}

/** A pit on record, with its place. */
export interface PlacedPit extends ReportedPit {
  readonly siteId: string;
  /** The patch of the quarter's run that lay at the same place when it was reported; null = the detector had missed it. */
  readonly detectedId: string | null;
}
