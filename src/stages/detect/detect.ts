/**
 * detect: two images of one place become "something changed here", with its strength. Thresholded once for the whole pair,
 * never per block: a block without change must find none.
 * In: an AlignedPair and the PairModel fitted for the pair. Out: BlockChange on the same pixels; what is not seen on both
 * dates is "not seen", which is not "unchanged".
 */
import type { AlignedPair, BlockChange, PairModel } from '../../model/change.js';
import { detectAny } from './any.js';
import { detectMining } from './mining.js';

export function detect(pair: AlignedPair, model: PairModel): BlockChange {
  return model.facts.kind === 'mining' ? detectMining(pair, model) : detectAny(pair, model);
}
