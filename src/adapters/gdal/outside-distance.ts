/**
 * outside-distance: how far a patch reaches out of the union of its zones, and what the tolerance makes of that. A zone that may
 * lie `tolerance` off takes as much from the distance to it, or adds as much. Inside, the tolerance less the depth is what may
 * be outside. Plane metres throughout.
 */
import { distanceToSegments, greatestOf, isInsideEdges, leastDistance, type Segments } from '../../geo/distance.js';
import type { Zone } from './edge-band.js';

interface Reach {
  readonly far: number;
  readonly least: number;
  readonly most: number;
}

/** Of a patch of which something lies outside all zones. */
export function farthestOutside(patch: Segments, zones: readonly Zone[]): Reach {
  const edges = edgesOf(zones);
  const far = greatestOf(patch, edges, nearest(zones, 0));
  const [first = 0, ...others] = zones.map(({ tolerance }) => tolerance);
  if (others.every((tolerance) => tolerance === first)) {
    return { far, least: Math.max(0, far - first), most: far + first };
  }
  return {
    far,
    least: greatestOf(patch, edges, nearest(zones, -1)),
    most: greatestOf(patch, edges, nearest(zones, 1)),
  };
}

/** Distance to the nearest zone, below 0 inside, each with its tolerance added (`sign` 1) or taken away (−1). */
export function nearest(zones: readonly Zone[], sign: -1 | 0 | 1): (x: number, y: number) => number {
  return (x, y) => {
    let least = Number.POSITIVE_INFINITY;
    for (const { flat, tolerance } of zones) {
      const distance = distanceToSegments(flat.edges, x, y);
      least = Math.min(least, (isInsideEdges(flat.edges, x, y) ? -distance : distance) + sign * tolerance);
    }
    return least;
  };
}

/** Of a patch wholly inside the zones, whose union has this outline. The largest tolerance is taken for all. */
export function depthInside(patch: Segments, zones: readonly Zone[], outline: Segments): Reach {
  const tolerance = Math.max(0, ...zones.map((zone) => zone.tolerance));
  return { far: 0, least: 0, most: Math.max(0, tolerance - leastDistance(patch, outline)) };
}

export function edgesOf(zones: readonly Zone[]): Segments {
  const parts = zones.map(({ flat }) => flat.edges);
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
