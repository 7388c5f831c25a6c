/** outside-part: a patch in its plane, and the size of parts of it. Lengths in plane metres, areas on the ellipsoid. */
import type gdal from 'gdal-async';
import type { LocalPlane } from '../../geo/crs.js';
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import type { Zone } from './edge-band.js';
import { combine, fromGeometry } from './geometry.js';
import { cutTo, type PlanarPolygon, widen } from './planar-cache.js';

export interface Subject extends PlanarPolygon {
  readonly plane: LocalPlane;
  readonly scale: number;
  readonly sliverM2: number;
}

/** The patch without the zones. */
export function less(patch: PlanarPolygon, zones: readonly Zone[]): gdal.Geometry {
  const box = widen(patch.box, 1);
  return zones.reduce((rest, { polygon }) => combine('difference', rest, cutTo(polygon, box)), patch.geometry);
}

/** m² of a part of the patch. */
export function areaOf(patch: Subject, part: gdal.Geometry): number {
  return part === patch.geometry ? patch.areaM2 : clean(rawM2(patch, part), patch);
}

/** With slivers. */
export function rawM2(patch: Subject, part: gdal.Geometry): number {
  return polygonAreaM2(patch.plane.toLonLat(fromGeometry(part)));
}

/** Slivers of rounding, inside or outside, are none. */
export function clean(m2: number, { areaM2, sliverM2 }: Subject): number {
  if (m2 < sliverM2) return 0;
  return areaM2 - m2 < sliverM2 ? areaM2 : m2;
}
