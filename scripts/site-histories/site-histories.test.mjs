/** Places keep their identity through drift, growth, rests, splits, hidden quarters and near neighbours. */
import { describe, expect, it } from 'vitest';
import { makeHistories } from './make.mjs';
import { measureHistories } from './measure.mjs';
import { recipeSchema } from './program.mjs';

describe('made histories', () => {
  it.each([
    [11, 2],
    [12, 10],
  ])('of seed %i at %i m: at least 99 % of the patches are at the right place', async (seed, pixelM) => {
    const { tallies } = await measureHistories(seed, pixelM);
    const { all, right } = tallies.get('all');
    expect(all).toBeGreaterThan(250);
    expect(right / all).toBeGreaterThanOrEqual(0.99);
    for (const tag of ['drift', 'rim', 'split', 'after a gap', 'two pieces', 'neighbour within 60 m']) {
      expect(tallies.get(tag)?.all ?? 0, tag).toBeGreaterThan(0);
    }
  });

  it('the measure sees what is wrong: neighbours taken for one place, faces that move on taken for new ones', async () => {
    const share = async (sites) => {
      const { tallies } = await measureHistories(11, 2, recipeSchema.parse({ sites }));
      return tallies.get('all').right / tallies.get('all').all;
    };
    expect(await share({ nearM: 80 })).toBeLessThan(0.95);
    expect(await share({ nearM: 0, overlapShare: 0.9, windowQuarters: 1 })).toBeLessThan(0.97);
  });

  it('are the same for the same seed', () => {
    expect(makeHistories(5, 2)).toEqual(makeHistories(5, 2));
    expect(makeHistories(6, 2)).not.toEqual(makeHistories(5, 2));
  });
});
