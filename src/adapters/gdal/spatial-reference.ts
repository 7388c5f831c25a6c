/**
 * spatial-reference: coordinate systems with x = easting or longitude first, always. EPSG:4490, 4326 and the 45xx zones are
 * lat/lon or northing/easting in GDAL unless it is told otherwise before the first one is made: importing this module does it.
 */
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';

gdal.config.set('OSR_DEFAULT_AXIS_MAPPING_STRATEGY', 'TRADITIONAL_GIS_ORDER');

/** CGCS2000 lon/lat. */
export function lonLatReference(): gdal.SpatialReference {
  return gdal.SpatialReference.fromEPSG(4490);
}

/** From WKT, `EPSG:4528`, PROJ text or anything else GDAL's user input takes. */
export function referenceFrom(text: string): gdal.SpatialReference {
  try {
    return gdal.SpatialReference.fromUserInput(/^\d+$/.test(text) ? `EPSG:${text}` : text);
  } catch (cause) {
    throw new Fault(
      'crs.unknown',
      `不认识坐标系“${text.slice(0, 60)}”，请写成 EPSG:4490、EPSG:4528 这样的代码 (unknown coordinate system)`,
      { cause },
    );
  }
}

/** `EPSG:4528 (CGCS2000 / 3-degree Gauss-Kruger zone 40)`, or the name alone where there is no code. */
export function referenceName(reference: gdal.SpatialReference): string {
  const name = reference.getAttrValue('PROJCS') ?? reference.getAttrValue('GEOGCS') ?? '?';
  const code = authorityCode(reference);
  return code === null ? name : `EPSG:${code} (${name})`;
}

export function authorityCode(reference: gdal.SpatialReference): number | null {
  const node = reference.isProjected() ? 'PROJCS' : 'GEOGCS';
  if (reference.getAuthorityName(node) !== 'EPSG') return null;
  const code = Number(reference.getAuthorityCode(node));
  return Number.isInteger(code) ? code : null;
}
