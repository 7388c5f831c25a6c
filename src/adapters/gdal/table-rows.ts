/**
 * tableRows: a spreadsheet with corner points as the rows of a layer. Tables are read as geo/corner-table does, numbers decided as
 * those of the texts are (corner-plots), tables that say different things of their numbers apart.
 */
import { basename } from 'node:path';
import { readSheets } from '../../geo/corner-table/read-sheets.js';
import type { CornerPlot, CornerWish } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { ATTRIBUTES_FIELD, LAYER_EXPORT_FIELDS } from '../../model/layer-export.js';
import type { OwnDatum } from '../../model/own-datum.js';
import { type PlacedPlots, placePlots } from './corner-plots.js';
import type { LayerRows } from './layer-rows.js';
import { tableSheets } from './table-sheets.js';

/** Faults: those of tableSheets, readSheets and placePlots; table.no-corners. */
export function tableRows(
  path: string,
  encoding: string | null,
  wish: CornerWish,
  ownDatum: OwnDatum | null,
): LayerRows {
  const table = tableSheets(path, encoding);
  const { groups, refused, notes } = readSheets(table.sheets);
  if (groups.length === 0 && refused.length === 0) {
    throw new Fault(
      'table.no-corners',
      `${basename(path)} 中没有找到拐点坐标：应有“点号、X、Y”（或经度、纬度）的表，或每行一个“拐点坐标”串；共读 ${table.sheets.length} 个工作表 (no table of corner points found)`,
    );
  }
  const faults: Fault[] = [];
  const unplaced: { row: number; why: string }[] = [];
  const placed = groups.flatMap(({ plots, declared }): PlacedPlots[] => {
    try {
      return [placePlots(plots.map(ofOwnExport), declared, wish, ownDatum)];
    } catch (error) {
      if (!(error instanceof Fault) || groups.length === 1) throw error;
      faults.push(error);
      const why = error.message.replace(/^第 \d+ 行：/, '');
      unplaced.push(...plots.map(({ line }) => ({ row: line, why })));
      return [];
    }
  });
  const [first] = faults;
  if (placed.length === 0 && first) throw first;
  const decided = placed.map((group) => group.decided);
  return {
    rows: placed.flatMap(({ rows }) => rows),
    names: [...new Set(placed.flatMap(({ names }) => names))],
    reference: null,
    decided: {
      name: [...new Set(decided.map(({ name }) => name))].join('；') || '未定',
      assumptions: [...new Set(decided.flatMap(({ assumptions }) => assumptions))],
      excludedReason: null,
      projected: true,
      toLonLat: null,
    },
    refused: [
      ...refused.map(({ line, why }) => ({ row: line, why })),
      ...placed.flatMap((group) => group.refused),
      ...unplaced,
    ],
    encoding: table.encoding,
    notes: [
      '格式：拐点坐标表；行号为表中的行',
      `编码 ${table.encoding}：${table.encodingFrom}`,
      ...notes,
      ...new Set(placed.flatMap((group) => group.notes)),
    ],
    nameBytes: [],
  };
}

const OWN_TITLES = new Map<string, string>(LAYER_EXPORT_FIELDS.map(({ zh, name }) => [zh, name]));
const OWN_MARK = LAYER_EXPORT_FIELDS.find(({ name }) => name === ATTRIBUTES_FIELD)?.zh ?? '';

/** A table that this program wrote has Chinese titles over its own fields; dates of other tables are days since 1899-12-30. */
function ofOwnExport(plot: CornerPlot): CornerPlot {
  const entries = Object.entries(plot.attributes);
  if (plot.attributes[OWN_MARK] !== undefined) {
    return {
      ...plot,
      attributes: Object.fromEntries(entries.map(([title, value]) => [OWN_TITLES.get(title) ?? title, value])),
    };
  }
  return { ...plot, attributes: Object.fromEntries(entries.map(([title, value]) => [title, dated(title, value)])) };
}

const DAY_MS = 86_400_000;

function dated(title: string, value: string | number | null): string | number | null {
  if (!/日期|有效期|时间/.test(title) || !/^[2-6]\d{4}$/.test(String(value))) return value;
  return new Date(Date.UTC(1899, 11, 30) + Number(value) * DAY_MS).toISOString().slice(0, 10);
}
