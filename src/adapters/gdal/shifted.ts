/**
 * shifted: whether one zone, moved as a whole, takes in what lies outside. The shift comes from geo/parallel-shift; it counts only
 * where afterwards no point lies farther out than the tolerance. Of several zones, the one that has to be moved least.
 */
import { greatestOf, segmentsOf } from '../../geo/distance.js';
import { parallelShift } from '../../geo/parallel-shift.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';
import type { BoundaryShift } from '../../model/work.js';
import type { Zone } from './edge-band.js';
import { fromGeometry } from './geometry.js';
import { edgesOf, nearest } from './outside-distance.js';
import { areaOf, less, type Subject } from './outside-part.js';
import { cutTo, inPlane, widen } from './planar-cache.js';

/** As exact as the distance itself. */
const PRECISION_M = 0.01;

/** `rest` is what of the patch lies in none of the zones. */
export function shiftOf(
  patch: Subject,
  rest: MultiPolygonRings,
  zones: readonly Zone[],
  maxShift: number,
): BoundaryShift | null {
  const found = zones.flatMap((zone) => {
    if (zone.tolerance === 0 || !zone.polygon.geometry.intersects(patch.geometry)) return [];
    const near = segmentsOf(zone.polygon.rings, widen(patch.box, 2 * maxShift));
    const shift = parallelShift(rest, near, { tolerance: zone.tolerance, maxShift });
    if (!shift) return [];
    const after = zones.map((other) => (other === zone ? moved(zone, patch, shift, maxShift) : other));
    const restAfter = less(patch, after);
    if (greatestOf(fromGeometry(restAfter), edgesOf(after), nearest(after, -1)) > PRECISION_M) return [];
    const { scale } = patch;
    return {
      boundary: zone.place,
      dxM: shift.dx / scale,
      dyM: shift.dy / scale,
      distanceM: Math.hypot(shift.dx, shift.dy) / scale,
      restM2: areaOf(patch, restAfter),
    };
  });
  return found.reduce<BoundaryShift | null>(
    (best, one) => (best && best.distanceM <= one.distanceM ? best : one),
    null,
  );
}

/** Right near the patch. */
function moved(zone: Zone, patch: Subject, { dx, dy }: { dx: number; dy: number }, maxShift: number): Zone {
  const part = fromGeometry(cutTo(zone.polygon, widen(patch.box, 2 * maxShift + zone.tolerance)));
  const rings = part.map((polygon) => polygon.map((ring) => ring.map(([x, y]): Position => [x + dx, y + dy])));
  return { ...zone, polygon: inPlane(rings) };
}
