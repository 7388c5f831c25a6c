/** Random plots of corner points for property tests: one kept ring, then deductions, each with distinct points in zone 39. */
import fc from 'fast-check';
import type { CornerPlot, CornerRing } from '../model/corners.js';

export const word = fc.stringMatching(/^[\p{Script=Han}A-Z0-9]{1,8}$/u);
const metres = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least * 1000, max: most * 1000 }).map((mm) => (mm / 1000).toFixed(3));
const height = fc.option(fc.integer({ min: -900, max: 5000 }), { nil: null });

export const ring = (deduct: fc.Arbitrary<boolean>): fc.Arbitrary<CornerRing> =>
  fc.record({
    points: fc
      .uniqueArray(fc.tuple(metres(2_000_000, 5_900_000), metres(39_300_000, 39_700_000)), {
        minLength: 3,
        maxLength: 12,
        selector: ([first]) => first,
      })
      .map((pairs) => pairs.map(([first, second], i) => ({ name: `J${i + 1}`, first, second, line: 0 }))),
    upper: height,
    lower: height,
    remark: fc.option(word, { nil: null }),
    deduct,
  });
/** One kept ring, then deductions: what every format can say. */
const rings = fc
  .tuple(ring(fc.constant(false)), fc.array(ring(fc.constant(true)), { maxLength: 3 }))
  .map(([kept, deducted]) => [kept, ...deducted]);

/** Line numbers differ between writings of the same. */
export function bare(plots: readonly CornerPlot[]): unknown {
  return plots.map((plot) => ({ ...plot, line: 0, rings: plot.rings.map(bareRing) }));
}
export const bareRing = (one: CornerRing): CornerRing => ({
  ...one,
  points: one.points.map((point) => ({ ...point, line: 0 })),
});

export const plot = (attributes: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<CornerPlot> =>
  fc.record({
    line: fc.constant(0),
    attributes,
    rings,
    statedArea: fc.constant(null),
    warnings: fc.constant([]),
  });
