/** tuban audit verify | head | list | export | exports | reading: the record that cannot be quietly changed. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { auditLines } from '../adapters/files/audit-lines.js';
import { streamFile } from '../adapters/files/stream-file.js';
import { createDesk } from '../adapters/postgres/desk.js';
import { AUDIT_BREAK_WORDS, headText, parseHead } from '../model/audit.js';
import { Fault } from '../model/fault.js';
import { canonicalJson } from '../model/id.js';
import type { Actor } from '../model/person.js';
import type { AuditCheck, AuditRecord, NotedHead } from '../ports/audit.js';
import { checkChain, createAudit } from '../queue-audit.js';
import { CONSOLE_ACTOR, consoleDesk } from '../queue-people.js';
import { actorOf } from './as-person.js';
import { exportsCommand } from './audit-exports.js';
import { readingCommand } from './audit-reading.js';
import type { CommandContext, Register } from './command.js';
import { leaving } from './leaving.js';
import { wholeNumber } from './staying.js';
import { table } from './table.js';

interface ListOptions {
  readonly person?: string;
  readonly action?: string;
  readonly subject?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: string;
  readonly json?: boolean;
}

const JSON_OPTION = ['--json', '输出 JSON (print JSON)'] as const;
const MOST = 500;

export const register: Register = (program, context) => {
  const audit = program
    .command('audit')
    .description('审计记录：每条含前一条的散列值，不能悄悄改动 (the record of who did what, as a chain of hashes)');
  audit
    .command('verify')
    .description('核对审计链，指出第一处断裂；完整为 0，断裂为 1 (prove it whole, or name the first broken link)')
    .option('--file <FILE>', '核对导出的 .jsonl，不需要工作区 (an export alone, without a workspace)')
    .option('--head <HEAD>', '另行记下的链头，见 tuban audit head；末尾被截去只有它能说明 (a head noted elsewhere)')
    .option(...JSON_OPTION)
    .action((options: { file?: string; head?: string; json?: boolean }) => verify(options, context));
  audit
    .command('head')
    .description('当前链头；请记在本系统以外的地方 (where the record stands; note it outside of this system)')
    .option(...JSON_OPTION)
    .action(async ({ json }: { json?: boolean }) => {
      const { record, actor } = await auditOf(context);
      const head = await record.head(actor);
      context.session.out(json ? `${JSON.stringify(head)}\n` : `${headText(head)}\n`);
    });
  audit
    .command('export')
    .description('写出全部记录 .jsonl，一行一条 (write all of it, an entry a line)')
    .argument('<FILE>', '输出文件 (output file)')
    .option(...JSON_OPTION)
    .action((file: string, { json }: { json?: boolean }) => exportAll(file, json ?? false, context));
  listing(audit, context);
  exportsCommand(audit, context);
  readingCommand(audit, context);
};

function listing(audit: Command, context: CommandContext): void {
  audit
    .command('list')
    .description('列出记录，新的在前 (list entries, newest first)')
    .option('--person <LOGIN>', '某人的 (of a person)')
    .option('--action <ACTION>', '某种操作，如 task 或 task.claim (a kind of action)')
    .option('--subject <SUBJECT>', '某个对象，如 task:编号 (about one thing)')
    .option('--since <TIME>', '自此时起，UTC，如 2026-11-01 (from this time on)')
    .option('--until <TIME>', '至此时之前 (before this time)')
    .option('--limit <N>', `最多条数，缺省 50，至多 ${MOST} (at most)`)
    .option(...JSON_OPTION)
    .action((options: ListOptions) => list(options, context));
}

/** The record of the workspace, and who asks: without --as its owner at the console. */
async function auditOf(context: CommandContext): Promise<{ record: AuditRecord; actor: Actor }> {
  const { database } = await context.workspace();
  const actor = context.person() === null ? CONSOLE_ACTOR : await actorOf(context);
  return { record: createAudit(consoleDesk(createDesk(database))), actor };
}

async function verify(
  { file, head, json }: { file?: string; head?: string; json?: boolean },
  context: CommandContext,
): Promise<void> {
  const noted = head === undefined ? null : notedHead(head);
  const check = await checkOf(file, noted, context);
  const { session } = context;
  if (check.broken) session.status = 1;
  if (json) session.out(`${JSON.stringify(check)}\n`);
  else session.out(checkText(check, noted !== null));
}

async function checkOf(
  file: string | undefined,
  noted: NotedHead | null,
  context: CommandContext,
): Promise<AuditCheck> {
  if (file !== undefined) return checkChain(auditLines(resolve(context.session.cwd, file)), noted);
  const { record, actor } = await auditOf(context);
  return record.verify(actor, noted);
}

function checkText({ whole, head, broken }: AuditCheck, noted: boolean): string {
  if (!broken) {
    const told = noted
      ? '，并含有所记的链头 (and holds the head that was noted)'
      : '；末尾是否被截去，只有用 --head 给出另行记下的链头才能知道 (that its end was not cut off is told by --head only)';
    return `审计链完整：${whole} 条 (whole)${told}\n链头 (head)：${headText(head)}\n`;
  }
  const { zh, en } = AUDIT_BREAK_WORDS[broken.why];
  const entry = broken.at === null ? '' : `，该条时间 ${broken.at}，操作 ${broken.action ?? ''}`;
  return `审计链断裂于第 ${broken.seq} 条：${zh}${entry} (broken at entry ${broken.seq}: ${en})\n此前 ${whole} 条完整 (${whole} before it are whole)，链头 ${headText(head)}\n`;
}

/** Fault audit.head. */
function notedHead(text: string): NotedHead {
  const noted = parseHead(text);
  if (noted) return noted;
  throw new Fault(
    'audit.head',
    `“${text}”不是链头；应为 tuban audit head 给出的“条数:散列值”，或64位散列值 (expected SEQ:HASH as tuban audit head prints it)`,
  );
}

async function exportAll(file: string, json: boolean, context: CommandContext): Promise<void> {
  const { record, actor } = await auditOf(context);
  const path = resolve(context.session.cwd, file);
  // Taken before the log's own entry: the file ends with what stood when it was asked for.
  const { seq: last } = await record.head(actor);
  const write = () =>
    streamFile(path, async (put) => {
      for await (const page of record.pages(actor, last)) {
        await put(Buffer.from(page.map((entry) => `${canonicalJson(entry)}\n`).join('')));
      }
    });
  // Every line is an entry: verified as it is.
  await leaving(context, { kind: 'audit', quarter: null, rows: last }, path, write, 'beside');
  context.session.out(
    json ? `${JSON.stringify({ entries: last, path })}\n` : `已写出 ${last} 条审计记录 (entries written)：${path}\n`,
  );
}

async function list({ limit, json, since, until, ...filter }: ListOptions, context: CommandContext): Promise<void> {
  const query = {
    ...filter,
    ...(since === undefined ? {} : { since: instantOf(since) }),
    ...(until === undefined ? {} : { until: instantOf(until) }),
    before: null,
    limit: wholeNumber('--limit', limit, 1, MOST) ?? 50,
  };
  const { record, actor } = await auditOf(context);
  const { entries } = await record.list(actor, query);
  const { session } = context;
  if (json) session.out(`${JSON.stringify({ entries })}\n`);
  else if (entries.length === 0) session.err('没有符合的审计记录 (no such entries)\n');
  else {
    session.out(
      table(entries, [
        { head: '序号', right: true, cell: ({ seq }) => String(seq) },
        { head: '时间 (UTC)', cell: ({ at }) => at.slice(0, 19).replace('T', ' ') },
        { head: '人员', cell: ({ person, personName }) => personName ?? person },
        { head: '设备', cell: ({ device }) => device },
        { head: '操作 (action)', cell: ({ action }) => action },
        { head: '对象 (subject)', cell: ({ subject }) => subject },
      ]),
    );
  }
}

/** Of a day or an instant in UTC, in the form that entries have. Fault audit.time. */
function instantOf(text: string): string {
  const instant = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(instant)) return new Date(instant).toISOString();
  throw new Fault(
    'audit.time',
    `时间应写作 2026-11-27 或 2026-11-27T08:00:00Z，得到的是“${text}” (a day or a UTC time)`,
  );
}
