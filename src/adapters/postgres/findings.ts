/** Findings, offenders and drafts over a turn. */
import type { Finding } from '../../model/finding-form.js';
import type { Sql } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';

interface FindingRow {
  id: string;
  task_id: string;
  revision: number;
  person_id: string;
  at: string;
  body: Pick<Finding, 'formVersion' | 'form' | 'offender'>;
}

const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const COLUMNS = `id, task_id, revision, person_id, to_char(at AT TIME ZONE 'UTC', ${INSTANT}) AS at, body`;

/** Oldest first. */
export async function findingsOf(sql: Sql, taskId: string): Promise<Finding[]> {
  const rows = await sql.query<FindingRow>(
    `SELECT ${COLUMNS} FROM tuban.finding WHERE task_id = $1 ORDER BY revision`,
    [taskId],
  );
  return rows.map(findingOf);
}

export async function findingById(sql: Sql, id: string): Promise<Finding | null> {
  const [row] = await sql.query<FindingRow>(`SELECT ${COLUMNS} FROM tuban.finding WHERE id = $1`, [id]);
  return row ? findingOf(row) : null;
}

function findingOf(row: FindingRow): Finding {
  return {
    id: row.id,
    taskId: row.task_id,
    revision: row.revision,
    personId: row.person_id,
    at: row.at,
    ...row.body,
  };
}

export async function insertFinding(sql: Sql, finding: Finding): Promise<void> {
  const { formVersion, form, offender } = finding;
  await sql.query(
    `INSERT INTO tuban.finding (id, task_id, revision, person_id, at, body) VALUES ($1, $2, $3, $4, $5::timestamptz, $6::jsonb)`,
    [
      finding.id,
      finding.taskId,
      finding.revision,
      finding.personId,
      finding.at,
      JSON.stringify({ formVersion, form, offender }),
    ],
  );
}

export async function insertOffender(
  { sql, member }: Turn,
  { id, taskId, offender }: Pick<Finding, 'id' | 'taskId' | 'offender'>,
  sealed: string,
): Promise<void> {
  await sql.query(
    'INSERT INTO tuban.offender (finding_id, task_id, person_id, sealed, sealed_sha256) VALUES ($1, $2, $3, $4, $5)',
    [id, taskId, member.id, sealed, offender?.sealedSha256 ?? ''],
  );
}

/** Null: none, or none for this person. */
export async function sealedOffender(sql: Sql, findingId: string): Promise<string | null> {
  const [row] = await sql.query<{ sealed: string }>('SELECT sealed FROM tuban.offender WHERE finding_id = $1', [
    findingId,
  ]);
  return row?.sealed ?? null;
}

export interface SealedDraft {
  readonly id: string;
  readonly taskId: string;
  readonly at: string;
  readonly sealed: string;
}

export async function putDraft({ sql, member, at }: Turn, draft: Omit<SealedDraft, 'at'>): Promise<void> {
  await sql.query(
    `INSERT INTO tuban.finding_draft (person_id, id, task_id, at, sealed) VALUES ($1, $2, $3, $4::timestamptz, $5)
     ON CONFLICT (person_id, id) DO UPDATE SET task_id = excluded.task_id, at = excluded.at, sealed = excluded.sealed`,
    [member.id, draft.id, draft.taskId, at, draft.sealed],
  );
}

export function draftsOf({ sql, member }: Turn): Promise<SealedDraft[]> {
  return sql.query<SealedDraft>(
    `SELECT id, task_id AS "taskId", to_char(at AT TIME ZONE 'UTC', ${INSTANT}) AS at, sealed FROM tuban.finding_draft
     WHERE person_id = $1 ORDER BY at DESC, id COLLATE "C"`,
    [member.id],
  );
}

/** The person has one of this task. */
export async function hasDraft({ sql, member }: Turn, taskId: string): Promise<boolean> {
  const [row] = await sql.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT 1 FROM tuban.finding_draft WHERE person_id = $1 AND task_id = $2) AS found',
    [member.id, taskId],
  );
  return row?.found ?? false;
}

/** False: it is not the person's, or the other one may not work on the task. */
export async function handDraft({ sql, at }: Turn, id: string, to: string, sealedAnew: string): Promise<boolean> {
  const [row] = await sql.query<{ handed: boolean }>('SELECT tuban.hand_draft($1, $2, $3::timestamptz, $4) AS handed', [
    id,
    to,
    at,
    sealedAnew,
  ]);
  return row?.handed ?? false;
}

export async function deleteDraft({ sql, member }: Turn, id: string): Promise<void> {
  await sql.query('DELETE FROM tuban.finding_draft WHERE person_id = $1 AND id = $2', [member.id, id]);
}
