/** convex-hull: of the corners of edges in a plane (monotone chain, A. M. Andrew 1979), and how far a point lies beyond it. */
import type { Position } from '../model/grid.js';

/** Edges of the hull, counter-clockwise, flat: x0, y0, x1, y1. Empty where the corners lie on one line. */
export function convexHull(segments: Float64Array): Float64Array {
  const points: Position[] = [];
  for (let i = 0; i + 1 < segments.length; i += 2) {
    // an edge that begins where the one before ended
    const known = i % 4 === 0 && segments[i] === segments[i - 2] && segments[i + 1] === segments[i - 1];
    if (!known) points.push([segments[i] as number, segments[i + 1] as number]);
  }
  points.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const corners = [...halfOf(points), ...halfOf(points.toReversed())];
  if (corners.length < 3) return new Float64Array(0);
  return Float64Array.from(corners.flatMap((from, i) => [...from, ...(corners[(i + 1) % corners.length] as Position)]));
}

/** The lower half from the first point to the last, without the last. */
function halfOf(points: readonly Position[]): Position[] {
  const chain: Position[] = [];
  for (const point of points) {
    for (
      let before = chain.at(-2);
      before && turn(before, chain.at(-1) as Position, point) <= 0;
      before = chain.at(-2)
    ) {
      chain.pop();
    }
    chain.push(point);
  }
  return chain.slice(0, -1);
}

/** Above 0 for a turn to the left. */
function turn([ax, ay]: Position, [bx, by]: Position, [cx, cy]: Position): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/** At most the distance from the hull: the greatest distance beyond one of its edges' lines; not above 0 inside. */
export function beyondHull(hull: Float64Array, x: number, y: number): number {
  let beyond = Number.NEGATIVE_INFINITY;
  for (let i = 0; i + 3 < hull.length; i += 4) {
    const x0 = hull[i] as number;
    const y0 = hull[i + 1] as number;
    const dx = (hull[i + 2] as number) - x0;
    const dy = (hull[i + 3] as number) - y0;
    const outward = ((x - x0) * dy - (y - y0) * dx) / Math.sqrt(dx * dx + dy * dy);
    if (outward > beyond) beyond = outward;
  }
  return beyond;
}
