/** Boundary layer: the register's polygons that patches are held against. */
import type { MultiPolygonRings } from './grid.js';

export const BOUNDARY_KINDS = [
  'licences',
  'exploration',
  'plans',
  'restoration',
  'closed',
  'prone',
  'keyzones',
  'admin',
  'lawful',
] as const;
export type BoundaryKind = (typeof BOUNDARY_KINDS)[number];

/** A polygon of a register layer, normalised. Dates are ISO; null = unknown. */
export interface Boundary {
  readonly id: string;
  readonly kind: BoundaryKind;
  /** 1-based row of the source file. */
  readonly row: number;
  readonly number: string | null;
  readonly name: string | null;
  readonly holder: string | null;
  readonly method: string | null;
  readonly status: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly zoneKind: string | null;
  /** lon/lat, EPSG:4490. */
  readonly geometry: MultiPolygonRings;
  readonly areaM2: number;
  /** Set when the polygon may not be judged automatically (e.g. classified datum), with the reason in Chinese. */
  readonly excludedReason: string | null;
  /** All attributes as they came. */
  readonly attributes: Readonly<Record<string, string | number | null>>;
}

/** What reading a layer file gave: rows that serve, rows that were mended, rows that were refused. */
export interface LayerReading {
  readonly boundaries: readonly Boundary[];
  readonly repaired: readonly { readonly row: number; readonly what: string }[];
  readonly refused: readonly { readonly row: number; readonly why: string }[];
  readonly encoding: string;
  readonly crsName: string;
  /** What was assumed, in words (e.g. WGS 84 taken as CGCS2000). */
  readonly assumptions: readonly string[];
}
