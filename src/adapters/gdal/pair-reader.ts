/**
 * pair-reader: both dates of a window on AFTER's grid.
 * Where both files share coordinate system, pixel size and orientation, BEFORE is read as it is and moved by offset + shift in
 * one cubic step; else GDAL warps it onto AFTER's whole grid (a virtual dataset with an exact transform, so that a pixel's value
 * does not depend on the window asked for). Two files without coordinate system are compared pixel by pixel from their corner.
 */
import type gdal from 'gdal-async';
import { hideRefused, maskWindow, moveByField, moveMaskByField, planMove } from '../../kernels/field-move.js';
import { EDGE_STEPS, extendEdges, moveBand, moveMask } from '../../kernels/resample.js';
import { isLevel } from '../../kernels/shift-field.js';
import type { AlignedPair, Shift, ShiftField } from '../../model/change.js';
import { Fault } from '../../model/fault.js';
import { clipWindow, type Grid, type Window } from '../../model/grid.js';
import type { PairUse, RasterUse } from '../../model/raster.js';
import { type BandWindow, readBandWindow } from './band-window.js';
import { readSeenMask } from './mask.js';
import { openRaster } from './open.js';
import { referenceFrom } from './spatial-reference.js';
import { boundsOn, warpOnto } from './warp-onto.js';

export interface PairReader {
  readonly grid: Grid;
  /** Where the two dates meet, on AFTER's grid; null = nowhere. */
  readonly extent: Window | null;
  read(window: Window, shift: Displacement): AlignedPair;
}

export type Displacement = Pick<Shift, 'x' | 'y' | 'field'>;

/** A displacement under this is left alone: resampling would blur more than it mends, pixels. */
const NEGLIGIBLE_PX = 0.08;

export function gridOf(dataset: gdal.Dataset): Grid {
  const crs = dataset.srs?.toWKT() ?? '';
  const t = crs === '' ? [0, 1, 0, 0, 0, 1] : (dataset.geoTransform ?? [0, 1, 0, 0, 0, 1]);
  const [t0 = 0, t1 = 1, t2 = 0, t3 = 0, t4 = 0, t5 = 1] = t;
  return { crs, transform: [t0, t1, t2, t3, t4, t5], width: dataset.rasterSize.x, height: dataset.rasterSize.y };
}

export function openPair(pair: PairUse): PairReader {
  const after = openRaster(pair.after.path);
  const before = openRaster(pair.before.path);
  const grid = gridOf(after);
  const source = placeBefore(before, pair.before, grid, pair.after);
  const extent = clipWindow(source.bounds, grid);
  const masksNow = pair.masks.filter((mask) => mask.date !== 'before');
  const masksEarlier = pair.masks.filter((mask) => mask.date === 'before');
  const afterBands = pair.after.bands.map((use) => use.index);
  return {
    grid,
    extent: extent.width > 0 && extent.height > 0 ? extent : null,
    read(window, shift) {
      const now = readBandWindow(after, pair.after.path, afterBands, window);
      const { field } = shift;
      const earlier =
        field && !isLevel(field)
          ? readByField(source, window, field, (wide) => readSeenMask(masksEarlier, grid, wide))
          : readShifted(source, window, shift, (moved) => readSeenMask(masksEarlier, grid, moved));
      const seen = now.valid;
      const masks = [earlier.valid, earlier.mask, readSeenMask(masksNow, grid, window)];
      for (const mask of masks) if (mask) for (let i = 0; i < seen.length; i++) if (mask[i] === 0) seen[i] = 0;
      if (field) hideRefused(field, window, seen);
      return {
        width: window.width,
        height: window.height,
        roles: pair.after.bands.map((use) => use.role),
        before: earlier.bands,
        after: now.bands,
        seen,
      };
    },
  };
}

interface Source {
  readonly dataset: gdal.Dataset;
  readonly path: string;
  readonly indices: readonly number[];
  /** Where BEFORE lies on AFTER's pixels; may reach beyond the grid. */
  readonly bounds: Window;
  /** BEFORE's pixel that lies on AFTER's pixel (0, 0). */
  readonly offset: { readonly x: number; readonly y: number };
}

function placeBefore(before: gdal.Dataset, use: RasterUse, grid: Grid, after: RasterUse): Source {
  const mine = gridOf(before);
  const source = { dataset: before, path: use.path, indices: use.bands.map((band) => band.index) };
  const translated = (offset: { x: number; y: number }): Source => {
    const col = Math.ceil(-offset.x);
    const row = Math.ceil(-offset.y);
    const right = Math.floor(mine.width - offset.x);
    const bottom = Math.floor(mine.height - offset.y);
    return { ...source, offset, bounds: { col, row, width: right - col, height: bottom - row } };
  };
  if (mine.crs === '' && grid.crs === '') return translated({ x: 0, y: 0 });
  if (mine.crs === '' || grid.crs === '') {
    const without = mine.crs === '' ? use.path : after.path;
    throw new Fault(
      'pair.crs',
      `两期影像中只有一期带坐标系：${without} 没有。请先为它指定坐标系（如 gdal_edit.py -a_srs EPSG:4528）(only one of the two files has a coordinate system)`,
    );
  }
  const offset = sharedLattice(mine, grid);
  if (offset) return translated(offset);
  if (grid.transform[2] !== 0 || grid.transform[4] !== 0) {
    throw new Fault(
      'pair.rotated',
      `${after.path} 的格网是旋转的，与前期格网不一致时不能比较，请先用 gdalwarp 重采样为正北朝上 (rotated grid)`,
    );
  }
  const bounds = boundsOn(mine, grid, use.path);
  if (bounds.width <= 0 || bounds.height <= 0) return { ...source, bounds, offset: { x: 0, y: 0 } };
  const warped = warpOnto(before, use, grid);
  return { dataset: warped, path: use.path, indices: use.bands.map((_, i) => i + 1), bounds, offset: { x: 0, y: 0 } };
}

/** Offset in pixels where the grids differ by a translation only (within 1/100 pixel over the whole raster), else null. */
function sharedLattice(mine: Grid, grid: Grid): { x: number; y: number } | null {
  const a = mine.transform;
  const b = grid.transform;
  const span = Math.max(mine.width, mine.height, grid.width, grid.height);
  const unit = Math.hypot(b[1], b[4]);
  for (const i of [1, 2, 4, 5] as const) if (Math.abs(a[i] - b[i]) * span > 0.01 * unit) return null;
  if (mine.crs !== grid.crs && !referenceFrom(mine.crs).isSame(referenceFrom(grid.crs))) return null;
  const determinant = b[1] * b[5] - b[2] * b[4];
  const dx = b[0] - a[0];
  const dy = b[3] - a[3];
  return { x: (dx * b[5] - dy * b[2]) / determinant, y: (dy * b[1] - dx * b[4]) / determinant };
}

interface Moved extends BandWindow {
  /** Masks of BEFORE, moved likewise; null without any. */
  readonly mask: Uint8Array | null;
}

function readByField(
  source: Source,
  window: Window,
  field: ShiftField,
  readMask: (window: Window) => Uint8Array | null,
): Moved {
  const move = planMove(window, field, source.offset);
  const mask = readMask(maskWindow(move));
  return {
    ...moveByField(move, readExtended(source, move.bandWindow)),
    mask: mask && moveMaskByField(move, mask),
  };
}

function readShifted(
  source: Source,
  window: Window,
  shift: Displacement,
  readMask: (window: Window) => Uint8Array | null,
): Moved {
  // A mask of BEFORE moves with BEFORE, to the nearest pixel.
  const moved = { ...window, col: window.col + Math.round(shift.x), row: window.row + Math.round(shift.y) };
  return {
    ...readMoved(source, window, source.offset.x + shift.x, source.offset.y + shift.y),
    mask: readMask(moved),
  };
}

/** AFTER's pixel (c, r) takes BEFORE's value at (c + dx, r + dy). */
function readMoved(
  source: Source,
  window: Window,
  dx: number,
  dy: number,
): { bands: readonly Float32Array[]; valid: Uint8Array } {
  const x = split(dx);
  const y = split(dy);
  const { width, height } = window;
  const col = window.col + x.whole;
  const row = window.row + y.whole;
  if (x.part === 0 && y.part === 0)
    return readBandWindow(source.dataset, source.path, source.indices, { col, row, width, height });
  const wide = readExtended(source, { col: col - 1, row: row - 1, width: width + 3, height: height + 3 });
  const valid = new Uint8Array(width * height);
  moveMask(wide.valid, width, height, x.part, y.part, valid);
  const bands = wide.bands.map((band) => {
    const moved = new Float32Array(width * height);
    moveBand(band, width, height, x.part, y.part, moved);
    for (let i = 0; i < moved.length; i++) if (valid[i] === 0) moved[i] = 0;
    return moved;
  });
  return { bands, valid };
}

/** The window with values carried over the edge of what is valid; the validity itself is as read. */
function readExtended(source: Source, window: Window): BandWindow {
  const { dataset, path, indices } = source;
  const plain = readBandWindow(dataset, path, indices, window);
  if (plain.valid.every((v) => v === 1) || plain.valid.every((v) => v === 0)) return plain;
  const width = window.width + 2 * EDGE_STEPS;
  const height = window.height + 2 * EDGE_STEPS;
  const more = readBandWindow(dataset, path, indices, {
    col: window.col - EDGE_STEPS,
    row: window.row - EDGE_STEPS,
    width,
    height,
  });
  extendEdges(more.bands, more.valid, width, height);
  const bands = more.bands.map((band, b) => {
    const target = plain.bands[b] ?? band;
    for (let r = 0; r < window.height; r++) {
      const from = (r + EDGE_STEPS) * width + EDGE_STEPS;
      target.set(band.subarray(from, from + window.width), r * window.width);
    }
    return target;
  });
  return { bands, valid: plain.valid };
}

function split(distance: number): { whole: number; part: number } {
  const nearest = Math.round(distance);
  if (Math.abs(distance - nearest) < NEGLIGIBLE_PX) return { whole: nearest, part: 0 };
  const whole = Math.floor(distance);
  return { whole, part: distance - whole };
}
