/**
 * fit: everything global of a pair, from its fixed sample: what is not to be seen, the radiometric relation of the dates, the
 * detector's numbers and its one threshold. In: AlignedPairs of the sample (all pixels of a small image), already moved by
 * `shift`. Out: a PairModel, plain JSON. Blocks are compared by it alone, so that no block decides for itself.
 */
import type { AlignedPair, PairFacts, PairModel, Shift } from '../../model/change.js';
import { Fault } from '../../model/fault.js';
import { fitAny } from './any.js';
import { fitMining } from './mining.js';

const MIN_SEEN_PIXELS = 64;

export function fitDetector(sample: readonly AlignedPair[], facts: PairFacts, shift: Shift): PairModel {
  let seen = 0;
  for (const pair of sample) for (const s of pair.seen) seen += s;
  if (seen < MIN_SEEN_PIXELS) {
    throw new Fault(
      'fit.nothing-seen',
      `两期影像共同可见的像元太少：${seen} (only ${seen} pixels are seen on both dates, expected ${MIN_SEEN_PIXELS} or more; check no-data, masks and overlap)`,
      { details: { seen } },
    );
  }
  return facts.kind === 'mining' ? fitMining(sample, facts, shift) : fitAny(sample, facts, shift);
}
