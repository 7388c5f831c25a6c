/**
 * ground-map: where the pixels of a grid lie in lon/lat, and back.
 * Method: exact positions (GDAL) at every 64th pixel corner, bilinear between. Over 64 pixels of 10 m a transverse Mercator
 * departs from its chord by less than 1 cm; at 30 m by less than 10 cm, far below a pixel. Back by Newton's method, always from
 * the same start, so that the answer depends on the point only.
 * In:  control points row by row; (col, row) of the first, a multiple of the step. Pixel (c, r) has its centre at (c + ½, r + ½).
 */
export const GROUND_STEP = 64;

export interface GroundMap {
  readonly col0: number;
  readonly row0: number;
  /** Number of control points across and down, at least 2. */
  readonly cols: number;
  readonly rows: number;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
}

/** The control points that a window needs: first pixel corner and how many. */
export function controlPoints(window: { col: number; row: number; width: number; height: number }): {
  col0: number;
  row0: number;
  cols: number;
  rows: number;
} {
  const col0 = Math.floor(window.col / GROUND_STEP) * GROUND_STEP;
  const row0 = Math.floor(window.row / GROUND_STEP) * GROUND_STEP;
  return {
    col0,
    row0,
    cols: Math.max(2, Math.ceil((window.col + window.width - col0) / GROUND_STEP) + 1),
    rows: Math.max(2, Math.ceil((window.row + window.height - row0) / GROUND_STEP) + 1),
  };
}

export interface GroundPoint {
  lon: number;
  lat: number;
}

/** lon/lat of a fractional pixel position, written into `out`. Outside the control points it extrapolates. */
export function toGround(map: GroundMap, x: number, y: number, out: GroundPoint): void {
  const i = Math.min(map.cols - 2, Math.max(0, Math.floor((x - map.col0) / GROUND_STEP)));
  const j = Math.min(map.rows - 2, Math.max(0, Math.floor((y - map.row0) / GROUND_STEP)));
  const u = (x - map.col0 - i * GROUND_STEP) / GROUND_STEP;
  const v = (y - map.row0 - j * GROUND_STEP) / GROUND_STEP;
  const k = j * map.cols + i;
  out.lon = blend(map.lon, k, map.cols, u, v);
  out.lat = blend(map.lat, k, map.cols, u, v);
}

function blend(values: Float64Array, k: number, cols: number, u: number, v: number): number {
  const top = values[k]! + (values[k + 1]! - values[k]!) * u;
  const bottom = values[k + cols]! + (values[k + cols + 1]! - values[k + cols]!) * u;
  return top + (bottom - top) * v;
}

/** Fractional pixel position of a lon/lat point; NaN where the map has no inverse. */
export function toPixel(map: GroundMap, lon: number, lat: number): readonly [x: number, y: number] {
  let x = map.col0 + ((map.cols - 1) * GROUND_STEP) / 2;
  let y = map.row0 + ((map.rows - 1) * GROUND_STEP) / 2;
  for (let round = 0; round < 20; round++) {
    const i = Math.min(map.cols - 2, Math.max(0, Math.floor((x - map.col0) / GROUND_STEP)));
    const j = Math.min(map.rows - 2, Math.max(0, Math.floor((y - map.row0) / GROUND_STEP)));
    const u = (x - map.col0 - i * GROUND_STEP) / GROUND_STEP;
    const v = (y - map.row0 - j * GROUND_STEP) / GROUND_STEP;
    const k = j * map.cols + i;
    const [lonU, lonV] = slopes(map.lon, k, map.cols, u, v);
    const [latU, latV] = slopes(map.lat, k, map.cols, u, v);
    const missLon = lon - blend(map.lon, k, map.cols, u, v);
    const missLat = lat - blend(map.lat, k, map.cols, u, v);
    const det = lonU * latV - lonV * latU;
    const dx = ((missLon * latV - missLat * lonV) / det) * GROUND_STEP;
    const dy = ((lonU * missLat - latU * missLon) / det) * GROUND_STEP;
    x += dx;
    y += dy;
    if (Math.abs(dx) + Math.abs(dy) < 1e-7) return [x, y];
    if (!Number.isFinite(x + y)) break;
  }
  return [Number.NaN, Number.NaN];
}

function slopes(values: Float64Array, k: number, cols: number, u: number, v: number): readonly [number, number] {
  const a = values[k]!;
  const b = values[k + 1]!;
  const c = values[k + cols]!;
  const d = values[k + cols + 1]!;
  return [b - a + (d - c - b + a) * v, c - a + (d - c - b + a) * u];
}
