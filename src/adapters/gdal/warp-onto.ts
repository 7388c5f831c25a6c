/**
 * warp-onto: BEFORE on AFTER's grid where the two grids do not share their pixels. A virtual dataset over the whole of AFTER's
 * grid with an exact transform (error threshold 0), so that a pixel's value does not depend on the window asked for.
 */
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import { clipWindow, type Grid, pixelToMap, type Window } from '../../model/grid.js';
import { canonicalJson } from '../../model/id.js';
import type { RasterUse } from '../../model/raster.js';
import { referenceFrom } from './spatial-reference.js';

/** Kept as long as the dataset they read from. */
const kept = new WeakMap<gdal.Dataset, Map<string, gdal.Dataset>>();
let count = 0;

export function warpOnto(before: gdal.Dataset, use: RasterUse, grid: Grid): gdal.Dataset {
  const key = canonicalJson({ bands: use.bands, grid });
  const mine = kept.get(before) ?? new Map<string, gdal.Dataset>();
  kept.set(before, mine);
  const known = mine.get(key);
  if (known) return known;
  count += 1;
  const name = `/vsimem/before-${count}`;
  try {
    // Each step is closed and opened again by its name: a virtual dataset must not outlive the object it was made from.
    gdal.translate(`${name}-bands.vrt`, before, pickArguments(use)).close();
    const picked = gdal.open(`${name}-bands.vrt`);
    gdal.warp(`${name}.vrt`, null, [picked], warpArguments(before, use, grid)).close();
    picked.close();
    const warped = gdal.open(`${name}.vrt`);
    mine.set(key, warped);
    return warped;
  } catch (cause) {
    throw noTransform(use.path, cause);
  }
}

function noTransform(path: string, cause: unknown): Fault {
  return new Fault(
    'pair.warp',
    `无法把 ${path} 转换到后期影像的格网：两者的坐标系之间没有可用的转换 (cannot be warped onto the grid of the later image)`,
    { cause },
  );
}

function pickArguments(use: RasterUse): string[] {
  const colours = use.bands.map(() => 'undefined').join(',');
  return ['-of', 'VRT', '-colorinterp', colours, ...use.bands.flatMap((band) => ['-b', String(band.index)])];
}

function warpArguments(before: gdal.Dataset, use: RasterUse, grid: Grid): string[] {
  const [x0, dx, , y0, , dy] = grid.transform;
  const [left, right] = [x0, x0 + dx * grid.width].sort((a, b) => a - b);
  const [bottom, top] = [y0, y0 + dy * grid.height].sort((a, b) => a - b);
  const declared = use.bands.some((band) => before.bands.get(band.index).noDataValue !== null);
  const black = ['-srcnodata', use.bands.map(() => '0').join(' '), '-wo', 'UNIFIED_SRC_NODATA=YES'];
  // Averaging where BEFORE is clearly finer than AFTER, so that every source pixel counts; else cubic.
  const resampling = pixelWidthRatio(before, grid) < 0.75 ? 'average' : 'cubic';
  return [
    ...['-of', 'VRT', '-t_srs', grid.crs, '-r', resampling, '-et', '0', '-dstalpha'],
    ...['-te', ...[left, bottom, right, top].map(String)],
    ...['-ts', String(grid.width), String(grid.height)],
    ...(declared || use.bands.length < 3 ? [] : black),
  ];
}

/** Rough ratio of pixel widths on the ground, BEFORE : AFTER. */
function pixelWidthRatio(before: gdal.Dataset, grid: Grid): number {
  const suggestion = gdal.suggestedWarpOutput({
    src: before,
    s_srs: before.srs as gdal.SpatialReference,
    t_srs: referenceFrom(grid.crs),
  });
  return Math.abs((suggestion.geoTransform[1] ?? 1) / grid.transform[1]);
}

/** Points along each edge: a box is bent by a change of coordinate system. */
const EDGE_POINTS = 21;

/** Where `mine` lies on `grid`, in pixels of `grid` and cut to it; empty where they do not meet. */
export function boundsOn(mine: Grid, grid: Grid, path: string): Window {
  const [t0, t1, , t3, , t5] = grid.transform;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  try {
    const change = new gdal.CoordinateTransformation(referenceFrom(mine.crs), referenceFrom(grid.crs));
    for (const [col, row] of edgePoints(mine)) {
      const [x, y] = pixelToMap(mine.transform, col, row);
      const point = change.transformPoint(x, y);
      const [c, r] = [(point.x - t0) / t1, (point.y - t3) / t5];
      if (!Number.isFinite(c) || !Number.isFinite(r)) continue;
      left = Math.min(left, c);
      right = Math.max(right, c);
      top = Math.min(top, r);
      bottom = Math.max(bottom, r);
    }
  } catch (cause) {
    throw noTransform(path, cause);
  }
  if (left > right) return { col: 0, row: 0, width: 0, height: 0 };
  const col = Math.floor(left);
  const row = Math.floor(top);
  return clipWindow({ col, row, width: Math.ceil(right) - col, height: Math.ceil(bottom) - row }, grid);
}

function edgePoints({ width, height }: Grid): (readonly [number, number])[] {
  return Array.from({ length: EDGE_POINTS }, (_, i) => i / (EDGE_POINTS - 1)).flatMap((t) => [
    [t * width, 0] as const,
    [t * width, height] as const,
    [0, t * height] as const,
    [width, t * height] as const,
  ]);
}
