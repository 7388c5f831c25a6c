/**
 * readIssued: a file of issued patches, row by row. Attributes stay as they came, with the fields' order, type and width, so that
 * results can go back in them; outlines are mended and moved to lon/lat as those of register layers are. A row whose outline cannot
 * serve stays a row, with the reason: none may be without an answer.
 */
import { basename } from 'node:path';
import { Fault } from '../../model/fault.js';
import type { IssuedField, IssuedRow } from '../../model/issued.js';
import type { WorkCatalogue } from '../../model/work.js';
import { type LayerReference, layerReference } from './layer-reference.js';
import { type LayerRow, type LayerRows, readRows } from './layer-rows.js';
import { type Placed, place, refusePlaneCoordinates } from './read-layer.js';
import { isTable } from './table-sheets.js';

/** Faults: issued.table, issued.empty; those of readRows and layerReference. */
export function readIssued({
  path,
  crs,
  encoding: givenEncoding,
}: WorkCatalogue['readIssued']['input']): WorkCatalogue['readIssued']['output'] {
  if (isTable(path)) {
    throw new Fault(
      'issued.table',
      `${basename(path)} 是表格，没有图斑图形，未导入；请导入同一批次的面图层（.shp、.gpkg、.gdb 或 .geojson）。只有中心点或拐点坐标时，先在 GIS 中生成面并保留全部属性字段 (a spreadsheet has no outlines: import the polygon layer of this batch)`,
    );
  }
  const { rows, names, fields = [], reference: own, encoding, notes } = readRows(path, givenEncoding);
  if (rows.length === 0) {
    throw new Fault(
      'issued.empty',
      `${basename(path)} 中没有一行图斑，未导入 (no row in this file; nothing was imported)`,
    );
  }
  const reference = layerReference(own, crs, basename(path));
  if (!reference.projected) refusePlaneCoordinates(rows, path);
  return {
    fields: names.map((name, i) => fieldOf(name, fields[i])),
    rows: rows.map((row): IssuedRow => {
      const { row: number, attributes } = row;
      if (reference.excludedReason !== null) {
        return { row: number, attributes, geometry: null, refused: reference.excludedReason, mended: null };
      }
      const placed = outlineOf(row, reference);
      return placed.rings === null
        ? { row: number, attributes, geometry: null, refused: placed.why, mended: null }
        : { row: number, attributes, geometry: placed.rings, refused: null, mended: placed.what };
    }),
    encoding,
    crsName: reference.name,
    assumptions: [...notes, ...reference.assumptions],
  };
}

/** A patch is an outline: a line or a point is not widened to one. */
function outlineOf(row: LayerRow, reference: LayerReference): Placed {
  const kind = row.geometry?.name ?? '';
  if (/line|point/i.test(kind)) return { rings: null, why: `几何类型为 ${kind}，应为面` };
  return place(row, reference, { kind: 'lawful', zoneKind: null, bufferM: null });
}

const TYPES: Readonly<Record<string, IssuedField['type']>> = {
  N: 'real',
  F: 'real',
  D: 'date',
  integer: 'integer',
  integer64: 'integer',
  real: 'real',
  date: 'date',
};

function fieldOf(name: string, declared: NonNullable<LayerRows['fields']>[number] | undefined): IssuedField {
  const { type = 'C', length = 0, decimals = 0 } = declared ?? {};
  const known = TYPES[type] ?? 'text';
  return { name, type: type === 'N' && decimals === 0 ? 'integer' : known, width: length, decimals };
}
