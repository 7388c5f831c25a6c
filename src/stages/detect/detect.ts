/**
 * detect: two images of one place become "something changed here", with its strength. Thresholded once for the whole pair,
 * never per block: a block without change must find none.
 * In: an AlignedPair and the PairModel fitted for the pair. Out: BlockChange on the same pixels; what is not seen on both
 * dates is "not seen", which is not "unchanged".
 */
import { type QualityNumbers, seenByQuality } from '../../kernels/quality.js';
import type { AlignedPair, BlockChange, PairModel } from '../../model/change.js';
import { detectAny } from './any.js';
import { detectMining } from './mining.js';

export function detect(pair: AlignedPair, model: PairModel): BlockChange {
  const clear = withoutHidden(pair, model);
  return model.facts.kind === 'mining' ? detectMining(clear, model) : detectAny(clear, model);
}

function withoutHidden(pair: AlignedPair, model: PairModel): AlignedPair {
  if (model.quality === undefined) return pair;
  const seen = seenByQuality(pair, model.quality as unknown as QualityNumbers);
  return seen === pair.seen ? pair : { ...pair, seen };
}
