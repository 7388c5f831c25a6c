/** What tuban layer import and export know of corner-point texts: options that settle what a file leaves open, and the way out. */
import { extname, resolve } from 'node:path';
import { Option } from 'commander';
import type { BoundaryKind } from '../model/boundary.js';
import {
  type AngleNotation,
  type AxisOrder,
  CORNER_FORMAT_WORDS,
  CORNER_FORMATS,
  type CornerFormat,
} from '../model/corners.js';
import { Fault } from '../model/fault.js';
import type { LayerWish } from '../model/layer-file.js';
import type { CommandContext } from './command.js';
import { type OutgoingOptions, outgoing } from './layer-outgoing.js';
import { leaving } from './leaving.js';

export interface CornerOptions {
  readonly zone?: string;
  readonly axis?: AxisOrder;
  readonly angle?: AngleNotation;
}

export interface CornerExportOptions extends OutgoingOptions {
  readonly format?: CornerFormat;
  readonly zone?: string;
  readonly withSecret?: boolean;
}

export const axisOption = (): Option =>
  new Option(
    '--axis <ORDER>',
    '坐标文本的两列次序：xy 先 X（北、纬度），yx 先 Y（东、经度） (which column comes first: northing or easting)',
  ).choices(['xy', 'yx']);

export const angleOption = (): Option =>
  new Option(
    '--angle <NOTATION>',
    '坐标文本的角度：decimal 十进制度，packed 即 ddd.mmss (decimal degrees or ddd.mmss)',
  ).choices(['decimal', 'packed']);

export const cornerFormatOption = (): Option =>
  new Option(
    '--format <FORMAT>',
    `坐标文本的格式：${CORNER_FORMATS.map((format) => `${format} ${CORNER_FORMAT_WORDS[format]}`).join('、')} (format of a corner-point text)`,
  ).choices(CORNER_FORMATS);

export function zoneOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const zone = /^\d{2}$/.test(text) ? Number(text) : 0;
  if ((zone >= 13 && zone <= 23) || (zone >= 25 && zone <= 45)) return zone;
  throw new Fault('layer.zone', `--zone 应为带号：3度带 25–45 或 6度带 13–23，得到“${text}” (expected a zone number)`);
}

/** Absent where nothing was said, so that the identity of an import does not change. */
export function cornerWish({ zone, axis, angle }: CornerOptions): Pick<LayerWish, 'corners'> {
  if (zone === undefined && axis === undefined && angle === undefined) return {};
  return { corners: { zone: zoneOf(zone), axis: axis ?? null, angle: angle ?? null } };
}

export function exportsCorners(file: string, { format }: CornerExportOptions): boolean {
  return format !== undefined || extname(file).toLowerCase() === '.txt';
}

/** What a format has no place for. */
const LOST: Readonly<Partial<Record<CornerFormat, string>>> = {
  exchange:
    '交换格式不含标高、圈的说明和有效期，需要时请用 registration (heights, remarks and validity are not in this format)',
  string:
    '坐标串只带许可证号、权利人、名称、方式、有效期和状态，其他属性不写 (only the fields of the register are written)',
};

export async function exportCorners(
  kind: BoundaryKind,
  file: string,
  options: CornerExportOptions,
  context: CommandContext,
): Promise<void> {
  const { format, zone } = options;
  if (format === undefined) {
    throw new Fault(
      'layer.format',
      `写 .txt 须用 --format 说明格式：${CORNER_FORMATS.join('、')} (give --format for a text file)`,
    );
  }
  const { session } = context;
  const told = zoneOf(zone);
  const { pool } = await context.workspace();
  const boundaries = await outgoing(kind, options, context);
  const path = resolve(session.cwd, file);
  const what = { kind: 'layer', quarter: null, rows: boundaries.length } as const;
  const write = () => pool.run('writeCorners', { path, format, zone: told, boundaries });
  const done = await leaving(context, what, path, write, 'beside');
  session.out(
    `已写出 ${done.written} 个面 (polygons written)：${path}  ${CORNER_FORMAT_WORDS[format]}，2000国家大地坐标系第 ${done.zones.join('、')} 带，${done.encoding}\n`,
  );
  const lost = LOST[format];
  if (lost !== undefined) session.err(`  注意 (note)：${lost}\n`);
  if (done.refused.length === 0) return;
  session.err(`  未写出 ${done.refused.length} 个 (not written)：\n`);
  for (const { id, why } of done.refused) session.err(`    ${id}：${why}\n`);
  session.status = 2;
}
