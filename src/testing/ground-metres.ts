/** ground-metres: polygons for tests by their corners in metres on the ground, east and north of 118.2°E 36.2°N. */
import { localPlane } from '../geo/crs.js';
import type { MultiPolygonRings, Position } from '../model/grid.js';

const ORIGIN: Position = [118.2, 36.2];
const plane = localPlane(ORIGIN[0]);
const [ox, oy] = plane.toPlane([[[ORIGIN]]])[0]?.[0]?.[0] ?? [Number.NaN, Number.NaN];
const scale = plane.scaleAt(...ORIGIN);

/** Rings without their closing point. */
export function polygon(...rings: (readonly Position[])[]): MultiPolygonRings {
  return plane.toLonLat([
    rings.map((ring) => [...ring, ...ring.slice(0, 1)].map(([x, y]): Position => [ox + x * scale, oy + y * scale])),
  ]);
}

export function rectangle(x0: number, y0: number, x1: number, y1: number): MultiPolygonRings {
  return polygon([
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ]);
}
