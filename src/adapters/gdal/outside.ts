/**
 * outside: the part of a patch that lies in none of the named boundaries. Each boundary is taken away in turn (in the order of
 * its content, so that the caller's order does not matter). `beyondToleranceM2` is what remains outside when the boundaries are
 * widened by the tolerance (arcs of 64 chords to the circle: the widening is short by at most 0.13 %).
 * Areas on the ellipsoid; the greatest distance to the unwidened union by branch and bound (0.01 m at the rim, see geo/distance).
 */
import type gdal from 'gdal-async';
import type { LocalPlane } from '../../geo/crs.js';
import { boxOf, greatestDistance, segmentsOf } from '../../geo/distance.js';
import { perimeterM, polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { WorkCatalogue } from '../../model/work.js';
import { combine, fromGeometry } from './geometry.js';
import { SLIVER_M } from './overlay.js';
import { cutTo, PlanarCache, type PlanarPolygon, planarPolygon, planeOf, widen } from './planar-cache.js';

const QUADRANT_SEGMENTS = 16;

type Input = WorkCatalogue['outside']['input'];
interface Size {
  readonly areaM2: number;
  readonly sliverM2: number;
}
type Result = WorkCatalogue['outside']['output'][number];

export function outside(input: Input): WorkCatalogue['outside']['output'] {
  const cache = new PlanarCache(input.boundaries);
  return input.items.map(({ patch, boundaries, toleranceM }) => {
    if (patch.length === 0) return { outsideM2: 0, outsideM: 0, beyondToleranceM2: 0 };
    const plane = planeOf(patch);
    const planar = planarPolygon(patch, plane);
    const [minLon, minLat, maxLon, maxLat] = boxOf(patch);
    const scale = plane.scaleAt((minLon + maxLon) / 2, (minLat + maxLat) / 2);
    const others = [...new Set(boundaries)].map((index) => cache.get(index, plane)).sort(byContent);
    return measure(planar, others, plane, scale, toleranceM, {
      areaM2: planar.areaM2,
      sliverM2: SLIVER_M * perimeterM(patch),
    });
  });
}

function measure(
  patch: PlanarPolygon,
  others: readonly PlanarPolygon[],
  plane: LocalPlane,
  scale: number,
  toleranceM: number,
  size: Size,
): Result {
  const tolerance = toleranceM * scale;
  const neighbourhood = widen(patch.box, 2 * tolerance + 1);
  let rest: gdal.Geometry = patch.geometry;
  let beyond: gdal.Geometry = patch.geometry;
  for (const other of others) {
    const near = cutTo(other, neighbourhood);
    if (near.isEmpty()) continue;
    rest = combine('difference', rest, near);
    if (tolerance > 0) beyond = combine('difference', beyond, near.buffer(tolerance, QUADRANT_SEGMENTS));
  }
  const outsideRings = fromGeometry(rest);
  const outsideM2 = ellipsoidM2(outsideRings, plane, size);
  const segments = joined(others.map(({ rings }) => segmentsOf(rings)));
  return {
    outsideM2,
    outsideM: outsideM2 === 0 ? 0 : segments.length === 0 ? null : greatestDistance(outsideRings, segments) / scale,
    beyondToleranceM2: tolerance > 0 ? ellipsoidM2(fromGeometry(beyond), plane, size) : outsideM2,
  };
}

function ellipsoidM2(rings: MultiPolygonRings, plane: LocalPlane, { areaM2, sliverM2 }: Size): number {
  const m2 = polygonAreaM2(plane.toLonLat(rings));
  return m2 < sliverM2 ? 0 : Math.min(m2, areaM2);
}

function byContent(a: PlanarPolygon, b: PlanarPolygon): number {
  for (let i = 0; i < Math.min(a.segments.length, b.segments.length); i++) {
    const difference = (a.segments[i] as number) - (b.segments[i] as number);
    if (difference !== 0) return difference;
  }
  return a.segments.length - b.segments.length;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
