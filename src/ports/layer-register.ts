/** What registering and reading layers needs from the database. */
import type { Boundary, BoundaryKind } from '../model/boundary.js';
import type { LayerFile } from '../model/layer-file.js';
import type { VersionFile, VersionRow } from '../model/versions.js';

export interface ListedLayerFile extends LayerFile {
  /** ISO time, UTC. */
  readonly importedAt: string;
}

export interface RegisterVersions {
  /** In the order of recording. */
  readonly files: readonly VersionFile[];
  /** A row for each polygon of each import. */
  readonly rows: readonly VersionRow[];
}

export interface LayerRegister {
  /** By kind, then time of import. */
  files(): Promise<ListedLayerFile[]>;
  file(id: string): Promise<LayerFile | null>;
  /** All or nothing. Polygons that are there already stay as they are; gives how many were new. */
  add(file: LayerFile, boundaries: readonly Boundary[]): Promise<number>;
  /** Sorted by kind, then id; all kinds without one. */
  boundaries(kind?: BoundaryKind): Promise<Boundary[]>;
  /** What decides which version stands when. */
  versions(): Promise<RegisterVersions>;
  /** Sorted by id. */
  byIds(ids: readonly string[]): Promise<Boundary[]>;
}

/** Contents of a layer file and of what belongs to it. */
export interface LayerFiles {
  /** The file first, then a shapefile's side files; sorted. Faults: layer.missing. */
  digests(path: string): Promise<readonly string[]>;
}
