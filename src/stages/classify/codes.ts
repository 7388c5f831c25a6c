/** codes: the violation codes that findings come to, and what a place's record adds to them. */

import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { Finding } from '../../model/patch.js';
import type { SiteFacts } from '../../model/site-facts.js';
import { VIOLATION_CODES, type ViolationCode } from '../../model/violation.js';
import { finding } from './words.js';

/** In the order of VIOLATION_CODES. No finding with a code (a rule was switched off) is "cannot say", never "lawful". */
export function codesOf(findings: readonly Finding[]): readonly ViolationCode[] {
  const found = new Set(findings.map(({ code }) => code));
  const codes = VIOLATION_CODES.filter((code) => found.has(code));
  return codes.length > 0 ? codes : ['cannot-say'];
}

/** A restoration project that digs quarter after quarter does not heal. */
export function withRecord(
  findings: readonly Finding[],
  { earlierQuarters }: SiteFacts,
  { healQuarters, disabledRules }: JudgementRecipe,
): readonly Finding[] {
  const healing = findings.some(({ rule }) => rule === 'RE-3');
  if (!healing || earlierQuarters.length < healQuarters || disabledRules.includes('RE-4')) return findings;
  const digging = finding(
    'RE-4',
    `修复治理工程内此前 ${earlierQuarters.length} 个季度已有开挖（${earlierQuarters.join('、')}），本季度仍在继续，疑似借工程名义开采`,
  );
  return [digging, ...findings.filter(({ rule }) => rule !== 'RE-3')];
}
