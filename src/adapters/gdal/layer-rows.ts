/**
 * layer-rows: the rows of a vector file, attributes decoded: shapefiles through dbf, everything else (GeoJSON, GeoPackage,
 * FileGDB) as GDAL gives it in UTF-8.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import gdal from 'gdal-async';
import iconv from 'iconv-lite';
import type { StatedArea } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { type DbfTable, readDbf } from './dbf.js';
import type { LayerReference } from './layer-reference.js';
import { referenceName } from './spatial-reference.js';

export type AttributeValue = string | number | null;

export interface LayerRow {
  /** 1-based, counted over all polygon layers of the file. */
  readonly row: number;
  readonly geometry: gdal.Geometry | null;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Of rows made of corner points: each has its own system. */
  readonly corner?: CornerRow;
}

export interface CornerRow {
  readonly reference: LayerReference;
  readonly statedArea: StatedArea | null;
  /** Chinese. */
  readonly warnings: readonly string[];
}

export interface LayerRows {
  readonly rows: readonly LayerRow[];
  readonly names: readonly string[];
  readonly reference: gdal.SpatialReference | null;
  /** Corner points: the systems of all rows together, decided already. */
  readonly decided?: LayerReference;
  /** Rows that could not be made into a geometry. */
  readonly refused?: readonly { readonly row: number; readonly why: string }[];
  readonly encoding: string;
  readonly notes: readonly string[];
  /** As the file declares them, in the order of `names`, where it does; types are a DBF's letters or GDAL's names. */
  readonly fields?: readonly { readonly type: string; readonly length: number; readonly decimals: number }[];
  /** Counters of a name's bytes where the format cuts names. */
  readonly nameBytes: readonly ((text: string) => number)[];
}

/** Faults: layer.unreadable, layer.empty, layer.dbf, layer.encoding. */
export function readRows(path: string, encoding: string | null): LayerRows {
  const dataset = linear(openVector(path));
  try {
    const layers = dataset.layers.map((layer) => layer).filter(({ name }) => !DRIVER_TABLES.test(name));
    const [first] = layers;
    if (!first) {
      throw new Fault('layer.empty', `${basename(path)} 中没有矢量图层 (no vector layer in this file)`);
    }
    if (extname(path).toLowerCase() === '.shp') return shapefileRows(path, first, encoding);
    refuseMixedReferences(layers, path);
    const rows = layers.flatMap((layer) => rowsOf(layer, path)).map((row, i) => ({ ...row, row: i + 1 }));
    const notes =
      layers.length > 1
        ? [`文件含 ${layers.length} 个图层，全部读取：${layers.map(({ name }) => name).join('、')}`]
        : [];
    const declared = new Map(layers.flatMap((layer) => layer.fields.map((field) => [field.name, field] as const)));
    const names = [...declared.keys()];
    const fields = [...declared.values()].map(({ type, width, precision }) => ({
      type,
      length: width,
      decimals: precision,
    }));
    return { rows, names, fields, reference: first.srs, encoding: 'UTF-8', notes, nameBytes: [] };
  } finally {
    dataset.close();
  }
}

/** Tables that a format keeps for itself. */
const DRIVER_TABLES = /^(layer_styles|GDB_)/;

/** Arcs as short chords; everything else as it is. */
function linear(dataset: gdal.Dataset): gdal.Dataset {
  const curved = dataset.layers.map((layer) => layer.geomType).some((type) => CURVED.has(type % 1000));
  if (!curved) return dataset;
  const chords = gdal.vectorTranslate('', dataset, ['-f', 'Memory', '-nlt', 'CONVERT_TO_LINEAR']);
  dataset.close();
  return chords;
}

/** Circular strings, compound curves, curve polygons, multi curves, multi surfaces (ISO 19125 type codes). */
const CURVED = new Set([8, 9, 10, 11, 12]);

function refuseMixedReferences(layers: readonly gdal.Layer[], path: string): void {
  const filled = layers.filter((layer) => layer.features.count() > 0);
  const [first, ...others] = filled;
  const other = others.find(({ srs }) => (srs && first?.srs ? !srs.isSame(first.srs) : srs !== first?.srs));
  if (!first || !other) return;
  const names = [first, other].map(({ name, srs }) => `${name}：${srs ? referenceName(srs) : '无'}`);
  throw new Fault(
    'layer.mixed-crs',
    `${basename(path)} 的图层坐标系不一致（${names.join('；')}），请分成几个文件导入 (the layers of this file have different coordinate systems; split it)`,
  );
}

function openVector(path: string): gdal.Dataset {
  try {
    return gdal.open(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(
      'layer.unreadable',
      `无法读取 ${basename(path)}：不是可识别的矢量文件或文件已损坏（${why}）。支持 Shapefile、GPKG、FileGDB（.gdb 文件夹）、KML、KMZ、DXF、GeoJSON (not a readable vector file)`,
      { cause },
    );
  }
}

/** GDAL reads what is left of a cut file without a word; the header knows how long it was. */
function refuseCutShapefile(path: string): void {
  const bytes = readFileSync(path);
  const declared = bytes.length >= 28 ? 2 * bytes.readInt32BE(24) : Number.POSITIVE_INFINITY;
  if (bytes.length >= declared) return;
  throw new Fault(
    'layer.unreadable',
    `${basename(path)} 不完整：应为 ${declared} 字节，实有 ${bytes.length} 字节，未导入任何内容 (the file is truncated; nothing was imported)`,
  );
}

function shapefileRows(path: string, layer: gdal.Layer, encoding: string | null): LayerRows {
  refuseCutShapefile(path);
  const stem = path.slice(0, -'.shp'.length);
  const dbf = ['.dbf', '.DBF'].map((ending) => stem + ending).find((file) => existsSync(file));
  const table: DbfTable | null = dbf === undefined ? null : readDbf(dbf, encoding);
  const rows: LayerRow[] = rowsOf(layer, path, (fid) => {
    const record = table?.records[fid] ?? [];
    return Object.fromEntries((table?.names ?? []).map((name, i) => [name, record[i] ?? null]));
  });
  return {
    rows,
    names: table?.names ?? [],
    fields: table?.fields ?? [],
    reference: layer.srs,
    encoding: table?.encoding ?? '无属性表',
    notes: [table ? `编码 ${table.encoding}：${table.encodingFrom}` : '缺少 .dbf，没有属性'],
    nameBytes: ['gb18030', 'utf8'].map((name) => (text: string) => iconv.encode(text, name).length),
  };
}

function rowsOf(
  layer: gdal.Layer,
  path: string,
  attributesOf?: (fid: number) => Record<string, AttributeValue>,
): LayerRow[] {
  const rows: LayerRow[] = [];
  try {
    for (let feature = layer.features.first(); feature; feature = layer.features.next()) {
      rows.push({
        row: rows.length + 1,
        geometry: feature.getGeometry()?.clone() ?? null,
        attributes: attributesOf?.(feature.fid) ?? plainValues(feature.fields.toObject()),
      });
    }
  } catch (cause) {
    throw new Fault(
      'layer.unreadable',
      `${basename(path)} 第 ${rows.length + 1} 行之后无法读取，文件可能不完整，未导入任何内容 (the file is damaged; nothing was imported)`,
      { cause },
    );
  }
  return rows;
}

function plainValues(fields: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): AttributeValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  if (value instanceof Object && 'year' in value && 'month' in value && 'day' in value) {
    const two = (part: unknown): string => String(part).padStart(2, '0');
    return `${String(value.year)}-${two(value.month)}-${two(value.day)}`;
  }
  return JSON.stringify(value) ?? null;
}
