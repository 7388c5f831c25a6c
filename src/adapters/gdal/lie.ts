/** lie: how one patch lies to one boundary: areas inside and outside, greatest distance outside, distance. */
import { anyTouchesBox, isInsideEdges, leastDistance, type Segments, segmentsWithin } from '../../geo/distance.js';
import { farthest } from '../../geo/farthest.js';
import type { Overlap } from '../../model/patch.js';
import { boxDistance, widen } from './planar-cache.js';
import type { BoundaryShape, Flat, PatchShape } from './shapes.js';

/** Distances are NaN where they were not asked for. */
export type Lie = Omit<Overlap, 'boundaryId' | 'kind'>;

/** Null where they are farther apart than `reachM`. */
export function lieOf(
  patch: PatchShape,
  boundary: BoundaryShape,
  { reachM, areasOnly }: { readonly reachM: number; readonly areasOnly: boolean },
): Lie | null {
  const { areaM2 } = patch;
  const edgesNear = anyTouchesBox(boundary.shape.segments, patch.shape.box);
  const insideM2 = edgesNear ? patch.areaOf(patch.inside(boundary)) : holds(boundary, patch) ? areaM2 : 0;
  const areas = { areaInsideM2: insideM2, areaOutsideM2: areaM2 - insideM2 };
  if (insideM2 === areaM2) return { ...areas, greatestOutsideM: 0, distanceM: 0 };
  const meet = insideM2 > 0 || (edgesNear && patch.shape.geometry.intersects(boundary.shape.geometry));
  if (areasOnly && (meet || reachM === 0)) {
    return meet ? { ...areas, greatestOutsideM: Number.NaN, distanceM: 0 } : null;
  }
  const { scale, flat } = patch;
  const reach = reachM * scale;
  const other = boundary.flatIn(patch.plane);
  if (boxDistance(flat.box, other.box) > reach) return null;
  const near = nearEdges(flat, other, reach);
  const distance = meet ? 0 : leastDistance(near, flat.edges);
  if (distance > reach) return null;
  if (areasOnly) return { ...areas, greatestOutsideM: Number.NaN, distanceM: distance / scale };
  const target = { segments: near };
  const greatest = farthest(
    flat.edges,
    meet ? { ...target, holds: (x, y) => isInsideEdges(other.edges, x, y) } : target,
  );
  return { ...areas, greatestOutsideM: greatest / scale, distanceM: distance / scale };
}

/** Of a patch near which the boundary has no edge: it is wholly inside or wholly outside. */
export function holds(boundary: BoundaryShape, patch: PatchShape): boolean {
  const { segments } = patch.shape;
  return isInsideEdges(boundary.shape.segments, segments[0] ?? Number.NaN, segments[1] ?? Number.NaN);
}

/** The edges that can be nearest to a point of the patch, given that the two are within reach of each other. */
function nearEdges(patch: Flat, other: Flat, reach: number): Segments {
  const [minX, minY, maxX, maxY] = patch.box;
  return segmentsWithin(other.edges, widen(patch.box, reach + Math.hypot(maxX - minX, maxY - minY)));
}
