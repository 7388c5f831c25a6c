/** overlaps: each overlap with its error bars: inside, outside, partly, or not to be said. */
import type { AttributedPatch, NearBoundary } from '../../model/attribution.js';
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { JudgedOverlap, OverlapVerdict } from '../../model/patch.js';
import { positionOf } from '../../model/position.js';
import type { OutsideReading } from '../../model/work.js';
import { isSecret } from '../../model/zone-kinds.js';

export function judgedOverlaps(
  { patch, near }: AttributedPatch,
  single: ReadonlyMap<string, OutsideReading>,
  recipe: JudgementRecipe,
): JudgedOverlap[] {
  // Areas and distances of a secret area would draw it.
  const shown = near.filter(({ boundary }) => !isSecret(boundary));
  return shown.map((item) => {
    const toleranceM = Math.round(positionOf(patch, item.boundary, recipe).toleranceM * 100) / 100;
    const reading = single.get(item.boundary.id) ?? null;
    const { greatestOutsideM } = item.overlap;
    const most = Math.round((greatestOutsideM + toleranceM) * 100) / 100;
    const least = Math.round(Math.max(0, greatestOutsideM - toleranceM) * 100) / 100;
    return {
      ...item.overlap,
      verdict: verdictOf(item, toleranceM, reading, recipe),
      toleranceM,
      outsideRangeM2: reading ? [reading.beyondToleranceM2, reading.withinToleranceM2] : null,
      outsideRangeM: [least, most],
    };
  });
}

function verdictOf(
  { overlap, boundary }: NearBoundary,
  toleranceM: number,
  reading: OutsideReading | null,
  { minOutsideM2 }: JudgementRecipe,
): OverlapVerdict {
  const { areaInsideM2, areaOutsideM2, distanceM, greatestOutsideM } = overlap;
  if (boundary.excludedReason !== null) return 'cannot-say';
  if (areaInsideM2 === 0) return distanceM > toleranceM ? 'outside' : 'cannot-say';
  if (areaOutsideM2 === 0) return 'inside';
  if (!reading) return greatestOutsideM > toleranceM ? 'partly' : 'cannot-say';
  if (reading.beyondToleranceM2 >= minOutsideM2) return 'partly';
  return areaOutsideM2 >= minOutsideM2 ? 'cannot-say' : 'inside';
}
