/**
 * fit: everything global of a pair, from its fixed sample: what is not to be seen, the radiometric relation of the dates, the
 * detector's numbers and its one threshold. In: AlignedPairs of the sample (all pixels of a small image), already moved by
 * `shift`. Out: a PairModel, plain JSON. Blocks are compared by it alone, so that no block decides for itself.
 */
import { fitQuality, qualityHaloPx, seenByQuality } from '../../kernels/quality.js';
import type { AlignedPair, PairFacts, PairModel, Shift } from '../../model/change.js';
import { Fault } from '../../model/fault.js';
import { fitAny } from './any.js';
import { fitMining } from './mining.js';

const MIN_SEEN_PIXELS = 64;

export function fitDetector(sample: readonly AlignedPair[], facts: PairFacts, shift: Shift): PairModel {
  refuseUnseen(sample);
  const quality = fitQuality(sample, facts.gsdM);
  if (quality === null) return fitKind(sample, facts, shift);
  const clear = sample.map((pair) => ({ ...pair, seen: seenByQuality(pair, quality) }));
  refuseUnseen(clear);
  const model = fitKind(clear, facts, shift);
  return { ...model, quality: { ...quality }, haloPx: model.haloPx + qualityHaloPx(quality) };
}

function fitKind(sample: readonly AlignedPair[], facts: PairFacts, shift: Shift): PairModel {
  return facts.kind === 'mining' ? fitMining(sample, facts, shift) : fitAny(sample, facts, shift);
}

function refuseUnseen(sample: readonly AlignedPair[]): void {
  let seen = 0;
  for (const pair of sample) for (const s of pair.seen) seen += s;
  if (seen >= MIN_SEEN_PIXELS) return;
  throw new Fault(
    'fit.nothing-seen',
    `两期影像共同可见的像元太少：${seen} (only ${seen} pixels are seen on both dates, expected ${MIN_SEEN_PIXELS} or more; check no-data, masks, clouds and overlap)`,
    { details: { seen } },
  );
}
