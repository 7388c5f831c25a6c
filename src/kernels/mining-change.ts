/**
 * mining-change: two aligned dates of one window become pixels that look like ground newly opened by mining.
 * Method: linear score of index terms (mining-score), thresholds on its integer value (one, or several of rising strictness), square
 * morphology, edges assigned again to the nearer local mean; measures for the object stage. Nothing is decided per block: a block without candidates ends at once.
 * In:  an AlignedPair with haloPx of context, the model of fitMining. Out: BlockChange; score in log-odds, NaN = not seen.
 */

import { type AlignedPair, type BlockChange, CHANGE, type Measures } from '../model/change.js';
import type { MiningDetector } from '../model/mining.js';
import { NO_MEASURES } from './components.js';
import { refineEdge } from './mining-edge.js';
import { type IndexPlanes, indexPlanes } from './mining-index.js';
import { MEASURES, miningMeasures } from './mining-measure.js';
import { NOT_SEEN, pixelScores } from './mining-score.js';
import { tidyMask } from './mining-shape.js';

export function miningChange(pair: AlignedPair, detector: MiningDetector): BlockChange {
  const planes = indexPlanes(pair, detector);
  const scores = pixelScores(planes, pair.seen, pair.width, detector);
  const score = Float32Array.from(scores, (value) => (value === NOT_SEEN ? Number.NaN : value / 100));
  const change = new Uint8Array(scores.length);
  for (let i = 0; i < scores.length; i++) if (scores[i] === NOT_SEEN) change[i] = CHANGE.notSeen;
  const widest = maskAt(detector.threshold, pair, planes, scores, detector);
  if (widest === null) return { score, change, measures: { ...NO_MEASURES, count: MEASURES.length } };
  for (let i = 0; i < scores.length; i++) if (widest.change[i] === 1) change[i] = CHANGE.changed;
  const stricter = [];
  for (const threshold of detector.stricter) {
    const mask = maskAt(threshold, pair, planes, scores, detector);
    if (mask === null) break;
    stricter.push(mask);
  }
  return { score, change, measures: widest.measures, stricter };
}

/** Mask and measures at one threshold; null where no pixel reaches it. */
function maskAt(
  threshold: number,
  pair: AlignedPair,
  planes: IndexPlanes,
  scores: Int16Array,
  detector: MiningDetector,
): { change: Uint8Array; measures: Measures } | null {
  const { width, height, seen } = pair;
  const { shape } = detector.weights;
  const candidates = new Uint8Array(scores.length);
  let found = 0;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! < threshold || scores[i] === NOT_SEEN) continue;
    candidates[i] = 1;
    found++;
  }
  if (found === 0) return null;
  const tidy = tidyMask(candidates, seen, width, height, shape);
  const change = refineEdge(tidy, seen, planes, width, height, shape.edge);
  const measures = miningMeasures({ mask: change, candidates, seen, scores, planes, width, height, ring: shape.ring });
  return { change, measures };
}
