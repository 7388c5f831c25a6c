/**
 * lie: how one patch lies to one boundary: areas inside and outside, greatest distance outside, distance. What is needed of either
 * is made when first asked for: most pairs need no cut, and many no plane.
 */
import type { LocalPlane } from '../../geo/crs.js';
import { densifyLonLat } from '../../geo/densify.js';
import {
  anyTouchesBox,
  boxOf,
  distanceToSegments,
  greatestDistance,
  greatestOf,
  isInsideEdges,
  leastDistance,
  type Segments,
  segmentsOf,
} from '../../geo/distance.js';
import { perimeterM, polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { isInside } from '../../geo/interior-point.js';
import type { Box, MultiPolygonRings } from '../../model/grid.js';
import type { Overlap } from '../../model/patch.js';
import { combine, fromGeometry } from './geometry.js';
import { type LonLatShape, lonLatShape } from './lon-lat-shape.js';
import { boxDistance, cutTo, planeOf, widen } from './planar-cache.js';

/** A sliver thinner than this along the patch's edge is the rounding of coordinates (1e-9° = 0.1 mm), not ground. */
export const SLIVER_M = 0.001;
/** About a metre: what a cut to a patch's neighbourhood leaves around it. */
const MARGIN_DEGREES = 1e-5;

/** Distances are NaN where they were not asked for. */
export type Lie = Omit<Overlap, 'boundaryId' | 'kind'>;

interface Flat {
  readonly rings: MultiPolygonRings;
  readonly box: Box;
  readonly segments: Segments;
}

/** Edges are straight in degrees, so they are divided before they go to a plane. */
function inPlane(rings: MultiPolygonRings, plane: LocalPlane): Flat {
  const flat = plane.toPlane(densifyLonLat(rings));
  return { rings: flat, box: boxOf(flat), segments: segmentsOf(flat) };
}

export class PatchShape {
  readonly shape: LonLatShape;
  readonly plane: LocalPlane;
  readonly areaM2: number;
  #flat: Flat | undefined;
  #sliverM2: number | undefined;

  constructor(rings: MultiPolygonRings) {
    this.shape = lonLatShape(rings);
    this.plane = planeOf(rings);
    this.areaM2 = polygonAreaM2(this.shape.rings);
  }

  get sliverM2(): number {
    this.#sliverM2 ??= SLIVER_M * perimeterM(this.shape.rings);
    return this.#sliverM2;
  }

  get flat(): Flat {
    this.#flat ??= inPlane(this.shape.rings, this.plane);
    return this.#flat;
  }

  /** Plane metres per metre on the ground. */
  get scale(): number {
    const [minLon, minLat, maxLon, maxLat] = this.shape.box;
    return this.plane.scaleAt((minLon + maxLon) / 2, (minLat + maxLat) / 2);
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
    const flat = inPlane(this.shape.rings, plane);
    this.#flat.set(plane.meridian, flat);
    return flat;
  }
}

/** Null where they are farther apart than `reachM`. */
export function lieOf(
  patch: PatchShape,
  boundary: BoundaryShape,
  { reachM, areasOnly }: { readonly reachM: number; readonly areasOnly: boolean },
): Lie | null {
  const { areaM2 } = patch;
  const edgesNear = anyTouchesBox(boundary.shape.segments, patch.shape.box);
  const insideM2 = edgesNear ? cutM2(patch, boundary) : holds(boundary, patch) ? areaM2 : 0;
  const areas = { areaInsideM2: insideM2, areaOutsideM2: areaM2 - insideM2 };
  if (insideM2 === areaM2) return { ...areas, greatestOutsideM: 0, distanceM: 0 };
  const meet = insideM2 > 0 || (edgesNear && patch.shape.geometry.intersects(boundary.shape.geometry));
  if (areasOnly && (meet || reachM === 0)) {
    return meet ? { ...areas, greatestOutsideM: Number.NaN, distanceM: 0 } : null;
  }
  const { scale, flat } = patch;
  const reach = reachM * scale;
  const other = boundary.flatIn(patch.plane);
  if (boxDistance(flat.box, other.box) > reach) return null;
  const near = nearSegments(flat, other, reach);
  const distance = meet ? 0 : leastDistance(near, flat.segments);
  if (distance > reach) return null;
  if (areasOnly) return { ...areas, greatestOutsideM: Number.NaN, distanceM: distance / scale };
  const greatest = meet
    ? greatestOf(flat.rings, near, signedDistance(other, near))
    : greatestDistance(flat.rings, near);
  return { ...areas, greatestOutsideM: greatest / scale, distanceM: distance / scale };
}

/** m² of the patch inside the boundary; slivers of rounding, inside or outside, are none. */
function cutM2(patch: PatchShape, boundary: BoundaryShape): number {
  const inside = combine('intersection', patch.shape.geometry, cutTo(boundary.shape, around(patch)));
  const m2 = polygonAreaM2(fromGeometry(inside));
  if (m2 < patch.sliverM2) return 0;
  return patch.areaM2 - m2 < patch.sliverM2 ? patch.areaM2 : m2;
}

/** Where no edge of the boundary comes near, the patch is wholly inside or wholly outside. */
function holds(boundary: BoundaryShape, patch: PatchShape): boolean {
  const [x, y] = patch.shape.rings[0]?.[0]?.[0] ?? [Number.NaN, Number.NaN];
  return isInside(boundary.shape.rings, x, y);
}

/** From the nearest edge; below 0 inside. */
function signedDistance({ segments }: Flat, near: Segments): (x: number, y: number) => number {
  return (x, y) => (isInsideEdges(segments, x, y) ? -1 : 1) * distanceToSegments(near, x, y);
}

function around(patch: PatchShape): Box {
  return widen(patch.shape.box, MARGIN_DEGREES);
}

/** The edges that can be nearest to a point of the patch, given that the two are within reach of each other. */
function nearSegments(patch: Flat, other: Flat, reach: number): Segments {
  const [minX, minY, maxX, maxY] = patch.box;
  return segmentsOf(other.rings, widen(patch.box, reach + Math.hypot(maxX - minX, maxY - minY)));
}
