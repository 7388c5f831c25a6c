/**
 * crowding: how much every object's log-odds of a pair are lowered because too many of them look like pits. A scene full of look-alikes
 * (building boom, desert, harvest) makes each of them less convincing, and a list that nobody can work off hides the pits in it.
 * In: sample tiles, detector. Out: 0 where no more than `crowd` objects per million pixels would be kept, else what brings them down to it.
 */
import { labelComponents } from '../../kernels/components.js';
import { miningChange } from '../../kernels/mining-change.js';
import { miningLogOdds } from '../../kernels/mining-odds.js';
import { chooseNested } from '../../kernels/nested.js';
import type { AlignedPair } from '../../model/change.js';
import type { MiningDetector } from '../../model/mining.js';

/** So many objects are always let through, however small the scene: a list that a brigade works off in a day. */
const FEWEST = 12;

export function crowdingOf(sample: readonly AlignedPair[], detector: MiningDetector): number {
  const { crowd, keepFrom } = detector.weights;
  if (crowd === null) return 0;
  const logOdds: number[] = [];
  let pixels = 0;
  for (const tile of sample) {
    for (const seen of tile.seen) pixels += seen;
    logOdds.push(...oddsOf(tile, detector));
  }
  logOdds.sort((a, b) => b - a);
  const next = logOdds[Math.max(FEWEST, Math.round((crowd * pixels) / 1e6))];
  return next === undefined ? 0 : Math.max(0, next - Math.log(keepFrom / (1 - keepFrom)));
}

/** Of every nest of the tile's objects the likeliest, as the comparison will choose them. */
function oddsOf(tile: AlignedPair, detector: MiningDetector): number[] {
  const { change, measures, stricter = [] } = miningChange(tile, detector);
  const core = { col: 0, row: 0, width: tile.width, height: tile.height };
  const levels = [{ change, measures }, ...stricter].map((mask, level) =>
    labelComponents(mask.change, tile.width, core, { col: 0, row: 0 }, mask.measures).flatMap((part) => {
      const component = { ...part, level };
      if (component.pixels < detector.weights.minPixels) return [];
      const rank = miningLogOdds(component, detector);
      return rank === null ? [] : [{ component, rank }];
    }),
  );
  return chooseNested(levels).map(({ rank }) => rank);
}
