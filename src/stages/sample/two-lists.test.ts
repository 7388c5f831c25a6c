import { describe, expect, it } from 'vitest';
import type { Decision } from '../../model/decision.js';
import { randomOf } from '../../testing/random.js';
import { LEAST_COMMON, missesByLists, type TwoLists } from './two-lists.js';

const said = (kind: Decision['kind']): Decision => ({
  id: kind,
  siteId: 's',
  taskId: 't',
  kind,
  by: '张',
  on: '2026-07-01',
  quarter: '2026Q2',
  note: '',
  expires: null,
  limitM2: null,
});
const found = [said('confirmed')];

function lists(detected: number, reported: number, common: number): TwoLists {
  return {
    detected: Array.from({ length: detected }, (_, i) => ({ patchId: `p${i}`, decisions: found })),
    pits: Array.from({ length: reported }, (_, i) => ({
      seenOn: '2026-05-01',
      detectedId: i < common ? `p${i}` : null,
      decisions: found,
    })),
  };
}

describe('two lists', () => {
  it('gives Chapman’s estimate of what the detector missed, with an interval around it', () => {
    const { counts, misses, why } = missesByLists(lists(80, 20, 15), '2026Q2');
    expect(counts).toEqual({ reported: 20, answered: 20, confirmed: 20, inQuarter: 20, common: 15, detected: 80 });
    expect(why).toBeNull();
    expect(misses?.missed).toBeCloseTo((81 * 21) / 16 - 1 - 80, 9);
    // At least the five that only people saw.
    expect(misses?.low).toBeGreaterThanOrEqual(5);
    expect(misses?.low).toBeLessThan(misses?.missed ?? 0);
    expect(misses?.high).toBeGreaterThan(misses?.missed ?? 0);
    expect(missesByLists(lists(80, 20, 20), '2026Q2').misses?.low).toBe(0);
  });

  it('says nothing where the lists share too little, and why', () => {
    expect(missesByLists(lists(80, 20, LEAST_COMMON - 1), '2026Q2')).toMatchObject({
      misses: null,
      why: expect.stringContaining('6 个'),
    });
    expect(missesByLists(lists(80, 0, 0), '2026Q2').why).toContain('人工上报为零');
    expect(missesByLists(lists(0, 9, 0), '2026Q2').why).toContain('检测发现并经核查属实的为零');
  });

  it('counts only what people answered, and of reports only what was seen within the quarter', () => {
    const { pits, detected } = lists(1, 1, 0);
    const [pit] = pits;
    if (!pit) throw new Error('no pit');
    const more = [
      { ...pit, decisions: [said('dismissed')] },
      { ...pit, decisions: [said('visited')] },
      { ...pit, seenOn: '2026-07-01' },
      // A patch of ours that was only visited because people reported it is one that the detector found.
      { ...pit, detectedId: 'reserve' },
    ];
    const { counts } = missesByLists({ pits: [...pits, ...more], detected }, '2026Q2');
    expect(counts).toEqual({ reported: 5, answered: 4, confirmed: 3, inQuarter: 2, common: 1, detected: 2 });
  });

  it('holds the true number in its interval nearly always', () => {
    const next = randomOf(7);
    let [held, told] = [0, 0];
    for (let round = 0; round < 300; round++) {
      const all = Array.from({ length: 150 }, () => ({ ours: next() < 0.7, theirs: next() < 0.2 }));
      const ours = all.filter((one) => one.ours).length;
      const theirs = all.filter((one) => one.theirs).length;
      const both = all.filter((one) => one.ours && one.theirs).length;
      const { misses } = missesByLists(lists(ours, theirs, both), '2026Q2');
      if (!misses) continue;
      told++;
      if (misses.low <= 150 - ours && 150 - ours <= misses.high) held++;
    }
    expect(told).toBeGreaterThan(280);
    expect(held / told).toBeGreaterThanOrEqual(0.95);
  });
});
