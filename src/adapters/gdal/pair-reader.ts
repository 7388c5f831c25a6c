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
import type { KernelMemory } from '../../kernels/wasm.js';
import type { AlignedPair, Shift, ShiftField } from '../../model/change.js';
import { Fault } from '../../model/fault.js';
import { clipWindow, type Grid, type Window } from '../../model/grid.js';
import type { PairUse, RasterUse } from '../../model/raster.js';
import { BandSlide, type Need } from './band-slide.js';
import { type BandWindow, readBandWindow } from './band-window.js';
import { readSeenMask } from './mask.js';
import { openRaster } from './open.js';
import { referenceFrom } from './spatial-reference.js';
import { boundsOn, warpOnto } from './warp-onto.js';

export interface PairReader {
  readonly grid: Grid;
  /** Where the two dates meet, on AFTER's grid; null = nowhere. */
  readonly extent: Window | null;
  /** Rows of AFTER's tiles or strips in the file. */
  readonly tileRows: number;
  readonly tile: { readonly x: number; readonly y: number };
  /** Whole pixels that BEFORE is moved by; null where it is resampled. */
  wholeOffset(shift: Displacement): { x: number; y: number } | null;
  /** `need`: the only parts that are read, where BEFORE is not resampled; the rest is not seen. */
  read(window: Window, shift: Displacement, need?: Need | null): AlignedPair;
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

/** Reads in strips: windows of the same columns, one below the other. The arrays that `read` gives are valid until its next call. */
export interface Sliding {
  readonly memory: KernelMemory;
  /** Pixels of the largest window. */
  readonly capacity: number;
}

/** Bytes of kernel memory that a sliding reader takes: both dates, BEFORE also moved, their validity. */
export function slidingBytes({ before, after }: PairUse, capacity: number): number {
  const planes = after.bands.length + 2 * before.bands.length;
  return capacity * (4 * planes + 3) + 4096;
}

export function openPair(pair: PairUse, sliding: Sliding | null = null): PairReader {
  const after = openRaster(pair.after.path, pair.after.reduced);
  const before = openRaster(pair.before.path, pair.before.reduced);
  const grid = gridOf(after);
  const placement = placeBefore(before, pair.before, grid, pair.after);
  const source = { ...placement, read: readerOf(placement.dataset, placement.path, placement.indices, sliding) };
  const extent = clipWindow(source.bounds, grid);
  const masksNow = pair.masks.filter((mask) => mask.date !== 'before');
  const masksEarlier = pair.masks.filter((mask) => mask.date === 'before');
  const afterBands = pair.after.bands.map((use) => use.index);
  const readAfter = readerOf(after, pair.after.path, afterBands, sliding);
  const moved = sliding?.memory.planes(source.indices.length, sliding.capacity);
  const seenRoom = sliding?.memory.bytes(sliding.capacity);
  return {
    grid,
    extent: extent.width > 0 && extent.height > 0 ? extent : null,
    tileRows: after.bands.get(1).blockSize.y,
    tile: after.bands.get(1).blockSize,
    wholeOffset(shift) {
      const [x, y] = [split(source.offset.x + shift.x), split(source.offset.y + shift.y)];
      const warped = source.dataset !== before;
      return warped || shift.field || x.part !== 0 || y.part !== 0 ? null : { x: x.whole, y: y.whole };
    },
    read(window, shift, need = null) {
      const now = readAfter(window, need);
      const { field } = shift;
      const earlier =
        field && !isLevel(field)
          ? readByField(source, window, field, (wide) => readSeenMask(masksEarlier, grid, wide))
          : readShifted(source, window, shift, (moved) => readSeenMask(masksEarlier, grid, moved), need);
      const pixels = window.width * window.height;
      const seen = seenRoom?.subarray(0, pixels) ?? now.valid;
      if (seenRoom) seen.set(now.valid);
      const masks = [earlier.valid, earlier.mask, readSeenMask(masksNow, grid, window)];
      for (const mask of masks) if (mask) keepBoth(seen, mask);
      if (field) hideRefused(field, window, seen);
      return {
        width: window.width,
        height: window.height,
        roles: pair.after.bands.map((use) => use.role),
        before: moved ? earlier.bands.map((band, b) => placed(band, moved[b] ?? band)) : earlier.bands,
        after: now.bands,
        seen,
      };
    },
  };
}

function readerOf(
  dataset: gdal.Dataset,
  path: string,
  indices: readonly number[],
  sliding: Sliding | null,
): Source['read'] {
  const plain = (window: Window) => readBandWindow(dataset, path, indices, window);
  if (!sliding) return plain;
  const { memory, capacity } = sliding;
  const slide = new BandSlide(memory, dataset, path, indices, capacity);
  return (window, need) => (window.width * window.height <= capacity ? slide.read(window, need) : plain(window));
}

/** Four validities at a time: bytes of 0 and 1. */
function keepBoth(seen: Uint8Array, mask: Uint8Array): void {
  const words = seen.length >> 2;
  const aligned = seen.byteOffset % 4 === 0 && mask.byteOffset % 4 === 0;
  let from = 0;
  if (aligned) {
    const [a, b] = [
      new Uint32Array(seen.buffer, seen.byteOffset, words),
      new Uint32Array(mask.buffer, mask.byteOffset, words),
    ];
    for (let i = 0; i < words; i++) a[i] = (a[i] as number) & (b[i] as number);
    from = words * 4;
  }
  for (let i = from; i < seen.length; i++) if (mask[i] === 0) seen[i] = 0;
}

/** The band in kernel memory: as it is, or copied to `room`. */
function placed(band: Float32Array, room: Float32Array): Float32Array {
  if (band.buffer === room.buffer) return band;
  room.set(band);
  return room.subarray(0, band.length);
}

interface Source extends Placement {
  read(window: Window, need?: Need | null): BandWindow;
}

interface Placement {
  readonly dataset: gdal.Dataset;
  readonly path: string;
  readonly indices: readonly number[];
  /** Where BEFORE lies on AFTER's pixels; may reach beyond the grid. */
  readonly bounds: Window;
  /** BEFORE's pixel that lies on AFTER's pixel (0, 0). */
  readonly offset: { readonly x: number; readonly y: number };
}

function placeBefore(before: gdal.Dataset, use: RasterUse, grid: Grid, after: RasterUse): Placement {
  const mine = gridOf(before);
  const source = { dataset: before, path: use.path, indices: use.bands.map((band) => band.index) };
  const translated = (offset: { x: number; y: number }): Placement => {
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
  need: Need | null,
): Moved {
  // A mask of BEFORE moves with BEFORE, to the nearest pixel.
  const moved = { ...window, col: window.col + Math.round(shift.x), row: window.row + Math.round(shift.y) };
  return {
    ...readMoved(source, window, source.offset.x + shift.x, source.offset.y + shift.y, need),
    mask: readMask(moved),
  };
}

/** AFTER's pixel (c, r) takes BEFORE's value at (c + dx, r + dy). */
function readMoved(
  source: Source,
  window: Window,
  dx: number,
  dy: number,
  need: Need | null,
): { bands: readonly Float32Array[]; valid: Uint8Array } {
  const x = split(dx);
  const y = split(dy);
  const { width, height } = window;
  const col = window.col + x.whole;
  const row = window.row + y.whole;
  if (x.part === 0 && y.part === 0)
    return source.read({ col, row, width, height }, need && movedNeed(need, x.whole, y.whole));
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

/** What is needed of a window of AFTER, asked and answered in BEFORE's pixels. */
function movedNeed(need: Need, x: number, y: number): Need {
  const by = (dx: number, dy: number) => (window: Window) => ({
    ...window,
    col: window.col + dx,
    row: window.row + dy,
  });
  return (window) => need(by(-x, -y)(window)).map(by(x, y));
}

/** The window with values carried over the edge of what is valid; the validity itself is as read. */
function readExtended(source: Source, window: Window): BandWindow {
  const { dataset, path, indices } = source;
  const plain = source.read(window);
  if (!plain.valid.includes(0) || !plain.valid.includes(1)) return plain;
  const width = window.width + 2 * EDGE_STEPS;
  const height = window.height + 2 * EDGE_STEPS;
  const more = readBandWindow(dataset, path, indices, {
    col: window.col - EDGE_STEPS,
    row: window.row - EDGE_STEPS,
    width,
    height,
  });
  extendEdges(more.bands, more.valid, width, height);
  const bands = more.bands.map((band) => {
    const inner = new Float32Array(window.width * window.height);
    for (let r = 0; r < window.height; r++) {
      const from = (r + EDGE_STEPS) * width + EDGE_STEPS;
      inner.set(band.subarray(from, from + window.width), r * window.width);
    }
    return inner;
  });
  return { bands, valid: plain.valid };
}

function split(distance: number): { whole: number; part: number } {
  const nearest = Math.round(distance);
  if (Math.abs(distance - nearest) < NEGLIGIBLE_PX) return { whole: nearest, part: 0 };
  const whole = Math.floor(distance);
  return { whole, part: distance - whole };
}
