/**
 * band-window: raw values of the used bands in one window and which of its pixels are valid. No-data is tested here, on raw
 * values, once; from here on only the validity mask exists.
 * A pixel is invalid where any used band is not finite or equals its declared no-data value, where the file's own mask or alpha
 * band says so, or, when no value is declared and three or more bands are used, where all of them are 0 (the fill of unnamed
 * borders). Windows may reach beyond the raster: what lies outside is invalid.
 */
import type gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import type { Window } from '../../model/grid.js';
import { messageOf } from './open.js';

export interface BandWindow {
  readonly bands: readonly Float32Array[];
  readonly valid: Uint8Array;
}

/** GMF_PER_DATASET | GMF_ALPHA */
const OWN_MASK = 0x02 | 0x04;

export function readBandWindow(
  dataset: gdal.Dataset,
  path: string,
  indices: readonly number[],
  window: Window,
): BandWindow {
  const pixels = window.width * window.height;
  const valid = new Uint8Array(pixels);
  const bands = indices.map(() => new Float32Array(pixels));
  const inside = readBands(dataset, path, indices, window, bands);
  if (!inside) return { bands, valid };
  const offset = (inside.row - window.row) * window.width + (inside.col - window.col);
  for (let r = 0; r < inside.height; r++)
    valid.fill(1, offset + r * window.width, offset + r * window.width + inside.width);
  const noData = declaredNoData(dataset, indices);
  bands.forEach((band, b) => {
    dropInvalid(band, valid, noData[b] ?? null);
  });
  if (indices.length >= 3 && noData.every((value) => value === null)) dropUnnamedFill(bands, valid);
  const own = ownMask(dataset, indices, inside);
  if (own) {
    for (let r = 0; r < inside.height; r++) {
      const line = offset + r * window.width;
      for (let c = 0; c < inside.width; c++) if (own[r * inside.width + c] === 0) valid[line + c] = 0;
    }
  }
  for (const band of bands) for (let i = 0; i < pixels; i++) if (valid[i] === 0) band[i] = 0;
  return { bands, valid };
}

/** Fills the bands with the window's raw values, 0 beyond the raster; returns the part of the window inside it, null where there is none. */
export function readBands(
  dataset: gdal.Dataset,
  path: string,
  indices: readonly number[],
  window: Window,
  bands: readonly Float32Array[],
): Window | null {
  const size = dataset.rasterSize;
  const col = Math.max(0, window.col);
  const row = Math.max(0, window.row);
  const width = Math.min(size.x, window.col + window.width) - col;
  const height = Math.min(size.y, window.row + window.height) - row;
  const empty = width <= 0 || height <= 0;
  const whole = width === window.width && height === window.height;
  if (!whole) for (const band of bands) band.fill(0);
  if (empty) return null;
  const buffer = whole ? null : new Float32Array(width * height);
  const offset = (row - window.row) * window.width + (col - window.col);
  indices.forEach((index, b) => {
    const target = bands[b];
    if (!target) return;
    try {
      const data = dataset.bands.get(index).pixels.read(col, row, width, height, buffer ?? target) as Float32Array;
      if (!buffer) return;
      for (let r = 0; r < height; r++) target.set(data.subarray(r * width, (r + 1) * width), offset + r * window.width);
    } catch (cause) {
      throw new Fault(
        'raster.corrupt',
        `读取 ${path} 第 ${index} 波段、列 ${col}–${col + width - 1}、行 ${row}–${row + height - 1} 时出错：${messageOf(cause)}。` +
          '文件可能已损坏或未传完，请重新获取后再运行 (this part of the file cannot be read)',
        { details: { path, band: index, col, row, width, height }, cause },
      );
    }
  });
  return { col, row, width, height };
}

/** Per band, in single precision; null where none is declared. */
export function declaredNoData(dataset: gdal.Dataset, indices: readonly number[]): (number | null)[] {
  return indices.map((index) => {
    const value = dataset.bands.get(index).noDataValue;
    return value === null ? null : Math.fround(value);
  });
}

function dropInvalid(band: Float32Array, valid: Uint8Array, noData: number | null): void {
  for (let i = 0; i < band.length; i++) {
    const value = band[i] as number;
    if (value === noData || !Number.isFinite(value)) valid[i] = 0;
  }
}

/** Pixels that are 0 in all bands; whether there was any. */
export function dropUnnamedFill(bands: readonly Float32Array[], valid: Uint8Array): boolean {
  const [first, ...rest] = bands;
  if (!first) return false;
  let any = false;
  for (let i = first.indexOf(0); i >= 0; i = first.indexOf(0, i + 1)) {
    if (!rest.every((band) => band[i] === 0)) continue;
    valid[i] = 0;
    any = true;
  }
  return any;
}

/** The file's own mask or alpha band of a window inside the raster (0 = invalid); null where it has none. */
export function ownMask(dataset: gdal.Dataset, indices: readonly number[], inside: Window): Uint8Array | null {
  const first = indices[0];
  if (first === undefined) return null;
  const band = dataset.bands.get(first);
  if (!hasOwnMask(band)) return null;
  const mask = band.getMaskBand();
  if (!mask) return null;
  const { col, row, width, height } = inside;
  return mask.pixels.read(col, row, width, height, new Uint8Array(width * height));
}

/** Whether the file brings a mask or an alpha band besides its values. */
export function hasOwnMask(band: gdal.RasterBand): boolean {
  return (band.getMaskFlags() & OWN_MASK) !== 0;
}
