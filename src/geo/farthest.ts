/**
 * farthest: how far a polygon reaches away from edges: the greatest distance of its points from the nearest of them. By branch and
 * bound with a proven error, not by sampling. Along an edge of the polygon two bounds hold: the distance to one target edge is
 * convex, so between two points it is never above the larger of its two values there; and the distance to all of them changes by
 * at most one metre per metre. In the middle, a place that is farther than every place around it has target edges all around: it
 * lies in the convex hull of its nearest points, so nothing is to be looked for beyond the hull of the target.
 */
import { beyondHull, convexHull } from './convex-hull.js';
import { boxOfSegments, distanceToSegments, isInsideEdges, type Segments } from './distance.js';

/** Proven error along the edges of the polygon, metres. */
export const EDGE_PRECISION_M = 0.01;
/** Error where the farthest place is in the middle: this share of the distance, but at least 0.1 m. */
export const INTERIOR_PRECISION = 0.02;
const LEAST_INTERIOR_PRECISION_M = 0.1;

export interface Target {
  readonly segments: Segments;
  /** For each edge, what is added to the distance from it. */
  readonly added?: Float64Array;
  /** Points that do not count: those inside the polygon whose edges these are. Without it, no point of the part is inside. */
  readonly holds?: (x: number, y: number) => boolean;
}

/** Never below 0; 0 without a part, Infinity without a target. */
export function farthest(part: Segments, target: Target): number {
  if (part.length === 0) return 0;
  if (target.segments.length === 0) return Number.POSITIVE_INFINITY;
  const search = new Search(target);
  const ends = Array.from({ length: part.length / 4 }, (_, i): [Point, Point] => [
    search.at(part[4 * i] as number, part[4 * i + 1] as number),
    search.at(part[4 * i + 2] as number, part[4 * i + 3] as number),
  ]);
  for (const [from, to] of ends) search.along(from, to);
  search.inMiddle(part);
  return search.best;
}

/** `bound`: no point at `r` from here has more than `bound` + `r`. */
interface Point {
  readonly x: number;
  readonly y: number;
  /** Points nearer than this do not count. */
  readonly depth: number;
  readonly bound: number;
  /** The target edge that the bound comes from. */
  readonly edge: number;
}

class Search {
  best = 0;
  readonly #target: Target;
  readonly #mostAdded: number;
  #edge = 0;

  constructor(target: Target) {
    this.#target = target;
    this.#mostAdded = target.added ? Math.max(...target.added) : 0;
  }

  /** Looks at a point: no farther than it has to for saying that it is not the farthest. */
  at(x: number, y: number): Point {
    const distance = this.#least(x, y, this.best);
    const edge = this.#edge;
    if (distance <= this.best) return { x, y, depth: 0, bound: distance, edge };
    if (this.#target.holds?.(x, y)) {
      const depth = this.#depth(x, y);
      return { x, y, depth, bound: Math.min(distance, this.#mostAdded - depth), edge };
    }
    this.best = distance;
    return { x, y, depth: 0, bound: distance, edge };
  }

  along(start: Point, end: Point): void {
    const open: [from: Point, to: Point][] = [[start, end]];
    for (let span = open.pop(); span; span = open.pop()) {
      const [from, to] = span;
      const enough = this.best + EDGE_PRECISION_M;
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      if (length <= Math.max(EDGE_PRECISION_M, from.depth + to.depth)) continue;
      if ((from.bound + to.bound + length) / 2 <= enough) continue;
      if (this.#convex(from.edge, from, to) <= enough || this.#convex(to.edge, from, to) <= enough) continue;
      const middle = this.at((from.x + to.x) / 2, (from.y + to.y) / 2);
      open.push([from, middle], [middle, to]);
    }
  }

  inMiddle(part: Segments): void {
    const [minX, minY, maxX, maxY] = boxOfSegments(part);
    const { segments } = this.#target;
    const [left, bottom, right, top] = boxOfSegments(segments);
    if (minX > right || maxX < left || minY > top || maxY < bottom) return;
    const hull = convexHull(segments);
    const open: [x: number, y: number, half: number][] = [
      [(minX + maxX) / 2, (minY + maxY) / 2, Math.max(maxX - minX, maxY - minY) / 2],
    ];
    for (let cell = open.pop(); cell; cell = open.pop()) {
      const [x, y, half] = cell;
      const reach = half * Math.SQRT2;
      if (beyondHull(hull, x, y) > reach) continue;
      const enough = this.best + Math.max(LEAST_INTERIOR_PRECISION_M, this.best * INTERIOR_PRECISION) - reach;
      const distance = this.#least(x, y, enough);
      if (distance <= enough) continue;
      const held = this.#target.holds?.(x, y) ?? false;
      const depth = held ? this.#depth(x, y) : 0;
      if (reach <= Math.max(LEAST_INTERIOR_PRECISION_M, depth) || (held && this.#mostAdded - depth <= enough)) continue;
      if (isInsideEdges(part, x, y)) this.best = held ? this.best : Math.max(this.best, distance);
      else if (distanceToSegments(part, x, y) > reach) continue;
      const quarter = half / 2;
      for (const [sx, sy] of CORNERS) open.push([x + sx * quarter, y + sy * quarter, quarter]);
    }
  }

  /** What is added included; a value that is not above `enough` ends the search. */
  #least(x: number, y: number, enough: number): number {
    const { segments, added } = this.#target;
    const first = this.#edge;
    const count = segments.length / 4;
    // squares are compared where nothing is added to their roots
    const limit = added ? enough : enough < 0 ? -1 : enough * enough;
    let least = Number.POSITIVE_INFINITY;
    // the nearest edge of the last point comes first: it is near this one, too
    for (let k = -1; k < count; k++) {
      const i = k < 0 ? first : k;
      const square = squared(segments, i, x, y);
      const value = added ? Math.sqrt(square) + (added[i] as number) : square;
      if (value >= least) continue;
      least = value;
      this.#edge = i;
      if (least <= limit) break;
    }
    return added ? least : Math.sqrt(least);
  }

  #depth(x: number, y: number): number {
    return distanceToSegments(this.#target.segments, x, y);
  }

  #convex(edge: number, from: Point, to: Point): number {
    const { segments, added } = this.#target;
    const larger = Math.max(squared(segments, edge, from.x, from.y), squared(segments, edge, to.x, to.y));
    return Math.sqrt(larger) + (added ? (added[edge] as number) : 0);
  }
}

const CORNERS = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
] as const;

/** Squared distance of a point from one edge. */
function squared(segments: Segments, edge: number, x: number, y: number): number {
  const i = 4 * edge;
  const x0 = segments[i] as number;
  const y0 = segments[i + 1] as number;
  const dx = (segments[i + 2] as number) - x0;
  const dy = (segments[i + 3] as number) - y0;
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length2));
  const ex = x - x0 - along * dx;
  const ey = y - y0 - along * dy;
  return ex * ex + ey * ey;
}
