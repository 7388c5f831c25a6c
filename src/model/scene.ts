/** Scene: one image of one date as registered in a workspace. */
import type { Grid, MultiPolygonRings } from './grid.js';
import type { BandUse, MaskUse, RasterInfo } from './raster.js';

/** `2026Q3`. */
export type Quarter = `${number}Q${1 | 2 | 3 | 4}`;

export interface Scene {
  /** `S` + first 16 hex digits of the SHA-256 of file and masks' contents and band use. */
  readonly id: string;
  readonly sha256: string;
  readonly path: string;
  readonly acquiredOn: string;
  readonly quarter: Quarter;
  readonly sensor: string;
  readonly grid: Grid;
  readonly gsdM: number;
  readonly bands: readonly BandUse[];
  readonly masks: readonly Omit<MaskUse, 'date'>[];
  /** Valid pixels' outline, lon/lat EPSG:4490. */
  readonly footprint: MultiPolygonRings;
  /** Share of the file's pixels that are valid, 0–1. */
  readonly validShare: number;
  readonly info: RasterInfo;
}
