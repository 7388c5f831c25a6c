/** tuban tasks list | show | export: the verification queue of a quarter; and what people do with it (tasks-claim.ts, tasks-steps.ts). */
import { extname, resolve } from 'node:path';
import { streamFile } from '../adapters/files/stream-file.js';
import { createDesk } from '../adapters/postgres/desk.js';
import { quarterRecord } from '../adapters/postgres/quarter-record.js';
import { createSiteRegister } from '../adapters/postgres/site-register.js';
import { mapLinks } from '../geo/map-links.js';
import { exportList, LIST_FORMATS } from '../list-files.js';
import { Fault } from '../model/fault.js';
import { ISSUED_WORDS } from '../model/issued.js';
import { TASK_ORIGIN_WORDS, TASK_STATE_WORDS, taskList } from '../model/patch-list.js';
import { parseQuarter } from '../model/quarter.js';
import type { Quarter } from '../model/scene.js';
import type { Task } from '../model/task.js';
import { muOf, VIOLATION_WORDS } from '../model/words.js';
import type { QuarterRecord } from '../ports/quarter-record.js';
import { TASK_LIST_FORMATS } from '../ports/task-lists.js';
import type { FileAnswer } from '../ports/task-queue.js';
import { fileAnswer } from '../queue-step.js';
import { countStrata, STRATUM_WORDS } from '../stages/sample/count.js';
import { estimateMisses } from '../stages/sample/estimate.js';
import { actorOf } from './as-person.js';
import type { CommandContext, Register } from './command.js';
import { fileLines } from './file-text.js';
import { leaving } from './leaving.js';
import { describePatch } from './patch-text.js';
import { chosenQuarter, QUARTER_OPTION } from './quarter-option.js';
import { table } from './table.js';
import { registerClaims } from './tasks-claim.js';
import { registerDrafts } from './tasks-drafts.js';
import { registerFileCommands } from './tasks-file.js';
import { asksQueue, listQueue, QUEUE_FILTERS, type QueueFilter } from './tasks-queue.js';
import { registerReadBack, taskListsOf } from './tasks-read-back.js';
import { pitText, registerReport, reportedMisses } from './tasks-report.js';
import { queueOf, registerSteps } from './tasks-steps.js';

const PAGE = 500;
const ALL = '包括已有决定的、后备的、误报记忆的、已撤回的 (decided, in reserve, quiet and withdrawn ones too)';

interface ListOptions {
  readonly quarter?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

interface ExportOptions extends ListOptions {
  readonly round?: string;
}

export const register: Register = (program, context) => {
  const tasks = program
    .command('tasks')
    .description(
      '核查任务：列出、领取、分派、提交、审核、导出 (verification tasks: list, claim, assign, submit, review, export)',
    );
  registerClaims(tasks, context);
  registerSteps(tasks, context);
  const listing = tasks
    .command('list')
    .description(
      '按得分列出核查任务；--as 登录名时只列其可见的，不含位置 (list tasks by score; with --as LOGIN: what the person sees)',
    )
    .option(...QUARTER_OPTION)
    .option('--all', ALL)
    .option('--json', '输出 JSON (print JSON)');
  for (const option of QUEUE_FILTERS) listing.option(...option);
  listing.action((options: ListOptions & QueueFilter) =>
    asksQueue(options) || context.person() !== null ? listQueue(options, context) : list(options, context),
  );
  tasks
    .command('show')
    .description(
      '查看一个任务：得分组成、理由、位置；--as 登录名时按其权限，并记录查阅 (show a task; with --as LOGIN: as the person sees it, on record)',
    )
    .argument('<ID>', '任务编号 (id of the task)')
    .option('--json', '输出 JSON (print JSON)')
    .action((id: string, options: { json?: boolean }) => show(id, options.json ?? false, context));
  tasks
    .command('export')
    .description(
      `导出任务 (export tasks)：${LIST_FORMATS}；--as 登录名时 .xlsx 另附可填写的核查表，.pdf 为任务单，只含其可见的任务 (with --as LOGIN: forms to fill in, sheets for paper)`,
    )
    .argument('<FILE>', '输出文件 (output file)')
    .option(...QUARTER_OPTION)
    .option('--all', ALL)
    .option('--round <ID>', '一次巡查的任务，按行程顺序；须 --as (the tasks of a round, in its order; with --as)')
    .option('--json', '输出 JSON (print JSON)')
    .action((file: string, options: ExportOptions) => exportTasks(file, options, context));
  tasks
    .command('sample')
    .description(
      '由随机抽查和人工上报估计一个季度的漏查数 (estimate what a quarter missed, from its random sample and from reports)',
    )
    .argument('<QUARTER>', '季度，如 2026Q3 (quarter)')
    .option('--json', '输出 JSON (print JSON)')
    .action((quarter: string, options: { json?: boolean }) => sample(quarter, options.json ?? false, context));
  registerFileCommands(tasks, context);
  registerDrafts(tasks, context);
  registerReport(tasks, context);
  registerReadBack(tasks, context);
};

async function tasksOf(record: QuarterRecord, quarter: Quarter, all: boolean): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let total = 1; tasks.length < total; ) {
    const page = await record.tasks(quarter, { offset: tasks.length, limit: PAGE, ...(all ? {} : { state: 'new' }) });
    if (page.tasks.length === 0) break;
    tasks.push(...page.tasks);
    total = page.total;
  }
  if (tasks.length === 0 && !(await record.run(quarter))) {
    throw new Fault(
      'task.no-run',
      `${quarter} 还没有运行过，没有任务不等于没有发现；请先运行 tuban run ${quarter} (this quarter was not run yet)`,
    );
  }
  return tasks;
}

async function list(options: ListOptions, context: CommandContext): Promise<void> {
  const { database } = await context.workspace();
  const { session } = context;
  const record = quarterRecord(database);
  const quarter = await chosenQuarter(options.quarter, record);
  const tasks = await tasksOf(record, quarter, options.all ?? false);
  if (options.json) {
    session.out(`${JSON.stringify({ quarter, tasks: tasks.map(jsonOf) })}\n`);
    return;
  }
  if (tasks.length === 0) {
    session.err(`${quarter} 没有核查任务 (no tasks)\n`);
    return;
  }
  session.out(
    table(tasks, [
      { head: '排名', right: true, cell: ({ rank }) => String(rank) },
      { head: '任务编号 (id)', cell: ({ id }) => id },
      { head: '得分', right: true, cell: ({ judged }) => judged.judgement.score.toFixed(1) },
      {
        head: '疑似类型',
        cell: ({ judged }) => judged.judgement.violations.map((code) => VIOLATION_WORDS[code].zh).join('、'),
      },
      { head: '面积 (亩)', right: true, cell: ({ judged }) => muOf(judged.patch.areaM2).toFixed(2) },
      { head: '界外 (m²)', right: true, cell: ({ judged }) => judged.judgement.outsideM2.toFixed(1) },
      { head: '许可证号', cell: ({ judged }) => judged.judgement.licenceNo ?? '' },
      { head: '经度', right: true, cell: ({ judged }) => judged.patch.lon.toFixed(6) },
      { head: '纬度', right: true, cell: ({ judged }) => judged.patch.lat.toFixed(6) },
      { head: '状态', cell: ({ state }) => TASK_STATE_WORDS[state] },
      { head: '来源', cell: ({ origin = 'change' }) => TASK_ORIGIN_WORDS[origin] },
    ]),
  );
}

function jsonOf({ judged, ...task }: Task): object {
  const { geometry, ...patch } = judged.patch;
  return { ...task, patch, judgement: judged.judgement, geometry };
}

async function show(id: string, json: boolean, context: CommandContext): Promise<void> {
  const { session } = context;
  const { task, file } = context.person() === null ? await ownersView(id, context) : await personsView(id, context);
  if (!task) {
    session.out(
      json
        ? `${JSON.stringify({ id, ...(file ? { file: file.file, change: null } : {}) })}\n`
        : `任务 ${id}：在尚未出发的封存巡查中，位置不显示 (sealed: the place appears when its round departs)\n${file ? fileLines(file) : ''}`,
    );
    return;
  }
  if (json) {
    session.out(`${JSON.stringify({ ...jsonOf(task), ...(file ? { file: file.file, change: file.change } : {}) })}\n`);
    return;
  }
  session.out(
    `任务 ${task.id}  ${task.quarter}  排名 ${task.rank}  ${TASK_STATE_WORDS[task.state]}  地点 ${task.siteId}\n`,
  );
  for (const { source, county, number, result } of task.issued ?? []) {
    session.out(
      `  上级下发图斑 ${source} ${county === null ? '' : `${county}/`}${number}：${ISSUED_WORDS[result].zh} (issued patch)\n`,
    );
  }
  if (file) session.out(fileLines(context.person() === null ? { ...file, may: [] } : file));
  for (const note of task.notes ?? []) session.out(`  · ${note}\n`);
  session.out(describePatch(task.judged));
  session.out(linksText(task));
}

interface TaskView {
  /** Null: its place is withheld. */
  readonly task: Task | null;
  /** Null: no file was opened: it was never on the list. */
  readonly file: FileAnswer | null;
}

async function ownersView(id: string, context: CommandContext): Promise<TaskView> {
  const { database } = await context.workspace();
  const task = await quarterRecord(database).task(id);
  if (task) return { task, file: await fileOf(id, context) };
  throw new Fault('task.none', `没有编号为 ${id} 的任务；用 tuban tasks list 查看 (no task of that id)`);
}

/** As the person sees it; the look is on record. Fault task.none. */
async function personsView(id: string, context: CommandContext): Promise<TaskView> {
  const actor = await actorOf(context);
  const file = await (await queueOf(context)).file(actor, id);
  const { database } = await context.workspace();
  return { task: await createDesk(database).as(actor, ({ sql }) => quarterRecord(sql).task(id)), file };
}

/** Null: no file was opened: it was never on the list. */
async function fileOf(id: string, context: CommandContext): Promise<FileAnswer | null> {
  const { database } = await context.workspace();
  try {
    return await createDesk(database).engine('console', (turn) => fileAnswer(turn, id));
  } catch (error) {
    if (error instanceof Fault && error.code === 'task.none') return null;
    throw error;
  }
}

/** The shift that each map needs is in its address only. */
function linksText({ judged: { patch } }: Task): string {
  const lines = mapLinks(patch.lon, patch.lat).map(({ zh, url }) => `    ${zh}  ${url}\n`);
  return `  地图链接（打开即把位置告知该网站；已按各图偏移，数字不可作坐标使用）\n  (map links: opening one tells that site the place; shifted for that map, no coordinates)\n${lines.join('')}`;
}

async function sample(asked: string, json: boolean, context: CommandContext): Promise<void> {
  const quarter = parseQuarter(asked);
  const { database } = await context.workspace();
  const { session } = context;
  const strata = countStrata(await createSiteRegister(database).sampled(quarter));
  const misses = estimateMisses(strata);
  const pits = await reportedMisses(database, quarter);
  if (json) {
    session.out(`${JSON.stringify({ quarter, strata, misses, pits })}\n`);
    return;
  }
  if (strata.length === 0) {
    session.err(`${quarter} 没有随机抽查；见设置 sites.sampleGround、sites.sampleReserve (no random sample)\n`);
    session.out(pitText(pits));
    return;
  }
  session.out(
    table(strata, [
      { head: '抽样层', cell: ({ stratum }) => STRATUM_WORDS[stratum] },
      { head: '总数', right: true, cell: ({ size }) => String(size) },
      { head: '抽取', right: true, cell: ({ drawn }) => String(drawn) },
      { head: '已核查', right: true, cell: ({ answered }) => String(answered) },
      { head: '发现违法', right: true, cell: ({ found }) => String(found) },
    ]),
  );
  session.out(
    misses
      ? `估计漏查 ${misses.missed.toFixed(1)} 处，95% 置信区间 ${misses.low}–${misses.high} 处；未核查的抽查任务不计入 (estimate of misses, 95 % interval)\n`
      : '有抽样层尚无核查结果，不能估计漏查 (a stratum has no answer yet: nothing can be said)\n',
  );
  session.out(pitText(pits));
}

async function exportTasks(file: string, options: ExportOptions, context: CommandContext): Promise<void> {
  const ending = extname(file).toLowerCase();
  const withForms = ending === '.xlsx' && context.person() !== null;
  const personal = withForms || options.round !== undefined || ending === '.pdf' || !(await seesEveryPlace(context));
  if (personal) return exportFor(file, options, context);
  const { database, pool } = await context.workspace();
  const { session } = context;
  const record = quarterRecord(database);
  const quarter = await chosenQuarter(options.quarter, record);
  const tasks = await tasksOf(record, quarter, options.all ?? false);
  const path = resolve(session.cwd, file);
  const seen = tasks.map(({ id }) => id);
  await leaving(context, { kind: 'tasks', quarter, rows: tasks.length, seen }, path, (mark) =>
    exportList(path, taskList(tasks), pool, mark),
  );
  session.out(writtenText(tasks.length, path, options.json));
}

/** Whether the list of the whole workspace is the list of the person, or nobody was named and the console asks. */
async function seesEveryPlace(context: CommandContext): Promise<boolean> {
  if (context.person() === null) return true;
  const { database } = await context.workspace();
  const [row] = await createDesk(database).as(await actorOf(context), ({ sql }) =>
    sql.query<{ every: boolean }>('SELECT tuban.sees_all() AND tuban.sees_sealed() AS every'),
  );
  return row?.every ?? false;
}

/** Of what the person may see, with the person's name in it. */
async function exportFor(
  file: string,
  { quarter, round, all = false, json }: ExportOptions,
  context: CommandContext,
): Promise<void> {
  const format = TASK_LIST_FORMATS.find((one) => `.${one}` === extname(file).toLowerCase());
  if (!format) {
    throw new Fault(
      'output.format',
      `为某人或某次巡查导出的格式应为 ${TASK_LIST_FORMATS.map((one) => `.${one}`).join(' ')} (unsupported output format)`,
    );
  }
  if (all)
    throw new Fault('list.all', '核查表和任务单只含待核查的任务，不用 --all (forms and sheets are for what waits)');
  const actor = await actorOf(context);
  const lists = await taskListsOf(context);
  const { session } = context;
  const path = resolve(session.cwd, file);
  const wish = {
    ...(quarter === undefined ? {} : { quarter: parseQuarter(quarter) }),
    ...(round === undefined ? {} : { roundId: round }),
  };
  // A shapefile is several files beside each other.
  const { tasks } =
    format === 'shp'
      ? await lists.writeShapefile(actor, wish, path)
      : await streamFile(path, (put) => lists.write(actor, { ...wish, format }, put));
  session.out(writtenText(tasks, path, json));
}

function writtenText(tasks: number, path: string, json = false): string {
  return json ? `${JSON.stringify({ tasks, path })}\n` : `已写出 ${tasks} 个任务 (tasks written)：${path}\n`;
}
