/**
 * outside: the part of a patch that lies in none of the named boundaries, with what an error of position leaves of it.
 * `rest` is the patch less each boundary (in the order of their content, so that the caller's order does not matter). Ground
 * nearer to an edge than the tolerance may lie on either side of it: that band (arcs of 64 chords to the circle: short by at most
 * 0.13 %) is taken from `rest` for the least area outside (`beyondToleranceM2`) and added to it for the greatest
 * (`withinToleranceM2`; an edge between two boundaries does not count there).
 * Areas on the ellipsoid. Distances to the union by branch and bound (0.01 m at the rim, see geo/distance).
 * Out: OutsideReading (model/work.ts), one for each item.
 */
import type gdal from 'gdal-async';
import { boxOf, segmentsOf } from '../../geo/distance.js';
import { perimeterM } from '../../geo/ellipsoid-area.js';
import { isInside } from '../../geo/interior-point.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { OutsideReading, WorkCatalogue } from '../../model/work.js';
import { bandAlong, bandAround, outlineNear, type Zone } from './edge-band.js';
import { combine, fromGeometry } from './geometry.js';
import { SLIVER_M } from './lie.js';
import { depthInside, farthestOutside } from './outside-distance.js';
import { areaOf, clean, less, rawM2, type Subject } from './outside-part.js';
import { PlanarCache, planarPolygon, planeOf, widen } from './planar-cache.js';
import { shiftOf } from './shifted.js';

type Input = WorkCatalogue['outside']['input'];

export function outside(input: Input): OutsideReading[] {
  const cache = new PlanarCache(input.boundaries);
  return input.items.map(({ patch, boundaries, toleranceM, maxShiftM }) => {
    if (patch.length === 0) return withoutBoundary(patch);
    const plane = planeOf(patch);
    const [minLon, minLat, maxLon, maxLat] = boxOf(patch);
    const scale = plane.scaleAt((minLon + maxLon) / 2, (minLat + maxLat) / 2);
    const zones = boundaries
      .map((index, place): Zone => {
        return { place, polygon: cache.get(index, plane), tolerance: (toleranceM[place] ?? 0) * scale };
      })
      .filter(({ polygon }) => polygon.segments.length > 0)
      .sort(byContent)
      .filter((zone, i, sorted) => i === 0 || byContent(sorted[i - 1] as Zone, zone) !== 0);
    if (zones.length === 0) return withoutBoundary(patch);
    const subject = { ...planarPolygon(patch, plane), plane, scale, sliverM2: SLIVER_M * perimeterM(patch) };
    return measure(subject, zones, maxShiftM * scale);
  });
}

function withoutBoundary(patch: MultiPolygonRings): OutsideReading {
  const areaM2 = patch.length === 0 ? 0 : planarPolygon(patch, planeOf(patch)).areaM2;
  return { ...areas(areaM2, areaM2, areaM2), outsideM: null, outsideRangeM: null, shift: null };
}

function measure(patch: Subject, zones: readonly Zone[], maxShift: number): OutsideReading {
  const near = zones.filter((zone) => segmentsOf(zone.polygon.rings, widen(patch.box, zone.tolerance)).length > 0);
  const [x, y] = patch.rings[0]?.[0]?.[0] ?? [Number.NaN, Number.NaN];
  // without an edge near, a boundary holds all of the patch, deeper than the tolerance, or nothing of it
  if (zones.some((zone) => !near.includes(zone) && isInside(zone.polygon.rings, x, y))) {
    return { ...areas(0, 0, 0), outsideM: 0, outsideRangeM: [0, 0], shift: null };
  }
  const rest = less(patch, near);
  const outsideM2 = areaOf(patch, rest);
  const outline = outlineNear(near, patch.box);
  const restRings = outsideM2 === 0 ? [] : fromGeometry(rest);
  const { far, least, most } =
    outsideM2 === 0 ? depthInside(patch.segments, near, segmentsOf(outline)) : farthestOutside(restRings, zones);
  const [beyondToleranceM2, withinToleranceM2] = interval(patch, rest, { near, outline, least, most, outsideM2 });
  const partly = beyondToleranceM2 > 0 && outsideM2 < patch.areaM2;
  return {
    ...areas(outsideM2, beyondToleranceM2, withinToleranceM2),
    outsideM: far / patch.scale,
    outsideRangeM: [least / patch.scale, most / patch.scale],
    shift: partly && maxShift > 0 ? shiftOf(patch, restRings, zones, maxShift) : null,
  };
}

function areas(outsideM2: number, beyondToleranceM2: number, withinToleranceM2: number) {
  return { outsideM2, beyondToleranceM2, withinToleranceM2 };
}

/** The least and the greatest area outside. */
function interval(
  patch: Subject,
  rest: gdal.Geometry,
  found: {
    readonly near: readonly Zone[];
    readonly outline: MultiPolygonRings;
    readonly least: number;
    readonly most: number;
    readonly outsideM2: number;
  },
): [beyondM2: number, withinM2: number] {
  const { near, outline, least, most, outsideM2 } = found;
  if (most === 0) return [0, 0];
  const band = bandAround(near, patch.box);
  if (!band) return [outsideM2, outsideM2];
  const sure = least === 0 ? 0 : rawM2(patch, combine('difference', rest, band));
  const beyondM2 = clean(sure, patch);
  if (outsideM2 === patch.areaM2) return [beyondM2, outsideM2];
  const unsure = near.length === 1 ? band : bandAlong(outline, near, patch.box);
  if (!unsure) return [beyondM2, outsideM2];
  const rather = near.length === 1 ? sure : rawM2(patch, combine('difference', rest, unsure));
  const withinM2 = clean(rather + rawM2(patch, combine('intersection', patch.geometry, unsure)), patch);
  return [beyondM2, Math.max(outsideM2, withinM2)];
}

function byContent(a: Zone, b: Zone): number {
  const [these, those] = [a.polygon.segments, b.polygon.segments];
  for (let i = 0; i < Math.min(these.length, those.length); i++) {
    const difference = (these[i] as number) - (those[i] as number);
    if (difference !== 0) return difference;
  }
  return these.length - those.length || a.tolerance - b.tolerance;
}
