/**
 * kmlRows: the placemarks of a KML or KMZ file, one row each: name, description, folder, and every value of its extended data
 * under its own name. KML is lon/lat on WGS 84 by definition (OGC 07-147r2); heights are left out.
 */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import gdal from 'gdal-async';
import iconv from 'iconv-lite';
import { Fault } from '../../model/fault.js';
import type { PolygonRings, Position, Ring } from '../../model/grid.js';
import { toGeometry } from './geometry.js';
import type { LayerRow, LayerRows } from './layer-rows.js';
import { referenceFrom } from './spatial-reference.js';
import { type XmlElement, xmlElements } from './xml-elements.js';

const WGS84 = 'EPSG:4326';
const NOT_FOLDERS = new Set(['Placemark', 'Style', 'StyleMap', 'Schema']);

/** Faults: layer.unreadable, layer.empty. */
export function kmlRows(path: string): LayerRows {
  const bytes = readFileSync(path);
  const document = /^PK/.test(bytes.toString('latin1', 0, 2)) ? documentOf(bytes, path) : bytes;
  const encoding = encodingOf(document);
  const root = parsed(iconv.decode(document, encoding), path);
  const rows = placemarks(root, []).map((row, i): LayerRow => ({ row: i + 1, ...row }));
  const links = count(root, 'NetworkLink');
  const notes = links > 0 ? [`文件含 ${links} 个网络链接，链接的内容没有读取`] : [];
  if (rows.length === 0) {
    throw new Fault(
      'layer.empty',
      `${basename(path)} 中没有地标${links > 0 ? '，只有网络链接' : ''} (no placemark in this file)`,
    );
  }
  if (extname(path).toLowerCase() === '.kmz') notes.push('KMZ：读取其中的 KML');
  const names = [...new Set(rows.flatMap(({ attributes }) => Object.keys(attributes)))];
  return { rows, names, reference: referenceFrom(WGS84), encoding, notes, nameBytes: [] };
}

function unreadable(path: string, why: string): Fault {
  return new Fault(
    'layer.unreadable',
    `无法读取 ${basename(path)}：${why}，未导入任何内容 (not a readable KML file; nothing was imported)`,
  );
}

function encodingOf(document: Buffer): string {
  if (document[0] === 0xff && document[1] === 0xfe) return 'UTF-16LE';
  const declared = /^[^>]*encoding\s*=\s*["']([\w-]+)["']/.exec(document.toString('latin1', 0, 200))?.[1] ?? 'UTF-8';
  if (/^(gb|936)/i.test(declared)) return 'GB18030';
  return iconv.encodingExists(declared) ? declared.toUpperCase() : 'UTF-8';
}

function parsed(text: string, path: string): XmlElement {
  try {
    return xmlElements(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw unreadable(path, `不是完整的 XML（${cause instanceof Error ? cause.message : String(cause)}）`);
  }
}

const child = ({ children }: XmlElement, name: string): XmlElement | undefined =>
  children.find((element) => element.name === name);

function count(element: XmlElement, name: string): number {
  return element.children.reduce((sum, one) => sum + (one.name === name ? 1 : count(one, name)), 0);
}

function placemarks(element: XmlElement, folders: readonly string[]): Omit<LayerRow, 'row'>[] {
  const name = element.name === 'Folder' ? child(element, 'name')?.text : undefined;
  const path = name === undefined ? folders : [...folders, name];
  return element.children.flatMap((one) => {
    if (one.name === 'Placemark') return [{ geometry: geometryOf(one), attributes: attributesOf(one, path) }];
    return NOT_FOLDERS.has(one.name) ? [] : placemarks(one, path);
  });
}

function attributesOf(placemark: XmlElement, folders: readonly string[]): LayerRow['attributes'] {
  const data = child(placemark, 'ExtendedData')?.children ?? [];
  const values = data.flatMap((one) => {
    if (one.name === 'Data') return [[one.attributes.name ?? '', child(one, 'value')?.text ?? ''] as const];
    return one.name === 'SchemaData'
      ? one.children.map((simple) => [simple.attributes.name ?? '', simple.text] as const)
      : [];
  });
  const entries = [
    ['name', child(placemark, 'name')?.text ?? ''] as const,
    ['description', child(placemark, 'description')?.text ?? ''] as const,
    ['文件夹', folders.join(' / ')] as const,
    ...values,
  ];
  return Object.fromEntries(entries.filter(([name, value]) => name !== '' && value !== ''));
}

/** Polygons first; without one, the first line or point. Null where there is none or a number is none. */
function geometryOf(placemark: XmlElement): gdal.Geometry | null {
  const shapes = shapesOf(placemark);
  const polygons = shapes.filter(({ name }) => name === 'Polygon').map(polygonOf);
  if (polygons.length > 0)
    return polygons.some((polygon) => polygon === null) ? null : toGeometry(polygons as PolygonRings[]);
  const [first] = shapes;
  const positions = first ? positionsOf(first) : null;
  if (!first || positions === null || positions.length === 0) return null;
  const text = positions.map(([x, y]) => `${x} ${y}`).join(',');
  return gdal.Geometry.fromWKT(first.name === 'Point' ? `POINT(${text})` : `LINESTRING(${text})`);
}

function shapesOf(element: XmlElement): XmlElement[] {
  return element.children.flatMap((one) => {
    if (one.name === 'MultiGeometry') return shapesOf(one);
    return /^(Polygon|LineString|LinearRing|Point)$/.test(one.name) ? [one] : [];
  });
}

function polygonOf(polygon: XmlElement): PolygonRings | null {
  const ringsOf = (name: string): (Ring | null)[] =>
    polygon.children
      .filter((one) => one.name === name)
      .flatMap(({ children }) => children.filter((one) => one.name === 'LinearRing').map(positionsOf));
  const rings = [...ringsOf('outerBoundaryIs').slice(0, 1), ...ringsOf('innerBoundaryIs')];
  return rings.length === 0 || rings.some((ring) => ring === null) ? null : (rings as Ring[]);
}

function positionsOf(shape: XmlElement): Position[] | null {
  const tuples = (child(shape, 'coordinates')?.text ?? '').split(/\s+/).filter((tuple) => tuple !== '');
  const positions = tuples.map((tuple): Position => {
    const [lon = Number.NaN, lat = Number.NaN] = tuple.split(',').map(Number);
    return [lon, lat];
  });
  return positions.every(([lon, lat]) => Number.isFinite(lon) && Number.isFinite(lat)) ? positions : null;
}

const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;

/** The first .kml of a zip archive (PKWARE APPNOTE 6.3), doc.kml before others. */
function documentOf(zip: Buffer, path: string): Buffer {
  try {
    let end = zip.length - END_BYTES;
    while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
    const entries = Array.from({ length: zip.readUInt16LE(end + 10) });
    let at = zip.readUInt32LE(end + 16);
    const files = entries.map(() => {
      const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
        number,
        number,
        number,
      ];
      const file = {
        name: zip.toString('utf8', at + 46, at + 46 + name),
        method: zip.readUInt16LE(at + 10),
        packed: zip.readUInt32LE(at + 20),
        local: zip.readUInt32LE(at + 42),
      };
      at += 46 + name + extra + comment;
      return file;
    });
    const kml = files.filter(({ name }) => /\.kml$/i.test(name));
    const main = kml.find(({ name }) => /^doc\.kml$/i.test(name)) ?? kml[0];
    if (!main) throw new Error('压缩包中没有 .kml');
    const start = main.local + 30 + zip.readUInt16LE(main.local + 26) + zip.readUInt16LE(main.local + 28);
    const contents = zip.subarray(start, start + main.packed);
    return main.method === 0 ? contents : inflateRawSync(contents);
  } catch (cause) {
    throw unreadable(path, `压缩包损坏（${cause instanceof Error ? cause.message : String(cause)}）`);
  }
}
