/** tuban layer import | list | export: the register's polygons that patches are held against. */
import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { layerFiles } from '../adapters/files/layer-files.js';
import { createLayerRegister } from '../adapters/postgres/layer-register.js';
import { readOwnDatum } from '../adapters/workspace/own-datum.js';
import { BOUNDARY_KINDS, type BoundaryKind } from '../model/boundary.js';
import { parseDateText } from '../model/date-text.js';
import { differenceJson, differenceText } from '../model/difference-text.js';
import { Fault } from '../model/fault.js';
import type { LayerWish } from '../model/layer-file.js';
import { BOUNDARY_WORDS } from '../model/words.js';
import { type Registered, type RegisterPorts, registerLayer } from '../stages/register/stage.js';
import { syncFromLayer, tellSync } from './area.js';
import type { CommandContext, Register, Session } from './command.js';
import { changeLines } from './layer-changes.js';
import {
  angleOption,
  axisOption,
  type CornerExportOptions,
  type CornerOptions,
  cornerFormatOption,
  cornerWish,
  exportCorners,
  exportsCorners,
} from './layer-corners.js';
import { exportLayer, LAYER_FORMATS } from './layer-export.js';
import { rejudgeAfterImport } from './rejudge.js';
import { table } from './table.js';

interface ImportOptions extends CornerOptions {
  readonly crs?: string;
  readonly encoding?: string;
  readonly validFrom?: string;
  readonly replaces?: boolean;
  readonly rejudge?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface Refusal {
  readonly path: string;
  readonly fault: Fault;
}

const kindArgument = (): Argument =>
  new Argument(
    '<KIND>',
    `图层类别 (kind of layer)：${BOUNDARY_KINDS.map((kind) => `${kind} ${BOUNDARY_WORDS[kind].zh}`).join('、')}`,
  ).choices(BOUNDARY_KINDS);

export const register: Register = (program, context) => {
  const layer = program.command('layer').description('图层：导入、列出、导出 (register layers: import, list, export)');
  importCommand(layer, context);
  layer
    .command('list')
    .description('列出已导入的图层文件 (list the imported layer files)')
    .option('--json', '输出 JSON (print JSON)')
    .action((options: { json?: boolean }) => list(options.json ?? false, context));
  layer
    .command('export')
    .description(
      `导出某类图层的全部多边形 (export all polygons of a kind)：${LAYER_FORMATS}，以及拐点坐标文本 .txt（须给 --format）`,
    )
    .addArgument(kindArgument())
    .argument('<FILE>', '输出文件 (output file)')
    .addOption(cornerFormatOption())
    .option(
      '--zone <N>',
      '坐标文本、.xlsx、.dxf 的带号，缺省由数据决定 (zone of a corner-point text, table or drawing; default: from the data)',
    )
    .option('--with-secret', '包括涉密区域，仅限有权限的人员 (secret areas too: authorised persons only)')
    .action((kind: BoundaryKind, file: string, options: CornerExportOptions) =>
      exportsCorners(file, options)
        ? exportCorners(kind, file, options, context)
        : exportLayer(kind, file, options, context),
    );
};

function importCommand(layer: Command, context: CommandContext): void {
  layer
    .command('import')
    .description(
      '导入图层：Shapefile（GBK 或 UTF-8）、GPKG、FileGDB、GeoJSON、KML、KMZ、DXF，拐点坐标的表（xlsx、xls、ods、csv）和文本；无效几何自动修复并逐行报告\n(import layers; invalid geometry is mended and reported row by row)',
    )
    .addArgument(kindArgument())
    .argument('<FILE...>', '图层文件 (layer files)')
    .option('--crs <EPSG:N>', '坐标系，文件没有 .prj 时必须给出 (coordinate system; needed without .prj)')
    .option('--zone <N>', '坐标文本缺少带号时指定：3度带 25–45，6度带 13–23 (zone, where a corner-point text lacks it)')
    .addOption(axisOption())
    .addOption(angleOption())
    .option('--encoding <NAME>', '属性表编码，如 GBK、UTF-8；缺省自动识别 (encoding of the .dbf; default: found out)')
    .option(
      '--valid-from <DATE>',
      '没有起始日期的行从何日起有效 (beginning of validity for rows without one; also the day from which the file counts)',
    )
    .option(
      '--replaces',
      '文件是该类的完整名单，自 --valid-from 起名单中没有的视为已结束，逐一列出 (the complete list of its kind from --valid-from on: what it does not name has ended)',
    )
    .option('--no-rejudge', '导入后不重新判定已完成的季度 (do not judge finished quarters again)')
    .option('--dry-run', '只读取和检查，不存储 (read and check, store nothing)')
    .option('--json', '输出 JSON (print JSON)')
    .action((kind: BoundaryKind, files: string[], options: ImportOptions) => importAll(kind, files, options, context));
}

function wishOf(kind: BoundaryKind, options: ImportOptions): LayerWish {
  const { crs, encoding, validFrom, replaces } = options;
  const from = validFrom === undefined ? null : parseDateText(validFrom, 'from');
  if (validFrom !== undefined && from === null) {
    throw new Fault(
      'layer.valid-from',
      `--valid-from 应为 2026-01-01 这样的日期，得到“${validFrom}” (expected a date)`,
    );
  }
  if (replaces && from === null) {
    throw new Fault(
      'layer.replaces',
      '--replaces 须同时用 --valid-from 给出名单的日期，例如 --valid-from 2026-07-01 (a complete list needs its date)',
    );
  }
  const wish = { kind, crs: crs ?? null, encoding: encoding ?? null, validFrom: from, ...cornerWish(options) };
  return replaces ? { ...wish, complete: true } : wish;
}

async function importAll(
  kind: BoundaryKind,
  files: readonly string[],
  options: ImportOptions,
  context: CommandContext,
): Promise<void> {
  const wish = wishOf(kind, options);
  const workspace = await context.workspace();
  const { session } = context;
  const ownDatum = readOwnDatum(workspace.dir);
  const ports: RegisterPorts = {
    pool: workspace.pool,
    files: layerFiles(),
    register: createLayerRegister(workspace.database),
    ...(ownDatum ? { ownDatum } : {}),
  };
  const done: Registered[] = [];
  const refused: Refusal[] = [];
  for (const file of files) {
    session.signal.throwIfAborted();
    const path = resolve(session.cwd, file);
    try {
      const result = await registerLayer(path, wish, options.dryRun ?? false, ports);
      done.push(result);
      if (!options.json) tell(result, session);
    } catch (error) {
      if (!(error instanceof Fault) || (error.blame === 'system' && error.code !== 'pool.child-lost')) throw error;
      refused.push({ path, fault: error });
    }
  }
  const changed = done.some(({ outcome }) => outcome === 'new');
  const areas = changed && kind === 'admin' ? await syncFromLayer(workspace) : null;
  const rejudged = changed && options.rejudge !== false ? await rejudgeAfterImport(workspace, session) : [];
  if (options.json) {
    const faults = refused.map(({ path, fault }) => ({
      path,
      code: fault.code,
      message: fault.message,
      ...fault.details,
    }));
    session.out(
      `${JSON.stringify({ files: done.map(jsonOf), refused: faults, rejudged: rejudged.map(differenceJson), ...(areas ? { areas } : {}) })}\n`,
    );
  }
  if (areas && !options.json) tellSync(areas, session);
  if (!options.json) for (const difference of rejudged) session.out(differenceText(difference));
  if (refused.length > 0) {
    session.err(
      `\n未能导入 ${refused.length} 个文件，其余 ${done.length} 个已处理 (refused: ${refused.length}, done: ${done.length})\n`,
    );
    for (const { path, fault } of refused) session.err(`  ${path}\n    ${fault.message}\n`);
  }
  if (refused.some(({ fault }) => fault.blame === 'system')) session.status = 1;
  else if (refused.length > 0 || done.some(({ file }) => file.report.refused.length > 0)) session.status = 2;
}

const OUTCOMES = {
  new: '已导入 (imported)',
  known: '已导入过，未作更改 (already there, nothing changed)',
  tried: '试读，未存储 (dry run, nothing stored)',
};

function tell({ outcome, file, added, changes, replacedSince }: Registered, session: Session): void {
  const { report } = file;
  const fresh = outcome === 'new' ? `，新增 (new) ${added}` : '';
  session.out(
    `${OUTCOMES[outcome]}  ${BOUNDARY_WORDS[file.kind].zh} ${file.name}：${report.polygons} 个面 (polygons)${fresh}  ${report.crsName}  ${report.encoding}\n`,
  );
  if (replacedSince > 0) {
    session.err(
      `  其中 ${replacedSince} 个已由后来导入的文件替代；要使本文件重新生效，请用 --valid-from 给出日期 (replaced since: give --valid-from to bring it back)\n`,
    );
  }
  if (outcome === 'known') return;
  if (changes) for (const line of changeLines(changes, file)) session.out(`  ${line}\n`);
  for (const text of report.assumptions) session.err(`  注意 (note)：${text}\n`);
  for (const { row, what } of report.repaired) session.err(`  第 ${row} 行 (row)：${what}\n`);
  if (report.refused.length > 0) session.err(`  未采用 ${report.refused.length} 行 (refused rows)：\n`);
  for (const { row, why } of report.refused) session.err(`    第 ${row} 行 (row)：${why}\n`);
}

function jsonOf({ outcome, file, added, changes }: Registered): object {
  const { id, kind, name, sha256, validFrom, report } = file;
  return { outcome, id, kind, name, sha256, validFrom, added, changes, ...report };
}

async function list(json: boolean, context: CommandContext): Promise<void> {
  const { database } = await context.workspace();
  const { session } = context;
  const files = await createLayerRegister(database).files();
  if (json) {
    const layers = files.map(({ report, ...file }) => ({ ...file, ...report }));
    session.out(`${JSON.stringify({ layers })}\n`);
    return;
  }
  if (files.length === 0) {
    session.err('还没有图层；用 tuban layer import 导入 (no layers yet: tuban layer import)\n');
    return;
  }
  session.out(
    table(files, [
      { head: '类别 (kind)', cell: ({ kind }) => `${kind} ${BOUNDARY_WORDS[kind].zh}` },
      { head: '文件 (file)', cell: ({ name }) => name },
      { head: '面', right: true, cell: ({ report }) => String(report.polygons) },
      { head: '修复', right: true, cell: ({ report }) => String(report.repaired.length) },
      { head: '未采用', right: true, cell: ({ report }) => String(report.refused.length) },
      { head: '编码', cell: ({ report }) => report.encoding },
      { head: '坐标系 (CRS)', cell: ({ report }) => report.crsName },
      { head: '导入时间 (UTC)', cell: ({ importedAt }) => importedAt },
    ]),
  );
}
