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

export const PERSON_LEVELS = ['county', 'township', 'village'] as const;
export type PersonLevel = (typeof PERSON_LEVELS)[number];

/** Who answers for a place. */
export interface Person {
  readonly level: PersonLevel;
  readonly name: string;
  readonly phone: string | null;
}

/** While a version of a polygon is the one that counts, as far as it concerns a period: null = all of it on that side. */
export interface VersionSpan {
  /** First day on which this version stands. */
  readonly from: string | null;
  /** First day on which a newer version stands instead. */
  readonly until: string | null;
  /** Day from which a complete list no longer names it. */
  readonly delistedOn: string | null;
}

/** A polygon of a register layer, normalised. Dates are ISO; null = unknown; what is absent was not in the file. */
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
  /** Since when this row says what it says (change, issue or notice date), where the file has such a field. */
  readonly effectiveFrom?: string;
  /** 项目类型 and the like: what the registration was for, as written. */
  readonly purpose?: string;
  /** Day of cancelling or closing. */
  readonly endedOn?: string;
  readonly suspendedFrom?: string;
  readonly suspendedTo?: string;
  /** A renewal was accepted: on which day, and until when that counts. */
  readonly acceptedOn?: string;
  readonly acceptedUntil?: string;
  readonly persons?: readonly Person[];
  /** A line or point widened by so many metres. */
  readonly buffered?: { readonly from: 'line' | 'point'; readonly metres: number };
  /** lon/lat, EPSG:4490. */
  readonly geometry: MultiPolygonRings;
  readonly areaM2: number;
  /** Set when the polygon may not be judged automatically (e.g. classified datum), with the reason in Chinese. */
  readonly excludedReason: string | null;
  /** All attributes as they came. */
  readonly attributes: Readonly<Record<string, string | number | null>>;
  /** Set where a period is asked about and this version does not stand throughout it. Never stored. */
  readonly span?: VersionSpan;
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
