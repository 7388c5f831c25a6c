/** Scene: one image of one date as registered in a workspace. */
import type { Grid, MultiPolygonRings } from './grid.js';
import type { BandUse, MaskUse, RasterInfo } from './raster.js';

/** `2026Q3`. */
export type Quarter = `${number}Q${1 | 2 | 3 | 4}`;

/** A file of a scene as it was when registered, so that a run can tell whether it still is. */
export interface SceneFile {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

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
  /** The image, files with further pixels of it, and the masks. */
  readonly files?: readonly SceneFile[];
  /** Where the date was found, and what was assumed of bands; Chinese first. */
  readonly notes?: readonly string[];
}
