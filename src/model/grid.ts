/**
 * Grid: where the pixels of a raster lie. Pixels are counted `col,row` from the upper left; map coordinates are `x,y` in the
 * order easting/longitude first, whatever the authority's axis order is; geographic ones are `lon,lat` in degrees.
 */

/** x = t0 + col·t1 + row·t2, y = t3 + col·t4 + row·t5 (GDAL's order); col,row count from the corner of a pixel. */
export type GeoTransform = readonly [number, number, number, number, number, number];

export interface Grid {
  /** WKT of the coordinate system; '' = the file has none and is compared in pixels. */
  readonly crs: string;
  readonly transform: GeoTransform;
  readonly width: number;
  readonly height: number;
}

/** A rectangle of pixels of a grid. */
export interface Window {
  readonly col: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

/** [minX, minY, maxX, maxY] */
export type Box = readonly [number, number, number, number];

export type Position = readonly [number, number];
/** Closed ring: the first position is repeated at the end. */
export type Ring = readonly Position[];
/** Outer ring, then holes. */
export type PolygonRings = readonly Ring[];
export type MultiPolygonRings = readonly PolygonRings[];

export function pixelToMap(transform: GeoTransform, col: number, row: number): Position {
  return [
    transform[0] + col * transform[1] + row * transform[2],
    transform[3] + col * transform[4] + row * transform[5],
  ];
}

/** The window cut to the grid; width or height 0 where they do not meet. */
export function clipWindow(window: Window, grid: { width: number; height: number }): Window {
  const col = Math.max(0, window.col);
  const row = Math.max(0, window.row);
  const right = Math.min(grid.width, window.col + window.width);
  const bottom = Math.min(grid.height, window.row + window.height);
  return { col, row, width: Math.max(0, right - col), height: Math.max(0, bottom - row) };
}
