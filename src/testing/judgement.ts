/** A judgement for tests that are not about judging: everything neutral but what is given. */

import type { JudgedOverlap, Judgement, Overlap, ScorePart } from '../model/patch.js';
import { unscored } from '../model/unscored.js';

export function testJudgement(facts: Partial<Judgement>): Judgement {
  const neutral = unscored({ areaM2: 4000, changeType: 'vegetation-to-bare', dateAfter: '2026-08-01' }, 'test');
  const violations = ['no-licence'] as const;
  return {
    ...neutral,
    violations,
    position: { imageM: 5, shiftM: 0, boundaryM: 0.5, toleranceM: 10.05 },
    facts: { ...neutral.facts, violations, beyondM2: 4000, confidence: 0.9 },
    ...facts,
  };
}

export function testPart(facts: Pick<ScorePart, 'part' | 'name' | 'points' | 'evidence'>): ScorePart {
  return { most: facts.points, change: '现场核查', ...facts };
}

export function testOverlap(overlap: Overlap): JudgedOverlap {
  return { ...overlap, verdict: 'partly', toleranceM: 10, outsideRangeM2: null, outsideRangeM: [0, 20] };
}
