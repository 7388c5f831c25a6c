/** What inspecting a raster needs: whether a TIFF's own directory points beyond the end of the file. */

export interface MissingBytes {
  readonly fileBytes: number;
  /** Bytes the file must at least have, by its directory. */
  readonly neededBytes: number;
  /** Tiles or strips that are not wholly there, of how many. */
  readonly missing: number;
  readonly total: number;
}

/** Null: nothing missing, or not a TIFF whose directory can be read. */
export type TiffCheck = (path: string) => Promise<MissingBytes | null>;
