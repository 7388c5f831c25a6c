/**
 * publish-issued: answers and tasks of issued patches enter the register in one transaction. Results are appended; what stands
 * for a key is one row. A task whose key is now carried by another one is withdrawn, never deleted: somebody may have acted on it.
 */
import type { KeyRule } from '../../model/key-patch.js';
import type { Sql } from '../../ports/database.js';
import type { IssuedPublication } from '../../ports/issued-register.js';
import { admitTasks } from './admission.js';
import { dropSitesOfIssued } from './drop-sites.js';
import { lockMovingFiles, lockPublishing } from './publish-locks.js';

const BATCH = 500;

async function inBatches<T>(rows: readonly T[], write: (json: string) => Promise<number>): Promise<number> {
  let written = 0;
  for (let from = 0; from < rows.length; from += BATCH) {
    written += await write(JSON.stringify(rows.slice(from, from + BATCH)));
  }
  return written;
}

export async function publishIssued(
  sql: Sql,
  { answers, tasks }: IssuedPublication,
  rule: KeyRule,
): Promise<{ newResults: number; newTasks: number }> {
  await lockPublishing(sql);
  const newResults = await inBatches(
    answers.map(({ keyId, contentId, resultId, answer, judged }) => ({
      id: resultId,
      key_id: keyId,
      content_id: contentId,
      result: answer.result,
      body: { answer, judged },
    })),
    async (json) => {
      const rows = await sql.query<{ id: string }>(
        `INSERT INTO tuban.issued_result (id, key_id, content_id, result, body)
         SELECT id, key_id, content_id, result, body FROM jsonb_to_recordset($1::jsonb)
           AS r (id text, key_id text, content_id text, result text, body jsonb)
         ON CONFLICT (id) DO NOTHING RETURNING id`,
        [json],
      );
      return rows.length;
    },
  );
  const keys = JSON.stringify(answers.map(({ keyId }) => keyId));
  const gone = await lockTasksOf(sql, keys, tasks);
  await lockMovingFiles(sql, [
    ...tasks.map(({ id, state, rank, judged }) => ({ id, state, place: { rank, score: judged.judgement.score } })),
    ...gone.map((id) => ({ id, state: 'withdrawn' as const })),
  ]);
  await sql.query(
    `UPDATE tuban.task SET state = 'withdrawn', body = jsonb_set(body, '{state}', '"withdrawn"')
     WHERE id IN (SELECT jsonb_array_elements_text($1::jsonb))`,
    [JSON.stringify(gone)],
  );
  // What a person has decided about stays as it is.
  const newTasks = await inBatches(
    tasks.map((task) => ({
      id: task.id,
      quarter: task.quarter,
      patch_id: task.judged.patch.id,
      site_id: task.siteId,
      rank: task.rank,
      score: task.judged.judgement.score,
      state: task.state,
      body: task,
    })),
    async (json) => {
      const [row] = await sql.query<{ fresh: number }>(
        `SELECT count(*)::int AS fresh FROM jsonb_to_recordset($1::jsonb) AS r (id text)
         WHERE NOT EXISTS (SELECT FROM tuban.task t WHERE t.id = r.id)`,
        [json],
      );
      await sql.query(
        `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
         SELECT id, quarter, patch_id, site_id, rank, score, state, body FROM jsonb_to_recordset($1::jsonb)
           AS r (id text, quarter text, patch_id text, site_id text, rank integer, score float8, state text, body jsonb)
         ON CONFLICT (id) DO UPDATE SET site_id = excluded.site_id, rank = excluded.rank, score = excluded.score,
           state = excluded.state, body = excluded.body WHERE task.state IN ('new', 'withdrawn')`,
        [json],
      );
      return row?.fresh ?? 0;
    },
  );
  await admitTasks(sql, tasks, rule);
  await inBatches(
    answers.map(({ keyId, resultId, siteId, taskId }) => ({
      key_id: keyId,
      result_id: resultId,
      site_id: siteId,
      task_id: taskId,
    })),
    async (json) => {
      await sql.query(
        `INSERT INTO tuban.issued_answer (key_id, result_id, site_id, task_id)
         SELECT key_id, result_id, site_id, task_id FROM jsonb_to_recordset($1::jsonb)
           AS r (key_id text, result_id text, site_id text, task_id text)
         ON CONFLICT (key_id) DO UPDATE SET result_id = excluded.result_id, site_id = excluded.site_id,
           task_id = excluded.task_id`,
        [json],
      );
      return 0;
    },
  );
  await dropSitesOfIssued(sql);
  return { newResults, newTasks };
}

/** Those to be written, and those that are carried by another one from now on: the ids of these. `keys`: JSON. */
async function lockTasksOf(sql: Sql, keys: string, tasks: IssuedPublication['tasks']): Promise<string[]> {
  const rows = await sql.query<{ id: string; gone: boolean }>(
    `SELECT t.id, t.state = 'new' AND t.id NOT IN (SELECT jsonb_array_elements_text($2::jsonb)) AS gone FROM tuban.task t
     WHERE t.id IN (SELECT jsonb_array_elements_text($2::jsonb)) OR (t.state = 'new' AND t.body->>'origin' = 'issued'
       AND t.body->'issued'->0->>'keyId' IN (SELECT jsonb_array_elements_text($1::jsonb)))
     ORDER BY t.id COLLATE "C" FOR NO KEY UPDATE OF t`,
    [keys, JSON.stringify(tasks.map(({ id }) => id))],
  );
  return rows.flatMap(({ id, gone }) => (gone ? [id] : []));
}
