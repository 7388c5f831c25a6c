/** Attribution: a patch with the register polygons it meets or comes near to, each with what its dates and status say. */
import type { Boundary } from './boundary.js';
import type { Overlap, Patch, ViolationCode } from './patch.js';
import type { JudgementRecipe } from './recipe.js';

/**
 * Of a register polygon at the dates of a patch. `valid`: in force on the later date (also where a renewal is accepted);
 * `ended`: cancelled or closed by its status; `unknown`: dates missing on either side, so that it counts as valid.
 */
export type Validity = 'valid' | 'unknown' | 'expired' | 'not-yet' | 'ended';

export interface NearBoundary {
  readonly boundary: Boundary;
  readonly overlap: Overlap;
  readonly validity: Validity;
}

export interface AttributedPatch {
  readonly patch: Patch;
  /** Sorted by area inside (largest first), then distance, then id. */
  readonly near: readonly NearBoundary[];
}

/** Valid or not known to be otherwise. */
export function counts(near: NearBoundary): boolean {
  return (near.validity === 'valid' || near.validity === 'unknown') && near.boundary.excludedReason === null;
}

/** What the overlay measured against the union of the licences that count. */
export interface OutsideMeasure {
  readonly outsideM2: number;
  readonly outsideM: number | null;
  readonly beyondToleranceM2: number;
}

/** The suspicion before it is scored. */
export interface Classification extends OutsideMeasure {
  readonly violations: readonly ViolationCode[];
  readonly licenceNo: string | null;
  readonly reasons: readonly string[];
}

/** The measures classification needs; null where there is no polygon of that kind near. */
export interface Measures {
  /** Against every mining licence that counts. */
  readonly licences: OutsideMeasure;
  /** Against the plan areas that belong to the licences under the patch. */
  readonly plans: OutsideMeasure | null;
  /** Against the restoration projects in force. */
  readonly restoration: OutsideMeasure | null;
}

/** Positional tolerance of a patch against a boundary, metres. */
export function toleranceOf(patch: Pick<Patch, 'sigmaM'>, recipe: Pick<JudgementRecipe, 'toleranceSigmas'>): number {
  return recipe.toleranceSigmas * patch.sigmaM;
}

/** Licences that count: in force, or not known to be otherwise. */
export function countingLicences({ near }: AttributedPatch): readonly NearBoundary[] {
  return near.filter((item) => item.boundary.kind === 'licences' && counts(item));
}

/** Plan areas that belong to a licence under the patch: by its number, or by lying under the patch without one. */
export function plansUnder(attributed: AttributedPatch): readonly NearBoundary[] {
  const numbers = new Set(
    countingLicences(attributed)
      .filter(({ overlap }) => overlap.areaInsideM2 > 0)
      .map(({ boundary }) => boundary.number),
  );
  if (numbers.size === 0) return [];
  return attributed.near.filter(
    (item) =>
      item.boundary.kind === 'plans' &&
      counts(item) &&
      (item.boundary.number === null ? item.overlap.areaInsideM2 > 0 : numbers.has(item.boundary.number)),
  );
}

export function restorationProjects({ near }: AttributedPatch): readonly NearBoundary[] {
  return near.filter((item) => item.boundary.kind === 'restoration' && counts(item) && item.overlap.areaInsideM2 > 0);
}
