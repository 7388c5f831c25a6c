/** Second looks over a turn: what a person drew or is to look at; of everybody else's nothing. */
import type { Task } from '../../model/task.js';
import type { Turn } from '../../ports/desk.js';
import type { Draw, KeptDraw, SecondLook } from '../../ports/supervision.js';

export interface Looker {
  readonly id: string;
  readonly name: string;
  /** Has a right that lets him work or review, and none that lets him read the audit. */
  readonly blind: boolean;
}

/** By login or id; null: there is none. */
export async function lookerOf({ sql }: Turn, text: string): Promise<Looker | null> {
  const [row] = await sql.query<Looker>(
    `SELECT p.id, p.name, coalesce((SELECT bool_or(g.role IN ('officer', 'analyst', 'reviewer'))
         AND NOT bool_or(g.role IN ('supervisor', 'administrator')) FROM tuban.grant_of g WHERE g.person_id = p.id), false) AS blind
     FROM tuban.person p WHERE (p.id = $1 OR p.login = lower($1)) AND p.kind = 'person' AND p.disabled_at IS NULL
     ORDER BY (p.id = $1) DESC LIMIT 1`,
    [text],
  );
  return row ?? null;
}

/** Nobody is given anything, nor drawn for, that is not asked about again after this. Ends with the transaction. */
export async function holdLooker({ sql }: Turn, id: string): Promise<void> {
  await sql.query(`SELECT pg_advisory_xact_lock(hashtext('tuban.look'), hashtext($1))`, [id]);
}

/** Closed tasks with a verdict that the one who asks sees and the other had no hand in, by id. */
export async function drawable({ sql }: Turn, quarter: string, lookerId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT f.task_id AS id FROM tuban.task_file f WHERE f.quarter = $1 AND f.state = 'closed'
       AND EXISTS (SELECT 1 FROM tuban.verdict v WHERE v.task_id = f.task_id)
       AND f.task_id NOT IN (SELECT w.task_id FROM tuban.worked_on($2) w)
       AND NOT tuban.has_hand_in($2, f.task_id)
       AND NOT EXISTS (SELECT 1 FROM tuban.second_look l WHERE l.task_id = f.task_id AND l.looker = $2)
     ORDER BY f.task_id COLLATE "C"`,
    [quarter, lookerId],
  );
  return rows.map(({ id }) => id);
}

/** Null: nothing was ever recorded. */
export async function recordHead({ sql }: Turn): Promise<string | null> {
  const [head] = await sql.query<{ hash: string }>('SELECT hash FROM tuban.audit_head()');
  return head?.hash ?? null;
}

export interface DrawnLook {
  readonly id: string;
  readonly taskId: string;
}

export async function addDraw(
  { sql, at, member }: Turn,
  draw: Omit<Draw, 'lookerName' | 'at'> & { readonly lookerId: string; readonly digest: string },
  looks: readonly DrawnLook[],
): Promise<void> {
  await sql.query(
    `INSERT INTO tuban.second_look_draw (id, quarter, seed, population, drawn, digest, drawer, looker, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz)`,
    [draw.id, draw.quarter, draw.seed, draw.from, draw.drawn, draw.digest, member.id, draw.lookerId, at],
  );
  await sql.query(
    `INSERT INTO tuban.second_look (id, draw_id, place, task_id, drawer, looker, drawn_at)
     SELECT r.id, $2, r.place, r.task_id, $3, $4, $5::timestamptz
     FROM jsonb_to_recordset($1::jsonb) AS r (id text, place integer, task_id text)`,
    [
      JSON.stringify(looks.map(({ id, taskId }, i) => ({ id, place: i + 1, task_id: taskId }))),
      draw.id,
      member.id,
      draw.lookerId,
      at,
    ],
  );
}

const UTC = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Drawn by the one who asks. */
export function drawsOf({ sql }: Turn): Promise<KeptDraw[]> {
  return sql.query(
    `SELECT d.id, d.quarter, d.seed, d.population AS "from", d.drawn, d.digest, p.name AS "lookerName", ${UTC('d.at')} AS at,
       (SELECT count(*)::int FROM tuban.second_look l WHERE l.draw_id = d.id AND l.answered_at IS NOT NULL) AS answered
     FROM tuban.second_look_draw d JOIN tuban.person p ON p.id = d.looker ORDER BY d.at DESC, d.id`,
  );
}

/** Null: all of the person's. The newest draw first, in the order drawn. */
export async function looksOf({ sql, member }: Turn, id: string | null): Promise<SecondLook[]> {
  const rows = await sql.query<Omit<SecondLook, 'answer'> & { code: string | null; note: string; answeredAt: string }>(
    `SELECT l.id, l.draw_id AS "drawId", l.task_id AS "taskId", coalesce(d.quarter, o.body->>'quarter', '') AS quarter,
       p.name AS "lookerName", l.looker = $2 AS mine, ${UTC('l.drawn_at')} AS "drawnAt", l.code, l.note, ${UTC('l.answered_at')} AS "answeredAt"
     FROM tuban.second_look l JOIN tuban.person p ON p.id = l.looker LEFT JOIN tuban.second_look_draw d ON d.id = l.draw_id
       LEFT JOIN tuban.task_opened o ON o.task_id = l.task_id
     WHERE $1::text IS NULL OR l.id = $1 ORDER BY l.drawn_at DESC, l.draw_id, l.place`,
    [id, member.id],
  );
  return rows.map(({ code, note, answeredAt, ...look }) => ({
    ...look,
    answer: code === null ? null : { code, note, at: answeredAt },
  }));
}

/** As the file was opened; null: not the person's to see. */
export async function openedTask({ sql }: Turn, taskId: string): Promise<Task | null> {
  const [row] = await sql.query<{ body: Task }>('SELECT body FROM tuban.task_opened WHERE task_id = $1', [taskId]);
  return row?.body ?? null;
}

/** False: it was answered before, or is not the person's. */
export async function answerLook(
  { sql, at }: Turn,
  id: string,
  answer: { readonly code: string; readonly note: string; readonly codesVersion: number },
): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE tuban.second_look SET answered_at = $2::timestamptz, code = $3, note = $4, codes_version = $5
     WHERE id = $1 AND answered_at IS NULL RETURNING id`,
    [id, at, answer.code, answer.note, answer.codesVersion],
  );
  return rows.length > 0;
}

export interface OutcomeRow {
  readonly lookId: string;
  readonly taskId: string;
  readonly verdicts: string[];
  readonly code: string | null;
  readonly note: string | null;
  readonly township: string | null;
  readonly level: string | null;
}

/** Of what the person drew, with the verdicts that stood at the draw; by place in the draw. */
export function lookOutcomes({ sql, member }: Turn, quarter: string | null): Promise<OutcomeRow[]> {
  return sql.query(
    `SELECT l.id AS "lookId", l.task_id AS "taskId", l.code, l.note,
       to_jsonb(ARRAY(SELECT DISTINCT ON (v.part) v.code FROM tuban.verdict v WHERE v.task_id = l.task_id AND v.at <= l.drawn_at
         ORDER BY v.part, v.seq DESC)) AS verdicts,
       (SELECT a.name FROM tuban.area a WHERE a.id = f.areas[1]) AS township,
       (SELECT s.body->>'level' FROM tuban.task_step s WHERE s.task_id = l.task_id AND s.action = 'approve' AND s.at <= l.drawn_at
         ORDER BY s.seq DESC LIMIT 1) AS level
     FROM tuban.second_look l JOIN tuban.second_look_draw d ON d.id = l.draw_id JOIN tuban.task_file f ON f.task_id = l.task_id
     WHERE l.drawer = $1 AND ($2::text IS NULL OR d.quarter = $2) ORDER BY l.drawn_at, l.draw_id, l.place`,
    [member.id, quarter],
  );
}

/**
 * Whom not to give a task: who still has to look at its place blind. Of tasks that the person plans for, and of himself. By task. For `people`, to whom
 * it may be given in this turn, no look is drawn until the turn ends; rows of files are locked before.
 */
export async function notToBeGiven(
  { sql }: Turn,
  taskIds: readonly string[],
  people: readonly string[],
): Promise<Map<string, Set<string>>> {
  // By id: two turns take them in the same order.
  await sql.query(
    `SELECT pg_advisory_xact_lock_shared(hashtext('tuban.look'), hashtext(r.id))
     FROM (SELECT DISTINCT p COLLATE "C" AS id FROM jsonb_array_elements_text($1::jsonb) AS p ORDER BY 1) AS r`,
    [JSON.stringify(people)],
  );
  const rows = await sql.query<{ task_id: string; person_id: string }>(
    `SELECT task_id, person_id FROM tuban.not_to_be_given(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))`,
    [JSON.stringify(taskIds)],
  );
  const owed = new Map<string, Set<string>>();
  for (const { task_id, person_id } of rows) owed.set(task_id, (owed.get(task_id) ?? new Set()).add(person_id));
  return owed;
}
