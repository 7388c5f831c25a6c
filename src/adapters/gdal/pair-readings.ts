/**
 * pair-readings: what judging asks of a patch beside its overlaps, from the shapes that were made for these: error bars of each title that
 * it lies partly in and of the licences that count together (method: outside.ts), and its two parts where one title cuts it (split.ts).
 * What an overlap tells already is not measured again. In: pairs within reach, patch by patch. Out: PairAnswers but for the overlaps.
 */
import { anyTouchesBox } from '../../geo/distance.js';
import { packPolygons } from '../../geo/packed.js';
import { PAIR_ROLES, type PairAnswers, type PairAsks } from '../../model/work.js';
import type { Lie } from './lie.js';
import { measureOutside, NOTHING_OUTSIDE, type ShiftWish, zonesOf } from './outside.js';
import { reachBox } from './reach-box.js';
import type { BoundaryShape, PatchShape } from './shapes.js';
import { type Part, partOf } from './split.js';

export interface MetPair {
  /** Its place. */
  readonly pair: number;
  readonly boundary: BoundaryShape;
  readonly lie: Lie;
}

export class PairReadings {
  readonly #asks: PairAsks;
  readonly #readings: PairAnswers['readings'][number][] = [];
  readonly #cut: number[] = [];
  readonly #parts: Part[] = [];

  constructor(asks: PairAsks) {
    this.#asks = asks;
  }

  /** All pairs of a patch that are within reach. */
  add(patch: PatchShape, met: readonly MetPair[]): void {
    const licences = met.filter((one) => this.#is(one, PAIR_ROLES.licence));
    const [only, second] = licences;
    if (second) this.#together(patch, licences);
    else if (only && only.lie.distanceM <= this.#toleranceM(only)) this.#alone(patch, only, this.#asks);
    for (const one of met) {
      const partly = one.lie.areaInsideM2 > 0 && one.lie.areaOutsideM2 > 0;
      const asked = partly && this.#is(one, PAIR_ROLES.title) && (second !== undefined || one !== only);
      if (asked) this.#alone(patch, one, { maxShiftM: 0, leastBeyondM2: 0 });
    }
    this.#cutBy(patch, met);
  }

  answers(): Omit<PairAnswers, 'overlaps'> {
    const parts = packPolygons(this.#parts.map(({ geometry }) => geometry));
    const areasM2 = Float64Array.from(this.#parts, ({ areaM2 }) => areaM2);
    return { readings: this.#readings, cuts: { pairs: this.#cut, parts, areasM2 } };
  }

  #together(patch: PatchShape, licences: readonly MetPair[]): void {
    const named = licences.map((one) => ({ boundary: one.boundary, toleranceM: this.#toleranceM(one) }));
    const reading = measureOutside(patch, zonesOf(patch, named), this.#asks, null);
    this.#readings.push({ pairs: licences.map(({ pair }) => pair), reading });
  }

  #alone(patch: PatchShape, one: MetPair, wish: ShiftWish): void {
    const { boundary, lie, pair } = one;
    const toleranceM = this.#toleranceM(one);
    const deep =
      lie.areaOutsideM2 === 0 && !anyTouchesBox(boundary.shape.segments, reachBox(patch.shape.box, toleranceM));
    const reading = deep
      ? NOTHING_OUTSIDE
      : measureOutside(patch, zonesOf(patch, [{ boundary, toleranceM }]), wish, lie);
    this.#readings.push({ pairs: [pair], reading });
  }

  #cutBy(patch: PatchShape, met: readonly MetPair[]): void {
    const { leastPieceM2 } = this.#asks;
    const titles = met.filter(
      (one) => this.#is(one, PAIR_ROLES.ground) && one.lie.areaInsideM2 > 0 && one.lie.areaInsideM2 >= leastPieceM2,
    );
    const [only, second] = titles;
    if (!only || second || only.lie.areaOutsideM2 < leastPieceM2 || only.lie.areaOutsideM2 === 0) return;
    this.#cut.push(only.pair);
    const parts = [patch.inside(only.boundary), patch.outside([only.boundary])];
    this.#parts.push(...parts.map((part) => partOf(part, patch.sliverM2)));
  }

  #is({ pair }: MetPair, role: number): boolean {
    return ((this.#asks.roles[pair] ?? 0) & role) !== 0;
  }

  #toleranceM({ pair }: MetPair): number {
    return this.#asks.toleranceM[pair] ?? 0;
  }
}
