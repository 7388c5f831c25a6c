/**
 * distance: how far polygons reach away from each other, in a plane.
 * The distance to a set changes by at most one metre per metre walked (it is 1-Lipschitz), so the greatest one along an edge or
 * in a cell is found by branch and bound with a proven error, not by sampling: see `greatestDistance`.
 */
import type { Box, MultiPolygonRings, Position } from '../model/grid.js';
import { beyondHull, convexHull } from './convex-hull.js';

/** x0, y0, x1, y1 of every edge, flat. */
export type Segments = Float64Array;

/** Proven error along the edges of the far part, metres. */
export const EDGE_PRECISION_M = 0.01;
/** Error where the farthest place is in the middle of the far part: this share of the distance, but at least 0.1 m. */
export const INTERIOR_PRECISION = 0.02;
const LEAST_INTERIOR_PRECISION_M = 0.1;

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

/** Of a point from something; must change by at most one metre per metre walked. */
type Distance = (x: number, y: number) => number;

/**
 * Greatest distance of a point of `part` from the edges in `target`; `part`, by its edges, must lie outside the polygon whose edges those are.
 * 0 for an empty part; Infinity for an empty target.
 */
export function greatestDistance(part: Segments, target: Segments): number {
  return greatestOf(part, target, (x, y) => distanceToSegments(target, x, y));
}

/**
 * The same for a distance that is lessened or added to by a length for each piece of the target, or below 0 on one side of it.
 * Never below 0.
 */
export function greatestOf(edges: Segments, target: Segments, distance: Distance): number {
  if (edges.length === 0) return 0;
  const atEnds = new Float64Array(edges.length / 2);
  let best = 0;
  for (let k = 0; k < atEnds.length; k++) {
    const [x, y] = [edges[2 * k] as number, edges[2 * k + 1] as number];
    const follows = k > 0 && k % 2 === 0 && x === edges[2 * k - 2] && y === edges[2 * k - 1];
    const here = follows ? (atEnds[k - 1] as number) : distance(x, y);
    atEnds[k] = here;
    if (here > best) best = here;
  }
  for (let i = 0; i + 3 < edges.length; i += 4) {
    const from: Position = [edges[i] as number, edges[i + 1] as number];
    const to: Position = [edges[i + 2] as number, edges[i + 3] as number];
    best = alongEdge(from, to, (atEnds[i / 2] as number) + (atEnds[i / 2 + 1] as number), distance, best);
  }
  return Number.isFinite(best) ? inMiddle(edges, target, distance, best) : best;
}

/** `atEnds`: the sum of the distances at the two ends; no point between can be farther than half of it and half the length. */
function alongEdge(
  [x0, y0]: Position,
  [x1, y1]: Position,
  atEnds: number,
  distanceAt: Distance,
  bestSoFar: number,
): number {
  let best = bestSoFar;
  const whole = Math.hypot(x1 - x0, y1 - y0);
  if ((atEnds + whole) / 2 <= best + EDGE_PRECISION_M) return best;
  const open: [from: number, to: number][] = [[0, 1]];
  for (let span = open.pop(); span && Number.isFinite(best); span = open.pop()) {
    const [from, to] = span;
    const middle = (from + to) / 2;
    const distance = distanceAt(x0 + middle * (x1 - x0), y0 + middle * (y1 - y0));
    best = Math.max(best, distance);
    if (distance + ((to - from) / 2) * whole > best + EDGE_PRECISION_M) open.push([from, middle], [middle, to]);
  }
  return best;
}

/**
 * Farther from the target than every place around it is only a place with target all around: it lies in the convex hull of its
 * nearest points. Beyond the hull nothing is to be looked for.
 */
function inMiddle(edges: Segments, target: Segments, distanceAt: Distance, bestOnEdge: number): number {
  const [minX, minY, maxX, maxY] = boxOfSegments(edges);
  const [left, bottom, right, top] = boxOfSegments(target);
  if (minX > right || maxX < left || minY > top || maxY < bottom) return bestOnEdge;
  const hull = convexHull(target);
  let best = bestOnEdge;
  const open: [x: number, y: number, half: number][] = [
    [(minX + maxX) / 2, (minY + maxY) / 2, Math.max(maxX - minX, maxY - minY) / 2],
  ];
  for (let cell = open.pop(); cell; cell = open.pop()) {
    const [x, y, half] = cell;
    const reach = half * Math.SQRT2;
    if (beyondHull(hull, x, y) > reach) continue;
    const distance = distanceAt(x, y);
    if (distance + reach <= best + Math.max(LEAST_INTERIOR_PRECISION_M, best * INTERIOR_PRECISION)) continue;
    if (isInsideEdges(edges, x, y)) best = Math.max(best, distance);
    else if (distanceToSegments(edges, x, y) > reach) continue;
    const quarter = half / 2;
    for (const [sx, sy] of [
      [-1, -1],
      [1, -1],
      [-1, 1],
      [1, 1],
    ] as const) {
      open.push([x + sx * quarter, y + sy * quarter, quarter]);
    }
  }
  return best;
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
