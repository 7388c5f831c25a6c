import { describe, expect, it } from 'vitest';
import type { CodeTable } from '../../model/codes.js';
import { cohensKappa, exactInterval } from './agreement.js';
import { digestOf, drawTasks, wholeVerdict } from './supervise.js';

describe('supervise', () => {
  it('draws the same of the same, whatever the order, and another seed draws otherwise', () => {
    const ids = Array.from({ length: 200 }, (_, i) => `T${i}`);
    const drawn = drawTasks('seed', ids, 20);
    expect(new Set(drawn).size).toBe(20);
    expect(drawTasks('seed', ids.toReversed(), 20)).toEqual(drawn);
    expect(drawTasks('seed', ids, 40).slice(0, 20)).toEqual(drawn);
    expect(drawTasks('other', ids, 20)).not.toEqual(drawn);
    expect(drawTasks('seed', ['T1'], 5)).toEqual(['T1']);
    expect(digestOf(['b', 'a'])).toBe(digestOf(['a', 'b']));
  });

  it('counts a task of several parts by the gravest', () => {
    const code = (name: string, effect: string) =>
      ({ kind: 'verdict', code: name, zh: name, en: name, effect, retired: false }) as const;
    const codes: CodeTable = {
      version: 1,
      codes: [code('wrong', 'illegal'), code('right', 'legal'), code('old', 'other')],
    };
    expect(wholeVerdict(['right', 'wrong', 'old'], codes)).toBe('wrong');
    expect(wholeVerdict(['right', 'old'], codes)).toBe('old');
    expect(wholeVerdict([], codes)).toBeNull();
  });

  it('gives the exact interval of Clopper and Pearson', () => {
    // Published values: 0/10, 5/10, 10/10; and 81/263 (Newcombe 1998, method 5).
    expect(exactInterval(0, 10)).toEqual([0, expect.closeTo(0.3085, 4)]);
    expect(exactInterval(10, 10)).toEqual([expect.closeTo(0.6915, 4), 1]);
    expect(exactInterval(5, 10)).toEqual([expect.closeTo(0.1871, 4), expect.closeTo(0.8129, 4)]);
    expect(exactInterval(81, 263)).toEqual([expect.closeTo(0.2527, 4), expect.closeTo(0.3676, 4)]);
  });

  it('gives Cohen’s kappa', () => {
    const times = (count: number, first: string, second: string) =>
      Array.from({ length: count }, () => [first, second] as const);
    const table = [...times(20, 'a', 'a'), ...times(5, 'a', 'b'), ...times(10, 'b', 'a'), ...times(15, 'b', 'b')];
    expect(cohensKappa(table)).toBeCloseTo(0.4, 12);
    expect(cohensKappa(times(3, 'a', 'b'))).toBe(0);
    expect(cohensKappa(times(3, 'a', 'a'))).toBeNull();
    expect(cohensKappa([])).toBeNull();
  });
});
