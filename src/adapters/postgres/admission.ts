/**
 * admission: a task that a run, judging again or an import of issued patches puts on the list gets its file, and what it was opened with, in the
 * same transaction: once, never overwritten. The file's place in the queue follows the newest run as long as nobody has touched it.
 */
import type { KeyRule } from '../../model/key-patch.js';
import type { Task } from '../../model/task.js';
import type { Sql } from '../../ports/database.js';
import { keyReasonsOf } from './key-patches.js';
import { wholeJudgement } from './older-judgement.js';
import { UNTOUCHED } from './publish-locks.js';

const BATCH = 200;
const AREAS_AT = (
  lon: string,
  lat: string,
) => `coalesce((SELECT array_agg(a.id ORDER BY ST_Area(a.geom), a.id COLLATE "C")
  FROM tuban.area a WHERE ST_Covers(a.geom, ST_SetSRID(ST_MakePoint(${lon}, ${lat}), 4490))), '{}')`;

/** `tasks`: as they stand now; those that are not on the list get no file. */
export async function admitTasks(sql: Sql, tasks: readonly Task[], rule: KeyRule): Promise<void> {
  const listed = tasks.filter(({ state }) => state === 'new');
  const ids = JSON.stringify(listed.map(({ id }) => id));
  // Only those: putting in again what is there would wait for whoever takes a step with it.
  const without = await sql.query<{ id: string }>(
    `SELECT r.id FROM jsonb_array_elements_text($1::jsonb) AS r (id)
     WHERE NOT EXISTS (SELECT FROM tuban.task_file f WHERE f.task_id = r.id)`,
    [ids],
  );
  const fresh = new Set(without.map(({ id }) => id));
  const entering = listed.filter(({ id }) => fresh.has(id));
  for (let from = 0; from < entering.length; from += BATCH) {
    const batch = entering.slice(from, from + BATCH);
    const why = await keyReasonsOf(sql, batch, rule);
    await sql.query(
      `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (task_id text, quarter text, rank integer, score float8, violations text[],
           area_m2 float8, key boolean, key_why jsonb, lon float8, lat float8, body jsonb)),
         made AS (
           INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, key, areas)
           SELECT r.task_id, r.quarter, 'new', r.rank, r.score, r.violations, r.area_m2, r.key, ${AREAS_AT('r.lon', 'r.lat')}
           FROM r JOIN tuban.task t ON t.id = r.task_id AND t.state = 'new'
           ON CONFLICT (task_id) DO NOTHING RETURNING task_id)
       INSERT INTO tuban.task_opened (task_id, body, key_why) SELECT r.task_id, r.body, r.key_why FROM r JOIN made ON made.task_id = r.task_id`,
      [JSON.stringify(batch.map((task, i) => rowOf(task, why[i] ?? [])))],
    );
  }
  await sql.query(
    `UPDATE tuban.task_file f SET rank = t.rank, score = t.score FROM tuban.task t
     WHERE t.id = f.task_id AND t.id IN (SELECT jsonb_array_elements_text($1::jsonb)) AND t.state = 'new' AND ${UNTOUCHED}
       AND (f.rank, f.score) IS DISTINCT FROM (t.rank, t.score)`,
    [ids],
  );
}

function rowOf(task: Task, why: readonly string[]): object {
  const { patch, judgement } = task.judged;
  return {
    task_id: task.id,
    quarter: task.quarter,
    rank: task.rank,
    score: judgement.score,
    violations: judgement.violations,
    area_m2: patch.areaM2,
    key: why.length > 0,
    key_why: why,
    lon: patch.lon,
    lat: patch.lat,
    body: task,
  };
}

/** Tasks of before there were files. */
export async function admitEarlier(sql: Sql, rule: KeyRule): Promise<void> {
  for (;;) {
    const rows = await sql.query<{ body: Task }>(
      `SELECT t.body FROM tuban.task t WHERE t.state = 'new' AND t.body->'judged' IS NOT NULL
         AND NOT EXISTS (SELECT FROM tuban.task_file f WHERE f.task_id = t.id) ORDER BY t.id COLLATE "C" LIMIT ${BATCH}`,
    );
    if (rows.length === 0) return;
    const tasks = rows.map(({ body }): Task => {
      const { patch, judgement } = body.judged;
      return { ...body, judged: { patch, judgement: wholeJudgement(judgement, patch) } };
    });
    await admitTasks(sql, tasks, rule);
  }
}

/** After the areas changed: which of them hold each file's point. Number of files that moved. */
export async function placeFilesAgain(sql: Sql): Promise<number> {
  const rows = await sql.query(
    `WITH now AS MATERIALIZED (
       SELECT o.task_id, ${AREAS_AT(`(o.body->'judged'->'patch'->>'lon')::float8`, `(o.body->'judged'->'patch'->>'lat')::float8`)} AS areas
       FROM tuban.task_opened o),
     moved AS MATERIALIZED (
       SELECT f.task_id, now.areas FROM tuban.task_file f JOIN now ON now.task_id = f.task_id WHERE f.areas IS DISTINCT FROM now.areas
       ORDER BY f.task_id COLLATE "C" FOR NO KEY UPDATE OF f)
     UPDATE tuban.task_file f SET areas = moved.areas FROM moved WHERE f.task_id = moved.task_id RETURNING f.task_id`,
  );
  return rows.length;
}
