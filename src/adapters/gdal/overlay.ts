/**
 * overlay: how each patch lies to each boundary near it. Cut by GEOS in the patch's local plane, areas on the ellipsoid after
 * the way back, distances divided by the plane's scale at the patch. The answer for a patch depends on it and on the boundary
 * only, so neither the order nor the grouping of the inputs matters. Accuracy: areas 1e-7 relative; distances see geo/distance.
 */
import Flatbush from 'flatbush';
import { boxOf, greatestDistance, leastDistance, segmentsOf } from '../../geo/distance.js';
import { metresPerDegree, perimeterM, polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { isInside } from '../../geo/interior-point.js';
import type { Box, MultiPolygonRings } from '../../model/grid.js';
import type { Overlap } from '../../model/patch.js';
import type { WorkCatalogue } from '../../model/work.js';
import { combine, fromGeometry } from './geometry.js';
import { boxDistance, cutTo, PlanarCache, type PlanarPolygon, planarPolygon, planeOf, widen } from './planar-cache.js';

/** A sliver thinner than this along the patch's edge is the rounding of coordinates (1e-9° = 0.1 mm), not ground. */
export const SLIVER_M = 0.001;

type Input = WorkCatalogue['overlay']['input'];

export function overlay(input: Input): WorkCatalogue['overlay']['output'] {
  const { patches, boundaries, reachM } = input;
  if (boundaries.length === 0) return patches.map(() => []);
  const index = new Flatbush(boundaries.length);
  for (const { geometry } of boundaries) index.add(...boxOf(geometry));
  index.finish();
  const cache = new PlanarCache(boundaries.map(({ geometry }) => geometry));
  return patches.map((patch) => {
    if (patch.length === 0) return [];
    const plane = planeOf(patch);
    const planar = planarPolygon(patch, plane);
    const box = boxOf(patch);
    const scale = plane.scaleAt((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
    const { areaM2 } = planar;
    const sliverM2 = SLIVER_M * perimeterM(patch);
    const found: Overlap[] = [];
    for (const candidate of index.search(...reachBox(box, reachM))) {
      const boundary = boundaries[candidate];
      if (!boundary) continue;
      const other = cache.get(candidate, plane);
      const lie = relate(planar, other, reachM * scale, { areaM2, sliverM2 }, (rings) =>
        polygonAreaM2(plane.toLonLat(rings)),
      );
      if (!lie) continue;
      found.push({
        boundaryId: boundary.id,
        kind: boundary.kind,
        areaInsideM2: lie.insideM2,
        areaOutsideM2: areaM2 - lie.insideM2,
        greatestOutsideM: lie.greatest / scale,
        distanceM: lie.distance / scale,
      });
    }
    return found.sort((a, b) => (a.boundaryId < b.boundaryId ? -1 : a.boundaryId > b.boundaryId ? 1 : 0));
  });
}

/** A lon/lat box widened by metres, a little generously. */
export function reachBox(box: Box, reachM: number): [number, number, number, number] {
  const scale = metresPerDegree(Math.min(89, Math.max(Math.abs(box[1]), Math.abs(box[3]))));
  const lon = (reachM / scale.lon) * 1.01;
  const lat = (reachM / scale.lat) * 1.01;
  return [box[0] - lon, box[1] - lat, box[2] + lon, box[3] + lat];
}

interface Lie {
  readonly insideM2: number;
  readonly greatest: number;
  readonly distance: number;
}

function relate(
  patch: PlanarPolygon,
  other: PlanarPolygon,
  reach: number,
  { areaM2, sliverM2 }: { readonly areaM2: number; readonly sliverM2: number },
  ellipsoidM2: (rings: MultiPolygonRings) => number,
): Lie | null {
  if (boxDistance(patch.box, other.box) > reach) return null;
  // Where no edge of the boundary comes near, the patch is wholly inside or wholly outside.
  const near = segmentsOf(other.rings, patch.box);
  const inside =
    near.length === 0
      ? isInsideAt(other, patch)
        ? patch.rings
        : []
      : fromGeometry(combine('intersection', patch.geometry, cutTo(other, widen(patch.box, 1))));
  const wholly = near.length === 0 && inside.length > 0;
  const insideM2 = wholly ? areaM2 : clean(ellipsoidM2(inside), areaM2, sliverM2);
  if (insideM2 === areaM2) return { insideM2, greatest: 0, distance: 0 };
  const reachable = nearSegments(patch, other, reach);
  const distance = insideM2 > 0 ? 0 : polygonDistance(patch, other, reachable);
  if (distance > reach) return null;
  const outside =
    near.length === 0
      ? patch.rings
      : fromGeometry(combine('difference', patch.geometry, cutTo(other, widen(patch.box, 1))));
  return { insideM2, greatest: greatestDistance(outside, reachable), distance };
}

function clean(insideM2: number, areaM2: number, sliverM2: number): number {
  if (insideM2 < sliverM2) return 0;
  return areaM2 - insideM2 < sliverM2 ? areaM2 : insideM2;
}

function isInsideAt(other: PlanarPolygon, patch: PlanarPolygon): boolean {
  const [x, y] = patch.rings[0]?.[0]?.[0] ?? [Number.NaN, Number.NaN];
  return isInside(other.rings, x, y);
}

/** The edges that can be nearest to a point of the patch, given that the two are within reach of each other. */
function nearSegments(patch: PlanarPolygon, other: PlanarPolygon, reach: number): Float64Array {
  const [minX, minY, maxX, maxY] = patch.box;
  return segmentsOf(other.rings, widen(patch.box, reach + Math.hypot(maxX - minX, maxY - minY)));
}

/** Between polygons that do not overlap. */
function polygonDistance(patch: PlanarPolygon, other: PlanarPolygon, reachable: Float64Array): number {
  return patch.geometry.intersects(other.geometry) ? 0 : leastDistance(reachable, patch.segments);
}
