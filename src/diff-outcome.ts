import type { FittedPair } from './comparison.js';
import type { Boundary } from './model/boundary.js';
import type { JudgedPatch } from './model/patch.js';

/** What the files of a one-off comparison are made from. */
export interface DiffOutcome {
  readonly fitted: FittedPair;
  readonly pairId: string;
  readonly judged: readonly JudgedPatch[];
  readonly boundaries: readonly Boundary[];
  readonly seenShare: number;
  readonly recipeHash: string;
  /** What the reader of a result must know. */
  readonly remarks: readonly string[];
  /** CRS of the vector files; null = EPSG:4490. */
  readonly crs: string | null;
}
