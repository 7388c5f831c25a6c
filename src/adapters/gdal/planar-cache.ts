/**
 * planar-cache: boundaries in the local plane of a 3° zone, made once per zone however many patches ask, with their GEOS
 * geometry and edges. Large boundaries are cut to the neighbourhood of the patch before GEOS sees them; the part beyond cannot
 * change an answer about the patch.
 */
import type gdal from 'gdal-async';
import { type LocalPlane, localPlane } from '../../geo/crs.js';
import { densifyLonLat } from '../../geo/densify.js';
import { boxOf, type Segments, segmentsOf } from '../../geo/distance.js';
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import type { Box, MultiPolygonRings } from '../../model/grid.js';
import { combine, fromGeometry, toGeometry } from './geometry.js';

/** A boundary with more edges than this is cut before each use. Measured: cutting pays from about this size on. */
const CUT_EDGES = 1000;

export interface PlanarPolygon {
  readonly rings: MultiPolygonRings;
  readonly box: Box;
  readonly geometry: gdal.Geometry;
  readonly segments: Segments;
  /** On the ellipsoid, m², of the polygon as it came; of the mended one where it had to be mended. */
  readonly areaM2: number;
}

/** In the plane; edges of the lon/lat polygon are divided first, because they are straight there and not here. */
export function planarPolygon(lonLat: MultiPolygonRings, plane: LocalPlane): PlanarPolygon {
  const raw = toGeometry(plane.toPlane(densifyLonLat(lonLat)));
  const valid = raw.isValid();
  const geometry = valid ? raw : raw.makeValid();
  const rings = fromGeometry(geometry);
  const areaM2 = polygonAreaM2(valid ? lonLat : plane.toLonLat(rings));
  return { rings, box: boxOf(rings), geometry, segments: segmentsOf(rings), areaM2 };
}

/** The 3° plane of a lon/lat polygon, by the middle of its box. */
export function planeOf(lonLat: MultiPolygonRings): LocalPlane {
  const box = boxOf(lonLat);
  return localPlane((box[0] + box[2]) / 2);
}

export class PlanarCache {
  readonly #lonLat: readonly MultiPolygonRings[];
  readonly #planar = new Map<string, PlanarPolygon>();

  constructor(lonLat: readonly MultiPolygonRings[]) {
    this.#lonLat = lonLat;
  }

  get(index: number, plane: LocalPlane): PlanarPolygon {
    const key = `${plane.meridian}:${index}`;
    const known = this.#planar.get(key);
    if (known) return known;
    const made = planarPolygon(this.#lonLat[index] ?? [], plane);
    this.#planar.set(key, made);
    return made;
  }
}

/** The polygon's part in a box; the whole polygon where it is small. */
export function cutTo(polygon: Pick<PlanarPolygon, 'segments' | 'geometry'>, box: Box): gdal.Geometry {
  if (polygon.segments.length / 4 <= CUT_EDGES) return polygon.geometry;
  const [minX, minY, maxX, maxY] = box;
  const frame = toGeometry([
    [
      [
        [minX, minY],
        [maxX, minY],
        [maxX, maxY],
        [minX, maxY],
        [minX, minY],
      ],
    ],
  ]);
  return combine('intersection', polygon.geometry, frame);
}

export function widen(box: Box, by: number): Box {
  return [box[0] - by, box[1] - by, box[2] + by, box[3] + by];
}

export function boxDistance(a: Box, b: Box): number {
  return Math.hypot(Math.max(0, a[0] - b[2], b[0] - a[2]), Math.max(0, a[1] - b[3], b[1] - a[3]));
}
