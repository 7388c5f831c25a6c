/**
 * shifted: whether one zone, moved as a whole, takes in what lies outside. The shift comes from geo/parallel-shift; it counts only
 * where afterwards no point lies farther out than the tolerance. Of several zones, the one that has to be moved least.
 */
import { densifyLonLat } from '../../geo/densify.js';
import { type Segments, segmentsWithin } from '../../geo/distance.js';
import { parallelShift } from '../../geo/parallel-shift.js';
import type { Position } from '../../model/grid.js';
import type { BoundaryShift } from '../../model/work.js';
import type { Zone } from './edge-band.js';
import { fromGeometry } from './geometry.js';
import { beyondTolerance } from './outside-distance.js';
import { cutTo, widen } from './planar-cache.js';
import { reachBox } from './reach-box.js';
import { BoundaryShape, type PatchShape } from './shapes.js';

/** As exact as the distance itself. */
export const PRECISION_M = 0.01;

/** `rest`: edges of what of the patch lies in none of the zones. */
export function shiftOf(
  patch: PatchShape,
  rest: Segments,
  zones: readonly Zone[],
  maxShift: number,
): BoundaryShift | null {
  const found = zones.flatMap((zone) => {
    if (zone.tolerance === 0 || !zone.boundary.shape.geometry.intersects(patch.shape.geometry)) return [];
    const near = segmentsWithin(zone.flat.edges, widen(patch.flat.box, 2 * maxShift));
    const shift = parallelShift(rest, near, { tolerance: zone.tolerance, maxShift });
    if (!shift) return [];
    const after = zones.map((other) => (other === zone ? moved(zone, patch, shift, maxShift) : other));
    if (beyondTolerance(patch.flat.edges, after) > PRECISION_M) return [];
    const { scale } = patch;
    return {
      boundary: zone.place,
      dxM: shift.dx / scale,
      dyM: shift.dy / scale,
      distanceM: Math.hypot(shift.dx, shift.dy) / scale,
      restM2: patch.areaOf(patch.outside(after.map(({ boundary }) => boundary))),
    };
  });
  return found.reduce<BoundaryShift | null>(
    (best, one) => (best && best.distanceM <= one.distanceM ? best : one),
    null,
  );
}

/** Right near the patch. */
function moved(
  zone: Zone,
  { shape, plane }: PatchShape,
  { dx, dy }: { readonly dx: number; readonly dy: number },
  maxShift: number,
): Zone {
  const part = fromGeometry(cutTo(zone.boundary.shape, reachBox(shape.box, 2 * maxShift + zone.tolerance)));
  const flat = plane.toPlane(densifyLonLat(part));
  const rings = flat.map((polygon) => polygon.map((ring) => ring.map(([x, y]): Position => [x + dx, y + dy])));
  const boundary = new BoundaryShape(plane.toLonLat(rings));
  return { ...zone, boundary, flat: boundary.flatIn(plane) };
}
