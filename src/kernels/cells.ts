/**
 * cells: how much of each cell of a fixed lon/lat lattice a pair's pixels cover, and how much of that was seen.
 * Method: every pixel centre is put into its cell (1/1024 degree, about 100 m). The pixels that could be seen are counted over the grid
 * continued beyond its edge, so that a cell half outside the scene counts as half seen. Integers only: the sums do not depend on
 * order.
 * In:  the ground map (which must reach a cell's width beyond the extent), the extent, the seen runs.
 * Out: per cell of the bounding box the number of pixel centres and the number of seen ones.
 */
import { GROUND_STEP, type GroundMap, toGround } from './ground-map.js';
import type { SeenMap } from './seen-map.js';

/** Cells per degree. A power of two, so that cell edges are exact doubles. */
export const CELLS_PER_DEGREE = 1024;

export interface PixelBox {
  readonly col: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

export interface CellCounts {
  /** Lattice indices of the first cell: floor(lon · 1024), floor(lat · 1024). */
  readonly i0: number;
  readonly j0: number;
  readonly width: number;
  readonly height: number;
  readonly total: Int32Array;
  readonly seen: Int32Array;
}

/** Pixels by which the grid has to be continued so that every cell that meets the extent is counted whole. */
export function cellMarginPx(gsdM: number): number {
  // A degree of latitude is at most 111,700 m (WGS 84, at the pole).
  return Math.ceil(111_700 / CELLS_PER_DEGREE / gsdM) + 2;
}

export function countCells(map: GroundMap, extent: PixelBox, marginPx: number, seen: SeenMap): CellCounts {
  const box = cellBox(map, extent);
  const counts: CellCounts = { ...box, total: new Int32Array(box.width * box.height), seen: new Int32Array(0) };
  const seenCounts = new Int32Array(box.width * box.height);
  for (let row = extent.row - marginPx; row < extent.row + extent.height + marginPx; row++) {
    addRun(map, box, row, extent.col - marginPx, extent.col + extent.width + marginPx - 1, counts.total);
  }
  for (let r = 0; r + 1 < seen.starts.length; r++) {
    for (let k = seen.starts[r]!; k < seen.starts[r + 1]!; k++) {
      addRun(map, box, seen.row0 + r, seen.from[k]!, seen.to[k]!, seenCounts);
    }
  }
  return { ...counts, seen: seenCounts };
}

/** Cells that the extent's edge and inside can touch. */
function cellBox(map: GroundMap, extent: PixelBox): { i0: number; j0: number; width: number; height: number } {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const point = { lon: 0, lat: 0 };
  const stepsX = Math.ceil(extent.width / GROUND_STEP);
  const stepsY = Math.ceil(extent.height / GROUND_STEP);
  for (let b = 0; b <= stepsY; b++) {
    for (let a = 0; a <= stepsX; a++) {
      const x = extent.col + Math.min(extent.width, a * GROUND_STEP);
      const y = extent.row + Math.min(extent.height, b * GROUND_STEP);
      toGround(map, x, y, point);
      west = Math.min(west, point.lon);
      east = Math.max(east, point.lon);
      south = Math.min(south, point.lat);
      north = Math.max(north, point.lat);
    }
  }
  const i0 = Math.floor(west * CELLS_PER_DEGREE);
  const j0 = Math.floor(south * CELLS_PER_DEGREE);
  return {
    i0,
    j0,
    width: Math.floor(east * CELLS_PER_DEGREE) - i0 + 1,
    height: Math.floor(north * CELLS_PER_DEGREE) - j0 + 1,
  };
}

/** Adds the pixel centres of one run; those outside the box are dropped. */
function addRun(
  map: GroundMap,
  box: { i0: number; j0: number; width: number; height: number },
  row: number,
  from: number,
  to: number,
  counts: Int32Array,
): void {
  const left = { lon: 0, lat: 0 };
  const right = { lon: 0, lat: 0 };
  let col = from;
  while (col <= to) {
    // Spans end at control points, whatever the run: a pixel's position does not depend on the run it is in.
    const span = Math.floor((col - map.col0) / GROUND_STEP);
    const spanCol = map.col0 + span * GROUND_STEP;
    const last = Math.min(to, spanCol + GROUND_STEP - 1);
    toGround(map, spanCol + 0.5, row + 0.5, left);
    toGround(map, spanCol + GROUND_STEP - 0.5, row + 0.5, right);
    const dLon = (right.lon - left.lon) / (GROUND_STEP - 1);
    const dLat = (right.lat - left.lat) / (GROUND_STEP - 1);
    for (; col <= last; col++) {
      const i = Math.floor((left.lon + (col - spanCol) * dLon) * CELLS_PER_DEGREE) - box.i0;
      const j = Math.floor((left.lat + (col - spanCol) * dLat) * CELLS_PER_DEGREE) - box.j0;
      if (i >= 0 && j >= 0 && i < box.width && j < box.height) counts[j * box.width + i]!++;
    }
  }
}
