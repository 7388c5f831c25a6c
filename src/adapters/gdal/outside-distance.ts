/**
 * outside-distance: how far a patch reaches out of the union of its zones, and what the tolerance makes of that. A zone that may
 * lie `tolerance` off takes as much from the distance to it, or adds as much. Inside, the tolerance less the depth is what may
 * be outside. Plane metres throughout.
 */
import { isInsideEdges, leastDistance, type Segments } from '../../geo/distance.js';
import { farthest, type Target } from '../../geo/farthest.js';
import type { Zone } from './edge-band.js';

interface Reach {
  readonly far: number;
  readonly least: number;
  readonly most: number;
}

/** Of a patch of which something lies outside all zones. `known`: the distance itself, where it was measured before. */
export function farthestOutside(patch: Segments, zones: readonly Zone[], known: number | null): Reach {
  const far = known ?? farthest(patch, targetOf(zones, 0));
  const [first = 0, ...others] = zones.map(({ tolerance }) => tolerance);
  if (others.every((tolerance) => tolerance === first)) {
    return { far, least: Math.max(0, far - first), most: far + first };
  }
  return { far, least: beyondTolerance(patch, zones), most: farthest(patch, targetOf(zones, 1)) };
}

/** Greatest distance out of the zones when each is widened by its tolerance. */
export function beyondTolerance(patch: Segments, zones: readonly Zone[]): number {
  return farthest(patch, targetOf(zones, -1));
}

/** The zones, each with its tolerance added to the distance (`sign` 1) or taken away (−1). */
function targetOf(zones: readonly Zone[], sign: -1 | 0 | 1): Target {
  const count = zones.reduce((sum, { flat }) => sum + flat.edges.length, 0);
  const segments = new Float64Array(count);
  const added = new Float64Array(count / 4);
  let at = 0;
  for (const { flat, tolerance } of zones) {
    segments.set(flat.edges, at);
    added.fill(sign * tolerance, at / 4, (at + flat.edges.length) / 4);
    at += flat.edges.length;
  }
  const holds = (x: number, y: number): boolean => zones.some(({ flat }) => isInsideEdges(flat.edges, x, y));
  return sign === 0 ? { segments, holds } : { segments, added, holds };
}

/** Of a patch wholly inside the zones, whose union has this outline. The largest tolerance is taken for all. */
export function depthInside(patch: Segments, zones: readonly Zone[], outline: Segments): Reach {
  const tolerance = Math.max(0, ...zones.map((zone) => zone.tolerance));
  return { far: 0, least: 0, most: Math.max(0, tolerance - leastDistance(patch, outline)) };
}
