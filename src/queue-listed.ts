/** queue-listed: the tasks that a list for a person holds: asked for by id, by round, or what waits in a quarter; never more than he may see. */
import { beginExport } from './adapters/postgres/export-log.js';
import { sawPlaces } from './adapters/postgres/place-reads.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { roundOf } from './adapters/postgres/rounds.js';
import type { CodeTable } from './model/codes.js';
import { Fault } from './model/fault.js';
import type { HandlingMark } from './model/handling-mark.js';
import type { Quarter } from './model/scene.js';
import type { Task } from './model/task.js';
import type { Turn } from './ports/desk.js';
import type { TaskListWish } from './ports/task-lists.js';
import { codesOf } from './queue-ground.js';

const PAGE = 500;

export interface FileFacts {
  readonly taskId: string;
  readonly deadline: string | null;
  readonly provisional: boolean;
  readonly revision: number;
}

export interface Listed {
  readonly quarter: Quarter;
  readonly tasks: readonly Task[];
  readonly files: ReadonlyMap<string, FileFacts>;
  readonly mark: HandlingMark & { readonly exportId: string };
  readonly codes: CodeTable;
}

/** The export is on record from here on; whoever writes the file ends it. Faults: list.none, round.none. */
export async function listedIn(turn: Turn, { format, taskIds, roundId, ...wish }: TaskListWish): Promise<Listed> {
  const record = quarterRecord(turn.sql);
  const round = roundId === undefined ? null : await roundTasks(turn, roundId);
  const quarter = round?.quarter ?? wish.quarter ?? (await newestQuarter(turn));
  const ids = round?.ids ?? taskIds;
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
  const what = { kind: format === 'pdf' ? 'sheets' : 'tasks', format, quarter, rows: tasks.length } as const;
  const mark = await beginExport(turn, what, `list:${roundId ?? quarter}`, { tasks: seen });
  return {
    quarter,
    tasks,
    files: new Map(facts.map((one) => [one.taskId, one])),
    mark,
    codes: await codesOf(turn.sql, null),
  };
}

async function roundTasks(turn: Turn, id: string): Promise<{ readonly quarter: Quarter; readonly ids: string[] }> {
  const stored = await roundOf(turn, id);
  if (!stored) throw new Fault('round.none', `没有编号为 ${id} 的巡查 (no such round)`);
  return { quarter: stored.round.quarter, ids: stored.tasks.map(({ taskId }) => taskId) };
}

/** Of those that hold a task for the person. */
async function newestQuarter({ sql }: Turn): Promise<Quarter> {
  const [row] = await sql.query<{ quarter: Quarter }>('SELECT quarter FROM tuban.task ORDER BY quarter DESC LIMIT 1');
  if (row) return row.quarter;
  throw new Fault('list.none', '没有可导出的任务：没有待核查任务，或不在您的区域内 (no task to list)');
}
