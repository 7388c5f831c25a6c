/**
 * outside: the part of a patch that lies in none of the named boundaries, with what an error of position leaves of it.
 * `rest` is the patch less each boundary (in the order of their content, so that the caller's order does not matter). Ground
 * nearer to an edge than the tolerance may lie on either side of it: that band (arcs of 64 chords to the circle: short by at most
 * 0.13 %) is taken from `rest` for the least area outside (`beyondToleranceM2`) and added to it for the greatest
 * (`withinToleranceM2`; an edge between two boundaries does not count there).
 * Cut in degrees, areas on the ellipsoid. Distances to the union by branch and bound (0.01 m at the rim, see geo/farthest).
 * Out: OutsideReading (model/work.ts), one for each item.
 */
import type gdal from 'gdal-async';
import { anyTouchesBox, type Segments } from '../../geo/distance.js';
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import type { OutsideReading, WorkCatalogue } from '../../model/work.js';
import { bandAlong, bandAround, outlineNear, type Zone } from './edge-band.js';
import { combine, fromGeometry } from './geometry.js';
import { holds, type Lie } from './lie.js';
import { depthInside, farthestOutside } from './outside-distance.js';
import { widen } from './planar-cache.js';
import { Boundaries, type BoundaryShape, PatchShape } from './shapes.js';
import { PRECISION_M, shiftOf } from './shifted.js';

export function outside(input: WorkCatalogue['outside']['input']): OutsideReading[] {
  const shapes = new Boundaries((place) => input.boundaries[place] ?? []);
  return input.items.map(({ patch: rings, boundaries, toleranceM, maxShiftM }) => {
    if (rings.length === 0) return withoutBoundary(0);
    const patch = new PatchShape(rings);
    const zones = zonesOf(
      patch,
      boundaries.map((index, place) => ({ boundary: shapes.get(index), toleranceM: toleranceM[place] ?? 0 })),
    );
    if (zones.length === 0) return withoutBoundary(patch.areaM2);
    return measureOutside(patch, zones, { maxShiftM, leastBeyondM2: 0 }, null);
  });
}

/** In the order of their content, each once. */
export function zonesOf(
  { plane, scale }: PatchShape,
  named: readonly { readonly boundary: BoundaryShape; readonly toleranceM: number }[],
): Zone[] {
  return named
    .map(({ boundary, toleranceM }, place): Zone => {
      return { place, boundary, flat: boundary.flatIn(plane), tolerance: toleranceM * scale };
    })
    .filter(({ flat }) => flat.edges.length > 0)
    .sort(byContent)
    .filter((zone, i, sorted) => i === 0 || byContent(sorted[i - 1] as Zone, zone) !== 0);
}

/** Where a patch lies deeper inside than the tolerance. */
export const NOTHING_OUTSIDE: OutsideReading = {
  ...areas(0, 0, 0),
  outsideM: 0,
  outsideRangeM: [0, 0],
  shift: null,
};

/** When a shift of a boundary is looked for, and how long one. */
export interface ShiftWish {
  readonly maxShiftM: number;
  readonly leastBeyondM2: number;
}

function withoutBoundary(areaM2: number): OutsideReading {
  return { ...areas(areaM2, areaM2, areaM2), outsideM: null, outsideRangeM: null, shift: null };
}

function areas(outsideM2: number, beyondToleranceM2: number, withinToleranceM2: number) {
  return { outsideM2, beyondToleranceM2, withinToleranceM2 };
}

/** `known`: how the patch lies to the only zone, where that was measured before. At least one zone. */
export function measureOutside(
  patch: PatchShape,
  zones: readonly Zone[],
  { maxShiftM, leastBeyondM2 }: ShiftWish,
  known: Lie | null,
): OutsideReading {
  const { flat, plane, scale, areaM2 } = patch;
  const near = zones.filter((zone) => anyTouchesBox(zone.flat.edges, widen(flat.box, zone.tolerance)));
  // without an edge near, a boundary holds all of the patch, deeper than the tolerance, or nothing of it
  if (zones.some((zone) => !near.includes(zone) && holds(zone.boundary, patch))) {
    return NOTHING_OUTSIDE;
  }
  const rest = (): gdal.Geometry => patch.outside(near.map(({ boundary }) => boundary));
  const outsideM2 = known?.areaOutsideM2 ?? (near.length === 0 ? areaM2 : patch.areaOf(rest()));
  const outline = outlineNear(near, patch);
  const { far, least, most } =
    outsideM2 === 0
      ? depthInside(flat.edges, near, outline)
      : farthestOutside(flat.edges, zones, known && known.greatestOutsideM * scale);
  const [beyondToleranceM2, withinToleranceM2] = interval(patch, rest, { near, outline, least, most, outsideM2 });
  const maxShift = maxShiftM * scale;
  const asked = maxShift > 0 && beyondToleranceM2 > 0 && beyondToleranceM2 >= leastBeyondM2 && outsideM2 < areaM2;
  // what lies farther out than that no shift takes in
  const within = far <= maxShift + Math.max(...zones.map(({ tolerance }) => tolerance)) + PRECISION_M;
  return {
    ...areas(outsideM2, beyondToleranceM2, withinToleranceM2),
    outsideM: far / scale,
    outsideRangeM: [least / scale, most / scale],
    shift: asked && within ? shiftOf(patch, plane.edgesOf(fromGeometry(rest())), zones, maxShift) : null,
  };
}

/** The least and the greatest area outside. */
function interval(
  patch: PatchShape,
  rest: () => gdal.Geometry,
  found: {
    readonly near: readonly Zone[];
    readonly outline: Segments;
    readonly least: number;
    readonly most: number;
    readonly outsideM2: number;
  },
): [beyondM2: number, withinM2: number] {
  const { near, outline, least, most, outsideM2 } = found;
  if (most === 0) return [0, 0];
  const band = bandAround(near, patch);
  if (!band) return [outsideM2, outsideM2];
  const sure = least === 0 ? 0 : rawM2(combine('difference', rest(), band));
  const beyondM2 = patch.cleaned(sure);
  if (outsideM2 === patch.areaM2) return [beyondM2, outsideM2];
  const unsure = near.length === 1 ? band : bandAlong(outline, near, patch);
  if (!unsure) return [beyondM2, outsideM2];
  const rather = near.length === 1 ? sure : rawM2(combine('difference', rest(), unsure));
  const withinM2 = patch.cleaned(rather + rawM2(combine('intersection', patch.shape.geometry, unsure)));
  return [beyondM2, Math.max(outsideM2, withinM2)];
}

/** With slivers. */
function rawM2(part: gdal.Geometry): number {
  return polygonAreaM2(fromGeometry(part));
}

function byContent(a: Zone, b: Zone): number {
  const [these, those] = [a.flat.edges, b.flat.edges];
  for (let i = 0; i < Math.min(these.length, those.length); i++) {
    const difference = (these[i] as number) - (those[i] as number);
    if (difference !== 0) return difference;
  }
  return these.length - those.length || a.tolerance - b.tolerance;
}
