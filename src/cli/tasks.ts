/** tuban tasks list | show | export: the verification queue of a quarter. */
import { resolve } from 'node:path';
import { quarterRecord } from '../adapters/postgres/quarter-record.js';
import { mapLinks } from '../geo/map-links.js';
import { Fault } from '../model/fault.js';
import { TASK_STATE_WORDS, taskList } from '../model/patch-list.js';
import type { Quarter } from '../model/scene.js';
import type { Task } from '../model/task.js';
import { muOf, VIOLATION_WORDS } from '../model/words.js';
import type { QuarterRecord } from '../ports/quarter-record.js';
import type { CommandContext, Register } from './command.js';
import { exportList, LIST_FORMATS } from './export-list.js';
import { describePatch } from './patch-text.js';
import { chosenQuarter, QUARTER_OPTION } from './quarter-option.js';
import { table } from './table.js';

const PAGE = 500;

interface ListOptions {
  readonly quarter?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

export const register: Register = (program, context) => {
  const tasks = program.command('tasks').description('核查任务：列出、查看、导出 (verification tasks)');
  tasks
    .command('list')
    .description('按得分列出核查任务 (list tasks by score)')
    .option(...QUARTER_OPTION)
    .option('--all', '包括已撤回的 (withdrawn ones too)')
    .option('--json', '输出 JSON (print JSON)')
    .action((options: ListOptions) => list(options, context));
  tasks
    .command('show')
    .description('查看一个任务：得分组成、理由、位置 (show a task)')
    .argument('<ID>', '任务编号 (id of the task)')
    .option('--json', '输出 JSON (print JSON)')
    .action((id: string, options: { json?: boolean }) => show(id, options.json ?? false, context));
  tasks
    .command('export')
    .description(`导出任务 (export tasks)：${LIST_FORMATS}`)
    .argument('<FILE>', '输出文件 (output file)')
    .option(...QUARTER_OPTION)
    .option('--all', '包括已撤回的 (withdrawn ones too)')
    .action((file: string, options: ListOptions) => exportTasks(file, options, context));
};

async function tasksOf(record: QuarterRecord, quarter: Quarter, all: boolean): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let total = 1; tasks.length < total; ) {
    const page = await record.tasks(quarter, { offset: tasks.length, limit: PAGE, ...(all ? {} : { state: 'new' }) });
    if (page.tasks.length === 0) break;
    tasks.push(...page.tasks);
    total = page.total;
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
    ]),
  );
}

function jsonOf({ judged, ...task }: Task): object {
  const { geometry, ...patch } = judged.patch;
  return { ...task, patch, judgement: judged.judgement, geometry };
}

async function show(id: string, json: boolean, context: CommandContext): Promise<void> {
  const { database } = await context.workspace();
  const { session } = context;
  const task = await quarterRecord(database).task(id);
  if (!task) {
    throw new Fault('task.none', `没有编号为 ${id} 的任务；用 tuban tasks list 查看 (no task of that id)`);
  }
  if (json) {
    session.out(`${JSON.stringify(jsonOf(task))}\n`);
    return;
  }
  session.out(
    `任务 ${task.id}  ${task.quarter}  排名 ${task.rank}  ${TASK_STATE_WORDS[task.state]}  地点 ${task.siteId}\n`,
  );
  session.out(describePatch(task.judged));
  session.out(linksText(task));
}

/** The shift that each map needs is in its address only. */
function linksText({ judged: { patch } }: Task): string {
  const lines = mapLinks(patch.lon, patch.lat).map(({ zh, url }) => `    ${zh}  ${url}\n`);
  return `  地图链接（打开即把位置告知该网站；已按各图偏移，数字不可作坐标使用）\n  (map links: opening one tells that site the place; shifted for that map, no coordinates)\n${lines.join('')}`;
}

async function exportTasks(file: string, options: ListOptions, context: CommandContext): Promise<void> {
  const { database, pool } = await context.workspace();
  const { session } = context;
  const record = quarterRecord(database);
  const quarter = await chosenQuarter(options.quarter, record);
  const tasks = await tasksOf(record, quarter, options.all ?? false);
  const path = resolve(session.cwd, file);
  await exportList(path, taskList(tasks), pool);
  session.out(`已写出 ${quarter} 的 ${tasks.length} 个任务 (tasks written)：${path}\n`);
}
