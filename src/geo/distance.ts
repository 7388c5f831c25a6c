/** distance: edges of polygons in a plane, how far they are from points and from each other, and what lies inside them. */
import type { Box, MultiPolygonRings, Position } from '../model/grid.js';

/** x0, y0, x1, y1 of every edge, flat. */
export type Segments = Float64Array;

export function boxOf(rings: MultiPolygonRings): Box {
  let [minX, minY, maxX, maxY] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const polygon of rings) {
    for (const [x, y] of polygon[0] ?? []) {
      minX = Math.min(minX, x);
      minY = Math.min(minY, y);
      maxX = Math.max(maxX, x);
      maxY = Math.max(maxY, y);
    }
  }
  return [minX, minY, maxX, maxY];
}

/** All edges. */
export function segmentsOf(rings: MultiPolygonRings): Segments {
  let count = 0;
  for (const polygon of rings) for (const ring of polygon) count += Math.max(0, ring.length - 1);
  const flat = new Float64Array(4 * count);
  let at = 0;
  for (const polygon of rings) {
    for (const ring of polygon) {
      for (let i = 1; i < ring.length; i++) {
        const from = ring[i - 1] as Position;
        const to = ring[i] as Position;
        flat[at++] = from[0];
        flat[at++] = from[1];
        flat[at++] = to[0];
        flat[at++] = to[1];
      }
    }
  }
  return flat;
}

/** Edges whose own box meets a box. */
export function segmentsWithin(segments: Segments, box: Box): Segments {
  const within = new Float64Array(segments.length);
  let at = 0;
  for (let i = 0; i + 3 < segments.length; i += 4) {
    if (!meetsBox(segments, i, box)) continue;
    for (let k = 0; k < 4; k++) within[at++] = segments[i + k] as number;
  }
  return within.subarray(0, at);
}

function meetsBox(segments: Segments, i: number, box: Box): boolean {
  const [x0, y0] = [segments[i] as number, segments[i + 1] as number];
  const [x1, y1] = [segments[i + 2] as number, segments[i + 3] as number];
  return (
    Math.max(x0, x1) >= box[0] && Math.min(x0, x1) <= box[2] && Math.max(y0, y1) >= box[1] && Math.min(y0, y1) <= box[3]
  );
}

/** Whether an edge's own box meets a box. */
export function touchesBox([x0, y0]: Position, [x1, y1]: Position, [minX, minY, maxX, maxY]: Box): boolean {
  return Math.max(x0, x1) >= minX && Math.min(x0, x1) <= maxX && Math.max(y0, y1) >= minY && Math.min(y0, y1) <= maxY;
}

/** Whether any edge's own box meets a box. */
export function anyTouchesBox(segments: Segments, box: Box): boolean {
  for (let i = 0; i + 3 < segments.length; i += 4) if (meetsBox(segments, i, box)) return true;
  return false;
}

/** Distance of a point to the nearest edge; Infinity without edges. */
export function distanceToSegments(segments: Segments, x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 3 < segments.length; i += 4) {
    const x0 = segments[i] as number;
    const y0 = segments[i + 1] as number;
    const dx = (segments[i + 2] as number) - x0;
    const dy = (segments[i + 3] as number) - y0;
    const length2 = dx * dx + dy * dy;
    const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length2));
    const ex = x - x0 - along * dx;
    const ey = y - y0 - along * dy;
    const d2 = ex * ex + ey * ey;
    if (d2 < least) least = d2;
  }
  return Math.sqrt(least);
}

/** Between two sets of edges that do not cross: reached at a corner of one of them. Infinity where one is empty. */
export function leastDistance(a: Segments, b: Segments): number {
  return Math.min(fromCorners(a, b), fromCorners(b, a));
}

function fromCorners(edges: Segments, target: Segments): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 3 < edges.length; i += 4) {
    const [x1, y1] = [edges[i + 2] as number, edges[i + 3] as number];
    const follows = i > 0 && edges[i] === edges[i - 2] && edges[i + 1] === edges[i - 1];
    if (!follows) least = Math.min(least, distanceToSegments(target, edges[i] as number, edges[i + 1] as number));
    least = Math.min(least, distanceToSegments(target, x1, y1));
  }
  return least;
}

export function boxOfSegments(segments: Segments): Box {
  let [minX, minY, maxX, maxY] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (let i = 0; i + 1 < segments.length; i += 2) {
    const [x, y] = [segments[i] as number, segments[i + 1] as number];
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return [minX, minY, maxX, maxY];
}

/** Even-odd test by the edges of a polygon; points on an edge may fall either way. */
export function isInsideEdges(segments: Segments, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0; i + 3 < segments.length; i += 4) {
    const y0 = segments[i + 1] as number;
    const y1 = segments[i + 3] as number;
    if (y0 > y === y1 > y) continue;
    const x0 = segments[i] as number;
    const x1 = segments[i + 2] as number;
    if (x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) < x) inside = !inside;
  }
  return inside;
}
