/**
 * tableSheets: the sheets of a spreadsheet (.xlsx, .xls, .ods through GDAL, .csv) as text, cell by cell, row numbers as the
 * spreadsheet counts them. No row is taken for a row of titles and no column for a type: the reader of the table decides.
 */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import gdal from 'gdal-async';
import type { Sheet, SheetRow } from '../../geo/corner-table/sheet.js';
import { Fault } from '../../model/fault.js';
import { decodeText } from './text-encoding.js';

export interface TableSheets {
  readonly sheets: readonly Sheet[];
  readonly encoding: string;
  readonly encodingFrom: string;
}

const DRIVERS: Readonly<Record<string, string>> = { '.xlsx': 'XLSX', '.xlsm': 'XLSX', '.xls': 'XLS', '.ods': 'ODS' };

export function isTable(path: string): boolean {
  const ending = extname(path).toLowerCase();
  return ending === '.csv' || DRIVERS[ending] !== undefined;
}

/** Faults: layer.unreadable, layer.encoding, table.driver. */
export function tableSheets(path: string, encoding: string | null): TableSheets {
  if (extname(path).toLowerCase() === '.csv') return csvSheet(path, encoding);
  const driver = DRIVERS[extname(path).toLowerCase()] ?? '';
  if (!gdal.drivers.getNames().includes(driver)) {
    throw new Fault(
      'table.driver',
      `本机的 GDAL 不能读 ${extname(path)}，请在 Excel 或 WPS 中另存为 .csv（或 .xlsx）后再导入 (this GDAL has no ${driver} driver; save as .csv or .xlsx)`,
      { blame: 'system' },
    );
  }
  for (const [option, value] of [
    ['HEADERS', 'DISABLE'],
    ['FIELD_TYPES', 'STRING'],
  ] as const) {
    gdal.config.set(`OGR_${driver}_${option}`, value);
  }
  const dataset = opened(path, driver);
  try {
    return { sheets: dataset.layers.map(sheetOf), encoding: 'UTF-8', encodingFrom: '电子表格自带' };
  } finally {
    dataset.close();
  }
}

function opened(path: string, driver: string): gdal.Dataset {
  try {
    return gdal.open(path, 'r', driver);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(
      'layer.unreadable',
      `无法读取 ${basename(path)}：不是 ${extname(path)} 电子表格或文件已损坏（${why}） (not a readable spreadsheet)`,
      { cause },
    );
  }
}

function sheetOf(layer: gdal.Layer): Sheet {
  const rows: SheetRow[] = [];
  for (let feature = layer.features.first(); feature; feature = layer.features.next()) {
    const cells = feature.fields.toArray().map((value: unknown) => cellOf(value));
    // GDAL leaves out rows at the beginning of some sheets, never the count.
    rows.push({ row: feature.fid, cells });
  }
  return { name: layer.name, rows };
}

function cellOf(value: unknown): string | null {
  const text = value === null || value === undefined ? '' : String(value).trim();
  return text === '' ? null : text;
}

function csvSheet(path: string, given: string | null): TableSheets {
  const { text, encoding, encodingFrom } = decodeText(readFileSync(path), given);
  const bare = text.replace(/"(?:[^"]|"")*"/g, '');
  const separator = [',', '\t', ';'].toSorted((a, b) => bare.split(b).length - bare.split(a).length)[0] ?? ',';
  const rows = csvRows(text, separator).map((cells, i): SheetRow => ({ row: i + 1, cells: cells.map(cellOf) }));
  return { sheets: [{ name: 'Sheet1', rows }], encoding, encodingFrom };
}

/** RFC 4180: quotes around a field, doubled inside it. */
function csvRows(text: string, separator: string): string[][] {
  const rows: string[][] = [[]];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === separator || character === '\n') {
      rows.at(-1)?.push(field);
      field = '';
      if (character === '\n') rows.push([]);
    } else if (character !== '\r') field += character;
  }
  rows.at(-1)?.push(field);
  return rows;
}
