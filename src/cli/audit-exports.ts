/** tuban audit exports: which files left, who took them, and whose copy a file is. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { fileDigest } from '../adapters/files/file-digest.js';
import { createDesk } from '../adapters/postgres/desk.js';
import { EXPORT_KIND_WORDS, EXPORT_KINDS, type ExportKind } from '../model/export-entry.js';
import { Fault } from '../model/fault.js';
import { createExportLog } from '../queue-exports.js';
import { CONSOLE_ACTOR, consoleDesk } from '../queue-people.js';
import { actorOf } from './as-person.js';
import type { CommandContext, Register } from './command.js';
import { wholeNumber } from './staying.js';
import { table } from './table.js';

interface Options {
  readonly person?: string;
  readonly kind?: ExportKind;
  readonly file?: string;
  readonly id?: string;
  readonly limit?: string;
  readonly json?: boolean;
}

const MOST = 500;

export const exportsCommand: Register = (audit, context) => {
  audit
    .command('exports')
    .description('列出导出的文件，新的在前；用 --file 查一个文件是谁导出的 (files that left; --file: whose copy it is)')
    .option('--person <LOGIN>', '某人的 (of a person)')
    .addOption(new Option('--kind <KIND>', '某类的 (of a kind)').choices(EXPORT_KINDS))
    .option('--file <FILE>', '与此文件 SHA-256 相同的 (with the SHA-256 of this file)')
    .option('--id <ID>', '导出标记中的编号 (the id in a mark)')
    .option('--limit <N>', `最多条数，缺省 50，至多 ${MOST} (at most)`)
    .option('--json', '输出 JSON (print JSON)')
    .action((options: Options) => list(options, context));
};

async function list({ file, limit, json, ...filter }: Options, context: CommandContext): Promise<void> {
  const sha256 = file === undefined ? {} : { sha256: await digestOf(resolve(context.session.cwd, file)) };
  const query = { ...filter, ...sha256, limit: wholeNumber('--limit', limit, 1, MOST) ?? 50 };
  const { database } = await context.workspace();
  const actor = context.person() === null ? CONSOLE_ACTOR : await actorOf(context);
  const { exports: entries } = await createExportLog(consoleDesk(createDesk(database))).list(actor, query);
  const { session } = context;
  if (json) session.out(`${JSON.stringify({ exports: entries })}\n`);
  else if (entries.length === 0) session.err('没有符合的导出记录 (no such exports)\n');
  else {
    session.out(
      table(entries, [
        { head: '时间 (UTC)', cell: ({ at }) => at.slice(0, 19).replace('T', ' ') },
        { head: '人员', cell: ({ personName }) => personName },
        { head: '设备', cell: ({ device }) => device },
        { head: '内容 (what)', cell: ({ kind }) => EXPORT_KIND_WORDS[kind].zh },
        { head: '格式', cell: ({ format }) => format },
        { head: '季度', cell: ({ quarter }) => quarter ?? '' },
        { head: '条数', right: true, cell: ({ rows }) => String(rows) },
        { head: 'SHA-256', cell: ({ sha256: hash }) => hash?.slice(0, 16) ?? '未完成 (not whole)' },
        { head: '编号 (id)', cell: ({ id }) => id },
      ]),
    );
  }
}

/** Fault export.file. */
async function digestOf(path: string): Promise<string> {
  try {
    return (await fileDigest(path)).sha256;
  } catch (cause) {
    throw new Fault('export.file', `无法读取 ${path} (the file cannot be read)`, { cause });
  }
}
