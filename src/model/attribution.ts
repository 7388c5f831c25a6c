/** Attribution: a patch with the register polygons it meets or comes near to, each with what its dates and status say. */
import type { Boundary } from './boundary.js';
import type { Overlap, Patch, ViolationCode } from './patch.js';
import type { JudgementRecipe } from './recipe.js';
import type { Standing, Validity } from './standing.js';

export type { Validity } from './standing.js';

export interface NearBoundary {
  readonly boundary: Boundary;
  readonly overlap: Overlap;
  readonly validity: Validity;
  /** Which of the standings of model/standing.ts, by name. */
  readonly standing?: Standing;
  /** Counts only from this day on, which lies between the two dates. */
  readonly since?: string;
  /** Chinese: what the two dates do not share about its validity. */
  readonly remark?: string;
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
