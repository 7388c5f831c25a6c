/**
 * The plane of the map view: metres east and north of a place, linear in lon and lat, so that pictures on a lon/lat grid need
 * no warping in the browser. For showing, never for measuring.
 */
import type { Box, Position } from '../model/grid.js';

const METRES_PER_DEGREE = 111_195;

export interface ViewPlane {
  toPlane(position: Position): [number, number];
  toLonLat(point: readonly number[]): Position;
  boxToPlane(box: Box): [number, number, number, number];
  boxToLonLat(extent: readonly number[]): Box;
}

export function viewPlane(box: Box): ViewPlane {
  const lon0 = (box[0] + box[2]) / 2;
  const lat0 = (box[1] + box[3]) / 2;
  const east = METRES_PER_DEGREE * Math.cos((lat0 * Math.PI) / 180);
  const toPlane = ([lon, lat]: Position): [number, number] => [(lon - lon0) * east, (lat - lat0) * METRES_PER_DEGREE];
  return {
    toPlane,
    toLonLat: ([x = 0, y = 0]) => [x / east + lon0, y / METRES_PER_DEGREE + lat0],
    boxToPlane: ([a, b, c, d]) => [...toPlane([a, b]), ...toPlane([c, d])],
    boxToLonLat: ([minX = 0, minY = 0, maxX = 0, maxY = 0]) => [
      minX / east + lon0,
      minY / METRES_PER_DEGREE + lat0,
      maxX / east + lon0,
      maxY / METRES_PER_DEGREE + lat0,
    ],
  };
}

export function unionBox(boxes: readonly Box[]): Box {
  return boxes.reduce<Box>(
    (all, box) => [
      Math.min(all[0], box[0]),
      Math.min(all[1], box[1]),
      Math.max(all[2], box[2]),
      Math.max(all[3], box[3]),
    ],
    [180, 90, -180, -90],
  );
}

/** The part of `extent` inside `limits`; null where they do not meet. */
export function clipExtent(
  extent: readonly number[],
  limits: readonly number[],
): [number, number, number, number] | null {
  const [a = 0, b = 0, c = 0, d = 0] = extent;
  const [e = 0, f = 0, g = 0, h = 0] = limits;
  const clipped: [number, number, number, number] = [Math.max(a, e), Math.max(b, f), Math.min(c, g), Math.min(d, h)];
  return clipped[0] < clipped[2] && clipped[1] < clipped[3] ? clipped : null;
}
