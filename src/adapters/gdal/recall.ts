/**
 * recall: what one image shows of each patch and of the ring around it. Patches come as lon/lat outlines and are laid on the image's
 * own pixels, so that no image is resampled; only the windows of the patches are read, one at a time.
 */
import type gdal from 'gdal-async';
import { marginPx, readGround } from '../../kernels/ground-reading.js';
import { scanline } from '../../kernels/scanline.js';
import type { Grid, MultiPolygonRings, Position, Window } from '../../model/grid.js';
import type { GroundReading } from '../../model/history.js';
import type { WorkCatalogue } from '../../model/work.js';
import { readBandWindow } from './band-window.js';
import { lonLat } from './lon-lat.js';
import { readSeenMask } from './mask.js';
import { pixelSize } from './meet.js';
import { openRaster } from './open.js';
import { gridOf } from './pair-reader.js';

/** Side of the largest window: of a larger patch its middle is read, and memory stays bounded. */
const MOST_PX = 2048;

interface Laid {
  readonly runs: Int32Array;
  /** Of its pixels; empty where the patch covers no pixel centre. */
  readonly box: Window;
}

export function recall(input: WorkCatalogue['recall']['input']): WorkCatalogue['recall']['output'] {
  const { use, masks } = input.scene;
  const dataset = openRaster(use.path);
  const grid = gridOf(dataset);
  const { gsdM } = pixelSize(grid);
  if (gsdM === null) return input.patches.map(() => null);
  const laid = input.patches.map((patch) => layOn(grid, patch));
  const indices = use.bands.map(({ index }) => index);
  const read = (one: Laid): GroundReading | null => {
    if (!touches(one.box, dataset.rasterSize)) return null;
    const window = windowAround(one.box, marginPx(gsdM));
    const { bands, valid } = readBandWindow(dataset, use.path, indices, window);
    const seen = readSeenMask(masks, grid, window);
    if (seen) for (let i = 0; i < valid.length; i++) if (seen[i] === 0) valid[i] = 0;
    const patch = new Uint8Array(valid.length);
    paint(one.runs, window, patch);
    const others = new Uint8Array(valid.length);
    for (const other of laid) if (other !== one && meets(other.box, window)) paint(other.runs, window, others);
    const roles = use.bands.map(({ role }) => role);
    return readGround({ width: window.width, height: window.height, roles, bands, valid }, patch, others, gsdM);
  };
  return laid.map(read);
}

/** The pixels whose middle lies in the patch. A place outside the projection has none. */
function layOn(grid: Grid, patch: MultiPolygonRings): Laid {
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

function touches(box: Window, size: gdal.Dataset['rasterSize']): boolean {
  return meets(box, { col: 0, row: 0, width: size.x, height: size.y });
}

function meets(a: Window, b: Window): boolean {
  return (
    a.width > 0 &&
    a.col < b.col + b.width &&
    b.col < a.col + a.width &&
    a.row < b.row + b.height &&
    b.row < a.row + a.height
  );
}

function windowAround({ col, row, width, height }: Window, margin: number): Window {
  const along = (from: number, length: number): [number, number] => {
    const wanted = length + 2 * margin;
    const kept = Math.min(MOST_PX, wanted);
    return [from - margin + Math.floor((wanted - kept) / 2), kept];
  };
  const [left, across] = along(col, width);
  const [top, down] = along(row, height);
  return { col: left, row: top, width: across, height: down };
}

function paint(runs: Int32Array, window: Window, mask: Uint8Array): void {
  for (let k = 0; k + 2 < runs.length; k += 3) {
    const r = (runs[k] ?? 0) - window.row;
    if (r < 0 || r >= window.height) continue;
    const from = Math.max(0, (runs[k + 1] ?? 0) - window.col);
    const to = Math.min(window.width - 1, (runs[k + 2] ?? -1) - window.col);
    if (to >= from) mask.fill(1, r * window.width + from, r * window.width + to + 1);
  }
}
