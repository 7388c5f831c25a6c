/** lonLat: map coordinates x,y of any coordinate system to lon,lat of EPSG:4490 and back, point by point. */
import gdal from 'gdal-async';
import type { Position } from '../../model/grid.js';
import { lonLatReference, referenceFrom } from './spatial-reference.js';

export interface LonLat {
  /** null where the place has no longitude and latitude (outside the projection). */
  toLonLat(x: number, y: number): Position | null;
  toMap(lon: number, lat: number): Position | null;
  readonly geographic: boolean;
}

const known = new Map<string, LonLat>();

/** Faults: crs.unknown. */
export function lonLat(wkt: string): LonLat {
  const made = known.get(wkt);
  if (made) return made;
  const crs = referenceFrom(wkt);
  const cgcs2000 = lonLatReference();
  const forward = new gdal.CoordinateTransformation(crs, cgcs2000);
  const inverse = new gdal.CoordinateTransformation(cgcs2000, crs);
  const fresh: LonLat = {
    toLonLat: (x, y) => moved(forward, x, y),
    toMap: (lon, lat) => moved(inverse, lon, lat),
    geographic: crs.isGeographic(),
  };
  known.set(wkt, fresh);
  return fresh;
}

function moved(transformation: gdal.CoordinateTransformation, x: number, y: number): Position | null {
  try {
    const point = transformation.transformPoint(x, y);
    return Number.isFinite(point.x) && Number.isFinite(point.y) ? [point.x, point.y] : null;
  } catch {
    return null;
  }
}
