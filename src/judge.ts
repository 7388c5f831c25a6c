/**
 * judge: patches become judged patches, the same way for the one-off `diff` and for a quarter's run:
 *   overlay (children) → attribute → outside (children) → classify → score
 * The result for a patch depends on it, the boundaries within the recipe's reach, the loaded layers and the recipe only.
 */
import Flatbush from 'flatbush';
import { boxOf } from './geo/distance.js';
import { metresPerDegree } from './geo/ellipsoid-area.js';
import {
  type AttributedPatch,
  countingLicences,
  type NearBoundary,
  type OutsideMeasure,
  plansUnder,
  restorationProjects,
  toleranceOf,
} from './model/attribution.js';
import type { Boundary, BoundaryKind } from './model/boundary.js';
import type { JudgedPatch, Overlap, Patch } from './model/patch.js';
import type { JudgementRecipe } from './model/recipe.js';
import { isSecret, SECRET_REASON } from './model/zone-kinds.js';
import type { WorkPool } from './ports/work-pool.js';
import { attribute } from './stages/attribute/attribute.js';
import { classify } from './stages/classify/classify.js';
import { score } from './stages/score/score.js';

/** Patches that go to a child in one message. */
const CHUNK = 500;

export interface JudgeInput {
  readonly patches: readonly Patch[];
  /** At least every register polygon within `recipe.reachM` of a patch; more does no harm. */
  readonly boundaries: readonly Boundary[];
  /** Kinds that are loaded at all: without licences nothing is said about licences. */
  readonly layers: readonly BoundaryKind[];
  readonly recipe: JudgementRecipe;
}

/** In the order of `patches`. */
export async function judgePatches(input: JudgeInput, pool: WorkPool): Promise<JudgedPatch[]> {
  const near = nearby(input.boundaries);
  const chunks: Promise<JudgedPatch[]>[] = [];
  for (let from = 0; from < input.patches.length; from += CHUNK) {
    const patches = input.patches.slice(from, from + CHUNK);
    chunks.push(judgeChunk({ ...input, patches, boundaries: near(patches, input.recipe.reachM) }, pool));
  }
  return (await Promise.all(chunks)).flat();
}

/** The boundaries whose box comes near the box of one of the patches. */
export function nearby(boundaries: readonly Boundary[]): (patches: readonly Patch[], reachM: number) => Boundary[] {
  if (boundaries.length === 0) return () => [];
  const index = new Flatbush(boundaries.length);
  for (const { geometry } of boundaries) index.add(...boxOf(geometry));
  index.finish();
  return (patches, reachM) => {
    const found = new Set<number>();
    for (const { geometry, lat } of patches) {
      const [minLon, minLat, maxLon, maxLat] = boxOf(geometry);
      const scale = metresPerDegree(Math.min(89, Math.abs(lat) + 1));
      const [dLon, dLat] = [(1.01 * reachM) / scale.lon, (1.01 * reachM) / scale.lat];
      for (const i of index.search(minLon - dLon, minLat - dLat, maxLon + dLon, maxLat + dLat)) found.add(i);
    }
    return [...found].sort((a, b) => a - b).flatMap((i) => boundaries[i] ?? []);
  };
}

async function judgeChunk({ patches, boundaries, layers, recipe }: JudgeInput, pool: WorkPool): Promise<JudgedPatch[]> {
  const byId = new Map(boundaries.map((boundary) => [boundary.id, boundary]));
  const overlaps = await pool.run('overlay', {
    patches: patches.map(({ geometry }) => geometry),
    boundaries: boundaries.map(({ id, kind, geometry }) => ({ id, kind, geometry })),
    reachM: recipe.reachM,
  });
  const attributed = patches.map((patch, i) => attribute(patch, (overlaps[i] ?? []).map(roundOverlap), byId));
  const [licences, plans, restoration] = await Promise.all([
    outsideOf(attributed, countingLicences, recipe, pool),
    outsideOf(attributed, plansUnder, recipe, pool),
    outsideOf(attributed, restorationProjects, recipe, pool),
  ]);
  return attributed.map((item, i) => {
    const { patch } = item;
    const whole = { outsideM2: patch.areaM2, outsideM: null, beyondToleranceM2: patch.areaM2 };
    const measures = {
      licences: licences[i] ?? roundMeasure(whole),
      plans: plans[i] ?? null,
      restoration: restoration[i] ?? null,
    };
    const classification = classify(item, measures, layers, recipe);
    const { violations, licenceNo, outsideM2, outsideM, reasons } = classification;
    const judgement = {
      violations,
      licenceNo,
      outsideM2,
      outsideM,
      overlaps: item.near.map(({ overlap }) => overlap),
      reasons: [...secretReasons(item), ...reasons],
      ...score(item, classification, recipe),
    };
    return { patch, judgement };
  });
}

function secretReasons({ near }: AttributedPatch): string[] {
  return near.some(({ boundary, overlap }) => overlap.areaInsideM2 > 0 && isSecret(boundary)) ? [SECRET_REASON] : [];
}

/** Undefined where the patch has no such boundary. */
async function outsideOf(
  attributed: readonly AttributedPatch[],
  choose: (patch: AttributedPatch) => readonly NearBoundary[],
  recipe: JudgementRecipe,
  pool: WorkPool,
): Promise<(OutsideMeasure | undefined)[]> {
  const places = new Map<string, number>();
  const boundaries: Boundary['geometry'][] = [];
  const asked: number[] = [];
  const items = attributed.flatMap((item, i) => {
    const chosen = choose(item).map(({ boundary }) => {
      const known = places.get(boundary.id);
      if (known !== undefined) return known;
      places.set(boundary.id, boundaries.length);
      return boundaries.push(boundary.geometry) - 1;
    });
    if (chosen.length === 0) return [];
    asked.push(i);
    return [{ patch: item.patch.geometry, boundaries: chosen, toleranceM: toleranceOf(item.patch, recipe) }];
  });
  const results: (OutsideMeasure | undefined)[] = attributed.map(() => undefined);
  if (items.length === 0) return results;
  const measured = await pool.run('outside', { boundaries, items });
  for (const [k, i] of asked.entries()) {
    const measure = measured[k];
    if (measure) results[i] = roundMeasure(measure);
  }
  return results;
}

/** To 0.01 m² and 0.01 m: what is shown is what was judged. */
const cents = (value: number): number => Math.round(value * 100) / 100;

function roundMeasure({ outsideM2, outsideM, beyondToleranceM2 }: OutsideMeasure): OutsideMeasure {
  return {
    outsideM2: cents(outsideM2),
    outsideM: outsideM === null ? null : cents(outsideM),
    beyondToleranceM2: cents(beyondToleranceM2),
  };
}

function roundOverlap(overlap: Overlap): Overlap {
  return {
    ...overlap,
    areaInsideM2: cents(overlap.areaInsideM2),
    areaOutsideM2: cents(overlap.areaOutsideM2),
    greatestOutsideM: cents(overlap.greatestOutsideM),
    distanceM: cents(overlap.distanceM),
  };
}
