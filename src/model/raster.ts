/** Raster: what is known of a raster file before its pixels are read, and how its bands are to be used. */
import type { Grid } from './grid.js';

/** What a band shows. `pan` = panchromatic or grey, `sar` = backscatter; 'b1', 'b2' … where nothing is known of a band. */
export const BAND_ROLES = [
  'coastal',
  'blue',
  'green',
  'yellow',
  'red',
  'rededge1',
  'rededge2',
  'rededge3',
  'nir',
  'nir2',
  'watervapour',
  'cirrus',
  'swir1',
  'swir2',
  'thermal',
  'thermal2',
  'pan',
  'sar',
] as const;
export type BandRole = (typeof BAND_ROLES)[number] | `b${number}`;

export type PixelType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64';

export interface BandInfo {
  /** 1-based, as GDAL counts. */
  readonly index: number;
  readonly type: PixelType;
  readonly description: string;
  readonly noData: number | null;
  /** GDAL's colour interpretation: Red, Green, Blue, Gray, Undefined … */
  readonly colour: string;
}

export interface RasterInfo {
  readonly path: string;
  /** GDAL driver's short name. */
  readonly driver: string;
  readonly grid: Grid;
  readonly bands: readonly BandInfo[];
  /** Width and height of the file's own tiles or strips. */
  readonly tile: { readonly width: number; readonly height: number };
  /** Overview factors, e.g. [2, 4, 8]; empty where there are none, or the file has a mask of its own. */
  readonly overviews: readonly number[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Other files that hold pixels of it (a VRT's sources, an .ige, an external mask); absent where there are none. */
  readonly parts?: readonly string[];
  /** Set where the grid's `crs` is '': what the file has instead of a coordinate system and grid. */
  readonly ungeoreferenced?: 'none' | 'no-crs' | 'no-grid' | 'gcps' | 'rpc' | 'local';
}

/** Which band of a file plays which role. */
export interface BandUse {
  readonly role: BandRole;
  readonly index: number;
}

export type MaskCode = 'scl' | 'qa_pixel' | 'fmask' | 'nonzero' | 'vector';
/** A mask layer: pixels it marks are not seen on the named date(s). */
export interface MaskUse {
  readonly date: 'before' | 'after' | 'both';
  readonly code: MaskCode;
  readonly path: string;
}

/** One date of a pair, ready to be read. */
export interface RasterUse {
  readonly path: string;
  readonly bands: readonly BandUse[];
  readonly sensor: string;
  /** ISO date, or null where unknown. */
  readonly acquiredOn: string | null;
  /** The file's overview reduced by this factor is read as if it were the file; absent = full size. */
  readonly reduced?: number;
}

/** Two dates of one place. The grid of the comparison is the grid of AFTER. */
export interface PairUse {
  readonly before: RasterUse;
  readonly after: RasterUse;
  readonly masks: readonly MaskUse[];
}

/** Radar, or one band of which nothing is known, which is treated as radar: the log ratio also serves grey images. */
export function radarLike(roles: readonly BandRole[]): boolean {
  return roles.every((role) => role === 'sar') || (roles.length === 1 && /^b\d+$/.test(roles[0] ?? ''));
}
