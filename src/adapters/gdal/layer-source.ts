/** layer-source: the rows of a register layer's file, by what kind of file it is. */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import type { CornerWish } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import type { OwnDatum } from '../../model/own-datum.js';
import { cornerFile } from './corner-file.js';
import { dxfRows } from './dxf-rows.js';
import { kmlRows } from './kml-rows.js';
import { type LayerRows, readRows } from './layer-rows.js';
import { tableRows } from './table-rows.js';
import { isTable } from './table-sheets.js';

/** Faults: layer.missing, those of cornerFile, tableRows, dxfRows, kmlRows and readRows. */
export function layerSource(
  path: string,
  encoding: string | null,
  wish: CornerWish,
  ownDatum: OwnDatum | null,
): LayerRows {
  if (!existsSync(path)) throw new Fault('layer.missing', `找不到文件：${path} (no such file)`);
  const ending = extname(path).toLowerCase();
  if (ending === '.dxf') return dxfRows(path, encoding);
  if (ending === '.kml' || ending === '.kmz') return kmlRows(path);
  const corners = cornerFile(path, encoding, wish, ownDatum);
  if (corners) return corners;
  return isTable(path) ? tableRows(path, encoding, wish, ownDatum) : readRows(path, encoding);
}
