/** A judgement for tests that are not about judging: everything neutral but what is given. */
import type { JudgedOverlap, Judgement, Overlap, ScorePart } from '../model/patch.js';

export function testJudgement(facts: Partial<Judgement>): Judgement {
  return {
    violations: ['no-licence'],
    licenceNo: null,
    outsideM2: 0,
    outsideRangeM2: [0, 0],
    outsideM: null,
    outsideRangeM: null,
    position: { imageM: 5, shiftM: 0, boundaryM: 0.5, toleranceM: 10.05 },
    overlaps: [],
    findings: [],
    reasons: [],
    pieces: [],
    score: 0,
    parts: [],
    facts: {
      violations: ['no-licence'],
      doubts: [],
      areaM2: 4000,
      beyondM2: 4000,
      leastOutsideM: null,
      confidence: 0.9,
      changeType: 'vegetation-to-bare',
      zones: [],
      dateAfter: '2026-08-01',
      site: null,
    },
    ruleSet: 'test',
    ...facts,
  };
}

export function testPart(facts: Pick<ScorePart, 'part' | 'name' | 'points' | 'evidence'>): ScorePart {
  return { most: facts.points, change: '现场核查', ...facts };
}

export function testOverlap(overlap: Overlap): JudgedOverlap {
  return { ...overlap, verdict: 'partly', toleranceM: 10, outsideRangeM2: null, outsideRangeM: [0, 20] };
}
