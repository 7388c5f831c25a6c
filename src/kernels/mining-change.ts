/**
 * mining-change: two aligned dates of one window become pixels that look like ground newly opened by mining.
 * Method: linear score of index terms (mining-score), threshold on its integer value, square morphology, edges assigned again to
 * the nearer local mean; measures for the object stage. Nothing is decided per block: a block without candidates ends at once.
 * In:  an AlignedPair with haloPx of context, the model of fitMining. Out: BlockChange; score in log-odds, NaN = not seen.
 */

import { type AlignedPair, type BlockChange, CHANGE } from '../model/change.js';
import type { MiningDetector } from '../model/mining.js';
import { refineEdge } from './mining-edge.js';
import { indexPlanes } from './mining-index.js';
import { MEASURES, measurePlanes } from './mining-measure.js';
import { NOT_SEEN, pixelScores } from './mining-score.js';
import { tidyMask } from './mining-shape.js';

export function miningChange(pair: AlignedPair, detector: MiningDetector): BlockChange {
  const { width, height, seen } = pair;
  const { threshold } = detector;
  const { shape } = detector.weights;
  const planes = indexPlanes(pair, detector);
  const scores = pixelScores(planes, seen, width, detector);
  const score = new Float32Array(scores.length);
  const change = new Uint8Array(scores.length);
  const candidates = new Uint8Array(scores.length);
  let found = 0;
  for (let i = 0; i < scores.length; i++) {
    const value = scores[i] ?? NOT_SEEN;
    if (value === NOT_SEEN) {
      score[i] = Number.NaN;
      change[i] = CHANGE.notSeen;
      continue;
    }
    score[i] = value / 100;
    if (value >= threshold) {
      candidates[i] = 1;
      found++;
    }
  }
  if (found === 0) return { score, change, measures: emptyMeasures(scores.length) };
  const tidy = tidyMask(candidates, seen, width, height, shape);
  const mask = refineEdge(tidy, seen, planes, width, height, shape.edge);
  let changed = 0;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 1) continue;
    change[i] = CHANGE.changed;
    changed++;
  }
  if (changed === 0) return { score, change, measures: emptyMeasures(scores.length) };
  const measures = measurePlanes({ mask, candidates, seen, scores, planes, width, height, ring: shape.ring });
  return { score, change, measures };
}

/** All measures of a block without changed pixels: one plane of zeros stands for each. */
function emptyMeasures(size: number): Int32Array[] {
  const zeros = new Int32Array(size);
  return MEASURES.map(() => zeros);
}
