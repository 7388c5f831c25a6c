import { expect, it } from 'vitest';
import { testJudgement } from '../../testing/judgement.js';
import { OLDER_RULE_SET, wholeJudgement } from './older-judgement.js';

const patch = { areaM2: 4000, changeType: 'vegetation-to-bare', dateAfter: '2026-08-01' } as const;

it('keeps what an older judgement said and adds nothing to it', () => {
  const overlap = {
    boundaryId: 'b',
    kind: 'licences',
    areaInsideM2: 100,
    areaOutsideM2: 3900,
    greatestOutsideM: 60,
    distanceM: 0,
  } as const;
  const part = { part: 'area', name: '面积', points: 12.5, evidence: '4000 m²' };
  const older = {
    violations: ['beyond-boundary'],
    licenceNo: 'C1',
    outsideM2: 3900,
    outsideM: 60,
    overlaps: [overlap],
    reasons: ['[BB-1] 疑似越界开采'],
    score: 71.5,
    parts: [part],
  } as const;
  const whole = wholeJudgement(older, patch);
  expect(whole).toMatchObject({
    ...older,
    outsideRangeM2: [3900, 3900],
    outsideRangeM: null,
    findings: [],
    pieces: [],
  });
  expect(whole.ruleSet).toBe(OLDER_RULE_SET);
  expect(whole.overlaps[0]).toMatchObject({ verdict: 'cannot-say', outsideRangeM: [60, 60] });
  expect(whole.parts[0]).toMatchObject({ points: 12.5, most: 12.5 });
});

it('leaves a judgement of today as it is', () => {
  const today = testJudgement({ score: 50, reasons: ['[NL-1]'] });
  expect(wholeJudgement(today, patch)).toEqual(today);
});
