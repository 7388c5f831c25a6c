/** codes: the violation codes that findings come to, and what a place's record adds to them. */

import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { Finding, PatchPiece } from '../../model/patch.js';
import { quarterDays } from '../../model/quarter.js';
import type { SiteFacts } from '../../model/site-facts.js';
import { VIOLATION_CODES, type ViolationCode } from '../../model/violation.js';
import { finding } from './words.js';

/** In the order of VIOLATION_CODES. No finding with a code (a rule was switched off) is "cannot say", never "lawful". */
export function codesOf(findings: readonly Finding[]): readonly ViolationCode[] {
  const found = new Set(findings.map(({ code }) => code));
  const said = VIOLATION_CODES.filter((code) => found.has(code));
  // What explains one part of a patch does not make the rest lawful.
  const codes = said.length > 1 ? said.filter((code) => code !== 'lawful') : said;
  return codes.length > 0 ? codes : ['cannot-say'];
}

/** A restoration project that digs quarter after quarter since it began does not heal. When it began has to be known. */
export function withRecord(
  findings: readonly Finding[],
  { earlierQuarters }: SiteFacts,
  { healQuarters, disabledRules }: JudgementRecipe,
): readonly Finding[] {
  const healing = findings.find(({ rule }) => rule === 'RE-3');
  const from = healing?.from;
  if (healing === undefined || from === undefined || disabledRules.includes('RE-4')) return findings;
  const since = earlierQuarters.filter((quarter) => quarterDays(quarter).first >= from);
  if (since.length < healQuarters) return findings;
  const digging = finding(
    'RE-4',
    `修复治理工程（自 ${from} 起）内此前 ${since.length} 个季度已有开挖（${since.join('、')}），本季度仍在继续，疑似借工程名义开采`,
  );
  const raised = healing.boundaryId === undefined ? digging : { ...digging, boundaryId: healing.boundaryId };
  return [raised, ...findings.filter(({ rule }) => rule !== 'RE-3')];
}

/** What the record adds to the part under that project. */
export function piecesWithRecord(pieces: readonly PatchPiece[], findings: readonly Finding[]): readonly PatchPiece[] {
  const raised = findings.find(({ rule }) => rule === 'RE-4')?.boundaryId;
  if (raised === undefined) return pieces;
  return pieces.map((piece) => (piece.boundaryId === raised ? { ...piece, violations: ['restoration'] } : piece));
}
