import { describe, expect, it } from 'vitest';
import { differenceList, differenceText } from '../../model/difference-text.js';
import type { Judgement } from '../../model/patch.js';
import type { Task } from '../../model/task.js';
import { testJudgement, testOverlap, testPart } from '../../testing/judgement.js';
import { differencesOf } from './difference.js';

function task(id: string, rank: number, facts: Partial<Judgement> = {}, rest: Partial<Task> = {}): Task {
  const judgement = testJudgement({ violations: ['no-licence'], score: 50, reasons: ['[NL-1] 甲'], ...facts });
  const patch = {
    id,
    pairs: [],
    geometry: [],
    areaM2: 1000,
    perimeterM: 100,
    lon: 113,
    lat: 37,
    confidence: 1,
    changeType: 'other' as const,
    seenShare: 1,
    sigmaM: 5,
    dateBefore: null,
    dateAfter: null,
    reasons: [],
  };
  return { id: `T${id}`, quarter: '2026Q3', siteId: id, rank, judged: { patch, judgement }, state: 'new', ...rest };
}

const near = (boundaryId: string): Partial<Judgement> => ({
  overlaps: [
    testOverlap({
      boundaryId,
      kind: 'licences',
      areaInsideM2: 1,
      areaOutsideM2: 0,
      greatestOutsideM: 0,
      distanceM: 0,
    }),
  ],
});

function compare(before: readonly Task[], after: readonly Task[], decided: readonly string[] = [], judged = after) {
  return differencesOf({
    before,
    after,
    judgedBefore: before.map((one) => one.judged),
    judged: judged.map((one) => one.judged),
    changed: new Map([['L1', '一矿 C1']]),
    decided: new Set(decided),
  });
}

describe('the difference of two lists', () => {
  it('names each kind of change once, in the order of the report, and counts the rest', () => {
    const lawful = task('b', 2, { violations: ['lawful'], score: 5, ...near('L1'), reasons: ['[LA-1] 乙'] });
    const before = [task('a', 1), task('b', 2, near('L1')), task('c', 3), task('d', 4), task('e', 5), task('f', 6)];
    const after = [
      task('g', 1, { score: 90 }),
      task('c', 2, { violations: ['beyond-boundary'] }),
      task('d', 3, { score: 40, parts: [testPart({ part: 'area', name: '面积', points: 3, evidence: '' })] }),
      task('e', 4, {}, { state: 'reserve' }),
      task('f', 5, { reasons: ['[NL-1] 丙'] }),
      task('a', 6),
    ];
    const { tasks, untouched, rankOnly } = compare(before, after, [], [...after, lawful]);
    expect(tasks.map(({ id, change }) => [id, change])).toEqual([
      ['Tg', 'appeared'],
      ['Tb', 'vanished'],
      ['Tc', 'type'],
      ['Td', 'priority'],
      ['Te', 'listing'],
      ['Tf', 'reasons'],
    ]);
    expect([untouched, rankOnly]).toEqual([1, 1]);
    const [appeared, vanished, , priority, listing] = tasks;
    expect([appeared?.before, vanished?.after?.violations, vanished?.causes]).toEqual([null, ['lawful'], ['一矿 C1']]);
    expect(vanished?.reasons).toEqual(['[LA-1] 乙']);
    expect(priority?.parts).toContainEqual({ part: 'area', name: '面积', before: 0, after: 3 });
    expect([listing?.before?.state, listing?.after?.state]).toEqual(['new', 'reserve']);
    const told = {
      quarter: '2026Q3' as const,
      dryRun: false,
      runBefore: 'a',
      runAfter: 'b',
      patches: 8,
      judgedAgain: 4,
    };
    const text = differenceText({ ...told, tasks, untouched, rankOnly });
    expect(text).toContain('新出现 1，撤回 1，疑似类型改变 1，优先级改变 1，列入情况改变 1，理由或量测改变 1，未变 1');
    expect(text).toContain('50.0 分，第 5 位 → 50.0 分，第 4 位（后备）');
    expect(differenceList([{ ...told, tasks, untouched, rankOnly }]).rows).toHaveLength(6);
  });

  it('lists what a person decided as kept where it would be another, and not where it would not', () => {
    const before = [task('a', 1, {}, { state: 'decided' }), task('b', 2, {}, { state: 'decided' })];
    const judged = [task('a', 1, { violations: ['lawful'], score: 0 }), task('b', 2)];
    const { tasks, untouched } = compare(before, before, ['Ta', 'Tb'], judged);
    expect(tasks.map(({ id, change, after }) => [id, change, after?.violations, after?.state])).toEqual([
      ['Ta', 'decided', ['lawful'], 'decided'],
    ]);
    expect(untouched).toBe(1);
  });

  it('of two equal lists is nothing; a withdrawn task that comes back has appeared', () => {
    expect(compare([task('a', 1)], [task('a', 1)])).toEqual({ tasks: [], untouched: 1, rankOnly: 0 });
    const { tasks } = compare([task('a', 1, {}, { state: 'withdrawn' })], [task('a', 1)]);
    expect(tasks.map(({ change }) => change)).toEqual(['appeared']);
  });
});
