/** Attribution: a patch with the register polygons it meets or comes near to, each with what its dates, status and coordinates say. */
import type { Boundary } from './boundary.js';
import type { JudgementRecipe } from './judgement-recipe.js';
import type { Finding, Overlap, Patch, Position } from './patch.js';
import { positionOf } from './position.js';
import type { Standing, Validity } from './standing.js';
import { plainNumber } from './versions.js';
import type { ViolationCode } from './violation.js';
import type { OutsideReading } from './work.js';

export interface NearBoundary {
  readonly boundary: Boundary;
  readonly overlap: Overlap;
  readonly validity: Validity;
  /** Which of the standings of model/standing.ts, by name. */
  readonly standing: Standing;
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

/** Valid or not known to be otherwise. A suspended licence holds its ground: what is dug there is a question of time, not of place. */
export function counts({ validity, boundary }: Pick<NearBoundary, 'validity' | 'boundary'>): boolean {
  return (
    (validity === 'valid' || validity === 'unknown' || validity === 'suspended') && boundary.excludedReason === null
  );
}

/** The suspicion before it is scored. */
export interface Classification {
  readonly violations: readonly ViolationCode[];
  readonly licenceNo: string | null;
  readonly findings: readonly Finding[];
}

/** The measures classification needs; null where there is no polygon of that kind near. */
export interface Measures {
  /** Against every mining licence that counts. */
  readonly licences: OutsideReading;
  /** Against the plan areas that belong to the licences under the patch and are in their stage. */
  readonly plans: OutsideReading | null;
  /** Against the projects in force (restoration, approved uses). */
  readonly projects: OutsideReading | null;
  /** Against licences that count and projects in force together; null where the patch meets only one of the two. */
  readonly held: OutsideReading | null;
}

/** Licences that count: in force, or not known to be otherwise. */
export function countingLicences({ near }: AttributedPatch): readonly NearBoundary[] {
  return near.filter((item) => item.boundary.kind === 'licences' && counts(item));
}

/** Plan areas that belong to a licence under the patch: by its number, or by lying under the patch without one. */
export function plansOfLicences(attributed: AttributedPatch): readonly NearBoundary[] {
  const numbers = new Set(
    countingLicences(attributed)
      .filter(({ overlap }) => overlap.areaInsideM2 > 0)
      .map(({ boundary }) => plainNumber(boundary.number)),
  );
  if (numbers.size === 0) return [];
  return attributed.near.filter(
    ({ boundary, overlap }) =>
      boundary.kind === 'plans' &&
      boundary.excludedReason === null &&
      (plainNumber(boundary.number) === '' ? overlap.areaInsideM2 > 0 : numbers.has(plainNumber(boundary.number))),
  );
}

export function plansInForce(attributed: AttributedPatch): readonly NearBoundary[] {
  return plansOfLicences(attributed).filter(counts);
}

/** Projects in whose name digging may go on, in force and under the patch. */
export function projectsInForce({ near }: AttributedPatch): readonly NearBoundary[] {
  return near.filter((item) => isProject(item) && counts(item) && item.overlap.areaInsideM2 > 0);
}

export function isProject({ boundary }: Pick<NearBoundary, 'boundary'>): boolean {
  return boundary.kind === 'restoration' || boundary.kind === 'lawful';
}

/** Position of the patch and the licence that holds or is nearest to it. */
export function licencePosition(attributed: AttributedPatch, recipe: JudgementRecipe): Position {
  const [first] = countingLicences(attributed);
  return positionOf(attributed.patch, first?.boundary ?? null, recipe);
}
