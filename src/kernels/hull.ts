/**
 * hull: how full the convex hull of a component is, and the smallest rectangle around it.
 * Method: monotone chain over the corners of the runs (Andrew 1979); a smallest rectangle has a side along a side of the hull
 * (Freeman & Shapira 1975). In:  runs (row, colFrom, colTo) sorted by row, pixels. Out: shares, at most 1.
 */

type Corner = readonly [x: number, y: number];

export function hullForm(runs: Int32Array, pixels: number): { hullFill: number; rectangleFill: number } {
  const hull = convexHull(cornersOf(runs));
  let twice = 0;
  let rectangle = Number.POSITIVE_INFINITY;
  for (let i = 0; i < hull.length; i++) {
    const [ax, ay] = hull[i]!;
    const [bx, by] = hull[(i + 1) % hull.length]!;
    twice += ax * by - bx * ay;
    rectangle = Math.min(rectangle, aroundAlong(hull, bx - ax, by - ay));
  }
  return { hullFill: pixels / Math.max(Math.abs(twice) / 2, 1), rectangleFill: pixels / Math.max(rectangle, 1) };
}

/** The outer corners of the first and last pixel of each row, sorted by x, then y; position relative to the first run. */
function cornersOf(runs: Int32Array): Corner[] {
  const row0 = runs[0] ?? 0;
  const col0 = runs[1] ?? 0;
  const ends = new Map<number, [number, number]>();
  for (let k = 0; k + 2 < runs.length; k += 3) {
    const row = runs[k]! - row0;
    const end = ends.get(row);
    if (end) end[1] = runs[k + 2]! + 1 - col0;
    else ends.set(row, [runs[k + 1]! - col0, runs[k + 2]! + 1 - col0]);
  }
  const corners: Corner[] = [];
  for (const [row, [from, to]] of ends) corners.push([from, row], [from, row + 1], [to, row], [to, row + 1]);
  return corners.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** Of corners sorted by x, then y; against the clock, not closed. */
export function convexHull(corners: readonly Corner[]): Corner[] {
  const chain = (list: readonly Corner[]): Corner[] => {
    const out: Corner[] = [];
    for (const corner of list) {
      while (out.length >= 2 && turn(out[out.length - 2]!, out[out.length - 1]!, corner) <= 0) out.pop();
      out.push(corner);
    }
    out.pop();
    return out;
  };
  return [...chain(corners), ...chain(corners.slice().reverse())];
}

function turn([ax, ay]: Corner, [bx, by]: Corner, [cx, cy]: Corner): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/** Area of the rectangle around the hull that lies along (dx, dy). */
function aroundAlong(hull: readonly Corner[], dx: number, dy: number): number {
  let leastAlong = Number.POSITIVE_INFINITY;
  let mostAlong = Number.NEGATIVE_INFINITY;
  let leastAcross = Number.POSITIVE_INFINITY;
  let mostAcross = Number.NEGATIVE_INFINITY;
  for (const [x, y] of hull) {
    const along = x * dx + y * dy;
    const across = y * dx - x * dy;
    leastAlong = Math.min(leastAlong, along);
    mostAlong = Math.max(mostAlong, along);
    leastAcross = Math.min(leastAcross, across);
    mostAcross = Math.max(mostAcross, across);
  }
  return ((mostAlong - leastAlong) * (mostAcross - leastAcross)) / (dx * dx + dy * dy);
}
