/**
 * pieces: a patch under several titles, or partly under one, told apart (地块), each part with its own suspicion: those of the patch that
 * this title raised, or what the ground under no title is suspected of. Which title a part is under: ground.ts.
 */
import { type Classification, counts, type NearBoundary } from '../../model/attribution.js';
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { PatchPiece } from '../../model/patch.js';
import type { RuleId } from '../../model/rules.js';
import { VIOLATION_CODES, type ViolationCode } from '../../model/violation.js';
import { holderOf, holds, type Part } from './ground.js';
import { titleOf } from './words.js';

/** `parts` as the children's `split` gave them: one for each title, then the rest. */
export function piecesOf(
  titles: readonly NearBoundary[],
  parts: readonly Part[],
  classification: Classification,
  { minPieceM2 }: JudgementRecipe,
): PatchPiece[] {
  const pieces = parts.flatMap((part, i) => {
    const areaM2 = Math.round(part.areaM2 * 100) / 100;
    if (areaM2 < minPieceM2) return [];
    const title = titles[i];
    return {
      areaM2,
      boundaryId: title?.boundary.id ?? null,
      title: title ? titleOf(title) : null,
      violations: title ? codesUnder(title, titles, classification) : codesOfRest(classification),
      geometry: part.geometry,
    };
  });
  if (pieces.length < 2) return [];
  return pieces
    .sort((a, b) => b.areaM2 - a.areaM2 || ((a.boundaryId ?? '') < (b.boundaryId ?? '') ? -1 : 1))
    .map((piece, i) => ({ piece: i + 1, ...piece }));
}

/** What this title raised; else that it explains the ground, or what the ground under no title is suspected of. */
function codesUnder(
  near: NearBoundary,
  [first = near]: readonly NearBoundary[],
  { findings }: Classification,
): readonly ViolationCode[] {
  const own = new Set(
    findings.flatMap(({ boundaryId, code }) => (boundaryId === near.boundary.id && code !== null ? [code] : [])),
  );
  const isOthers = holderOf(near.boundary) !== '' && holderOf(near.boundary) !== holderOf(first.boundary);
  const isRight = near.boundary.kind === 'licences' && counts(near);
  if (isRight && isOthers && findings.some(({ rule }) => rule === 'OH-1')) own.add('other-holder');
  // Raised for the licence, by plans that are its own.
  if (isRight && findings.some(({ rule }) => rule === 'OP-2' || rule === 'OP-3')) own.add('off-plan');
  if (!holds(near) && (own.size === 0 || near.boundary.kind === 'exploration')) {
    for (const code of codesOfRest({ findings })) own.add(code);
  }
  if (own.size === 0) own.add(isDoubtful(near, findings) ? 'cannot-say' : 'lawful');
  return VIOLATION_CODES.filter((code) => own.has(code) && (code !== 'lawful' || own.size === 1));
}

/** Restoration is never lawful by itself: whether more was dug or sold than approved is seen on site only. */
function isDoubtful({ boundary, validity, since }: NearBoundary, findings: Classification['findings']): boolean {
  // Without dates of the images a licence counts as valid, and that is said.
  const dated = !findings.some(({ rule }) => rule === 'VA-1');
  return (
    boundary.kind === 'restoration' ||
    since !== undefined ||
    (validity !== 'valid' && (validity !== 'unknown' || dated))
  );
}

/** Ground under no title. */
function codesOfRest({ findings }: Pick<Classification, 'findings'>): readonly ViolationCode[] {
  const of = (rule: RuleId): boolean => findings.some((one) => one.rule === rule);
  if (of('BB-1')) return ['beyond-boundary'];
  if (of('NL-1')) return of('RE-2') ? ['no-licence', 'restoration'] : ['no-licence'];
  return ['cannot-say'];
}
