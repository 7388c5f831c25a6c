/**
 * writeVector: features into .geojson, .gpkg, .shp, .kml, .kmz, .dxf or .gdb. The file appears under its name only when it is whole: it is written into
 * a folder beside it, read back, and moved. The same features give the same bytes (dates inside the formats are fixed), but for
 * .gdb, a folder in which the format itself keeps a random id.
 * Shapefile: DBF in GB18030 with .cpg, field names of at most 10 bytes (shapefile-names), text cut to 254 bytes between
 * characters. GPKG first, wherever the reader has a choice.
 */
import { extname } from 'node:path';
import gdal from 'gdal-async';
import iconv from 'iconv-lite';
import { Fault } from '../../model/fault.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { markRecord, markText } from '../../model/handling-mark.js';
import type { WorkCatalogue } from '../../model/work.js';
import { drawLayer } from './draw-layer.js';
import { fromGeometry, toGeometry } from './geometry.js';
import { shapefileNames } from './shapefile-names.js';
import { lonLatReference, referenceFrom } from './spatial-reference.js';
import { writeGeoJson } from './write-geojson.js';
import { writeKml, writeKmz } from './write-kml.js';
import { writeWhole } from './write-whole.js';

type Input = WorkCatalogue['writeVector']['input'];
type Field = Input['fields'][number];
type Value = Input['features'][number]['values'][number];

const DRIVERS: Readonly<Record<string, string>> = {
  '.gpkg': 'GPKG',
  '.shp': 'ESRI Shapefile',
  '.gdb': 'OpenFileGDB',
};
const TEXT_FORMATS: Readonly<Record<string, (path: string, input: Input) => void>> = {
  '.geojson': writeGeoJson,
  '.kml': writeKml,
  '.kmz': writeKmz,
  '.dxf': drawLayer,
};
const DBF_TEXT_BYTES = 254;
const FIELD_TYPES = {
  text: gdal.OFTString,
  list: gdal.OFTString,
  real: gdal.OFTReal,
  integer: gdal.OFTInteger,
} as const;

/** Faults: output.format, output.folder (input); output.write (system, retryable: full disk and the like). */
export function writeVector(input: Input): WorkCatalogue['writeVector']['output'] {
  const ending = extname(input.path).toLowerCase();
  const asText = TEXT_FORMATS[ending];
  if (!asText && DRIVERS[ending] === undefined) {
    throw new Fault(
      'output.format',
      `不支持的输出格式“${ending}”，请用 .gpkg、.geojson、.shp、.kml、.kmz、.dxf 或 .gdb (unsupported output format)`,
    );
  }
  writeWhole(input.path, (target) => (asText ? asText(target, input) : writeWithDriver(target, ending, input)));
  return { path: input.path };
}

function writeWithDriver(path: string, ending: string, { layer: layerName, crs, fields, features, mark }: Input): void {
  const given = crs === null ? null : referenceFrom(crs);
  const reference = given?.isProjected() ? given : lonLatReference();
  const projection = given?.isProjected() ? new gdal.CoordinateTransformation(lonLatReference(), reference) : null;
  const shapefile = ending === '.shp';
  // Otherwise the GeoPackage holds the time of writing.
  gdal.config.set('OGR_CURRENT_DATE', '1970-01-01T00:00:00.000Z');
  const dataset = gdal.open(path, 'w', DRIVERS[ending] as string);
  const options = shapefile ? ['ENCODING=GB18030', 'DBF_DATE_LAST_UPDATE=1970-01-01', '2GB_LIMIT=YES'] : [];
  if (ending === '.gpkg') options.push('FID=fid');
  const layer = dataset.layers.create(
    layerName,
    reference,
    shapefile ? gdal.wkbPolygon : gdal.wkbMultiPolygon,
    options,
  );
  const names = shapefile ? shapefileNames(fields.map(({ name }) => name)) : fields.map(({ name }) => name);
  fields.forEach((field, i) => {
    layer.fields.add(fieldDefinition(names[i] ?? field.name, field, shapefile));
  });
  for (const { geometry, values } of features) {
    const feature = new gdal.Feature(layer);
    feature.setGeometry(toGeometry(projection ? projected(geometry, projection) : geometry));
    fields.forEach((_, i) => {
      feature.fields.set(i, stored(values[i] ?? null, shapefile));
    });
    layer.features.add(feature);
  }
  // Kept in gpkg_metadata, which GIS programs show with the layer's properties.
  if (mark && ending === '.gpkg')
    dataset.setMetadata({ TUBAN_MARK: markRecord(mark), TUBAN_MARK_TEXT: markText(mark) });
  dataset.flush();
  dataset.close();
  readBack(path, features.length);
}

function fieldDefinition(name: string, field: Field, shapefile: boolean): gdal.FieldDefn {
  const definition = new gdal.FieldDefn(name, FIELD_TYPES[field.type]);
  if (shapefile && (field.type === 'text' || field.type === 'list')) definition.width = DBF_TEXT_BYTES;
  return definition;
}

function stored(value: Value, shapefile: boolean): string | number | null {
  if (value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  const text = typeof value === 'string' ? value : value.join(',');
  return shapefile ? cutToBytes(text, DBF_TEXT_BYTES) : text;
}

/** The longest beginning that fits, ending with … where something was left out. */
export function cutToBytes(text: string, limit: number): string {
  if (iconv.encode(text, 'gb18030').length <= limit) return text;
  let kept = '';
  let bytes = iconv.encode('…', 'gb18030').length;
  for (const character of text) {
    bytes += iconv.encode(character, 'gb18030').length;
    if (bytes > limit) break;
    kept += character;
  }
  return `${kept}…`;
}

/** To the millimetre: the way over lon/lat leaves tenths of it. */
function projected(rings: MultiPolygonRings, projection: gdal.CoordinateTransformation): MultiPolygonRings {
  const geometry = toGeometry(rings);
  geometry.transform(projection);
  return fromGeometry(geometry).map((polygon) =>
    polygon.map((ring) => ring.map(([x, y]) => [Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000] as const)),
  );
}

/** Drivers do not report every failed write; what cannot be read again was not written. */
function readBack(path: string, expected: number): void {
  const dataset = gdal.open(path);
  try {
    const found = dataset.layers.get(0).features.count();
    if (found !== expected) throw new Error(`写入 ${expected} 个要素，读回 ${found} 个 (disk full?)`);
  } finally {
    dataset.close();
  }
}
