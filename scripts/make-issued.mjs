/**
 * Makes fixtures/issued from fixtures/demo and scripts/fixtures/issued-plan.mjs:  node scripts/make-issued.mjs   (after npm run build)
 * Seeded by the plan: the same files with the same GDAL. Shapefiles carry GBK tables, with .cpg or without, as they are met.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import gdal from 'gdal-async';
import { writeDbf } from '../dist/src/adapters/gdal/write-dbf.js';
import { polygonAreaM2 } from '../dist/src/geo/ellipsoid-area.js';
import { interiorPoint } from '../dist/src/geo/interior-point.js';
import { ISSUED_FILES } from './fixtures/issued-plan.mjs';

gdal.config.set('OSR_DEFAULT_AXIS_MAPPING_STRATEGY', 'TRADITIONAL_GIS_ORDER');
gdal.config.set('OGR_CURRENT_DATE', '1970-01-01T00:00:00.000Z');
const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'fixtures/issued');
const scene = gdal.open(join(root, 'fixtures/demo/s2-2017-04-14.tif'));
const [x0, dx, , y0, , dy] = scene.geoTransform;
const lonLat = gdal.SpatialReference.fromEPSG(4490);

const round = (value, digits) => Math.round(value * 10 ** digits) / 10 ** digits;

/** Outer rings of shapefiles run clockwise; GDAL sees to it. */
function geometryOf(ring, srs) {
  const points = ring.map(([col, row]) => `${round(x0 + col * dx, 9)} ${round(y0 + row * dy, 9)}`);
  const geometry = gdal.Geometry.fromWKT(`POLYGON ((${points.join(', ')}))`);
  if (!srs.isSame(lonLat)) geometry.transform(new gdal.CoordinateTransformation(lonLat, srs));
  return geometry;
}

function factsOf(ring) {
  if (ring === null) return { areaM2: null, lon: null, lat: null };
  const rings = [[ring.map(([col, row]) => [round(x0 + col * dx, 9), round(y0 + row * dy, 9)])]];
  return { areaM2: polygonAreaM2(rings), ...interiorPoint(rings) };
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const { file, epsg, fields, cpg, rows } of ISSUED_FILES) {
  const path = join(out, file);
  const shapefile = file.endsWith('.shp');
  const srs = gdal.SpatialReference.fromEPSG(epsg);
  const dataset = gdal.open(path, 'w', shapefile ? 'ESRI Shapefile' : 'GPKG');
  const layer = dataset.layers.create('issued', srs, gdal.wkbPolygon, shapefile ? [] : ['FID=fid']);
  const types = { text: gdal.OFTString, integer: gdal.OFTInteger, real: gdal.OFTReal };
  if (!shapefile) {
    for (const { name, type, width } of fields) {
      const field = new gdal.FieldDefn(name, types[type]);
      if (type === 'text') field.width = width;
      layer.fields.add(field);
    }
  }
  const table = rows.map(({ ring, values }) => values(factsOf(ring)));
  rows.forEach(({ ring }, i) => {
    const feature = new gdal.Feature(layer);
    if (ring !== null) feature.setGeometry(geometryOf(ring, srs));
    for (const [f, value] of shapefile ? [] : table[i].entries()) if (value !== null) feature.fields.set(f, value);
    layer.features.add(feature);
  });
  dataset.flush();
  dataset.close();
  if (!shapefile) continue;
  writeDbf(path.replace('.shp', '.dbf'), fields, table);
  rmSync(path.replace('.shp', '.cpg'), { force: true });
  if (cpg) writeFileSync(path.replace('.shp', '.cpg'), 'GBK');
}
process.stdout.write(`${out}: ${ISSUED_FILES.length} files\n`);
