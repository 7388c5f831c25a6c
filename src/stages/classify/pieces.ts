/**
 * pieces: a patch under several titles, or partly under one, told apart (地块), each part with its own suspicion. Ground under two titles
 * goes to the weightier one: a licence that counts, then projects, then exploration rights, then licences that do not count.
 */
import {
  type AttributedPatch,
  type Classification,
  counts,
  isProject,
  type NearBoundary,
} from '../../model/attribution.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { PatchPiece } from '../../model/patch.js';
import type { RuleId } from '../../model/rules.js';
import { VIOLATION_CODES, type ViolationCode } from '../../model/violation.js';
import { titleOf } from './words.js';

interface Part {
  readonly geometry: MultiPolygonRings;
  readonly areaM2: number;
}

/** Whose ground it is where titles overlap: the least weighs most; null: none that a patch is cut by. */
export function weightOf(near: Pick<NearBoundary, 'validity' | 'boundary'>): number | null {
  if (near.boundary.excludedReason !== null || near.validity === 'superseded') return null;
  if (near.boundary.kind === 'licences') return counts(near) ? 0 : 3;
  if (isProject(near)) return 1;
  return near.boundary.kind === 'exploration' ? 2 : null;
}

/** The titles to cut by, weightiest first; none where the patch lies wholly under one title, or under none. */
export function titlesUnder({ patch, near }: AttributedPatch, { minPieceM2 }: JudgementRecipe): NearBoundary[] {
  const titles = near
    .flatMap((item) => {
      const weight = weightOf(item);
      return weight !== null && item.overlap.areaInsideM2 >= minPieceM2 ? [{ item, weight }] : [];
    })
    .sort((a, b) => a.weight - b.weight)
    .map(({ item }) => item);
  const [first] = titles;
  // Wholly under the weightiest title: the others have no ground left.
  return first && patch.areaM2 - first.overlap.areaInsideM2 >= minPieceM2 ? titles : [];
}

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
      violations: title ? codesUnder(title, titles[0] === title, classification) : codesOfRest(classification),
      geometry: part.geometry,
    };
  });
  if (pieces.length < 2) return [];
  return pieces
    .sort((a, b) => b.areaM2 - a.areaM2 || ((a.boundaryId ?? '') < (b.boundaryId ?? '') ? -1 : 1))
    .map((piece, i) => ({ piece: i + 1, ...piece }));
}

/** Of the patch's own codes those that this title can carry. */
function codesUnder(near: NearBoundary, isFirst: boolean, { findings }: Classification): readonly ViolationCode[] {
  const spoke = (...rules: RuleId[]): boolean => findings.some(({ rule }) => rules.includes(rule));
  if (near.boundary.kind === 'exploration') return ['no-licence', 'exploration'];
  if (isProject(near)) {
    if (!counts(near)) return ['restoration'];
    if (near.boundary.kind === 'lawful') return ['lawful'];
    return spoke('RE-4') ? ['restoration'] : ['cannot-say'];
  }
  if (!counts(near)) return ['no-licence'];
  const codes = new Set<ViolationCode>();
  if (spoke('OP-1', 'OP-2', 'OP-3')) codes.add('off-plan');
  if (!isFirst && spoke('OH-1')) codes.add('other-holder');
  if (near.validity === 'suspended' || spoke('VA-3')) codes.add('cannot-say');
  return codes.size > 0 ? VIOLATION_CODES.filter((code) => codes.has(code)) : ['lawful'];
}

/** Ground under no title. */
function codesOfRest({ findings }: Classification): readonly ViolationCode[] {
  const of = (rule: RuleId): boolean => findings.some((one) => one.rule === rule);
  if (of('BB-1')) return ['beyond-boundary'];
  if (of('NL-1')) return of('RE-2') ? ['no-licence', 'restoration'] : ['no-licence'];
  return ['cannot-say'];
}
