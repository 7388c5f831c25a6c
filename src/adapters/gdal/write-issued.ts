/**
 * writeIssued: rows in an issuer's own fields, whose names, order, types and widths are kept. Shapefile: outlines by GDAL, the
 * table by write-dbf (GBK, with .cpg); a row without outline is a null shape. GPKG: as the fields say. Lon/lat EPSG:4490.
 */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import gdal from 'gdal-async';
import { Fault } from '../../model/fault.js';
import type { IssuedField } from '../../model/issued.js';
import type { WorkCatalogue } from '../../model/work.js';
import { toGeometry } from './geometry.js';
import { lonLatReference } from './spatial-reference.js';
import { writeDbf } from './write-dbf.js';
import { writeWhole } from './write-whole.js';

type Input = WorkCatalogue['writeIssued']['input'];

const TYPES: Readonly<Record<IssuedField['type'], string>> = {
  text: gdal.OFTString,
  integer: gdal.OFTInteger64,
  real: gdal.OFTReal,
  date: gdal.OFTDate,
};

export function writeIssued(input: Input): WorkCatalogue['writeIssued']['output'] {
  const ending = extname(input.path).toLowerCase();
  if (ending !== '.shp' && ending !== '.gpkg') {
    throw new Fault('output.format', `不支持的输出格式“${ending}”，请用 .shp 或 .gpkg (unsupported output format)`);
  }
  writeWhole(input.path, (target) =>
    ending === '.shp' ? writeShapefile(target, input) : writeGeoPackage(target, input),
  );
  return { path: input.path };
}

function writeShapefile(target: string, { fields, rows }: Input): void {
  const stem = target.slice(0, -'.shp'.length);
  const dataset = gdal.open(target, 'w', 'ESRI Shapefile');
  const layer = dataset.layers.create('patches', lonLatReference(), gdal.wkbPolygon, ['2GB_LIMIT=YES']);
  for (const { geometry } of rows) {
    const feature = new gdal.Feature(layer);
    if (geometry) feature.setGeometry(toGeometry(geometry));
    layer.features.add(feature);
  }
  dataset.flush();
  dataset.close();
  const encoding = writeDbf(
    `${stem}.dbf`,
    fields,
    rows.map(({ values }) => values),
  );
  writeFileSync(`${stem}.cpg`, encoding);
}

function writeGeoPackage(target: string, { layer: name, fields, rows }: Input): void {
  // Otherwise the file holds the time of writing.
  gdal.config.set('OGR_CURRENT_DATE', '1970-01-01T00:00:00.000Z');
  const dataset = gdal.open(target, 'w', 'GPKG');
  const layer = dataset.layers.create(name, lonLatReference(), gdal.wkbMultiPolygon, ['FID=fid']);
  for (const field of fields) {
    const definition = new gdal.FieldDefn(field.name, TYPES[field.type]);
    if (field.type === 'text' && field.width > 0) definition.width = field.width;
    layer.fields.add(definition);
  }
  for (const { geometry, values } of rows) {
    const feature = new gdal.Feature(layer);
    if (geometry) feature.setGeometry(toGeometry(geometry));
    fields.forEach(({ type }, i) => {
      const value = values[i] ?? null;
      if (value !== null) feature.fields.set(i, type === 'date' ? dateOf(value) : value);
    });
    layer.features.add(feature);
  }
  dataset.flush();
  dataset.close();
}

/** 20250315 and 2025-03-15 as GDAL reads dates. */
function dateOf(value: string | number): string {
  return String(value).replace(/^(\d{4})-?(\d{2})-?(\d{2}).*$/, '$1/$2/$3');
}
