/** lon-lat-shape: a polygon as the overlay cuts it: valid, in GEOS, in degrees, in which its edges are straight. */
import type gdal from 'gdal-async';
import { boxOf, type Segments, segmentsOf } from '../../geo/distance.js';
import type { Box, MultiPolygonRings } from '../../model/grid.js';
import { fromGeometry, toGeometry } from './geometry.js';

export interface LonLatShape {
  readonly rings: MultiPolygonRings;
  readonly box: Box;
  readonly segments: Segments;
  readonly geometry: gdal.Geometry;
}

/** Mended where it has to be. */
export function lonLatShape(given: MultiPolygonRings): LonLatShape {
  const raw = toGeometry(given);
  const valid = raw.isValid();
  const geometry = valid ? raw : raw.makeValid();
  const rings = valid ? given : fromGeometry(geometry);
  return { rings, box: boxOf(rings), segments: segmentsOf(rings), geometry };
}
