/**
 * history: which earlier scenes are asked what the ground of a quarter's patches looked like.
 * Rule (recipe history): scenes of the last `quarters` quarters and of the same quarter of up to `years` earlier years whose footprint
 * meets that of a scene that is compared as AFTER. Never a scene of the quarter itself or a later one: what a run says must not
 * depend on what came in afterwards.
 * In: the scenes of all quarters, the quarter, the ids of the AFTER scenes. Out: scenes sorted by id.
 */
import type { HistoryRecipe } from '../../model/history.js';
import { quarterIndex } from '../../model/quarter.js';
import type { Quarter } from '../../model/scene.js';
import { groundOf, meets, type PairingScene } from './pair.js';

export function historyScenes<S extends PairingScene>(
  scenes: readonly S[],
  quarter: Quarter,
  afterIds: ReadonlySet<string>,
  { quarters, years }: Pick<HistoryRecipe, 'quarters' | 'years'>,
): S[] {
  const grounds = scenes.filter(({ id }) => afterIds.has(id)).map(({ footprint }) => groundOf(footprint));
  const isAsked = (scene: S): boolean => {
    const back = quarterIndex(quarter) - quarterIndex(scene.quarter);
    return back > 0 && (back <= quarters || (back % 4 === 0 && back <= 4 * years));
  };
  return scenes
    .filter(isAsked)
    .filter(({ footprint }) => {
      const ground = groundOf(footprint);
      return grounds.some((after) => meets(after, ground));
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
