/** words: how findings name a title and write their numbers with error bars. */
import type { NearBoundary } from '../../model/attribution.js';
import type { Finding } from '../../model/patch.js';
import { RULES, type RuleId } from '../../model/rules.js';
import type { OutsideReading } from '../../model/work.js';

export function titleOf({ boundary }: NearBoundary): string {
  const known = [boundary.name ?? boundary.holder, boundary.number].filter((text) => text !== null);
  return known.length === 0 ? `第 ${boundary.row} 行` : known.join(' ');
}

export const m2 = (value: number): string => value.toFixed(1);

/** `3600.0 m²（误差范围 3000.2–4220.1）`. */
export function areaOf({ outsideM2, beyondToleranceM2, withinToleranceM2 }: OutsideReading): string {
  return `${m2(outsideM2)} m²（误差范围 ${m2(beyondToleranceM2)}–${m2(withinToleranceM2)}）`;
}

export function distanceOf({ outsideM, outsideRangeM }: OutsideReading): string {
  if (outsideM === null || outsideRangeM === null) return '';
  return `，最远超出 ${outsideM.toFixed(1)} m（${outsideRangeM[0].toFixed(1)}–${outsideRangeM[1].toFixed(1)}）`;
}

/** The same, raised by this title. */
export function about({ boundary }: NearBoundary, said: Finding): Finding {
  return { ...said, boundaryId: boundary.id };
}

/** The code is the rule's; null where the rule only speaks beside another. */
export function finding(rule: RuleId, sentence: string, code = RULES[rule].code): Finding {
  return { rule, code, reason: `[${rule}] ${sentence}` };
}
