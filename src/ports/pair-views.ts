/** Pictures of the pairs that a run compared. */
import type { Box } from '../model/grid.js';
import type { PlannedPair } from '../model/run.js';
import type { Picture } from '../model/work.js';

export interface PairViews {
  /** lon/lat box of the ground that both dates of the pair show. */
  box(pair: PlannedPair): Promise<Box>;
  /** Both dates of a box, BEFORE moved by the measured shift; the longer side has at most `maxPx` pixels. */
  picture(pair: PlannedPair, box: Box, maxPx: number): Promise<Picture>;
}
