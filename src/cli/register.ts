/** tuban register list | show | export: everything that is registered, all kinds, as it stands on a day: one map (一张图). */
import { extname, resolve } from 'node:path';
import { Argument } from 'commander';
import { replaceFile } from '../adapters/files/replace-file.js';
import { oneMapPage } from '../adapters/html/one-map.js';
import { createLayerRegister } from '../adapters/postgres/layer-register.js';
import { quarterRecord } from '../adapters/postgres/quarter-record.js';
import { exportList, LIST_FORMATS } from '../list-files.js';
import { BOUNDARY_KINDS, type BoundaryKind } from '../model/boundary.js';
import { parseDateText } from '../model/date-text.js';
import { Fault } from '../model/fault.js';
import {
  kindText,
  openly,
  personsText,
  type RegisterEntry,
  registerList,
  standingText,
  termText,
} from '../model/register-entry.js';
import type { Observation } from '../model/task.js';
import { EVENT_WORDS } from '../model/version-events.js';
import { OBSERVATION_WORDS } from '../model/words.js';
import { isSecret, withheld } from '../model/zone-kinds.js';
import { entriesOn, type HistoryStep, historyOf } from '../register-entries.js';
import type { CommandContext, Register, Workspace } from './command.js';
import { leaving } from './leaving.js';
import { table } from './table.js';

interface ListOptions {
  readonly on?: string;
  readonly expiring?: string;
  readonly person?: string;
  readonly json?: boolean;
}

interface ExportOptions {
  readonly on?: string;
  readonly withSecret?: boolean;
}

const ON = ['--on <DATE>', '按哪一天的情况，缺省为今天 (as it stands on this day; default: today)'] as const;

export const register: Register = (program, context) => {
  const group = program
    .command('register')
    .description('登记台账：一张图上的全部范围 (the register: all kinds on one map)');
  group
    .command('list')
    .description('列出登记的范围，含状态、有效期、责任人、来源 (list what is registered)')
    .addArgument(new Argument('[KIND]', '图层类别 (kind of layer)').choices(BOUNDARY_KINDS))
    .option(...ON)
    .option('--expiring <DAYS>', '只列出多少天内到期的 (only what expires within so many days)')
    .option('--person <NAME>', '只列出某责任人的 (only those of a responsible person)')
    .option('--json', '输出 JSON (print JSON)')
    .action((kind: BoundaryKind | undefined, options: ListOptions) => list(kind ?? null, options, context));
  group
    .command('show')
    .description('某个范围的全部版本、来源和各季度观测 (versions, sources and observations of one thing)')
    .argument('<ID|NUMBER|NAME>', '多边形编号、证号或名称 (id, number or name)')
    .option('--json', '输出 JSON (print JSON)')
    .action((asked: string, options: { json?: boolean }) => show(asked, options.json === true, context));
  group
    .command('export')
    .description(`导出一张图 (export the one map)：.html ${LIST_FORMATS}`)
    .argument('<FILE>', '输出文件 (output file)')
    .option(...ON)
    .option('--with-secret', '包括涉密区域的名称和范围，仅限有权限的人员 (secret areas too: authorised persons only)')
    .action((file: string, options: ExportOptions) => exportMap(file, options, context));
};

/** Today in China, which has had no daylight saving time since 1991. */
function dayOf(asked: string | undefined): string {
  if (asked === undefined) return new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const day = parseDateText(asked, 'from');
  if (day !== null) return day;
  throw new Fault('register.date', `--on 应为 2026-07-01 这样的日期，得到“${asked}” (expected a date)`);
}

function daysOf(asked: string): number {
  const days = Number(asked);
  if (Number.isInteger(days) && days >= 0 && days <= 36_500) return days;
  throw new Fault('register.days', `--expiring 应为天数，得到“${asked}” (expected a number of days)`);
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

async function list(kind: BoundaryKind | null, options: ListOptions, context: CommandContext): Promise<void> {
  const on = dayOf(options.on);
  const last = options.expiring === undefined ? null : addDays(on, daysOf(options.expiring));
  const { database } = await context.workspace();
  const { session } = context;
  const entries = (await entriesOn(createLayerRegister(database), on, kind)).map(openly).filter(({ boundary }) => {
    const ends = boundary.acceptedUntil ?? boundary.validTo;
    if (last !== null && !(ends !== null && ends >= on && ends <= last)) return false;
    return options.person === undefined || personsText(boundary).includes(options.person);
  });
  if (options.json) {
    session.out(`${JSON.stringify({ on, entries: entries.map(jsonOf) })}\n`);
    return;
  }
  if (entries.length === 0) session.err('没有符合条件的登记 (nothing registered answers this)\n');
  else session.out(entryTable(entries));
}

function jsonOf({ boundary, ...entry }: RegisterEntry): object {
  const { geometry: _outline, attributes: _attributes, span: _span, ...plain } = boundary;
  return { ...plain, ...entry };
}

function entryTable(entries: readonly RegisterEntry[]): string {
  return table(entries, [
    { head: '类别 (kind)', cell: ({ boundary }) => kindText(boundary) },
    { head: '编号', cell: ({ boundary }) => boundary.number ?? boundary.id },
    { head: '名称 (name)', cell: ({ boundary }) => boundary.name ?? '' },
    { head: '权利人', cell: ({ boundary }) => boundary.holder ?? '' },
    { head: '状态', cell: standingText },
    { head: '有效期', cell: ({ boundary }) => termText(boundary) },
    { head: '版本', right: true, cell: ({ versions }) => String(versions) },
    { head: '责任人', cell: ({ boundary }) => personsText(boundary) },
    { head: '来源', cell: ({ file, boundary }) => `${file} 第 ${boundary.row} 行` },
  ]);
}

async function show(asked: string, json: boolean, context: CommandContext): Promise<void> {
  const { database } = await context.workspace();
  const { session } = context;
  const steps = (await historyOf(createLayerRegister(database), asked)).map((step) => ({
    ...step,
    boundary: withheld(step.boundary),
  }));
  if (steps.length === 0) {
    throw new Fault(
      'register.none',
      `登记中没有编号、证号或名称为“${asked}”的范围 (nothing of that id, number or name)`,
    );
  }
  const observations = await observationsOf(database, new Set(steps.map(({ boundary }) => boundary.id)));
  if (json) {
    const versions = steps.map(({ boundary: { geometry: _outline, ...plain }, ...step }) => ({ ...plain, ...step }));
    session.out(`${JSON.stringify({ versions, observations })}\n`);
    return;
  }
  const seen = observations.map(
    ({ quarter, result, seenShare, changedM2, reason }) =>
      `  ${quarter}  ${OBSERVATION_WORDS[result].zh}，看到 ${(seenShare * 100).toFixed(0)} %，变化 ${changedM2.toFixed(1)} m²${reason === '' ? '' : `（${reason}）`}`,
  );
  session.out(
    `${[...steps.flatMap(stepLines), '各季度观测 (observations)：', ...(seen.length > 0 ? seen : ['  还没有']), ''].join('\n')}`,
  );
}

async function observationsOf(database: Workspace['database'], ids: ReadonlySet<string>): Promise<Observation[]> {
  const record = quarterRecord(database);
  const found: Observation[] = [];
  for (const { quarter } of [...(await record.quarters())].reverse()) {
    found.push(...(await record.observations(quarter)).filter(({ boundaryId }) => ids.has(boundaryId)));
  }
  return found;
}

function stepLines({ boundary, events, from, until, delistedOn, stood, files }: HistoryStep): string[] {
  const persons = personsText(boundary);
  const span = stood ? `${from ?? '最早'} 至 ${until ?? '今'}` : '未曾生效（已更正）';
  const area = isSecret(boundary) ? '' : `  ${boundary.areaM2.toFixed(1)} m²`;
  return [
    `${kindText(boundary)} ${boundary.name ?? ''} ${boundary.number ?? ''}  ${events.map((event) => EVENT_WORDS[event]).join('、')}  ${span}`,
    `  编号 ${boundary.id}${area}  权利人 ${boundary.holder ?? '未登记'}  有效期 ${termText(boundary)}  登记状态 ${boundary.status ?? '未登记'}`,
    ...(delistedOn === null ? [] : [`  ${delistedOn} 起的完整名单中已无`]),
    ...(boundary.buffered === undefined
      ? []
      : [`  由${boundary.buffered.from === 'line' ? '线' : '点'}缓冲 ${boundary.buffered.metres} 米而成`]),
    ...(persons === '' ? [] : [`  责任人：${persons}`]),
    `  来源：${files.join('、')}，第 ${boundary.row} 行`,
  ];
}

async function exportMap(file: string, options: ExportOptions, context: CommandContext): Promise<void> {
  const on = dayOf(options.on);
  const { database, pool, title } = await context.workspace();
  const { session } = context;
  const all = await entriesOn(createLayerRegister(database), on, null);
  const entries = options.withSecret ? all : all.filter(({ boundary }) => !isSecret(boundary));
  const path = resolve(session.cwd, file);
  await leaving(context, { kind: 'register', quarter: null, rows: entries.length }, path, async (mark) => {
    if (extname(path).toLowerCase() !== '.html') return exportList(path, registerList(entries), pool, mark);
    const page = { title: `${title} 一张图`, on, entries, withheld: all.length - entries.length, mark };
    return replaceFile(path, Buffer.from(oneMapPage(page)));
  });
  session.out(`已写出 ${on} 的 ${entries.length} 个范围 (polygons written)：${path}\n`);
  const secret = all.filter(({ boundary }) => isSecret(boundary)).length;
  if (secret === 0) return;
  session.err(
    options.withSecret
      ? `  注意：含涉密区域 ${secret} 个，文件按涉密资料保管，不得外传 (secret areas are in the file)\n`
      : `  未包括涉密区域 ${secret} 个 (secret areas were left out)\n`,
  );
}
