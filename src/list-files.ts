/** exportList: one list, written in the format that the file's name asks for, with the mark of who took it and when. */
import { extname } from 'node:path';
import { gpxText } from './adapters/files/gpx-text.js';
import { replaceFile } from './adapters/files/replace-file.js';
import { writeCsv } from './adapters/files/write-csv.js';
import { xlsxOf } from './adapters/xlsx/write-xlsx.js';
import { Fault } from './model/fault.js';
import type { HandlingMark } from './model/handling-mark.js';
import type { ExportList } from './model/patch-list.js';
import { waypointsOf } from './model/waypoints.js';
import type { WorkPool } from './ports/work-pool.js';

export const LIST_FORMATS = '.geojson .gpkg .shp .kml .kmz .csv .xlsx .gpx';

/** CSV and shapefiles have no place for the mark: the caller puts it beside them. Faults: output.format, output.folder, output.write. */
export async function exportList(path: string, list: ExportList, pool: WorkPool, mark: HandlingMark): Promise<void> {
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return writeCsv(path, list);
    case '.gpx':
      return replaceFile(path, Buffer.from(gpxText(list, mark), 'utf8'));
    case '.xlsx':
      return replaceFile(path, await xlsxOf(list, mark));
    case '.geojson':
    case '.gpkg':
    case '.shp':
    case '.kml':
    case '.kmz': {
      const fields = list.columns.map(({ name, type }) => ({ name, type }));
      // A list of tasks is one of places to go to.
      const waypoints = list.columns.some(({ name }) => name === 'rank') ? waypointsOf(list) : [];
      const { name: layer, rows: features } = list;
      await pool.run('writeVector', { path, layer, crs: null, fields, features, mark, waypoints });
      return;
    }
    default:
      throw new Fault(
        'output.format',
        `不支持的输出格式“${extname(path)}”，请用 ${LIST_FORMATS} (unsupported output format)`,
      );
  }
}
