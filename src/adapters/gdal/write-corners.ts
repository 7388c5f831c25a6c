/**
 * writeCorners: boundaries as a corner-point text in CGCS2000: exchange and registration text in GB18030 with CRLF, strings in
 * UTF-8. Corners only. The exchange text has one zone for all (given, else that of the points where they agree, else that of the
 * middle); the others one for each boundary, told by its eastings. Order by number, name and points, so that the same boundaries
 * give the same bytes whatever their ids. Boundaries of another datum are refused one by one.
 */
import { accessSync, constants, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import iconv from 'iconv-lite';
import { zoneWidth } from '../../geo/corner-points/datum.js';
import { writeExchange } from '../../geo/corner-points/exchange.js';
import type { KeptCorners } from '../../geo/corner-points/kept-corners.js';
import { allAttributes, exchangeAttributes, registerAttributes } from '../../geo/corner-points/plot-attributes.js';
import { writeRegistration } from '../../geo/corner-points/registration.js';
import { writeCornerString, writeStringText } from '../../geo/corner-points/string.js';
import { boxOf } from '../../geo/distance.js';
import type { Boundary } from '../../model/boundary.js';
import type { CornerPlot } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import type { WorkCatalogue } from '../../model/work.js';
import { pointsKept, ringsInZone } from './corner-sources.js';

type Input = WorkCatalogue['writeCorners']['input'];

export interface Source {
  readonly boundary: Boundary;
  readonly kept: KeptCorners | null;
  /** The zone of its points, else the 3° zone of its middle. */
  readonly zone: number;
}

/** Faults: corners.rows, corners.zone, corners.nothing, output.folder; output.write (system, retryable). */
export function writeCorners({ path, format, zone, boundaries }: Input): WorkCatalogue['writeCorners']['output'] {
  if (zone !== null && zoneWidth(zone) === null) throw noZone(`--zone 为 ${zone}`);
  const serving = boundaries.filter(({ excludedReason }) => excludedReason === null);
  const refused = boundaries.flatMap(({ id, excludedReason }) =>
    excludedReason === null ? [] : [{ id, why: excludedReason }],
  );
  if (serving.length === 0) {
    throw new Fault(
      'corners.nothing',
      `没有可写出的面（${refused.length} 个不能写入2000坐标文件） (nothing to write)`,
      {
        details: { refused },
      },
    );
  }
  const sources = serving.map(sourceOf);
  const common = format === 'exchange' ? (zone ?? commonZone(sources)) : zone;
  const plots = sources.map((source) => ({
    zone: common ?? source.zone,
    plot: plotOf(source, common ?? source.zone, format),
  }));
  const sorted = plots
    .map((one) => ({ ...one, key: sortKey(one.plot) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  const zones = [...new Set(sorted.map((one) => one.zone))].sort((a, b) => a - b);
  const { text, encoding } = textOf(
    sorted.map(({ plot }) => plot),
    zones,
    format,
  );
  save(path, iconv.encode(text, encoding));
  return { path, written: sorted.length, zones, encoding, refused };
}

function noZone(what: string): Fault {
  return new Fault('corners.zone', `${what}，不在中国的带号之内：3度带为25–45，6度带为13–23 (no zone of China)`);
}

export function sourceOf(boundary: Boundary): Source {
  const kept = pointsKept(boundary);
  return { boundary, kept, zone: kept?.frame.kind === 'plane' ? kept.frame.zone : middleZone([boundary]) };
}

function middleZone(boundaries: readonly Boundary[]): number {
  const [minLon, , maxLon] = boxOf(boundaries.flatMap(({ geometry }) => geometry));
  const zone = Math.round((minLon + maxLon) / 2 / 3);
  if (zoneWidth(zone) !== 3) throw noZone(`中间经度 ${((minLon + maxLon) / 2).toFixed(3)}° 属于第 ${zone} 带`);
  return zone;
}

function commonZone(sources: readonly Source[]): number {
  const zones = new Set(sources.map(({ zone }) => zone));
  const [zone] = zones;
  return zones.size === 1 && zone !== undefined ? zone : middleZone(sources.map(({ boundary }) => boundary));
}

const ATTRIBUTES = { exchange: exchangeAttributes, registration: allAttributes, string: registerAttributes };

function plotOf({ boundary, kept }: Source, zone: number, format: Input['format']): CornerPlot {
  const rings = ringsInZone(boundary.geometry, kept, zone, format === 'exchange' ? 'mm' : 'cm');
  return { line: 1, attributes: ATTRIBUTES[format](boundary), rings, statedArea: null, warnings: [] };
}

function sortKey({ attributes, rings }: CornerPlot): string {
  const { 许可证号: number, 地块编号: plot, 矿山名称: mine, 地块名称: name } = attributes;
  return JSON.stringify([number ?? plot ?? '', mine ?? name ?? '', writeCornerString(rings)]);
}

function textOf(
  plots: readonly CornerPlot[],
  zones: readonly number[],
  format: Input['format'],
): { text: string; encoding: string } {
  const [zone = 0] = zones;
  if (format === 'exchange') return { text: writeExchange(plots, { zone, producer: '' }), encoding: 'GB18030' };
  if (format === 'registration') {
    return { text: writeRegistration(plots, zones.length === 1 ? zone : null), encoding: 'GB18030' };
  }
  const columns = [...new Set(plots.flatMap(({ attributes }) => Object.keys(attributes)))];
  return { text: writeStringText(plots, columns), encoding: 'UTF-8' };
}

function save(path: string, bytes: Buffer): void {
  const folder = dirname(path);
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new Fault('output.folder', `输出文件夹不存在或不可写：${folder} (output folder missing or not writable)`, {
      cause,
    });
  }
  const partial = join(folder, `.${basename(path)}.part-${process.pid}`);
  try {
    writeFileSync(partial, bytes);
    renameSync(partial, path);
  } catch (cause) {
    rmSync(partial, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('output.write', `无法写出 ${path}：${why}；原有文件未改动 (cannot write; nothing was replaced)`, {
      retryable: true,
      cause,
    });
  }
}
