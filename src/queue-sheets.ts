/** queue-sheets: what a sheet for paper needs, gathered task by task: pictures of both dates, boundaries on its map, the place's history. */

import { writeSheets } from './adapters/pdf/write-sheets.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { encodeJpeg } from './adapters/sharp/encode.js';
import { pairViews } from './adapters/views/pair-views.js';
import { boxOf } from './geo/distance.js';
import { boxesMeet, squareBoxAround } from './geo/map-frame.js';
import { noticeOf } from './model/notice.js';
import type { Actor } from './model/person.js';
import { quarterDays } from './model/quarter.js';
import type { PlannedPair } from './model/run.js';
import type { Quarter } from './model/scene.js';
import type { Task } from './model/task.js';
import type { SheetPictures, TaskSheet } from './model/task-sheet.js';
import { muOf } from './model/words.js';
import type { Desk } from './ports/desk.js';
import type { TaskListWish } from './ports/task-lists.js';
import type { Workspace } from './ports/workspace.js';
import { digestOn, finishExport } from './queue-exports.js';
import { type Listed, listedIn } from './queue-listed.js';

const PICTURE_PX = 520;
/** The map on paper shows at most about this many times the outline's longer side. */
const MAP_ROOM = 8;
const MAP_LEAST_M = 400;

export type SheetsWorkspace = Pick<Workspace, 'title' | 'database' | 'pool'>;

export interface SheetsAnswer {
  readonly tasks: number;
  readonly pages: number;
  readonly quarter: Quarter;
}

/** Only what the person may see goes on paper; the export is on record. Faults: list.none, round.none, pdf.font. */
export async function exportSheets(
  workspace: SheetsWorkspace,
  desk: Desk,
  actor: Actor,
  wish: Omit<TaskListWish, 'format'>,
  put: (chunk: Uint8Array) => Promise<void>,
): Promise<SheetsAnswer> {
  const listed = await desk.as(actor, (turn) => listedIn(turn, { ...wish, format: 'pdf' }));
  const leaves = digestOn(put);
  const { quarter, tasks, files, mark, codes } = listed;
  const pages = await writeSheets(
    {
      bureau: workspace.title,
      quarter,
      mark,
      roundId: wish.roundId ?? null,
      lines: tasks.map((task) => ({ task, deadline: files.get(task.id)?.deadline ?? null })),
      codes,
    },
    sheetsOf(workspace, listed),
    leaves.put,
  );
  await finishExport(desk, actor, mark.exportId, leaves.digest());
  return { tasks: tasks.length, pages, quarter };
}

async function* sheetsOf(workspace: SheetsWorkspace, { quarter, tasks, files }: Listed): AsyncGenerator<TaskSheet> {
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
