/** Files of tasks over a turn. What a person does not see does not exist for him. */
import type { EvidenceFile, EvidenceType } from '../../model/evidence.js';
import type { Sql } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';

interface Row {
  id: string;
  task_id: string;
  sha256: string;
  bytes: number;
  content_type: EvidenceType;
  person_id: string;
  received_at: string;
  body: Pick<EvidenceFile, 'name' | 'note' | 'photo' | 'place' | 'flags'>;
  elsewhere: boolean;
}

const COLUMNS = `id, task_id, sha256, bytes::float8 AS bytes, content_type, person_id,
  to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS received_at, body,
  tuban.attached_elsewhere(sha256, task_id) AS elsewhere`;

export async function evidenceOf(sql: Sql, taskId: string): Promise<EvidenceFile[]> {
  const rows = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM tuban.evidence_file WHERE task_id = $1 ORDER BY received_at, id COLLATE "C"`,
    [taskId],
  );
  return rows.map(fileOf);
}

export async function evidenceById(sql: Sql, id: string): Promise<EvidenceFile | null> {
  const [row] = await sql.query<Row>(`SELECT ${COLUMNS} FROM tuban.evidence_file WHERE id = $1`, [id]);
  return row ? fileOf(row) : null;
}

export async function attachedElsewhere(sql: Sql, sha256: string, taskId: string): Promise<boolean> {
  const [row] = await sql.query<{ elsewhere: boolean }>('SELECT tuban.attached_elsewhere($1, $2) AS elsewhere', [
    sha256,
    taskId,
  ]);
  return row?.elsewhere ?? false;
}

/** All files of a task, which stay as they are until the turn ends: two uploads at once cannot pass its limits together. */
export async function lockedTotal(
  sql: Sql,
  taskId: string,
): Promise<{ readonly bytes: number; readonly files: number }> {
  await sql.query('SELECT 1 FROM tuban.task_file WHERE task_id = $1 FOR NO KEY UPDATE', [taskId]);
  const [row] = await sql.query<{ bytes: number; files: number }>(
    'SELECT coalesce(sum(bytes), 0)::float8 AS bytes, count(*)::int AS files FROM tuban.evidence_file WHERE task_id = $1',
    [taskId],
  );
  return row ?? { bytes: 0, files: 0 };
}

/** False: the task has the same bytes already. */
export async function insertEvidence({ sql }: Pick<Turn, 'sql'>, file: EvidenceFile): Promise<boolean> {
  const { name, note, photo, place, flags } = file;
  const added = await sql.query(
    `INSERT INTO tuban.evidence_file (id, task_id, sha256, bytes, content_type, person_id, received_at, body)
     VALUES ($1, $2, $3, $4::bigint, $5, $6, $7::timestamptz, $8::jsonb) ON CONFLICT (task_id, sha256) DO NOTHING RETURNING id`,
    [
      file.id,
      file.taskId,
      file.sha256,
      file.bytes,
      file.contentType,
      file.personId,
      file.receivedAt,
      JSON.stringify({ name, note, photo, place, flags }),
    ],
  );
  return added.length > 0;
}

/** Those of the hashes that a row names. */
export async function namedHashes(sql: Sql, sha256s: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query<{ sha256: string }>(
    `SELECT DISTINCT sha256 FROM tuban.evidence_file WHERE sha256 IN (SELECT jsonb_array_elements_text($1::jsonb))`,
    [JSON.stringify(sha256s)],
  );
  return new Set(rows.map(({ sha256 }) => sha256));
}

/** Until the turn ends no row is added: an upload waits, and gives its file its name after that. The engine's turn alone. */
export async function holdAdditions(sql: Sql): Promise<void> {
  await sql.query('LOCK TABLE tuban.evidence_file IN SHARE MODE');
}

/** The earlier of two files with the same bytes learns of it here. */
function fileOf({ elsewhere, body, ...row }: Row): EvidenceFile {
  const flags = elsewhere && !body.flags.includes('repeated') ? [...body.flags, 'repeated' as const] : body.flags;
  return {
    id: row.id,
    taskId: row.task_id,
    sha256: row.sha256,
    bytes: row.bytes,
    contentType: row.content_type,
    personId: row.person_id,
    receivedAt: row.received_at,
    ...body,
    flags,
  };
}
