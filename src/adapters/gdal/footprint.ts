/**
 * footprint: the outline of what a raster shows, for deciding which scenes meet. The whole file is read once, window by
 * window, with the same notion of "valid" as the comparison; so a block that cannot be decoded is found here.
 * Large rasters are outlined on a lattice of at most 512 cells a side. The outline never leaves out a valid pixel; it may
 * take in ground up to two cells beyond the valid pixels.
 */
import { basename } from 'node:path';
import gdal from 'gdal-async';
import { densifyPlane } from '../../geo/densify.js';
import { quantise } from '../../geo/quantise.js';
import { labelComponents } from '../../kernels/components.js';
import { coarser, grown, type Lattice, makeLattice, markValid } from '../../kernels/lattice.js';
import { outlineOf } from '../../kernels/outline.js';
import { Fault } from '../../model/fault.js';
import { type Grid, type MultiPolygonRings, type PolygonRings, pixelToMap, type Window } from '../../model/grid.js';
import type { WorkCatalogue } from '../../model/work.js';
import { readBandWindow } from './band-window.js';
import { lonLat } from './lon-lat.js';
import { readSeenMask } from './mask.js';
import { pixelSize } from './meet.js';
import { openRaster } from './open.js';
import { gridOf } from './pair-reader.js';

const MAX_CELLS = 512;
/** More rings than this (scattered clouds, salt and pepper) are outlined on a coarser lattice. */
const MAX_RINGS = 400;
/** Outlines of more corners are simplified: the staircase of a slanted border has thousands. */
const MAX_CORNERS = 200;
const WINDOW_PX = 1 << 20;
/** Pieces that the longer side of the raster is divided into before it is bent into longitude and latitude. */
const EDGE_PIECES = 32;

/** Faults: scene.no-crs, scene.no-valid, scene.position, raster.corrupt, and those of the masks. */
export function footprint({ use, masks }: WorkCatalogue['footprint']['input']): WorkCatalogue['footprint']['output'] {
  const dataset = openRaster(use.path);
  const grid = gridOf(dataset);
  const name = basename(use.path);
  if (grid.crs === '') {
    throw new Fault('scene.no-crs', `${name} 没有坐标系，无法确定其位置 (no coordinate system: its place is unknown)`);
  }
  const indices = use.bands.map((band) => band.index);
  const lattice = makeLattice(grid.width, grid.height, MAX_CELLS);
  let validPixels = 0;
  for (const window of windows(dataset, grid)) {
    const { valid } = readBandWindow(dataset, use.path, indices, window);
    const seen = readSeenMask(masks, grid, window);
    if (seen) for (let i = 0; i < valid.length; i++) if (seen[i] === 0) valid[i] = 0;
    validPixels += markValid(lattice, valid, window);
  }
  if (validPixels === 0) {
    throw new Fault(
      'scene.no-valid',
      `${name} 没有有效像元：全部为无数据值${masks.length > 0 ? '或被掩膜遮盖' : ''} (no valid pixel in the file)`,
    );
  }
  const { gsdM } = pixelSize(grid);
  return {
    footprint: toLonLat(outline(lattice), lattice.step, grid, name),
    validShare: validPixels / (grid.width * grid.height),
    gsdM: gsdM ?? 0,
  };
}

/** Windows along the file's own tiles, about a million pixels each. */
function* windows(dataset: gdal.Dataset, grid: Grid): Generator<Window> {
  const { x: tileWidth, y: tileHeight } = dataset.bands.get(1).blockSize;
  const across = Math.max(1, Math.floor(Math.sqrt(WINDOW_PX) / tileWidth)) * tileWidth;
  const width = Math.min(grid.width, tileWidth >= grid.width ? grid.width : across, WINDOW_PX);
  const wanted = Math.max(1, Math.floor(WINDOW_PX / width));
  const height = Math.min(grid.height, wanted >= tileHeight ? wanted - (wanted % tileHeight) : wanted);
  for (let row = 0; row < grid.height; row += height) {
    for (let col = 0; col < grid.width; col += width) {
      yield {
        col,
        row,
        width: Math.min(width, grid.width - col),
        height: Math.min(height, grid.height - row),
      };
    }
  }
}

/** In cells of the given lattice. */
function outline(lattice: Lattice): MultiPolygonRings {
  let scale = 1;
  let at = lattice;
  let rings = ringsOf(at);
  while (countRings(rings) > MAX_RINGS && at.cols * at.rows > 64) {
    at = coarser(at);
    scale *= 2;
    rings = ringsOf(at);
  }
  const corners = rings.reduce((sum, polygon) => sum + polygon.reduce((n, ring) => n + ring.length, 0), 0);
  // grown by one cell first: simplifying by up to one cell then cuts off no valid pixel
  if (corners > MAX_CORNERS) rings = simplified(ringsOf(grown(at)));
  return scaled(rings, scale);
}

function ringsOf(lattice: Lattice): MultiPolygonRings {
  const core = { col: 0, row: 0, width: lattice.cols, height: lattice.rows };
  return labelComponents(lattice.cells, lattice.cols, core, { col: 0, row: 0 }).map((part) => outlineOf(part.runs));
}

function countRings(rings: MultiPolygonRings): number {
  return rings.reduce((sum, polygon) => sum + polygon.length, 0);
}

function simplified(rings: MultiPolygonRings): MultiPolygonRings {
  const shape = gdal.Geometry.fromGeoJson({ type: 'MultiPolygon', coordinates: rings });
  const simple = shape.simplifyPreserveTopology(1).toObject() as
    | { type: 'Polygon'; coordinates: PolygonRings }
    | { type: 'MultiPolygon'; coordinates: MultiPolygonRings };
  return simple.type === 'Polygon' ? [simple.coordinates] : simple.coordinates;
}

function scaled(rings: MultiPolygonRings, factor: number): MultiPolygonRings {
  return rings.map((polygon) => polygon.map((ring) => ring.map(([col, row]) => [col * factor, row * factor])));
}

function toLonLat(rings: MultiPolygonRings, step: number, grid: Grid, name: string): MultiPolygonRings {
  const place = lonLat(grid.crs);
  const pixel = Math.hypot(grid.transform[1], grid.transform[4]);
  const pixels = rings.map((polygon) =>
    polygon.map((ring) =>
      ring.map(([col, row]) => [Math.min(col * step, grid.width), Math.min(row * step, grid.height)] as const),
    ),
  );
  const edge = Math.max(grid.width, grid.height) / EDGE_PIECES;
  const dense = place.geographic ? pixels : densifyPlane(pixels, edge);
  return quantise(
    dense.map((polygon) =>
      polygon.map((ring) =>
        ring.map(([col, row]) => {
          const [x, y] = pixelToMap(grid.transform, col, row);
          const position = place.toLonLat(x, y);
          // a projection far outside of its range gives some longitude and latitude, but not back again
          const [backX, backY] = (position && place.toMap(position[0], position[1])) ?? [Number.NaN, Number.NaN];
          const sound = Math.hypot(backX - x, backY - y) < pixel;
          if (!position || !sound || Math.abs(position[0]) > 180 || Math.abs(position[1]) > 90) {
            throw new Fault(
              'scene.position',
              `${name} 的坐标 (${x}, ${y}) 不在其坐标系的范围内，地理参考可能有误（带号、单位或坐标系不符）` +
                '；请核对后重新指定 (coordinates outside of the coordinate system: check zone, unit, system)',
            );
          }
          return position;
        }),
      ),
    ),
  );
}
