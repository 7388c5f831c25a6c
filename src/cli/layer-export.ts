/** tuban layer export in the formats of GIS, CAD and spreadsheet programs: all polygons of a kind, so that they come back the same. */
import { extname, resolve } from 'node:path';
import { replaceFile } from '../adapters/files/replace-file.js';
import { xlsxOf } from '../adapters/xlsx/write-xlsx.js';
import { zoneCode } from '../geo/corner-points/datum.js';
import { boxOf } from '../geo/distance.js';
import type { Boundary, BoundaryKind } from '../model/boundary.js';
import { Fault } from '../model/fault.js';
import { LAYER_EXPORT_FIELDS, layerExportValues } from '../model/layer-export.js';
import type { ExportList, ListColumn } from '../model/patch-list.js';
import { BOUNDARY_WORDS } from '../model/words.js';
import type { WorkCatalogue } from '../model/work.js';
import type { CommandContext } from './command.js';
import { type CornerExportOptions, zoneOf } from './layer-corners.js';
import { outgoing } from './layer-outgoing.js';
import { leaving } from './leaving.js';

export const LAYER_FORMATS = '.geojson .gpkg .shp .gdb .kml .kmz .dxf .xlsx';

/** Faults: layer.zone, corners.zone; those of writeVector. */
export async function exportLayer(
  kind: BoundaryKind,
  file: string,
  options: CornerExportOptions,
  context: CommandContext,
): Promise<void> {
  const told = zoneOf(options.zone);
  const { pool } = await context.workspace();
  const { session } = context;
  const boundaries = await outgoing(kind, options, context);
  const path = resolve(session.cwd, file);
  const ending = extname(path).toLowerCase();
  if (ending === '.xlsx') {
    const { plots, refused } = await pool.run('tableCorners', { zone: told, boundaries });
    const write = async () => replaceFile(path, await xlsxOf(cornerList(kind, boundaries, plots)));
    // The workbook comes back by tuban layer import, which reads every sheet.
    await leaving(context, { kind: 'layer', quarter: null, rows: plots.length }, path, write, 'beside');
    const zones = [...new Set(plots.map(({ zone }) => zone))].sort();
    session.out(
      `已写出 ${plots.length} 个面 (polygons written)：${path}  拐点坐标表，2000国家大地坐标系第 ${zones.join('、')} 带\n`,
    );
    for (const { id, why } of refused) session.err(`  未写出 (not written) ${id}：${why}\n`);
    if (refused.length > 0) session.status = 2;
    return;
  }
  if (told !== null && ending !== '.dxf') {
    throw new Fault(
      'layer.zone',
      `--zone 只用于 .dxf、.xlsx 和坐标文本，${ending} 按经纬度写出 (--zone is for .dxf, .xlsx and corner texts)`,
    );
  }
  const crs = ending === '.dxf' ? `EPSG:${zoneCode('CGCS2000', told ?? middleZone(boundaries), true)}` : null;
  const features = boundaries.map((boundary) => ({ geometry: boundary.geometry, values: layerExportValues(boundary) }));
  const vector = { path, layer: kind, crs, fields: LAYER_EXPORT_FIELDS, features };
  const write = () => pool.run('writeVector', vector);
  // The same layer gives the same bytes.
  await leaving(context, { kind: 'layer', quarter: null, rows: boundaries.length }, path, write, 'beside');
  const system = crs === null ? '' : `  坐标系 ${crs}`;
  session.out(`已写出 ${boundaries.length} 个面 (polygons written)：${path}${system}\n`);
}

/** The 3° zone of the middle of all: a drawing has one. */
function middleZone(boundaries: readonly Boundary[]): number {
  const [minLon, , maxLon] = boxOf(boundaries.flatMap(({ geometry }) => geometry));
  const zone = Math.round((minLon + maxLon) / 6);
  if (zone >= 25 && zone <= 45) return zone;
  throw new Fault(
    'layer.zone',
    '由数据定不出3度带带号（没有面，或不在中国），请用 --zone 指定 (no zone can be taken from the data; give --zone)',
  );
}

const CORNER_COLUMNS: readonly ListColumn[] = [
  { name: 'system', type: 'text', zh: '坐标系', width: 20 },
  { name: 'ring', type: 'integer', zh: '圈号', width: 6, digits: 0 },
  { name: 'deduct', type: 'text', zh: '扣除', width: 6 },
  { name: 'upper', type: 'real', zh: '标高上限', width: 9, digits: 2 },
  { name: 'lower', type: 'real', zh: '标高下限', width: 9, digits: 2 },
  { name: 'remark', type: 'text', zh: '说明', width: 16 },
  { name: 'point', type: 'text', zh: '点号', width: 7 },
  { name: 'x', type: 'real', zh: 'X（北）', width: 13, digits: 3 },
  { name: 'y', type: 'real', zh: 'Y（东）', width: 14, digits: 3 },
];

/** One row a corner; what the polygon itself says stands in the first row of each. */
function cornerList(
  kind: BoundaryKind,
  boundaries: readonly Boundary[],
  plots: WorkCatalogue['tableCorners']['output']['plots'],
): ExportList {
  const byId = new Map(boundaries.map((boundary) => [boundary.id, boundary]));
  const rows = plots.flatMap(({ id, system, rings }) => {
    const boundary = byId.get(id);
    const own = boundary ? layerExportValues(boundary) : [];
    const corners = rings.flatMap(({ points, deduct, upper, lower, remark }, i) =>
      points.map(({ name, first, second }) => [
        ...[system, i + 1, deduct ? '是' : null, upper, lower, remark, name],
        ...[Number(first), Number(second)],
      ]),
    );
    return corners.map((corner, i) => ({
      geometry: [],
      values: [...(i === 0 ? own : [own[0] ?? null, ...own.slice(1).map(() => null)]), ...corner],
    }));
  });
  const fields = LAYER_EXPORT_FIELDS.map((field): ListColumn => ({ ...field, width: 16, digits: 2 }));
  return { name: BOUNDARY_WORDS[kind].zh, columns: [...fields, ...CORNER_COLUMNS], rows };
}
