/**
 * densify: extra positions on long edges, in the plane in which the edges are straight, before the polygon goes to another
 * plane. A 70 m edge leaves its chord there by less than 0.1 mm; a 10 km edge by more than a metre.
 */
import type { MultiPolygonRings, Position, Ring } from '../model/grid.js';
import { lonDifference, metresPerDegree } from './ellipsoid-area.js';

/** Longest edge that goes to another plane undivided, metres (TD/T 1055-2019 Annex D practice). */
export const MAX_EDGE_M = 70;

type EdgeLength = (from: Position, to: Position) => number;

function densifyRing(ring: Ring, maxLength: number, length: EdgeLength): Ring {
  const dense: Position[] = [];
  for (const [i, to] of ring.entries()) {
    const from = ring[i - 1];
    if (from) {
      const pieces = Math.ceil(length(from, to) / maxLength);
      for (let k = 1; k < pieces; k++) {
        dense.push([from[0] + ((to[0] - from[0]) * k) / pieces, from[1] + ((to[1] - from[1]) * k) / pieces]);
      }
    }
    dense.push(to);
  }
  return dense;
}

function densifyRings(rings: MultiPolygonRings, maxLength: number, length: EdgeLength): MultiPolygonRings {
  return rings.map((polygon) => polygon.map((ring) => densifyRing(ring, maxLength, length)));
}

/** Edges straight on a map plane; `maxLength` in its units. */
export function densifyPlane(rings: MultiPolygonRings, maxLength: number): MultiPolygonRings {
  return densifyRings(rings, maxLength, (from, to) => Math.hypot(to[0] - from[0], to[1] - from[1]));
}

/** Edges straight in lon/lat. */
export function densifyLonLat(rings: MultiPolygonRings, maxLengthM: number = MAX_EDGE_M): MultiPolygonRings {
  return densifyRings(rings, maxLengthM, (from, to) => {
    const scale = metresPerDegree((from[1] + to[1]) / 2);
    return Math.hypot(lonDifference(to[0], from[0]) * scale.lon, (to[1] - from[1]) * scale.lat);
  });
}
