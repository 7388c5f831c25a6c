/** unscored: the judgement of ground that was drawn at random, not suspected: nothing is said of it, and it has no score. */
import type { Judgement, Patch } from './patch.js';

export function unscored(patch: Pick<Patch, 'areaM2' | 'changeType' | 'dateAfter'>, ruleSet: string): Judgement {
  return {
    violations: ['cannot-say'],
    licenceNo: null,
    outsideM2: 0,
    outsideRangeM2: [0, 0],
    outsideM: null,
    outsideRangeM: null,
    position: { imageM: 0, shiftM: 0, boundaryM: 0, toleranceM: 0 },
    overlaps: [],
    findings: [],
    reasons: [],
    pieces: [],
    score: 0,
    parts: [],
    facts: {
      violations: ['cannot-say'],
      doubts: [],
      areaM2: patch.areaM2,
      beyondM2: 0,
      leastOutsideM: null,
      confidence: 0,
      changeType: patch.changeType,
      zones: [],
      dateAfter: patch.dateAfter,
      site: null,
    },
    ruleSet,
  };
}
