/** Opinions and verdicts over a turn, and the one function by which they reach the place's record. */
import type { Decision } from '../../model/decision.js';
import type { Quarter } from '../../model/scene.js';
import type { Opinion, PartVerdict, Verdict } from '../../model/verdict.js';
import type { Sql } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';

const AT = `to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`;

interface OpinionRow {
  finding_id: string;
  part: string;
  code: string;
  handling: string | null;
  person_id: string;
  at: string;
  body: Pick<PartVerdict, 'reason' | 'attachments'>;
}

interface VerdictRow extends Omit<OpinionRow, 'finding_id'> {
  task_id: string;
  second_person_id: string | null;
  body: Pick<Verdict, 'reason' | 'attachments' | 'codesVersion' | 'findingId'>;
}

/** Oldest first. */
export async function opinionsOn(sql: Sql, findingId: string): Promise<Opinion[]> {
  const rows = await sql.query<OpinionRow>(
    `SELECT finding_id, part, code, handling, person_id, ${AT}, body FROM tuban.opinion WHERE finding_id = $1 ORDER BY seq`,
    [findingId],
  );
  return rows.map(({ finding_id, person_id, body, ...row }) => ({
    ...row,
    ...body,
    findingId: finding_id,
    personId: person_id,
  }));
}

/** Oldest first. */
export async function verdictsOf(sql: Sql, taskId: string): Promise<Verdict[]> {
  const rows = await sql.query<VerdictRow>(
    `SELECT task_id, part, code, handling, person_id, second_person_id, ${AT}, body FROM tuban.verdict WHERE task_id = $1 ORDER BY seq`,
    [taskId],
  );
  return rows.map(({ task_id, person_id, second_person_id, body, ...row }) => ({
    ...row,
    ...body,
    taskId: task_id,
    personId: person_id,
    secondPersonId: second_person_id,
  }));
}

export async function insertOpinions(
  { sql, member, at }: Turn,
  { taskId, findingId }: { readonly taskId: string; readonly findingId: string },
  parts: readonly PartVerdict[],
): Promise<void> {
  const rows = parts.map(({ part, code, handling, reason, attachments }) => ({
    part,
    code,
    handling,
    body: { reason, attachments },
  }));
  await sql.query(
    `INSERT INTO tuban.opinion (task_id, finding_id, part, code, handling, person_id, at, body)
     SELECT $2, $3, part, code, handling, $4, $5::timestamptz, body FROM jsonb_to_recordset($1::jsonb)
       AS r (part text, code text, handling text, body jsonb)`,
    [JSON.stringify(rows), taskId, findingId, member.id, at],
  );
}

export async function insertVerdicts({ sql, member, at }: Turn, verdicts: readonly Verdict[]): Promise<void> {
  const rows = verdicts.map((verdict) => ({
    task_id: verdict.taskId,
    part: verdict.part,
    code: verdict.code,
    handling: verdict.handling,
    second: verdict.secondPersonId,
    body: {
      reason: verdict.reason,
      attachments: verdict.attachments,
      codesVersion: verdict.codesVersion,
      findingId: verdict.findingId,
    },
  }));
  await sql.query(
    `INSERT INTO tuban.verdict (task_id, part, code, handling, person_id, second_person_id, at, body)
     SELECT task_id, part, code, handling, $2, second, $3::timestamptz, body FROM jsonb_to_recordset($1::jsonb)
       AS r (task_id text, part text, code text, handling text, second text, body jsonb)`,
    [JSON.stringify(rows), member.id, at],
  );
}

/** False: the same was on record already. The database asks for itself whether the person may (migration 0011). */
export async function recordDecision(sql: Sql, decision: Decision): Promise<boolean> {
  const [row] = await sql.query<{ added: boolean }>('SELECT tuban.record_decision($1::jsonb) AS added', [
    JSON.stringify(decision),
  ]);
  return row?.added ?? false;
}

export interface FileGround {
  readonly areas: readonly string[];
  readonly authors: readonly string[];
  readonly siteId: string;
  readonly quarter: Quarter;
  readonly sampledGround: boolean;
}

/** Null: there is no such task for this person. */
export async function fileGround(sql: Sql, taskId: string): Promise<FileGround | null> {
  const [row] = await sql.query<FileGround>(
    `SELECT to_jsonb(f.areas) AS areas, to_jsonb(f.authors) AS authors, t.site_id AS "siteId", t.quarter,
       coalesce(t.body->'sample'->>'stratum' = 'ground', false) AS "sampledGround"
     FROM tuban.task_file f JOIN tuban.task t ON t.id = f.task_id WHERE f.task_id = $1`,
    [taskId],
  );
  return row ?? null;
}
