/**
 * writeKml: features as KML 2.2 text, or as KMZ (a zip with doc.kml): lon/lat (CGCS2000 taken as WGS 84, less than 1 m apart),
 * every field as typed extended data, so that GIS programs read a table and map programs show it when a polygon is clicked. Places to go to
 * stand in a folder of their own, as named points.
 * Own text rather than GDAL's drivers: those cut reals to 15 digits, may be missing, and one of them mixes up the first fields.
 */
import { writeFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import type { PolygonRings, Ring } from '../../model/grid.js';
import { MARK_TITLE, markRecord, markText } from '../../model/handling-mark.js';
import { DATUM_NOTE, type Waypoint } from '../../model/waypoints.js';
import type { WorkCatalogue } from '../../model/work.js';

type Input = Pick<WorkCatalogue['writeVector']['input'], 'layer' | 'fields' | 'features' | 'mark' | 'waypoints'>;
type Feature = Input['features'][number];
type Field = Input['fields'][number];

const WAYPOINTS = '点位 waypoints';
const TYPES: Readonly<Record<Field['type'], string>> = {
  text: 'string',
  list: 'string',
  real: 'double',
  integer: 'int',
};

export function writeKml(path: string, input: Input): void {
  writeFileSync(path, kmlText(input));
}

export function writeKmz(path: string, input: Input): void {
  writeFileSync(path, zipOf('doc.kml', Buffer.from(kmlText(input), 'utf8')));
}

function kmlText({ layer, fields, features, mark, waypoints = [] }: Input): string {
  const schema = fields.map(({ name, type }) => `<SimpleField type="${TYPES[type]}" name="${escaped(name)}"/>`);
  const lines = features.map((feature) => placemark(feature, fields, layer));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>',
    `<name>${escaped(layer)}</name>`,
    ...(mark
      ? [
          `<snippet>${escaped(markText(mark))}</snippet><description>${escaped(`${markText(mark)}　${DATUM_NOTE}`)}</description>`,
          `<ExtendedData><Data name="tuban-mark"><displayName>${MARK_TITLE}</displayName><value>${escaped(markRecord(mark))}</value></Data></ExtendedData>`,
        ]
      : [`<description>${escaped(DATUM_NOTE)}</description>`]),
    `<Schema name="${escaped(layer)}" id="${escaped(layer)}">${schema.join('')}</Schema>`,
    '<Style id="s"><LineStyle><color>ff0000ff</color><width>2</width></LineStyle><PolyStyle><fill>0</fill></PolyStyle></Style>',
    `<Folder><name>${escaped(layer)}</name>`,
    ...lines,
    '</Folder>',
    ...(waypoints.length > 0 ? [`<Folder><name>${WAYPOINTS}</name>`, ...waypoints.map(pointText), '</Folder>'] : []),
    '</Document></kml>',
    '',
  ].join('\n');
}

function placemark({ geometry, values }: Feature, fields: readonly Field[], layer: string): string {
  const data = fields.flatMap(({ name }, i) => {
    const value = values[i] ?? null;
    if (value === null) return [];
    const text = typeof value === 'object' ? value.join(',') : String(value);
    return [`<SimpleData name="${escaped(name)}">${escaped(text)}</SimpleData>`];
  });
  const polygons = geometry.map(polygonText);
  const shape = polygons.length === 1 ? polygons[0] : `<MultiGeometry>${polygons.join('')}</MultiGeometry>`;
  return `<Placemark><styleUrl>#s</styleUrl><ExtendedData><SchemaData schemaUrl="#${escaped(layer)}">${data.join('')}</SchemaData></ExtendedData>${shape}</Placemark>`;
}

function pointText({ lon, lat, name, about }: Waypoint): string {
  return `<Placemark><name>${escaped(name)}</name><description>${escaped(about)}</description><Point><coordinates>${lon},${lat}</coordinates></Point></Placemark>`;
}

function polygonText([outer, ...holes]: PolygonRings): string {
  const ring = (positions: Ring) =>
    `<LinearRing><coordinates>${positions.map(([lon, lat]) => `${lon},${lat}`).join(' ')}</coordinates></LinearRing>`;
  const inner = holes.map((hole) => `<innerBoundaryIs>${ring(hole)}</innerBoundaryIs>`);
  return `<Polygon><outerBoundaryIs>${ring(outer ?? [])}</outerBoundaryIs>${inner.join('')}</Polygon>`;
}

/** XML text; control characters that XML 1.0 cannot hold are left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The first date that the format can write: the same bytes each time. */
const DOS_DATE_1980 = 0x21;
const UTF8_NAME = 0x800;

/** A zip archive of one file (PKWARE APPNOTE 6.3), deflated. */
function zipOf(name: string, contents: Buffer): Buffer {
  const packed = deflateRawSync(contents, { level: 9 });
  const nameBytes = Buffer.from(name, 'utf8');
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(UTF8_NAME, 2);
  shared.writeUInt16LE(8, 4);
  shared.writeUInt16LE(DOS_DATE_1980, 8);
  shared.writeUInt32LE(crc32(contents), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(contents.length, 18);
  shared.writeUInt16LE(nameBytes.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, nameBytes, packed]);
  const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, Buffer.alloc(14), nameBytes]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}
