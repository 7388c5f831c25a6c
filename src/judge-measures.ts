/**
 * judge-measures: what the children measure for judging: each title that a patch lies partly in by itself, and the licences that
 * count, the plans and the projects as unions. What an overlay told already is not measured again.
 */
import {
  type AttributedPatch,
  countingLicences,
  type Measures,
  type NearBoundary,
  plansInForce,
  projectsInForce,
} from './model/attribution.js';
import type { Boundary } from './model/boundary.js';
import type { MultiPolygonRings } from './model/grid.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';
import { positionOf } from './model/position.js';
import type { OutsideReading } from './model/work.js';
import { type PatchFacts, unionKey } from './overlaps.js';
import { TITLE_KINDS } from './pair-asks.js';
import type { WorkPool } from './ports/work-pool.js';

export interface PatchMeasures extends Measures {
  /** By boundary id: titles that the patch lies partly in. */
  readonly single: ReadonlyMap<string, OutsideReading>;
}

/** To 0.01 m² and 0.01 m: what is shown is what was judged. */
export const cents = (value: number): number => Math.round(value * 100) / 100;

/** In the order of `attributed`, as `known` is. */
export async function measureAll(
  attributed: readonly AttributedPatch[],
  known: readonly Pick<PatchFacts, 'readings'>[],
  recipe: JudgementRecipe,
  pool: WorkPool,
): Promise<PatchMeasures[]> {
  const asked = new Questions(recipe, new Map(attributed.map((item, k) => [item, known[k]?.readings])));
  const wanted = attributed.map((item) => ({
    item,
    single: item.near
      .filter(isPartlyInTitle)
      .map((near) => ({ id: near.boundary.id, answer: asked.about(item, [near]) })),
    licences: asked.union(item, countingLicences(item)),
    plans: asked.union(item, plansInForce(item)),
    projects: asked.union(item, projectsInForce(item)),
    held: heldBy(item, asked),
  }));
  await asked.ask(pool);
  return wanted.map(({ item, single, licences, plans, projects, held }) => ({
    single: new Map(single.map(({ id, answer }) => [id, answer()])),
    licences: licences?.() ?? whole(item.patch.areaM2, null),
    plans: plans?.() ?? null,
    projects: projects?.() ?? null,
    held: held?.() ?? null,
  }));
}

/** Ground that a licence and a project share between them. */
function heldBy(item: AttributedPatch, asked: Questions): (() => OutsideReading) | undefined {
  const licences = countingLicences(item).filter(({ overlap }) => overlap.areaInsideM2 > 0);
  const projects = projectsInForce(item);
  return licences.length > 0 && projects.length > 0 ? asked.union(item, [...licences, ...projects]) : undefined;
}

function isPartlyInTitle({ boundary, overlap }: NearBoundary): boolean {
  return (
    TITLE_KINDS.includes(boundary.kind) &&
    boundary.excludedReason === null &&
    overlap.areaInsideM2 > 0 &&
    overlap.areaOutsideM2 > 0
  );
}

/** All of it is outside, whatever the tolerance. */
function whole(areaM2: number, outsideM: number | null, toleranceM = 0): OutsideReading {
  return {
    outsideM2: areaM2,
    outsideM,
    beyondToleranceM2: areaM2,
    withinToleranceM2: areaM2,
    outsideRangeM: outsideM === null ? null : [Math.max(0, outsideM - toleranceM), outsideM + toleranceM],
    shift: null,
  };
}

type Item = {
  patch: MultiPolygonRings;
  boundaries: number[];
  toleranceM: number[];
  maxShiftM: number;
};

/** Gathers what is to be measured, each question once, and asks it in one message. */
class Questions {
  readonly #recipe: JudgementRecipe;
  readonly #places = new Map<string, number>();
  readonly #boundaries: Boundary['geometry'][] = [];
  readonly #items: Item[] = [];
  readonly #known: ReadonlyMap<AttributedPatch, ReadonlyMap<string, OutsideReading> | undefined>;
  readonly #asked = new Map<AttributedPatch, Map<string, number>>();
  #answers: readonly OutsideReading[] = [];

  constructor(
    recipe: JudgementRecipe,
    known: ReadonlyMap<AttributedPatch, ReadonlyMap<string, OutsideReading> | undefined>,
  ) {
    this.#recipe = recipe;
    this.#known = known;
  }

  /** Undefined without boundaries. Where none is within the tolerance of the patch, nothing of it can be inside. */
  union(item: AttributedPatch, chosen: readonly NearBoundary[]): (() => OutsideReading) | undefined {
    const [only, second] = chosen;
    if (!only) return undefined;
    const toleranceM = this.#toleranceM(item, only);
    if (!second && only.overlap.distanceM > toleranceM) {
      const reading = rounded(whole(item.patch.areaM2, only.overlap.greatestOutsideM, toleranceM));
      return () => reading;
    }
    return this.about(item, chosen);
  }

  about(item: AttributedPatch, chosen: readonly NearBoundary[]): () => OutsideReading {
    const key = unionKey(chosen.map(({ boundary }) => boundary.id));
    const known = this.#known.get(item)?.get(key);
    if (known) return () => rounded(known);
    const asked = this.#asked.get(item) ?? new Map<string, number>();
    this.#asked.set(item, asked);
    const place = asked.get(key) ?? this.#add(item, chosen);
    asked.set(key, place);
    return () => {
      const answer = this.#answers[place];
      if (!answer) throw new RangeError('measures are read after they were asked for');
      return answer;
    };
  }

  async ask(pool: WorkPool): Promise<void> {
    if (this.#items.length === 0) return;
    const readings = await pool.run('outside', { boundaries: this.#boundaries, items: this.#items });
    this.#answers = readings.map(rounded);
  }

  #add(item: AttributedPatch, chosen: readonly NearBoundary[]): number {
    const isLicence = chosen.every(({ boundary }) => boundary.kind === 'licences');
    const count = this.#items.push({
      patch: item.patch.geometry,
      boundaries: chosen.map(({ boundary }) => this.#placeOf(boundary)),
      toleranceM: chosen.map((near) => this.#toleranceM(item, near)),
      maxShiftM: isLicence ? this.#recipe.maxShiftM : 0,
    });
    return count - 1;
  }

  #toleranceM({ patch }: AttributedPatch, { boundary }: NearBoundary): number {
    return positionOf(patch, boundary, this.#recipe).toleranceM;
  }

  #placeOf(boundary: Boundary): number {
    const known = this.#places.get(boundary.id);
    if (known !== undefined) return known;
    this.#places.set(boundary.id, this.#boundaries.length);
    return this.#boundaries.push(boundary.geometry) - 1;
  }
}

function rounded(reading: OutsideReading): OutsideReading {
  const { outsideRangeM, shift } = reading;
  return {
    outsideM2: cents(reading.outsideM2),
    outsideM: reading.outsideM === null ? null : cents(reading.outsideM),
    beyondToleranceM2: cents(reading.beyondToleranceM2),
    withinToleranceM2: cents(reading.withinToleranceM2),
    outsideRangeM: outsideRangeM && [cents(outsideRangeM[0]), cents(outsideRangeM[1])],
    shift: shift && {
      ...shift,
      dxM: cents(shift.dxM),
      dyM: cents(shift.dyM),
      distanceM: cents(shift.distanceM),
      restM2: cents(shift.restM2),
    },
  };
}
