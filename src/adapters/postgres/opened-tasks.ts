/** What a file was opened with, beside the task as the newest run has it; and the parts of a task that was split. */
import type { Task } from '../../model/task.js';
import type { TaskFile } from '../../model/task-file.js';
import type { Turn } from '../../ports/desk.js';
import { wholeJudgement } from './older-judgement.js';
import { quarterRecord } from './quarter-record.js';

export interface BothTasks {
  readonly opened: Task;
  readonly newest: Task;
  /** Why it was opened as a key patch; null: that was not kept then. */
  readonly keyWhy: readonly string[] | null;
  /** Tasks of the newest run at the same place in the same quarter, where this one is withdrawn; by rank. */
  readonly successors: readonly string[];
}

/** Null: the place is withheld from the person. */
export async function bothTasks({ sql }: Turn, taskId: string): Promise<BothTasks | null> {
  const [row] = await sql.query<{ body: Task; key_why: string[] | null }>(
    'SELECT body, key_why FROM tuban.task_opened WHERE task_id = $1',
    [taskId],
  );
  const newest = await quarterRecord(sql).task(taskId);
  if (!row || !newest) return null;
  const { patch, judgement } = row.body.judged;
  const opened = { ...row.body, judged: { patch, judgement: wholeJudgement(judgement, patch) } };
  const both = { opened, newest, keyWhy: row.key_why };
  if (newest.state !== 'withdrawn') return { ...both, successors: [] };
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM tuban.task WHERE site_id = $1 AND quarter = $2 AND id <> $3 AND state = 'new' ORDER BY rank, id`,
    [newest.siteId, newest.quarter, taskId],
  );
  return { ...both, successors: rows.map(({ id }) => id) };
}

/** Each with a file of its own, seen by the same people. */
export async function addParts({ sql }: Turn, whole: TaskFile, parts: readonly Task[]): Promise<void> {
  const rows = JSON.stringify(
    parts.map((task) => ({
      id: task.id,
      patch_id: task.judged.patch.id,
      area_m2: task.judged.patch.areaM2,
      violations: task.judged.judgement.violations,
      body: task,
    })),
  );
  const RECORDS = `jsonb_to_recordset($1::jsonb) AS r (id text, patch_id text, area_m2 float8, violations text[], body jsonb)`;
  await sql.query(
    `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body, split_from)
     SELECT r.id, t.quarter, r.patch_id, t.site_id, t.rank, t.score, 'new', r.body, t.id FROM ${RECORDS}, tuban.task t WHERE t.id = $2`,
    [rows, whole.taskId],
  );
  await sql.query(
    `INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, key, areas, split_from)
     SELECT r.id, f.quarter, 'new', f.rank, f.score, r.violations, r.area_m2, f.key, f.areas, f.task_id
     FROM ${RECORDS}, tuban.task_file f WHERE f.task_id = $2`,
    [rows, whole.taskId],
  );
  await sql.query(
    `INSERT INTO tuban.task_opened (task_id, body, key_why)
     SELECT r.id, r.body, o.key_why FROM ${RECORDS} LEFT JOIN tuban.task_opened o ON o.task_id = $2`,
    [rows, whole.taskId],
  );
}
