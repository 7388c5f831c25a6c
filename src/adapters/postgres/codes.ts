/** Code tables over a turn: versions are read and added. */
import type { Code, CodeTable } from '../../model/codes.js';
import type { CodeVersion } from '../../ports/codes.js';
import type { Sql } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';

/** Any number, but always this one: the advisory lock of those who add a version. */
const CODES_LOCK = 0x74756363;

/** Null: no such version. */
export async function readCodes(sql: Sql, version: number | null): Promise<CodeTable | null> {
  const [row] = await sql.query<{ version: number; body: Code[] }>(
    `SELECT version, body FROM tuban.code_version WHERE $1::int IS NULL OR version = $1::int ORDER BY version DESC LIMIT 1`,
    [version],
  );
  return row ? { version: row.version, codes: row.body } : null;
}

export function readCodeVersions(sql: Sql): Promise<CodeVersion[]> {
  return sql.query<CodeVersion>(
    `SELECT version, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, person_id AS "personId", note
     FROM tuban.code_version ORDER BY version`,
  );
}

export async function lockCodes(sql: Sql): Promise<void> {
  await sql.query('SELECT pg_advisory_xact_lock($1::bigint)', [CODES_LOCK]);
}

export async function addCodeVersion({ sql, at, member }: Turn, table: CodeTable, note: string): Promise<void> {
  await sql.query(
    `INSERT INTO tuban.code_version (version, at, person_id, note, body) VALUES ($1, $2::timestamptz, $3, $4, $5::jsonb)`,
    [table.version, at, member.id, note, JSON.stringify(table.codes)],
  );
}

export function readCodeUse(sql: Sql): Promise<{ kind: string; code: string }[]> {
  return sql.query('SELECT kind, code FROM tuban.code_use ORDER BY kind, code');
}

export async function useCodes(
  sql: Sql,
  used: readonly { readonly kind: string; readonly code: string }[],
): Promise<void> {
  await sql.query(
    `INSERT INTO tuban.code_use (kind, code) SELECT DISTINCT kind, code FROM jsonb_to_recordset($1::jsonb) AS r (kind text, code text)
     ORDER BY kind, code ON CONFLICT DO NOTHING`,
    [JSON.stringify(used)],
  );
}
