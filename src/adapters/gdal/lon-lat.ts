/**
 * lonLat: map coordinates x,y of any coordinate system to lon,lat of EPSG:4490 and back. GDAL follows the authority's axis
 * order (EPSG:4490 is lat/lon, the 45xx zones northing/easting); here x is always easting or longitude, so the order is
 * taken out of the definition before GDAL sees it.
 */
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import type { Position } from '../../model/grid.js';

export interface LonLat {
  /** null where the place has no longitude and latitude (outside the projection). */
  toLonLat(x: number, y: number): Position | null;
  toMap(lon: number, lat: number): Position | null;
  readonly geographic: boolean;
}

/** The definition with x = easting/longitude first, whatever the authority says. */
export function eastingFirst(wkt: string): gdal.SpatialReference {
  const plain = wkt.replace(/,AXIS\["[^"]*",[A-Z]+\]/g, '').replace(/,AUTHORITY\["[^"]*","[^"]*"\]\]$/, ']');
  return gdal.SpatialReference.fromWKT(plain);
}

const known = new Map<string, LonLat>();

/** Faults: crs.unknown. */
export function lonLat(wkt: string): LonLat {
  const made = known.get(wkt);
  if (made) return made;
  const crs = readCrs(wkt);
  const cgcs2000 = eastingFirst(gdal.SpatialReference.fromEPSG(4490).toWKT());
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

function readCrs(wkt: string): gdal.SpatialReference {
  try {
    return eastingFirst(wkt);
  } catch (cause) {
    throw new Fault('crs.unknown', `坐标系定义无法识别：${wkt.slice(0, 80)}… (cannot read the coordinate system)`, {
      cause,
    });
  }
}

function moved(transformation: gdal.CoordinateTransformation, x: number, y: number): Position | null {
  try {
    const point = transformation.transformPoint(x, y);
    return Number.isFinite(point.x) && Number.isFinite(point.y) ? [point.x, point.y] : null;
  } catch {
    return null;
  }
}
