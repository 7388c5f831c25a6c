/** tuban patches results: what the comparison said, in the issuer's own fields, for the issuer to read back in. */
import { extname, resolve } from 'node:path';
import { Option } from 'commander';
import { replaceFile } from '../adapters/files/replace-file.js';
import { writeCsv } from '../adapters/files/write-csv.js';
import { createIssuedRegister } from '../adapters/postgres/issued-register.js';
import { xlsxOf } from '../adapters/xlsx/write-xlsx.js';
import { Fault } from '../model/fault.js';
import { type Answered, type ResultRows, resultRows } from '../model/issued-results.js';
import type { ExportList } from '../model/patch-list.js';
import type { IssuedFilter, IssuedRegister, ListedBatch } from '../ports/issued-register.js';
import type { WorkPool } from '../ports/work-pool.js';
import type { CommandContext, Register } from './command.js';
import { type FilterOptions, filterOf, filterOptions } from './issued-filter.js';
import { leaving } from './leaving.js';

const FORMATS = '.shp .gpkg .xlsx .csv';

interface ResultOptions extends FilterOptions {
  readonly outline: 'issued' | 'measured';
}

export const resultsCommand: Register = (patches, context) => {
  filterOptions(
    patches
      .command('results')
      .description(`按下发单位的原有字段写出比对成果 (results in the issuer's own fields)：${FORMATS}`)
      .argument('<FILE>', '输出文件 (output file)'),
  )
    .addOption(
      new Option('--outline <WHICH>', '图形：issued 下发边界，measured 现状边界 (outlines: as issued or as measured)')
        .choices(['issued', 'measured'])
        .default('issued'),
    )
    .action((file: string, options: ResultOptions) => writeResults(file, options, context));
};

async function writeResults(file: string, options: ResultOptions, context: CommandContext): Promise<void> {
  const filter = filterOf(options);
  const { database, pool } = await context.workspace();
  const { session } = context;
  const register = createIssuedRegister(database);
  const { answered, batches } = await standingRows(register, filter);
  if (answered.length === 0) {
    throw new Fault('issued.none', '没有符合条件的下发图斑，未写出文件 (no issued patches to write)');
  }
  const fields = batches.map(({ report }) => report.fields);
  const path = resolve(session.cwd, file);
  // In the issuer's own fields and nothing else.
  const what = { kind: 'results', quarter: null, rows: answered.length } as const;
  const write = () => writeRows(path, resultRows(answered, fields, options.outline === 'measured'), pool);
  await leaving(context, what, path, write, 'beside');
  session.out(`已写出 ${answered.length} 行 (rows written)：${path}\n`);
  const without = answered.filter(({ answer }) => answer === null).length;
  if (without > 0) {
    session.status = 1;
    session.err(`其中 ${without} 行尚未比对，请先运行 tuban patches compare (rows not compared yet)\n`);
  }
}

/** Rows whose content stands, each from the last file that brought it; repetitions within a file stay rows of their own. */
async function standingRows(
  register: IssuedRegister,
  filter: IssuedFilter,
): Promise<{ answered: Answered[]; batches: ListedBatch[] }> {
  const patches = new Map((await register.patches(filter)).map((patch) => [patch.keyId, patch]));
  const answers = new Map((await register.answers(filter)).map((answer) => [answer.keyId, answer]));
  const batches = await register.batches(filter);
  const perBatch: Answered[][] = [];
  const taken = new Set<string>();
  for (const { id } of [...batches].reverse()) {
    const rows = (await register.rows(id)).filter(
      ({ keyId, contentId }) => patches.get(keyId)?.contentId === contentId && !taken.has(keyId),
    );
    for (const { keyId } of rows) taken.add(keyId);
    perBatch.unshift(
      rows.flatMap(({ keyId }): Answered[] => {
        const patch = patches.get(keyId);
        const standing = answers.get(keyId);
        if (!patch) return [];
        const { answer = null, siteId = null, taskId = null } = standing ?? {};
        const judged = standing?.listed ?? standing?.judged ?? null;
        return [{ patch, answer, judged, siteId, taskId }];
      }),
    );
  }
  return { answered: perBatch.flat(), batches };
}

async function writeRows(path: string, result: ResultRows, pool: WorkPool): Promise<void> {
  switch (extname(path).toLowerCase()) {
    case '.shp':
    case '.gpkg': {
      const fields = result.fields.map(({ name, type, width, decimals }) => ({ name, type, width, decimals }));
      await pool.run('writeIssued', { path, layer: 'issued', fields, rows: result.rows });
      return;
    }
    case '.xlsx':
      return replaceFile(path, await xlsxOf(listOf(result)));
    case '.csv':
      return writeCsv(path, listOf(result));
    default:
      throw new Fault(
        'output.format',
        `不支持的输出格式“${extname(path)}”，请用 ${FORMATS} (unsupported output format)`,
      );
  }
}

const WIDEST = 60;
/** Shown of a number whose field declares no decimals (FileGDB, GPKG, GeoJSON); as in a shapefile of results. */
const UNDECLARED_DIGITS = 6;

function listOf({ fields, rows }: ResultRows): ExportList {
  return {
    name: 'issued',
    columns: fields.map(({ name, zh, type, width, decimals }) => ({
      name,
      zh: zh === '' ? name : zh,
      type: type === 'date' ? 'text' : type,
      width: Math.min(WIDEST, Math.max(10, width)),
      ...(type === 'real' ? { digits: width > 0 ? decimals : UNDECLARED_DIGITS } : {}),
    })),
    rows: rows.map(({ geometry, values }) => ({ geometry: geometry ?? [], values })),
  };
}
