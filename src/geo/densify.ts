/**
 * densify: extra positions on long edges, in the plane in which the edges are straight, before the polygon goes to another
 * plane. A 70 m edge leaves its chord there by less than 0.1 mm; a 10 km edge by more than a metre.
 */
import type { MultiPolygonRings, Position, Ring } from '../model/grid.js';
import { piecesOf } from './ellipsoid-area.js';

/** Longest edge that goes to another plane undivided, metres (TD/T 1055-2019 Annex D practice). */
export const MAX_EDGE_M = 70;

type Divide = (from: Position, to: Position) => number;

function densifyRing(ring: Ring, divide: Divide): Ring {
  const dense: Position[] = [];
  for (const [i, to] of ring.entries()) {
    const from = ring[i - 1];
    if (from) {
      const pieces = divide(from, to);
      for (let k = 1; k < pieces; k++) {
        dense.push([from[0] + ((to[0] - from[0]) * k) / pieces, from[1] + ((to[1] - from[1]) * k) / pieces]);
      }
    }
    dense.push(to);
  }
  return dense;
}

function densifyRings(rings: MultiPolygonRings, divide: Divide): MultiPolygonRings {
  return rings.map((polygon) => polygon.map((ring) => densifyRing(ring, divide)));
}

/** Edges straight on a map plane; `maxLength` in its units. */
export function densifyPlane(rings: MultiPolygonRings, maxLength: number): MultiPolygonRings {
  return densifyRings(rings, (from, to) => Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / maxLength));
}

/** Edges straight in lon/lat. */
export function densifyLonLat(rings: MultiPolygonRings, maxLengthM: number = MAX_EDGE_M): MultiPolygonRings {
  return densifyRings(rings, (from, to) => piecesOf(from, to, maxLengthM));
}
