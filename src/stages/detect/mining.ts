/**
 * detectMining: the mining detector's answer for one window (kernel mining-change), with the numbers that fitMining found for the
 * pair. In: an AlignedPair with haloPx of context. Out: BlockChange; score in log-odds, NaN = not seen.
 */
import { miningChange } from '../../kernels/mining-change.js';
import type { AlignedPair, BlockChange, PairModel } from '../../model/change.js';
import type { MiningDetector } from '../../model/mining.js';

export function detectMining(pair: AlignedPair, model: PairModel): BlockChange {
  return miningChange(pair, model.detector as unknown as MiningDetector);
}
