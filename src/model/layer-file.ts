/** Layer file: one import of a register layer: where its polygons came from and how they were read. */
import type { BoundaryKind, LayerReading } from './boundary.js';
import type { CornerWish } from './corners.js';
import { contentHash } from './id.js';

export interface LayerWish {
  readonly kind: BoundaryKind;
  readonly crs: string | null;
  readonly encoding: string | null;
  /** Default beginning of validity for rows without one, ISO. */
  readonly validFrom: string | null;
  /** The file is the complete list of its kind from `validFrom` on. */
  readonly complete?: true;
  /** For corner points whose meaning the file leaves open; absent where nothing was said. */
  readonly corners?: Omit<CornerWish, 'crs'>;
}

export type LayerReport = Omit<LayerReading, 'boundaries'> & { readonly polygons: number };

export interface LayerFile {
  readonly id: string;
  readonly kind: BoundaryKind;
  /** File name without folder. */
  readonly name: string;
  /** Of the file itself; a shapefile's side files are in the id. */
  readonly sha256: string;
  readonly validFrom: string | null;
  readonly complete?: true;
  readonly report: LayerReport;
}

/** Kind + hash of all files' contents and the reading options: the same import again has the same id. */
export function layerFileId(wish: LayerWish, sha256s: readonly string[]): string {
  return `${wish.kind}-${contentHash({ ...wish, sha256s })}`;
}
