/** self-check: what of GDAL and PROJ this installation has, found by using it. */
import gdal from 'gdal-async';
import iconv from 'iconv-lite';
import type { WorkCatalogue } from '../../model/work.js';
import { lonLatReference, referenceFrom } from './spatial-reference.js';

const DRIVERS = ['GTiff', 'COG', 'JP2OpenJPEG', 'HFA', 'GPKG', 'ESRI Shapefile', 'GeoJSON'] as const;

/** 120° E 38° N lies on the central meridian of zone 40 (EPSG:4528), false easting 40 500 000 m. */
const LON = 120;
const LAT = 38;
const EASTING_M = 40_500_000;
/** Meridian arc to 38° N on the CGCS2000 ellipsoid (GRS80's axes to 0.1 mm), by PROJ 9.1. */
const NORTHING_M = 4_207_498.019;
const CLOSE_M = 0.01;

export function selfCheck(): WorkCatalogue['selfCheck']['output'] {
  const available = new Set(gdal.drivers.getNames());
  return {
    gdalVersion: gdal.version,
    missingDrivers: DRIVERS.filter((name) => !available.has(name)),
    projection: trouble(checkProjection),
    encoding: trouble(checkEncoding),
  };
}

function trouble(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function checkProjection(): void {
  const transform = new gdal.CoordinateTransformation(lonLatReference(), referenceFrom('EPSG:4528'));
  const { x, y } = transform.transformPoint(LON, LAT);
  const offM = Math.hypot(x - EASTING_M, y - NORTHING_M);
  if (!(offM < CLOSE_M)) {
    throw new Error(`EPSG:4490 → EPSG:4528: ${LON}° E ${LAT}° N → ${x}, ${y}; ${EASTING_M}, ${NORTHING_M} expected`);
  }
}

/** A Shapefile in GBK, written by GDAL and read back by it. */
function checkEncoding(): void {
  const text = '采矿许可证';
  const path = '/vsimem/self-check.shp';
  const options = ['ENCODING=GBK'];
  const made = gdal.open(path, 'w', 'ESRI Shapefile');
  const layer = made.layers.create('self-check', lonLatReference(), gdal.wkbPoint, options);
  layer.fields.add(new gdal.FieldDefn('name', gdal.OFTString));
  const feature = new gdal.Feature(layer);
  feature.setGeometry(new gdal.Point(LON, LAT));
  feature.fields.set('name', text);
  layer.features.add(feature);
  made.close();
  const bytes = gdal.vsimem.release('/vsimem/self-check.dbf');
  if (!bytes.includes(iconv.encode(text, 'gbk'))) throw new Error('GDAL wrote a GBK Shapefile without GBK bytes');
}
