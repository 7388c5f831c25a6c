/** Files of tasks over a turn: rows become the noun, steps become rows. Every step is recorded with the hash of what it says. */
import { contentHash } from '../../model/id.js';
import type { FileStep, TaskFile } from '../../model/task-file.js';
import type { Sql } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';

/** Names of the columns as those of the noun; timestamps to the millisecond. */
const INSTANT = (column: string) => `to_char(f.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
export const FILE_COLUMNS = `f.task_id AS "taskId", f.quarter, f.state, f.revision, f.rank, f.score, f.violations, f.area_m2 AS "areaM2", f.key,
  f.listed, f.areas, f.team_id AS "teamId", f.assignee, f.holder, ${INSTANT('lease_until')} AS "leaseUntil", f.lease_no AS "leaseNo",
  f.lease_extensions AS "leaseExtensions", f.round_id AS "roundId", f.sealed, f.submitter, f.authors, f.reviewers, f.review_level AS "reviewLevel",
  f.returned, f.deadline, f.deadline_provisional AS "deadlineProvisional", f.extension_asked AS "extensionAsked", f.acknowledged,
  f.merged_into AS "mergedInto", f.split_from AS "splitFrom", ${INSTANT('opened_at')} AS "openedAt", ${INSTANT('changed_at')} AS "changedAt"`;

/** Those that are there and that the person sees, locked until the turn ends; always in the same order, so that two turns never wait for each other. */
export async function lockFiles({ sql }: Turn, ids: readonly string[]): Promise<TaskFile[]> {
  return sql.query<TaskFile>(
    `SELECT ${FILE_COLUMNS} FROM tuban.task_file f WHERE f.task_id IN (SELECT jsonb_array_elements_text($1::jsonb))
     ORDER BY f.task_id COLLATE "C" FOR NO KEY UPDATE`,
    [JSON.stringify(ids)],
  );
}

export async function stepsOf({ sql }: Turn, taskId: string, after = 0): Promise<FileStep[]> {
  return sql.query<FileStep>(
    `SELECT task_id AS "taskId", revision, action, from_state AS "from", to_state AS "to", person_id AS "personId", device,
       to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, body
     FROM tuban.task_step WHERE task_id = $1 AND revision > $2 ORDER BY revision`,
    [taskId, after],
  );
}

/** Files as they are after a step each, and the steps. A file that is no longer at the revision before is a defect: it was locked. */
export async function saveSteps(
  turn: Turn,
  outcomes: readonly { readonly file: TaskFile; readonly step: FileStep }[],
): Promise<void> {
  if (outcomes.length === 0) return;
  const { sql } = turn;
  const rows = await sql.query<{ task_id: string }>(
    `UPDATE tuban.task_file f SET state = r.state, revision = r.revision, team_id = r."teamId", assignee = r.assignee, holder = r.holder,
       lease_until = r."leaseUntil", lease_no = r."leaseNo", lease_extensions = r."leaseExtensions", round_id = r."roundId", sealed = r.sealed,
       submitter = r.submitter, authors = r.authors, reviewers = r.reviewers, review_level = r."reviewLevel", returned = r.returned,
       deadline = r.deadline, deadline_provisional = r."deadlineProvisional", extension_asked = r."extensionAsked",
       acknowledged = r.acknowledged, merged_into = r."mergedInto", changed_at = r."changedAt"
     FROM jsonb_to_recordset($1::jsonb) AS r ("taskId" text, state text, revision integer, "teamId" text, assignee text, holder text,
       "leaseUntil" timestamptz, "leaseNo" integer, "leaseExtensions" integer, "roundId" text, sealed boolean, submitter text, authors text[],
       reviewers text[], "reviewLevel" text, returned boolean, deadline date, "deadlineProvisional" boolean, "extensionAsked" date,
       acknowledged text, "mergedInto" text, "changedAt" timestamptz)
     WHERE f.task_id = r."taskId" AND f.revision = r.revision - 1 RETURNING f.task_id`,
    [JSON.stringify(outcomes.map(({ file }) => file))],
  );
  if (rows.length !== outcomes.length) throw new Error(`${outcomes.length} files to change, ${rows.length} changed`);
  await sql.query(
    `INSERT INTO tuban.task_step (task_id, revision, action, from_state, to_state, person_id, device, at, body)
     SELECT "taskId", revision, action, "from", "to", "personId", device, at, body FROM jsonb_to_recordset($1::jsonb)
       AS r ("taskId" text, revision integer, action text, "from" text, "to" text, "personId" text, device text, at timestamptz, body jsonb)`,
    [JSON.stringify(outcomes.map(({ step }) => step))],
  );
  for (const { step } of outcomes) recordStep(turn, step);
}

/** The step's own words (a reason may name a place) stay in the step; its hash binds them to the record. */
export function recordStep(turn: Turn, step: FileStep): void {
  const { taskId, action, revision, from, to } = step;
  turn.record({
    action: `task.${action}`,
    subject: `task:${taskId}`,
    body: { revision, from, to, step: contentHash(step, 64) },
  });
}

/** Files under a lease that is over. */
export async function lapsedFiles({ sql, at }: Turn, most: number): Promise<TaskFile[]> {
  return sql.query<TaskFile>(
    `SELECT ${FILE_COLUMNS} FROM tuban.task_file f WHERE f.holder IS NOT NULL AND f.lease_until <= $1::timestamptz
     ORDER BY f.task_id COLLATE "C" LIMIT ${most} FOR NO KEY UPDATE SKIP LOCKED`,
    [at],
  );
}

export async function anyLapsed(sql: Sql, at: string): Promise<boolean> {
  const [row] = await sql.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM tuban.task_file f WHERE f.holder IS NOT NULL AND f.lease_until <= $1::timestamptz) AS found`,
    [at],
  );
  return row?.found ?? false;
}

/** The row of a task that the person may decide about, until the turn ends. */
export async function holdTask({ sql }: Turn, taskId: string): Promise<void> {
  await sql.query('SELECT tuban.hold_task($1)', [taskId]);
}

/** Files that the person holds; asked under his own lock, so that two claims at once are counted one after the other. */
export async function heldBy({ sql, at, member }: Turn): Promise<number> {
  await sql.query(`SELECT pg_advisory_xact_lock(hashtext('tuban.claim'), hashtext($1))`, [member.id]);
  const [row] = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM tuban.task_file WHERE holder = $1 AND lease_until > $2::timestamptz`,
    [member.id, at],
  );
  return row?.n ?? 0;
}

/** A round that has yet to depart keeps the file for somebody else. */
export async function keptForOthers({ sql }: Turn, taskId: string): Promise<boolean> {
  const [row] = await sql.query<{ kept: boolean }>('SELECT tuban.kept_for_others($1) AS kept', [taskId]);
  return row?.kept ?? false;
}

export async function membersOf({ sql }: Turn, teamId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT m.person_id AS id FROM tuban.team_member m JOIN tuban.person p ON p.id = m.person_id
     WHERE m.team_id = $1 AND p.disabled_at IS NULL ORDER BY 1`,
    [teamId],
  );
  return rows.map(({ id }) => id);
}

/** Ids of those who have a role (at a level) for a task in these areas. */
export async function peopleFor(
  { sql }: Turn,
  role: string,
  level: string | null,
  areas: readonly string[],
): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM tuban.people_for($1, $2, ARRAY(SELECT jsonb_array_elements_text($3::jsonb))) ORDER BY id`,
    [role, level, JSON.stringify(areas)],
  );
  return rows.map(({ id }) => id);
}
