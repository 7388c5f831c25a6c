/** What findings, files and verdicts of a task are held against: the task as the person sees it, its files, the code table. */
import { readCodes } from './adapters/postgres/codes.js';
import { evidenceOf } from './adapters/postgres/evidence.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import type { CodeTable } from './model/codes.js';
import type { EvidenceFile } from './model/evidence.js';
import { Fault } from './model/fault.js';
import type { Task } from './model/task.js';
import type { Sql } from './ports/database.js';
import type { VerdictGround } from './stages/decide-verdict/context.js';

export interface TaskGround {
  readonly task: Task;
  readonly files: readonly EvidenceFile[];
  readonly codes: CodeTable;
}

/** Fault task.none: there is no such task for this person. */
export async function visibleTask(sql: Sql, taskId: string): Promise<Task> {
  const task = await quarterRecord(sql).task(taskId);
  if (!task)
    throw new Fault('task.none', `没有编号为 ${taskId} 的任务，或无权查看 (no task of that id, or not for you)`);
  return task;
}

export async function taskGround(sql: Sql, taskId: string): Promise<TaskGround> {
  const task = await visibleTask(sql, taskId);
  return { task, files: await evidenceOf(sql, taskId), codes: await codesOf(sql, null) };
}

/** Fault codes.version. */
export async function codesOf(sql: Sql, version: number | null): Promise<CodeTable> {
  const table = await readCodes(sql, version);
  if (!table) throw new Fault('codes.version', `代码表没有第 ${version} 版 (no such version of the code table)`);
  return table;
}

export function verdictGround(
  { task, files, codes }: TaskGround,
  form: VerdictGround['form'],
  settings: VerdictGround['settings'],
): VerdictGround {
  const { patch, judgement } = task.judged;
  return {
    form,
    files,
    codes,
    patch: {
      outline: patch.geometry,
      imageOn: patch.dateAfter,
      licenceNo: judgement.licenceNo,
      violations: judgement.violations,
    },
    settings,
  };
}
