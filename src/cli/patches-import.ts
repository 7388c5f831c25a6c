/** tuban patches import: patches issued from above enter the register, file by file; one bad file does not stop the others. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { layerFiles } from '../adapters/files/layer-files.js';
import { createIssuedRegister } from '../adapters/postgres/issued-register.js';
import { Fault } from '../model/fault.js';
import { AREA_UNITS, type AreaUnit } from '../model/issued-fields.js';
import { type Issued, type IssueWish, importIssued } from '../stages/issue/stage.js';
import type { CommandContext, Register, Session } from './command.js';
import { quarterNumberOf, yearOf } from './issued-filter.js';

interface ImportOptions {
  readonly source: string;
  readonly year: string;
  readonly quarter: string;
  readonly areaUnit?: AreaUnit;
  readonly crs?: string;
  readonly encoding?: string;
  readonly json?: boolean;
}

export const importCommand: Register = (patches, context) => {
  patches
    .command('import')
    .description(
      '导入上级下发的图斑：Shapefile、GPKG、GeoJSON、FileGDB；再次导入同一编号而内容不同为更正\n(import patches issued from above; the same number with other content is a correction)',
    )
    .argument('<FILE...>', '图斑文件 (files)')
    .requiredOption('--source <NAME>', '下发单位，如 部、省厅 (issuer)')
    .requiredOption('--year <Y>', '下发年度 (year of issue)')
    .requiredOption('--quarter <Q>', '下发季度 1–4 (quarter of issue)')
    .addOption(
      new Option(
        '--area-unit <UNIT>',
        '面积字段的单位；缺省按字段名，否则 m² (unit of the area field; default: by its name, else m²)',
      ).choices(AREA_UNITS),
    )
    .option('--crs <EPSG:N>', '坐标系，文件没有 .prj 时必须给出 (coordinate system; needed without .prj)')
    .option('--encoding <NAME>', '属性表编码，如 GBK；缺省自动识别 (encoding of the .dbf; default: found out)')
    .option('--json', '输出 JSON (print JSON)')
    .action((files: string[], options: ImportOptions) => importAll(files, options, context));
};

/** Faults: issued.source, issued.year, issued.quarter. */
function wishOf({ source, year, quarter, areaUnit, crs, encoding }: ImportOptions): IssueWish {
  const name = source.trim();
  if (name === '') throw new Fault('issued.source', '--source 不能为空 (the issuer must be named)');
  return {
    source: name,
    quarter: `${yearOf(year)}Q${quarterNumberOf(quarter)}`,
    areaUnit: areaUnit ?? null,
    crs: crs ?? null,
    encoding: encoding ?? null,
  };
}

async function importAll(files: readonly string[], options: ImportOptions, context: CommandContext): Promise<void> {
  const wish = wishOf(options);
  const { pool, database } = await context.workspace();
  const { session } = context;
  const ports = { pool, files: layerFiles(), register: createIssuedRegister(database) };
  const done: Issued[] = [];
  const refused: { readonly path: string; readonly fault: Fault }[] = [];
  for (const file of files) {
    session.signal.throwIfAborted();
    const path = resolve(session.cwd, file);
    try {
      const result = await importIssued(path, wish, ports);
      done.push(result);
      if (!options.json) tell(result, session);
    } catch (error) {
      if (!(error instanceof Fault) || error.blame === 'system') throw error;
      refused.push({ path, fault: error });
    }
  }
  if (options.json) {
    const faults = refused.map(({ path, fault: { code, message } }) => ({ path, code, message }));
    session.out(`${JSON.stringify({ files: done.map(jsonOf), refused: faults })}\n`);
  }
  for (const { path, fault } of refused) session.err(`未能导入 (refused) ${path}\n  ${fault.message}\n`);
  if (refused.length > 0 || done.some(({ batch }) => batch.report.refused.length > 0)) session.status = 2;
}

function jsonOf({ outcome, batch: { id, name, source, quarter, sha256, report } }: Issued): object {
  return { outcome, id, name, source, quarter, sha256, ...report };
}

function tell({ outcome, batch }: Issued, session: Session): void {
  const { name, source, quarter, report } = batch;
  if (outcome === 'known') {
    session.out(`已导入过，未作更改 (already there, nothing changed)  ${name}：${report.rows} 行\n`);
    return;
  }
  session.out(
    `已导入 (imported)  ${source} ${quarter}  ${name}：${report.rows} 行 (rows)，新增 ${report.added}、更正 ${report.corrected}、已有 ${report.known}  ${report.crsName}  ${report.encoding}\n`,
  );
  for (const text of report.assumptions) session.err(`  注意 (note)：${text}\n`);
  for (const { row, what } of report.notes) session.err(`  第 ${row} 行 (row)：${what}\n`);
  if (report.refused.length === 0) return;
  session.err(
    `  ${report.refused.length} 行图形不能使用，仍已登记，比对结果为“无法比对” (rows without a usable outline)：\n`,
  );
  for (const { row, why } of report.refused) session.err(`    第 ${row} 行 (row)：${why}\n`);
}
