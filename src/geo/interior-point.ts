/**
 * interior-point: a point that is inside a polygon, the same on every machine: the centroid of its largest part where that
 * lies inside, else the middle of the widest stretch inside along one of a few parallels.
 */
import type { MultiPolygonRings, PolygonRings, Position, Ring } from '../model/grid.js';
import { ringAreaM2 } from './ellipsoid-area.js';
import { quantiseDegrees } from './quantise.js';

const PARALLELS = 15;

function sideCrossings(polygon: PolygonRings, y: number): number[] {
  const xs: number[] = [];
  for (const ring of polygon) {
    for (let i = 1; i < ring.length; i++) {
      const [x0, y0] = ring[i - 1] as Position;
      const [x1, y1] = ring[i] as Position;
      if (y0 > y !== y1 > y) xs.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
    }
  }
  return xs.sort((a, b) => a - b);
}

/** Even-odd test; points on the edge may fall either way. */
export function isInside(rings: MultiPolygonRings, x: number, y: number): boolean {
  let inside = false;
  for (const polygon of rings) {
    for (const ring of polygon) {
      for (let i = 1; i < ring.length; i++) {
        const [x0, y0] = ring[i - 1] as Position;
        const [x1, y1] = ring[i] as Position;
        if (y0 > y !== y1 > y && x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) < x) inside = !inside;
      }
    }
  }
  return inside;
}

function centroid(ring: Ring): Position {
  const [x0, y0] = ring[0] as Position;
  let twice = 0;
  let sx = 0;
  let sy = 0;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1] as Position;
    const [bx, by] = ring[i] as Position;
    const cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    twice += cross;
    sx += (ax + bx - 2 * x0) * cross;
    sy += (ay + by - 2 * y0) * cross;
  }
  return twice === 0 ? [x0, y0] : [x0 + sx / (3 * twice), y0 + sy / (3 * twice)];
}

/** lon, lat on the lattice of 1e-9 degree. Falls back to the first position of a flat polygon; NaN for none. */
export function interiorPoint(rings: MultiPolygonRings): { readonly lon: number; readonly lat: number } {
  const [lon, lat] = pointInside(rings);
  return { lon: quantiseDegrees(lon), lat: quantiseDegrees(lat) };
}

function pointInside(rings: MultiPolygonRings): Position {
  let largest: PolygonRings | undefined;
  let largestArea = -1;
  for (const polygon of rings) {
    const area = polygon[0] ? ringAreaM2(polygon[0]) : -1;
    if (area > largestArea) [largest, largestArea] = [polygon, area];
  }
  const outer = largest?.[0];
  if (!largest || !outer?.[0]) return [Number.NaN, Number.NaN];
  const [cx, cy] = centroid(outer);
  if (isInside([largest], cx, cy)) return [cx, cy];
  let minY = Number.POSITIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (const [, y] of outer) {
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  let best: Position = outer[0];
  let widest = 0;
  for (let i = 0; i < PARALLELS; i++) {
    const y = minY + ((i + 0.5) / PARALLELS) * (maxY - minY);
    const xs = sideCrossings(largest, y);
    for (let k = 0; k + 1 < xs.length; k += 2) {
      const [from, to] = [xs[k] as number, xs[k + 1] as number];
      if (to - from > widest) [widest, best] = [to - from, [(from + to) / 2, y]];
    }
  }
  return best;
}
