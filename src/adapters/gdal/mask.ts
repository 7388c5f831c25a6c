/**
 * mask: mask layers of any grid, coordinate system or vector format, brought onto a window of a grid by the nearest pixel
 * (vectors: every pixel a polygon touches), and read as "seen" or "not seen".
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import type { GeoTransform, Grid, Window } from '../../model/grid.js';
import { MASK_READINGS, unknownMaskValue } from '../../model/mask-code.js';
import type { MaskUse } from '../../model/raster.js';
import { referenceFrom } from './spatial-reference.js';

type Coded = MaskUse & { readonly code: keyof typeof MASK_READINGS };

/**
 * 1 = seen by every mask, 0 = not seen; row-major, `window.width × window.height`; null without masks. The window may reach
 * beyond the grid: masks of BEFORE are read at the window moved by the measured shift.
 * Faults: mask.missing, mask.unreadable, mask.place, mask.code.
 */
export function readSeenMask(masks: readonly Omit<MaskUse, 'date'>[], grid: Grid, window: Window): Uint8Array | null {
  if (masks.length === 0) return null;
  const seen = new Uint8Array(window.width * window.height).fill(1);
  for (const mask of masks) {
    const dataset = opened(mask.path);
    try {
      if (mask.code === 'vector') burn(dataset, mask.path, grid, window, seen);
      else applyRaster(dataset, { ...mask, date: 'both', code: mask.code }, grid, window, seen);
    } finally {
      dataset.close();
    }
  }
  return seen;
}

function opened(path: string): gdal.Dataset {
  if (!path.startsWith('/vsi') && !existsSync(path)) {
    throw new Fault('mask.missing', `找不到掩膜文件：${path}，请检查路径 (no such mask file)`);
  }
  try {
    return gdal.open(path);
  } catch (cause) {
    throw new Fault(
      'mask.unreadable',
      `掩膜文件无法读取：${path}；需要栅格或矢量文件 (the mask is neither a raster nor a vector file)`,
      { cause },
    );
  }
}

/** The band that holds the layer: the one named for it in a stack, else the first. */
function maskBand(dataset: gdal.Dataset, mask: Coded): gdal.RasterBand {
  const count = dataset.bands.count();
  if (count === 0) {
    throw new Fault(
      'mask.unreadable',
      `掩膜 ${mask.path} 不是栅格；矢量文件请用常见扩展名（.geojson .gpkg .shp）(the mask is not a raster)`,
    );
  }
  const named = dataset.bands.map((band) => band).find((band) => band.description.toLowerCase() === mask.code);
  return named ?? dataset.bands.get(1);
}

function applyRaster(dataset: gdal.Dataset, mask: Coded, grid: Grid, window: Window, seen: Uint8Array): void {
  const band = maskBand(dataset, mask);
  const reading = MASK_READINGS[mask.code];
  if (mask.code === 'qa_pixel' && band.dataType === 'Byte') {
    throw new Fault(
      'mask.code',
      `${mask.path} 是 8 位影像，而 ${reading.name} 是 16 位；请核对 --mask 的前缀 (an 8-bit file is no QA_PIXEL layer: check the prefix)`,
    );
  }
  const values = samePlane(dataset, mask.path, grid)
    ? sampled(band, toMaskPixels(dataset, grid), window, reading.outside)
    : warped(dataset, band, grid, window, reading.outside);
  const verdicts = new Map<number, boolean>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? reading.outside;
    let verdict = verdicts.get(value);
    if (verdict === undefined) {
      if (!reading.known(value)) throw unknownMaskValue(mask.code, value, mask.path);
      verdict = reading.seen(value);
      verdicts.set(value, verdict);
    }
    if (!verdict) seen[i] = 0;
  }
}

/** Whether mask and grid share map coordinates (or, without any, pixel coordinates). */
function samePlane(dataset: gdal.Dataset, path: string, grid: Grid): boolean {
  const placed = dataset.srs !== null && dataset.geoTransform !== null;
  if (grid.crs === '' || !placed) {
    const { x, y } = dataset.rasterSize;
    if (x === grid.width && y === grid.height) return true;
    throw new Fault(
      'mask.place',
      `掩膜 ${basename(path)}（${x}×${y} 像元）或影像（${grid.width}×${grid.height}）没有坐标系，大小又不同，无法对应 ` +
        '(mask or image has no coordinate system and their sizes differ)',
    );
  }
  return dataset.srs !== null && referenceFrom(dataset.srs.toWKT()).isSame(referenceFrom(grid.crs));
}

/** Pixel coordinates of the grid → pixel coordinates of the mask, as one affine map. */
function toMaskPixels(dataset: gdal.Dataset, grid: Grid): GeoTransform {
  const own = dataset.geoTransform;
  if (grid.crs === '' || dataset.srs === null || !own) return [0, 1, 0, 0, 0, 1];
  const [x0 = 0, xc = 1, xr = 0, y0 = 0, yc = 0, yr = 1] = own;
  const g = grid.transform;
  const det = xc * yr - xr * yc;
  const col = (dx: number, dy: number): number => (dx * yr - dy * xr) / det;
  const row = (dx: number, dy: number): number => (dy * xc - dx * yc) / det;
  return [
    col(g[0] - x0, g[3] - y0),
    col(g[1], g[4]),
    col(g[2], g[5]),
    row(g[0] - x0, g[3] - y0),
    row(g[1], g[4]),
    row(g[2], g[5]),
  ];
}

type Values = Float64Array;

/** Nearest pixel by the affine map. A pixel's value does not depend on where the window begins. */
function sampled(band: gdal.RasterBand, map: GeoTransform, window: Window, outside: number): Values {
  const out = new Float64Array(window.width * window.height).fill(outside);
  const { x: maskWidth, y: maskHeight } = band.size;
  // a hair above the middle: where the middle lies on the seam of two mask pixels, rounding must not choose
  const at = (c: number, r: number): [number, number] => [
    Math.floor(map[0] + (c + 0.5) * map[1] + (r + 0.5) * map[2] + 1e-6),
    Math.floor(map[3] + (c + 0.5) * map[4] + (r + 0.5) * map[5] + 1e-6),
  ];
  const lastCol = window.col + window.width - 1;
  const lastRow = window.row + window.height - 1;
  const corners = [
    at(window.col, window.row),
    at(lastCol, window.row),
    at(window.col, lastRow),
    at(lastCol, lastRow),
  ] as const;
  const fromCol = Math.max(0, Math.min(...corners.map((p) => p[0])));
  const fromRow = Math.max(0, Math.min(...corners.map((p) => p[1])));
  const width = Math.min(maskWidth - 1, Math.max(...corners.map((p) => p[0]))) - fromCol + 1;
  const height = Math.min(maskHeight - 1, Math.max(...corners.map((p) => p[1]))) - fromRow + 1;
  if (width <= 0 || height <= 0) return out;
  const source = band.pixels.read(fromCol, fromRow, width, height, new Float64Array(width * height));
  for (let r = 0; r < window.height; r++) {
    for (let c = 0; c < window.width; c++) {
      const [mc, mr] = at(window.col + c, window.row + r);
      const [col, row] = [mc - fromCol, mr - fromRow];
      if (col < 0 || row < 0 || col >= width || row >= height) continue;
      out[r * window.width + c] = source[row * width + col] ?? outside;
    }
  }
  return out;
}

/** The grid of a window. */
function windowTransform({ transform: t }: Grid, { col, row }: Window): number[] {
  return [t[0] + col * t[1] + row * t[2], t[1], t[2], t[3] + col * t[4] + row * t[5], t[4], t[5]];
}

function inMemory(grid: Grid, window: Window, fill: number): gdal.Dataset {
  const dataset = gdal.open('mask', 'w', 'MEM', window.width, window.height, 1, gdal.GDT_Float64);
  dataset.srs = gdal.SpatialReference.fromWKT(grid.crs);
  dataset.geoTransform = windowTransform(grid, window);
  const values = new Float64Array(window.width * window.height).fill(fill);
  dataset.bands.get(1).pixels.write(0, 0, window.width, window.height, values);
  return dataset;
}

/** Nearest pixel through another coordinate system; exact transformation, so that windows agree with each other. */
function warped(dataset: gdal.Dataset, band: gdal.RasterBand, grid: Grid, window: Window, outside: number): Values {
  const target = inMemory(grid, window, outside);
  const source = oneBand(dataset, band);
  try {
    gdal.reprojectImage({
      src: source,
      dst: target,
      s_srs: source.srs as gdal.SpatialReference,
      t_srs: target.srs as gdal.SpatialReference,
      resampling: gdal.GRA_NearestNeighbor,
      maxError: 0,
    });
    const size = window.width * window.height;
    return target.bands.get(1).pixels.read(0, 0, window.width, window.height, new Float64Array(size));
  } finally {
    // before the dataset it is a view of: the other order ends the process
    source.close();
    target.close();
  }
}

/** A view of one band without its no-data value: codes are tested raw, and the warper would leave no-data out. */
function oneBand(dataset: gdal.Dataset, band: gdal.RasterBand): gdal.Dataset {
  return gdal.translate('', dataset, ['-of', 'VRT', '-b', String(band.id), '-a_nodata', 'none']);
}

function burn(dataset: gdal.Dataset, path: string, grid: Grid, window: Window, seen: Uint8Array): void {
  if (dataset.layers.count() === 0) {
    throw new Fault('mask.unreadable', `掩膜 ${path} 中没有矢量图层 (no vector layer in the mask file)`);
  }
  const names = dataset.layers.map((layer) => {
    if (grid.crs === '' || layer.srs === null) {
      throw new Fault(
        'mask.place',
        `矢量掩膜 ${basename(path)} 或影像没有坐标系，无法对应；请补上 .prj 或改用栅格掩膜 ` +
          '(vector mask or image has no coordinate system)',
      );
    }
    return layer.name;
  });
  const target = inMemory(grid, window, 0);
  try {
    for (const name of names) gdal.rasterize(target, dataset, ['-l', name, '-burn', '1', '-at']);
    const size = window.width * window.height;
    const burned = target.bands.get(1).pixels.read(0, 0, window.width, window.height, new Uint8Array(size));
    for (let i = 0; i < size; i++) if (burned[i] !== 0) seen[i] = 0;
  } finally {
    target.close();
  }
}
