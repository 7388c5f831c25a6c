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
  const size = dataset.rasterSize;
  const pixels = window.width * window.height;
  const valid = new Uint8Array(pixels);
  const bands = indices.map(() => new Float32Array(pixels));
  const col = Math.max(0, window.col);
  const row = Math.max(0, window.row);
  const width = Math.min(size.x, window.col + window.width) - col;
  const height = Math.min(size.y, window.row + window.height) - row;
  if (width <= 0 || height <= 0) return { bands, valid };

  const whole = width === window.width && height === window.height;
  const at = { offset: (row - window.row) * window.width + (col - window.col), width, height, stride: window.width };
  const buffer = whole ? null : new Float32Array(width * height);
  for (let r = 0; r < height; r++) valid.fill(1, at.offset + r * at.stride, at.offset + r * at.stride + width);

  let declared = false;
  indices.forEach((index, i) => {
    const band = dataset.bands.get(index);
    const target = bands[i];
    if (!target) return;
    try {
      const data = band.pixels.read(col, row, width, height, buffer ?? target) as Float32Array;
      if (buffer)
        for (let r = 0; r < height; r++)
          target.set(data.subarray(r * width, (r + 1) * width), at.offset + r * at.stride);
    } catch (cause) {
      throw new Fault(
        'raster.corrupt',
        `读取 ${path} 第 ${index} 波段、列 ${col}–${col + width - 1}、行 ${row}–${row + height - 1} 时出错：${messageOf(cause)}。` +
          '文件可能已损坏或未传完，请重新获取后再运行 (this part of the file cannot be read)',
        { details: { path, band: index, col, row, width, height }, cause },
      );
    }
    const noData = band.noDataValue;
    if (noData !== null) declared = true;
    dropInvalid(target, valid, noData === null ? null : Math.fround(noData));
  });
  if (!declared && indices.length >= 3) dropAllZero(bands, valid);
  dropMasked(dataset, indices, valid, { ...at, col, row });
  for (const band of bands) for (let i = 0; i < pixels; i++) if (valid[i] === 0) band[i] = 0;
  return { bands, valid };
}

function dropInvalid(band: Float32Array, valid: Uint8Array, noData: number | null): void {
  for (let i = 0; i < band.length; i++) {
    const value = band[i] as number;
    if (value === noData || !Number.isFinite(value)) valid[i] = 0;
  }
}

function dropAllZero(bands: readonly Float32Array[], valid: Uint8Array): void {
  const [first, ...rest] = bands;
  if (!first) return;
  for (let i = 0; i < valid.length; i++) {
    if (first[i] === 0 && rest.every((band) => band[i] === 0)) valid[i] = 0;
  }
}

function dropMasked(
  dataset: gdal.Dataset,
  indices: readonly number[],
  valid: Uint8Array,
  at: { offset: number; stride: number; col: number; row: number; width: number; height: number },
): void {
  const first = indices[0];
  if (first === undefined) return;
  const band = dataset.bands.get(first);
  if ((band.getMaskFlags() & OWN_MASK) === 0) return;
  const mask = band.getMaskBand();
  if (!mask) return;
  const data = mask.pixels.read(at.col, at.row, at.width, at.height, new Uint8Array(at.width * at.height));
  for (let r = 0; r < at.height; r++) {
    for (let c = 0; c < at.width; c++) if (data[r * at.width + c] === 0) valid[at.offset + r * at.stride + c] = 0;
  }
}
