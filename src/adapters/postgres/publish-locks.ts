/**
 * publish-locks: the one order in which locks are taken, so that a list that is published and people who take steps never wait for each other in a
 * circle: one publication at a time; then rows of tasks, then rows of files, each by id. A step locks its files alike (task-files), and the task
 * before where a verdict changes it (tuban.hold_task).
 */
import type { Task } from '../../model/task.js';
import type { Sql } from '../../ports/database.js';

const BATCH = 2000;
/** Nobody has claimed it yet: its place in the queue follows the newest run. */
export const UNTOUCHED = `f.state IN ('new', 'assigned') AND f.lease_no = 0`;

/** Those that publish come one after the other. Ends with the transaction. */
export async function lockPublishing(sql: Sql): Promise<void> {
  await sql.query(`SELECT pg_advisory_xact_lock(hashtext('tuban.publish'))`);
}

/** Tasks of a quarter that somebody decided about, none of which anybody decides about from now on. */
export async function lockTasksOfQuarter(sql: Sql, quarter: string): Promise<Set<string>> {
  await sql.query(
    `SELECT count(*) FROM (SELECT 1 FROM tuban.task t WHERE t.quarter = $1 ORDER BY t.id COLLATE "C" FOR NO KEY UPDATE) AS locked`,
    [quarter],
  );
  const rows = await sql.query<{ id: string }>(
    `SELECT t.id FROM tuban.task t WHERE t.quarter = $1 AND t.split_from IS NULL AND t.body->>'origin' IS DISTINCT FROM 'issued'
       AND EXISTS (SELECT FROM tuban.decision d WHERE d.task_id = t.id)`,
    [quarter],
  );
  return new Set(rows.map(({ id }) => id));
}

/** What becomes of a task, as far as its file follows it. */
type Becoming = Pick<Task, 'id' | 'state'> & { readonly place?: { readonly rank: number; readonly score: number } };

/** Files that follow what is about to be written of their tasks, which are locked. */
export async function lockMovingFiles(sql: Sql, tasks: readonly Becoming[]): Promise<void> {
  const sorted = tasks
    .map(({ id, state, place }) => ({ id, state, rank: place?.rank ?? null, score: place?.score ?? null }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  for (let from = 0; from < sorted.length; from += BATCH) {
    await sql.query(
      `SELECT count(*) FROM (
         SELECT 1 FROM jsonb_to_recordset($1::jsonb) AS r (id text, state text, rank integer, score float8)
           JOIN tuban.task t ON t.id = r.id JOIN tuban.task_file f ON f.task_id = r.id
         WHERE t.state <> r.state OR (r.state = 'new' AND ${UNTOUCHED} AND (f.rank, f.score) IS DISTINCT FROM (r.rank, r.score))
         ORDER BY f.task_id COLLATE "C" FOR NO KEY UPDATE OF f) AS locked`,
      [JSON.stringify(sorted.slice(from, from + BATCH))],
    );
  }
}
