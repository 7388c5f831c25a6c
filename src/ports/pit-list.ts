/**
 * PitList: reported pits as a page needs them: what would be said of an outline before it is reported, those that were reported, and what they say of
 * what the detector missed. Reporting itself is MissedPits.
 */
import type { MultiPolygonRings } from '../model/grid.js';
import type { Actor } from '../model/person.js';
import type { PitCheck } from '../model/pit-check.js';
import type { PitMisses } from '../model/pit-misses.js';
import type { Quarter } from '../model/scene.js';
import type { FileState } from '../model/task-flow.js';
import type { PitPlace } from './missed-pits.js';

/** Corner points as text; `axis` and `zone` where the numbers do not say. */
export interface PitCorners {
  readonly text: string;
  readonly axis?: 'xy' | 'yx';
  readonly zone?: number;
}

export interface PitSketch {
  readonly quarter: Quarter;
  readonly place: PitPlace | PitCorners;
  /** ISO day; default: today in China. */
  readonly seenOn?: string;
}

export interface ListedPit {
  readonly id: string;
  readonly quarter: Quarter;
  readonly seenOn: string;
  readonly reportedAt: string;
  readonly note: string;
  readonly areaM2: number;
  readonly drawn: 'outline' | 'point';
  /** The detector had found it when it was reported. */
  readonly detected: boolean;
  /** Its own task, or that of the list that was there before. */
  readonly taskId: string;
  readonly state: FileState;
}

export interface PitPage {
  /** The newest first, 500 at most. */
  readonly pits: readonly ListedPit[];
  readonly total: number;
}

/** `outline` of what the program would keep is drawn by whoever asks. */
export type SketchAnswer = PitCheck & { readonly outline: MultiPolygonRings | null };

export interface PitList {
  /** What is wrong and what is worth a second look, all at once; nothing is kept. Faults: pit.corners, pit.outline (of a text that cannot be read). */
  check(actor: Actor, sketch: PitSketch): Promise<SketchAnswer>;
  /** Those whose task the person sees; null: of every quarter. */
  list(actor: Actor, quarter: Quarter | null): Promise<PitPage>;
  /** Of the tasks that the person sees; `whole`: these are all. */
  misses(actor: Actor, quarter: Quarter): Promise<PitMisses & { readonly whole: boolean }>;
}
