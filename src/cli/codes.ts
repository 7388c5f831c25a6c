/** tuban codes list | export | import | versions: the workspace's own code tables. */
import { extname, resolve } from 'node:path';
import { Option } from 'commander';
import { readCsv } from '../adapters/files/read-csv.js';
import { replaceFile } from '../adapters/files/replace-file.js';
import { writeCsv } from '../adapters/files/write-csv.js';
import { createDesk } from '../adapters/postgres/desk.js';
import { readRows } from '../adapters/xlsx/read-rows.js';
import { xlsxOf } from '../adapters/xlsx/write-xlsx.js';
import { CODE_KIND_WORDS, CODE_KINDS, type CodeTable } from '../model/codes.js';
import { Fault } from '../model/fault.js';
import type { ExportList } from '../model/patch-list.js';
import type { CodeTables } from '../ports/codes.js';
import { createCodeTables } from '../queue-codes.js';
import { CODE_HEADS, codeRow, codesOfRows } from '../stages/check-codes/code-rows.js';
import { actorOf } from './as-person.js';
import type { CommandContext, Register } from './command.js';
import { localTime } from './local-time.js';
import { namesOf } from './named.js';
import { wholeNumber } from './staying.js';
import { table } from './table.js';

export const register: Register = (program, context) => {
  const codes = program
    .command('codes')
    .description('代码表：认定意见、处理方式、矿种、措施等 (code tables: verdicts, handling, minerals, measures …)');
  const json = ['--json', '输出 JSON (print JSON)'] as const;
  const version = ['--version-no <N>', '第几版，默认最新 (which version, default: the newest)'] as const;
  codes
    .command('list')
    .description('列出代码 (list codes)')
    .addOption(new Option('--kind <KIND>', '只列一类 (of one kind)').choices(CODE_KINDS))
    .option(...version)
    .option(...json)
    .action((options: ListOptions) => list(options, context));
  codes
    .command('versions')
    .description('各版的时间、修改人和说明 (when, by whom and why)')
    .option(...json)
    .action(async (options: { json?: boolean }) => {
      const { tables, actor } = await opened(context);
      const found = await tables.versions(actor);
      if (options.json) return context.session.out(`${JSON.stringify({ versions: found })}\n`);
      const names = await namesOf(context);
      context.session.out(
        table(found, [
          { head: '版', right: true, cell: (one) => String(one.version) },
          { head: '时间', cell: ({ at }) => localTime(at) },
          { head: '修改人', cell: ({ personId }) => names.get(personId) ?? personId },
          { head: '说明', cell: ({ note }) => note },
        ]),
      );
    });
  codes
    .command('export')
    .description('写出代码表，可修改后再录入 (write the table, to be changed and imported again)')
    .argument('<FILE>', '.csv .xlsx')
    .option(...version)
    .option(...json)
    .action((file: string, options: ListOptions) => write(file, options, context));
  codes
    .command('import')
    .description('以文件内容为新的一版；只有管理员可用 (the file becomes the next version; administrators only)')
    .argument('<FILE>', '.csv .xlsx')
    .requiredOption('--note <TEXT>', '修改说明 (why)')
    .option(...json)
    .action((file: string, options: ImportOptions) => read(file, options, context));
};

interface ListOptions {
  readonly kind?: string;
  readonly versionNo?: string;
  readonly json?: boolean;
}

interface ImportOptions {
  readonly note: string;
  readonly json?: boolean;
}

async function opened(context: CommandContext) {
  const { database } = await context.workspace();
  const tables: CodeTables = createCodeTables(createDesk(database));
  return { tables, actor: await actorOf(context) };
}

async function tableOf({ versionNo }: ListOptions, context: CommandContext): Promise<CodeTable> {
  const version = versionNo === undefined ? null : (wholeNumber('--version-no', versionNo, 1, 1_000_000) ?? null);
  const { tables, actor } = await opened(context);
  return tables.table(actor, version);
}

async function list(options: ListOptions, context: CommandContext): Promise<void> {
  const found = await tableOf(options, context);
  const shown = found.codes.filter(({ kind }) => options.kind === undefined || kind === options.kind);
  if (options.json) return context.session.out(`${JSON.stringify({ version: found.version, codes: shown })}\n`);
  context.session.out(
    table(shown, [
      { head: '类别', cell: ({ kind }) => CODE_KIND_WORDS[kind].zh },
      { head: '代码 (code)', cell: ({ code }) => code },
      { head: '名称', cell: ({ zh }) => zh },
      { head: '作用', cell: ({ effect }) => effect ?? '' },
      { head: '停用', cell: ({ retired }) => (retired ? '是' : '') },
    ]),
  );
  context.session.err(`第 ${found.version} 版 (version)\n`);
}

async function write(file: string, options: ListOptions, context: CommandContext): Promise<void> {
  const path = resolve(context.session.cwd, file);
  const kind = formatOf(path);
  const found = await tableOf(options, context);
  const sheet: ExportList = {
    name: '代码表',
    columns: CODE_HEADS.map((head) => ({ ...head, type: 'text' })),
    rows: found.codes.map((one) => ({ values: codeRow(one), geometry: [] })),
  };
  if (kind === '.csv') await writeCsv(path, sheet);
  else await replaceFile(path, await xlsxOf(sheet));
  const [version, codes] = [found.version, found.codes.length];
  context.session.out(
    options.json
      ? `${JSON.stringify({ version, codes, path })}\n`
      : `已写出第 ${version} 版的 ${codes} 个代码 (codes written)：${path}\n`,
  );
}

async function read(file: string, { note, json }: ImportOptions, context: CommandContext): Promise<void> {
  const path = resolve(context.session.cwd, file);
  const kind = formatOf(path);
  const { tables, actor } = await opened(context);
  const codes = codesOfRows(kind === '.csv' ? await readCsv(path) : await readRows(path));
  const before = await tables.table(actor, null);
  const after = await tables.replace(actor, codes, note);
  const changed = after.version !== before.version;
  if (json) {
    const answer = { version: after.version, changed, codes: after.codes.length };
    return context.session.out(`${JSON.stringify(answer)}\n`);
  }
  context.session.out(
    !changed
      ? `与第 ${before.version} 版相同，没有更改 (nothing differs)\n`
      : `已成为第 ${after.version} 版，${after.codes.length} 个代码 (now the version that stands)\n`,
  );
}

function formatOf(path: string): '.csv' | '.xlsx' {
  const extension = extname(path).toLowerCase();
  if (extension === '.csv' || extension === '.xlsx') return extension;
  throw new Fault('codes.format', `代码表应为 .csv 或 .xlsx 文件，得到的是 ${path} (expected .csv or .xlsx)`);
}
