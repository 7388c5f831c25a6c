/**
 * pair-asks: what is likely to be asked of each pair of a patch and a boundary once their overlap is known, said before it is measured, so
 * that one request does. Decides nothing: what was not foreseen is asked afterwards, what was foreseen and is not needed is left.
 */
import { counts } from './model/attribution.js';
import type { Boundary, BoundaryKind } from './model/boundary.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';
import type { Patch } from './model/patch.js';
import { positionOf } from './model/position.js';
import { standingAt } from './model/standing.js';
import { PAIR_ROLES, type PairAsks } from './model/work.js';
import { weightOf } from './stages/classify/ground.js';

/** Kinds whose overlaps carry an interval of the area outside. */
export const TITLE_KINDS: readonly BoundaryKind[] = ['licences', 'exploration', 'plans', 'restoration', 'lawful'];

export function asksOf(
  pairs: readonly { readonly patch: Patch; readonly boundary: Boundary }[],
  recipe: JudgementRecipe,
): PairAsks {
  return {
    toleranceM: Float64Array.from(pairs, ({ patch, boundary }) => positionOf(patch, boundary, recipe).toleranceM),
    roles: Uint8Array.from(pairs, rolesOf),
    maxShiftM: recipe.maxShiftM,
    leastBeyondM2: recipe.minOutsideM2,
    leastPieceM2: recipe.minPieceM2,
  };
}

function rolesOf({ patch, boundary }: { readonly patch: Patch; readonly boundary: Boundary }): number {
  const { kind } = boundary;
  if (boundary.excludedReason !== null || !TITLE_KINDS.includes(kind)) return 0;
  const at = standingAt(boundary, patch.dateBefore, patch.dateAfter);
  if (!at || (at.standing === 'superseded' && kind !== 'licences')) return 0;
  const near = { boundary, validity: at.validity };
  const licence = kind === 'licences' && counts(near);
  return PAIR_ROLES.title + (licence ? PAIR_ROLES.licence : 0) + (weightOf(near) === null ? 0 : PAIR_ROLES.ground);
}
