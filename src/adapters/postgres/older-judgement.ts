/**
 * older-judgement: judgements that were stored before intervals, findings and frozen facts existed, read as if those said nothing. What
 * they said stays; their scores cannot be computed again from the record, and their rule set is named so.
 */
import type { JudgedOverlap, Judgement, Overlap, Patch, ScorePart } from '../../model/patch.js';
import { unscored } from '../../model/unscored.js';

/** No rule set has this hash. */
export const OLDER_RULE_SET = 'older';

type Stored = Partial<Omit<Judgement, 'overlaps' | 'parts'>> & {
  readonly overlaps?: readonly (Overlap | JudgedOverlap)[];
  readonly parts?: readonly (Partial<ScorePart> & Pick<ScorePart, 'part' | 'name' | 'points' | 'evidence'>)[];
};

export function wholeJudgement(stored: Stored, patch: Pick<Patch, 'areaM2' | 'changeType' | 'dateAfter'>): Judgement {
  const { overlaps = [], parts = [], ...rest } = stored;
  return {
    ...unscored(patch, OLDER_RULE_SET),
    outsideRangeM2: [rest.outsideM2 ?? 0, rest.outsideM2 ?? 0],
    ...rest,
    overlaps: overlaps.map((overlap) => ({
      verdict: 'cannot-say',
      toleranceM: 0,
      outsideRangeM2: null,
      outsideRangeM: [overlap.greatestOutsideM, overlap.greatestOutsideM],
      ...overlap,
    })),
    parts: parts.map((part) => ({ most: part.points, change: '', ...part })),
  };
}
