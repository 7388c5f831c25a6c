/**
 * laid-outline: a lon/lat outline on the pixels of one image: the pixels whose middle lies in it, the window to read around them,
 * and the mask of them in a window. No image is resampled for it.
 */
import type gdal from 'gdal-async';
import { scanline } from '../../kernels/scanline.js';
import type { Grid, MultiPolygonRings, Position, Window } from '../../model/grid.js';
import { lonLat } from './lon-lat.js';

/** Side of the largest window: of a larger patch its middle is read, and memory stays bounded. */
const MOST_PX = 2048;

export interface LaidOutline {
  readonly runs: Int32Array;
  /** Of its pixels; empty where the patch covers no pixel centre. */
  readonly box: Window;
}

/** The pixels whose middle lies in the patch. A place outside the projection has none. */
export function layOn(grid: Grid, patch: MultiPolygonRings): LaidOutline {
  const { toMap } = lonLat(grid.crs);
  const [t0, t1, t2, t3, t4, t5] = grid.transform;
  const det = t1 * t5 - t2 * t4;
  let outside = false;
  const pixels = patch.map((rings) =>
    rings.map((ring) =>
      ring.map(([lon, lat]): Position => {
        const [x, y] = toMap(lon, lat) ?? [Number.NaN, Number.NaN];
        if (Number.isNaN(x)) outside = true;
        return [(t5 * (x - t0) - t2 * (y - t3)) / det, (t1 * (y - t3) - t4 * (x - t0)) / det];
      }),
    ),
  );
  const runs = outside ? new Int32Array() : scanline(pixels, { x0: 0.5, y0: 0.5, step: 1 });
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k + 2 < runs.length; k += 3) {
    top = Math.min(top, runs[k] ?? 0);
    bottom = Math.max(bottom, runs[k] ?? 0);
    left = Math.min(left, runs[k + 1] ?? 0);
    right = Math.max(right, runs[k + 2] ?? 0);
  }
  if (runs.length === 0) return { runs, box: { col: 0, row: 0, width: 0, height: 0 } };
  return { runs, box: { col: left, row: top, width: right - left + 1, height: bottom - top + 1 } };
}

export function touches(box: Window, size: gdal.Dataset['rasterSize']): boolean {
  return meets(box, { col: 0, row: 0, width: size.x, height: size.y });
}

export function meets(a: Window, b: Window): boolean {
  return (
    a.width > 0 &&
    a.col < b.col + b.width &&
    b.col < a.col + a.width &&
    a.row < b.row + b.height &&
    b.row < a.row + a.height
  );
}

export function windowAround({ col, row, width, height }: Window, margin: number): Window {
  const along = (from: number, length: number): [number, number] => {
    const wanted = length + 2 * margin;
    const kept = Math.min(MOST_PX, wanted);
    return [from - margin + Math.floor((wanted - kept) / 2), kept];
  };
  const [left, across] = along(col, width);
  const [top, down] = along(row, height);
  return { col: left, row: top, width: across, height: down };
}

export function paint(runs: Int32Array, window: Window, mask: Uint8Array): void {
  for (let k = 0; k + 2 < runs.length; k += 3) {
    const r = (runs[k] ?? 0) - window.row;
    if (r < 0 || r >= window.height) continue;
    const from = Math.max(0, (runs[k + 1] ?? 0) - window.col);
    const to = Math.min(window.width - 1, (runs[k + 2] ?? -1) - window.col);
    if (to >= from) mask.fill(1, r * window.width + from, r * window.width + to + 1);
  }
}
