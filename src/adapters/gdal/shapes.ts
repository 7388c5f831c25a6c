/**
 * shapes: a patch and a boundary as they are cut and measured. Cut in degrees, in which their edges are straight; distances in the
 * patch's local plane, to which long edges go divided. What is needed is made when first asked for: most pairs need no cut, and
 * many no plane.
 */
import type gdal from 'gdal-async';
import type { LocalPlane } from '../../geo/crs.js';
import { boxOf, boxOfSegments, type Segments, segmentsOf } from '../../geo/distance.js';
import { perimeterM, polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import type { Box, MultiPolygonRings } from '../../model/grid.js';
import { combine, fromGeometry, toGeometry } from './geometry.js';
import { cutTo, planeOf, widen } from './planar-cache.js';

/** A sliver thinner than this along the patch's edge is the rounding of coordinates (1e-9° = 0.1 mm), not ground. */
export const SLIVER_M = 0.001;
/** About a metre: what a cut to a patch's neighbourhood leaves around it. */
const MARGIN_DEGREES = 1e-5;

/** In degrees, valid. */
export interface LonLatShape {
  readonly rings: MultiPolygonRings;
  readonly box: Box;
  readonly segments: Segments;
  readonly geometry: gdal.Geometry;
}

/** Mended where it has to be. */
function lonLatShape(given: MultiPolygonRings): LonLatShape {
  const raw = toGeometry(given);
  const valid = raw.isValid();
  const geometry = valid ? raw : raw.makeValid();
  const rings = valid ? given : fromGeometry(geometry);
  return { rings, box: boxOf(rings), segments: segmentsOf(rings), geometry };
}

/** In a local plane. */
export interface Flat {
  readonly edges: Segments;
  readonly box: Box;
}

function flatIn(plane: LocalPlane, { rings }: LonLatShape): Flat {
  const edges = plane.edgesOf(rings);
  return { edges, box: boxOfSegments(edges) };
}

export class PatchShape {
  readonly shape: LonLatShape;
  readonly plane: LocalPlane;
  /** On the ellipsoid, of the mended polygon where it had to be mended. */
  readonly areaM2: number;
  #flat: Flat | undefined;
  #sliverM2: number | undefined;
  readonly #inside = new Map<BoundaryShape, gdal.Geometry>();
  readonly #outside = new Map<BoundaryShape, gdal.Geometry>();

  constructor(rings: MultiPolygonRings) {
    this.shape = lonLatShape(rings);
    this.plane = planeOf(rings);
    this.areaM2 = polygonAreaM2(this.shape.rings);
  }

  get flat(): Flat {
    this.#flat ??= flatIn(this.plane, this.shape);
    return this.#flat;
  }

  /** Plane metres per metre on the ground. */
  get scale(): number {
    const [minLon, minLat, maxLon, maxLat] = this.shape.box;
    return this.plane.scaleAt((minLon + maxLon) / 2, (minLat + maxLat) / 2);
  }

  get sliverM2(): number {
    this.#sliverM2 ??= SLIVER_M * perimeterM(this.shape.rings);
    return this.#sliverM2;
  }

  /** m² of a part of it; slivers of rounding, of the part or of what it leaves, are none. */
  areaOf(part: gdal.Geometry): number {
    return this.cleaned(polygonAreaM2(fromGeometry(part)));
  }

  cleaned(m2: number): number {
    if (m2 < this.sliverM2) return 0;
    return this.areaM2 - m2 < this.sliverM2 ? this.areaM2 : m2;
  }

  inside(boundary: BoundaryShape): gdal.Geometry {
    const known = this.#inside.get(boundary);
    if (known) return known;
    const made = combine('intersection', this.shape.geometry, cutTo(boundary.shape, this.#around()));
    this.#inside.set(boundary, made);
    return made;
  }

  /** What all of the boundaries leave of it, in their order. */
  outside(boundaries: readonly BoundaryShape[]): gdal.Geometry {
    const [only, second] = boundaries;
    const known = only && !second && this.#outside.get(only);
    if (known) return known;
    const box = this.#around();
    const rest = boundaries.reduce(
      (left, { shape }) => combine('difference', left, cutTo(shape, box)),
      this.shape.geometry,
    );
    if (only && !second) this.#outside.set(only, rest);
    return rest;
  }

  #around(): Box {
    return widen(this.shape.box, MARGIN_DEGREES);
  }
}

export class BoundaryShape {
  readonly shape: LonLatShape;
  readonly #flat = new Map<number, Flat>();

  constructor(rings: MultiPolygonRings) {
    this.shape = lonLatShape(rings);
  }

  flatIn(plane: LocalPlane): Flat {
    const known = this.#flat.get(plane.meridian);
    if (known) return known;
    const flat = flatIn(plane, this.shape);
    this.#flat.set(plane.meridian, flat);
    return flat;
  }
}

/** Boundaries by place, each made once. */
export class Boundaries {
  readonly #rings: (place: number) => MultiPolygonRings;
  readonly #known = new Map<number, BoundaryShape>();

  constructor(rings: (place: number) => MultiPolygonRings) {
    this.#rings = rings;
  }

  get(place: number): BoundaryShape {
    const known = this.#known.get(place);
    if (known) return known;
    const made = new BoundaryShape(this.#rings(place));
    this.#known.set(place, made);
    return made;
  }
}
