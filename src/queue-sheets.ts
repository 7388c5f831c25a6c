/** queue-sheets: what a sheet for paper needs, gathered task by task: pictures of both dates, boundaries on its map, the place's history. */

import { writeSheets } from './adapters/pdf/write-sheets.js';
import { createDesk } from './adapters/postgres/desk.js';
import { beginExport } from './adapters/postgres/export-log.js';
import { sawPlaces } from './adapters/postgres/place-reads.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { roundOf } from './adapters/postgres/rounds.js';
import { encodeJpeg } from './adapters/sharp/encode.js';
import { pairViews } from './adapters/views/pair-views.js';
import { boxOf } from './geo/distance.js';
import { boxesMeet, squareBoxAround } from './geo/map-frame.js';
import { Fault } from './model/fault.js';
import type { HandlingMark } from './model/handling-mark.js';
import { noticeOf } from './model/notice.js';
import type { Actor } from './model/person.js';
import { quarterDays } from './model/quarter.js';
import type { PlannedPair } from './model/run.js';
import type { Quarter } from './model/scene.js';
import type { Task } from './model/task.js';
import type { SheetPictures, TaskSheet } from './model/task-sheet.js';
import { muOf } from './model/words.js';
import type { Turn } from './ports/desk.js';
import type { Workspace } from './ports/workspace.js';
import { digestOn, finishExport } from './queue-exports.js';
import { codesOf } from './queue-ground.js';

const PICTURE_PX = 520;
const PAGE = 500;
/** The map on paper shows at most about this many times the outline's longer side. */
const MAP_ROOM = 8;
const MAP_LEAST_M = 400;

export interface SheetsWish {
  readonly quarter: Quarter;
  readonly taskIds?: readonly string[];
  readonly roundId?: string;
}

export interface SheetsAnswer {
  readonly tasks: number;
  readonly pages: number;
}

interface Listed {
  readonly tasks: readonly Task[];
  readonly files: ReadonlyMap<string, FileFacts>;
  readonly mark: HandlingMark & { readonly exportId: string };
  readonly codes: Awaited<ReturnType<typeof codesOf>>;
}
interface FileFacts {
  readonly taskId: string;
  readonly deadline: string | null;
  readonly provisional: boolean;
  readonly revision: number;
}

/** Only what the person may see goes on paper; the export is on record. Faults: list.none, round.none, pdf.font. */
export async function exportSheets(
  workspace: Workspace,
  actor: Actor,
  wish: SheetsWish,
  put: (chunk: Uint8Array) => Promise<void>,
): Promise<SheetsAnswer> {
  const desk = createDesk(workspace.database);
  const listed = await desk.as(actor, (turn) => listedIn(turn, wish));
  const leaves = digestOn(put);
  const { tasks, files, mark, codes } = listed;
  const pages = await writeSheets(
    {
      bureau: workspace.title,
      quarter: wish.quarter,
      mark,
      roundId: wish.roundId ?? null,
      lines: tasks.map((task) => ({ task, deadline: files.get(task.id)?.deadline ?? null })),
      codes,
    },
    sheetsOf(workspace, wish.quarter, listed),
    leaves.put,
  );
  await finishExport(desk, actor, mark.exportId, leaves.digest());
  return { tasks: tasks.length, pages };
}

async function listedIn(turn: Turn, { quarter, taskIds, roundId }: SheetsWish): Promise<Listed> {
  const ids = roundId === undefined ? taskIds : await roundTasks(turn, roundId);
  const record = quarterRecord(turn.sql);
  const tasks: Task[] = [];
  if (ids) {
    for (const id of ids) {
      const task = await record.task(id);
      if (task) tasks.push(task);
    }
  } else {
    for (let total = 1; tasks.length < total; ) {
      const page = await record.tasks(quarter, { state: 'new', offset: tasks.length, limit: PAGE });
      if (page.tasks.length === 0) break;
      tasks.push(...page.tasks);
      total = page.total;
    }
  }
  if (tasks.length === 0) {
    throw new Fault('list.none', `没有可导出的任务（${quarter}）：没有待核查任务，或不在您的区域内 (no task to list)`);
  }
  const facts = await turn.sql.query<FileFacts>(
    `SELECT task_id AS "taskId", to_char(deadline, 'YYYY-MM-DD') AS deadline, deadline_provisional AS provisional, revision
     FROM tuban.task_file WHERE task_id IN (SELECT jsonb_array_elements_text($1::jsonb))`,
    [JSON.stringify(tasks.map(({ id }) => id))],
  );
  const seen = tasks.map(({ id }) => id);
  await sawPlaces(turn, 'export', seen);
  const what = { kind: 'sheets', format: 'pdf', quarter, rows: tasks.length } as const;
  const mark = await beginExport(turn, what, `list:${roundId ?? quarter}`, { tasks: seen });
  return {
    tasks,
    files: new Map(facts.map((one) => [one.taskId, one])),
    mark,
    codes: await codesOf(turn.sql, null),
  };
}

async function roundTasks(turn: Turn, id: string): Promise<string[]> {
  const stored = await roundOf(turn, id);
  if (!stored) throw new Fault('round.none', `没有编号为 ${id} 的巡查 (no such round)`);
  return stored.tasks.map(({ taskId }) => taskId);
}

async function* sheetsOf(workspace: Workspace, quarter: Quarter, { tasks, files }: Listed): AsyncGenerator<TaskSheet> {
  const { database, pool } = workspace;
  const record = quarterRecord(database);
  const views = pairViews(pool, record);
  const run = await record.run(quarter);
  const pairs: readonly PlannedPair[] = run?.pairs ?? [];
  const notice = noticeOf(pairs.flatMap(({ use }) => [use.before, use.after]));
  for (const task of tasks) {
    const { patch } = task.judged;
    const file = files.get(task.id);
    const pair = pairs.find(({ id }) => patch.pairs.includes(id));
    const map = squareBoxAround(patch.geometry, MAP_ROOM, MAP_LEAST_M);
    const near = await record.boundaries(map, quarterDays(quarter).last);
    yield {
      task,
      deadline: file?.deadline ?? null,
      deadlineProvisional: file?.provisional ?? false,
      revision: file?.revision ?? null,
      pictures: pair ? await picturesOf(views, pair, task, notice) : null,
      boundaries: near.filter(({ geometry }) => boxesMeet(boxOf(geometry), map)),
      history: historyOf(task),
    };
  }
}

async function picturesOf(
  views: ReturnType<typeof pairViews>,
  pair: PlannedPair,
  task: Task,
  notice: string,
): Promise<SheetPictures> {
  const box = squareBoxAround(task.judged.patch.geometry);
  const { before, after, width, height, metresPerPixel, transform } = await views.picture(pair, box, PICTURE_PX);
  return {
    before: await encodeJpeg({ rgb: before, width, height }),
    after: await encodeJpeg({ rgb: after, width, height }),
    width,
    height,
    metresPerPixel,
    transform,
    notice,
  };
}

/** What the score was given of the place: it counts places that were merged, as one. */
function historyOf({ facts }: Task): string[] {
  if (!facts) return [];
  const { earlierQuarters, resumed, repeats, grownM2, lastVisit } = facts;
  const event = { closed: '取缔关闭', 'written-off': '销号' };
  return [
    ...(earlierQuarters.length > 0 ? [`此前有变化的季度：${earlierQuarters.join('、')}`] : []),
    ...(resumed ? [`${resumed.on} ${event[resumed.event]}后再次发现（疑似死灰复燃）`] : []),
    ...(repeats > 0 ? [`此前核实违法 ${repeats} 次`] : []),
    ...(grownM2 === null ? [] : [`较上次图斑新增 ${muOf(grownM2).toFixed(2)} 亩`]),
    ...(lastVisit === null ? [] : [`最近一次现场核查 ${lastVisit}`]),
  ];
}
