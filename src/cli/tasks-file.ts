/** tuban tasks attach | files | finding | verdict | bundle: what hangs on a task's file. Submitting and approving are steps of the flow. */
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { createDesk } from '../adapters/postgres/desk.js';
import { type CodeKind, findCode } from '../model/codes.js';
import { DATUMS, type Datum } from '../model/datum.js';
import type { EvidenceFile } from '../model/evidence.js';
import { Fault } from '../model/fault.js';
import type { Actor } from '../model/person.js';
import type { PartVerdict, Remark } from '../model/verdict.js';
import { bundlePart, type FileParts, fileParts } from '../queue-file-parts.js';
import { actorOf } from './as-person.js';
import type { CommandContext } from './command.js';
import { localTime } from './local-time.js';
import { namesOf } from './named.js';
import { table } from './table.js';
import { jsonOf } from './tasks-steps.js';
import { faultText } from './told.js';

const JSON_OPTION = ['--json', '输出 JSON (print JSON)'] as const;
const ID = ['<ID>', '任务编号 (id of the task)'] as const;

export function registerFileCommands(tasks: Command, context: CommandContext): void {
  tasks
    .command('attach')
    .description('给任务上传附件，原样保存 (attach files to a task; originals are kept)')
    .argument(...ID)
    .argument('<FILE...>', '照片、视频、文档、航迹 (photos, videos, documents, tracks)')
    .option('--datum <DATUM>', `照片坐标系，文件未写明而您知道时填 (datum of the position)：${DATUMS.join(' ')}`)
    .option('--note <TEXT>', '说明 (note)')
    .option(...JSON_OPTION)
    .action((id: string, files: string[], options: AttachOptions) => attach(id, files, options, context));
  tasks
    .command('files')
    .description('任务的附件：时间、距离、提示 (files of a task, with what was noticed)')
    .argument(...ID)
    .option(...JSON_OPTION)
    .action((id: string, options: { json?: boolean }) => files(id, options.json ?? false, context));
  tasks
    .command('finding')
    .description('查看核查记录；--form 只检查一份表单 (findings of a task; --form checks a form and submits nothing)')
    .argument(...ID)
    .option('--form <FILE>', '填好的表单，JSON (a filled form)')
    .option('--schema', '输出表单的 JSON Schema 和代码表 (print the form’s schema and codes)')
    .option('--offender', '同时显示违法主体；查看会被记录 (show the offender, too: the look is on record)')
    .option(...JSON_OPTION)
    .action((id: string, options: FindingOptions) => finding(id, options, context));
  tasks
    .command('verdict')
    .description(
      '查看认定意见；--opine 给出审核意见，不改变任务状态 (verdicts of a task; --opine gives an opinion without a step)',
    )
    .argument(...ID)
    .option('--opine', '同意核查记录提出的认定，或 --form 中的认定 (as proposed, or as in --form)')
    .option('--form <FILE>', '各地块的认定，JSON 数组 (verdicts by part, a JSON array)')
    .option(...JSON_OPTION)
    .action((id: string, options: VerdictOptions) => verdict(id, options, context));
  tasks
    .command('bundle')
    .description('导出任务的全部档案，可用 sha256sum 核对 (the whole file of a task, to be checked with sha256sum)')
    .argument(...ID)
    .argument('<FILE>', '.zip')
    .option(...JSON_OPTION)
    .action((id: string, file: string, options: { json?: boolean }) =>
      bundle(id, file, options.json ?? false, context),
    );
}

interface AttachOptions {
  readonly datum?: string;
  readonly note?: string;
  readonly json?: boolean;
}
interface FindingOptions {
  readonly form?: string;
  readonly schema?: boolean;
  readonly offender?: boolean;
  readonly json?: boolean;
}
interface VerdictOptions {
  readonly opine?: boolean;
  readonly form?: string;
  readonly json?: boolean;
}

async function opened(context: CommandContext): Promise<{ parts: FileParts; actor: Actor }> {
  const workspace = await context.workspace();
  return { parts: fileParts(workspace, createDesk(workspace.database)), actor: await actorOf(context) };
}

async function attach(
  id: string,
  names: readonly string[],
  options: AttachOptions,
  context: CommandContext,
): Promise<void> {
  const datum = DATUMS.find((one) => one === options.datum);
  if (options.datum !== undefined && datum === undefined) {
    throw new Fault(
      'evidence.datum',
      `坐标系应为 ${DATUMS.join('、')}，得到“${options.datum}” (expected one of these)`,
    );
  }
  const { parts, actor } = await opened(context);
  const { session } = context;
  const taken: { name: string; sha256: string; added: boolean; flags: readonly string[] }[] = [];
  const refused: { name: string; code: string; message: string }[] = [];
  for (const name of names) {
    const path = resolve(session.cwd, name);
    try {
      const { file, added } = await parts.evidence.attach(actor, id, incoming(path, datum, options.note));
      taken.push({ name, sha256: file.sha256, added, flags: file.flags });
      if (!options.json)
        session.out(`${added ? '已存' : '已有'} ${file.sha256.slice(0, 12)}  ${describe(file)}  ${name}\n`);
    } catch (error) {
      // The others still go in; the command says by its status that one did not.
      if (!(error instanceof Fault) || error.code === 'task.none' || error.code === 'evidence.role') throw error;
      refused.push({ name, code: error.code, message: error.message });
      if (!options.json) session.err(`${name}：${faultText(error)}\n`);
      session.status = error.blame === 'input' ? 2 : 1;
    }
  }
  if (options.json) session.out(`${JSON.stringify({ files: taken, refused })}\n`);
}

function incoming(path: string, datum: Datum | undefined, note: string | undefined) {
  return {
    name: basename(path),
    content: readable(path),
    ...(datum === undefined ? {} : { datum }),
    ...(note === undefined ? {} : { note }),
  };
}

async function* readable(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
  } catch (cause) {
    throw new Fault('input.file', `读不到文件 ${path} (the file cannot be read)`, { cause });
  }
}

/** Flags by their codes: they are few, and `codes list --kind flag` names them. */
function describe({ contentType, bytes, place, flags }: EvidenceFile): string {
  const distance = place?.distanceM == null ? '' : `距图斑 ${place.distanceM.toFixed(0)} m`;
  return [contentType, `${(bytes / 1e6).toFixed(2)} MB`, distance, flags.join(' ')]
    .filter((part) => part !== '')
    .join('  ');
}

async function files(id: string, json: boolean, context: CommandContext): Promise<void> {
  const { parts, actor } = await opened(context);
  const found = await parts.evidence.files(actor, id);
  if (json) return context.session.out(`${JSON.stringify({ files: found })}\n`);
  context.session.out(
    table(found, [
      { head: 'SHA-256', cell: ({ sha256 }) => sha256.slice(0, 12) },
      { head: '类型', cell: ({ contentType }) => contentType },
      { head: 'MB', right: true, cell: ({ bytes }) => (bytes / 1e6).toFixed(2) },
      { head: '拍摄', cell: ({ place }) => (place?.takenAt == null ? '' : localTime(place.takenAt)) },
      { head: '距图斑 m', right: true, cell: ({ place }) => place?.distanceM?.toFixed(0) ?? '' },
      { head: '提示', cell: ({ flags }) => flags.join(' ') },
      { head: '名称', cell: ({ name }) => name },
    ]),
  );
}

async function finding(id: string, options: FindingOptions, context: CommandContext): Promise<void> {
  const { parts, actor } = await opened(context);
  const { session } = context;
  if (options.schema) return session.out(`${JSON.stringify(await parts.findings.form(actor), null, 1)}\n`);
  if (options.form !== undefined) {
    const { errors, remarks } = await parts.findings.check(actor, id, await jsonOf(options.form, context));
    if (errors.length > 0) session.status = 2;
    if (options.json) return session.out(`${JSON.stringify({ errors, remarks })}\n`);
    for (const { path, message } of errors) session.out(`${path || '表单'}：${message}\n`);
    session.out(remarkLines(remarks));
    if (errors.length === 0) session.out('表单填写正确，可用 tuban tasks submit 提交 (nothing to correct)\n');
    return;
  }
  const found = await parts.findings.of(actor, id);
  const shown = options.offender
    ? await Promise.all(found.map(async (one) => ({ ...one, offender: await parts.findings.offender(actor, one.id) })))
    : found;
  session.out(`${JSON.stringify({ findings: shown }, null, 1)}\n`);
}

async function verdict(id: string, options: VerdictOptions, context: CommandContext): Promise<void> {
  const { parts, actor } = await opened(context);
  const { session } = context;
  const given = options.form === undefined ? null : ((await jsonOf(options.form, context)) as PartVerdict[]);
  if (options.opine) {
    await parts.verdicts.opine(actor, id, given);
    session.out(options.json ? `${JSON.stringify({ opined: id })}\n` : '审核意见已记录 (the opinion is on record)\n');
    return;
  }
  if (given !== null) {
    const remarks = await parts.verdicts.check(actor, id, given);
    if (options.json) return session.out(`${JSON.stringify({ remarks })}\n`);
    return session.out(remarkLines(remarks) || '没有提示 (no remark)\n');
  }
  const found = await parts.verdicts.of(actor, id);
  if (options.json) return session.out(`${JSON.stringify(found)}\n`);
  const { codes } = await parts.findings.form(actor);
  const names = await namesOf(context);
  const named = (kind: CodeKind, code: string) => findCode(codes, kind, code)?.zh ?? code;
  const line = ({ part, code, handling }: PartVerdict) =>
    `地块 ${part} ${named('verdict', code)}${handling === null ? '' : `，${named('handling', handling)}`}\n`;
  const who = ({ at, personId }: { at: string; personId: string }) =>
    `${localTime(at)} ${names.get(personId) ?? personId}`;
  if (found.proposed.length + found.opinions.length + found.verdicts.length === 0)
    session.err('还没有认定 (none yet)\n');
  for (const one of found.proposed) session.out(`提出 ${line(one)}`);
  for (const one of found.opinions) session.out(`意见 ${who(one)} ${line(one)}`);
  for (const one of found.verdicts) session.out(`认定 ${who(one)} ${line(one)}`);
  session.out(remarkLines(found.remarks));
}

function remarkLines(remarks: readonly Remark[]): string {
  const kinds = { missing: '缺材料', inconsistent: '与填报不一致', doubt: '存疑' } as const;
  return remarks
    .map(({ kind, rule, part, text, field, value, blocks }) => {
      const where = part === null ? '' : `地块 ${part} `;
      return `${blocks ? '！' : '·'} ${kinds[kind]} ${where}${rule} ${text}（${field}=${value ?? '空'}）\n`;
    })
    .join('');
}

async function bundle(id: string, name: string, json: boolean, context: CommandContext): Promise<void> {
  const workspace = await context.workspace();
  const actor = await actorOf(context);
  const path = resolve(context.session.cwd, name);
  const partial = `${path}.part`;
  const file = await open(partial, 'w', 0o600).catch((cause) => {
    throw new Fault('output.folder', `不能写到 ${path}：文件夹不存在或没有权限 (folder missing or no permission)`, {
      cause,
    });
  });
  try {
    const part = bundlePart(workspace, createDesk(workspace.database));
    const written = await part.write(actor, id, async (chunk) => file.writeFile(chunk));
    await file.close();
    await rename(partial, path);
    context.session.out(
      json
        ? `${JSON.stringify({ files: written.files, path })}\n`
        : `已写出任务档案，${written.files} 个文件 (bundle written)：${path}\n`,
    );
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error;
  }
}
