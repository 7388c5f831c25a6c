/**
 * What sign-in reads and writes before it is known who asks: passwords, sessions, tokens, failed tries. Over the owner's connection, since no
 * request may read these tables. Every secret is looked up by its hash.
 */
import type { Database, Sql } from '../../ports/database.js';

const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const instant = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', ${INSTANT})`;
/** How often it is noted that a session or token was used. */
const NOTED_EVERY = '5 minutes';

export interface Candidate {
  readonly personId: string;
  readonly login: string;
  readonly hash: string;
  readonly mustChange: boolean;
  /** Encrypted; null: no one-time codes. */
  readonly totp: string | null;
}

/** Null: no such person, disabled, a program, or without password. */
export async function candidateOf(sql: Sql, login: string): Promise<Candidate | null> {
  const [row] = await sql.query<Candidate>(
    `SELECT p.id AS "personId", p.login, w.hash, w.must_change AS "mustChange",
       CASE WHEN f.confirmed_at IS NOT NULL THEN f.secret END AS totp
     FROM tuban.person p JOIN tuban.password w ON w.person_id = p.id LEFT JOIN tuban.second_factor f ON f.person_id = p.id
     WHERE p.login = $1 AND p.disabled_at IS NULL AND p.kind = 'person'`,
    [login],
  );
  return row ?? null;
}

/** Null: no such person. */
export async function loginOf(sql: Sql, personId: string): Promise<string | null> {
  const [row] = await sql.query<{ login: string }>('SELECT login FROM tuban.person WHERE id = $1', [personId]);
  return row?.login ?? null;
}

export interface StoredTries {
  readonly failures: number;
  readonly lastAt: string;
}

/** Kept locked until the turn ends, in the order of their names: guesses made at once are counted one by one. */
export async function lockTries(sql: Sql, subjects: readonly string[]): Promise<Map<string, StoredTries>> {
  const sorted = [...subjects].sort();
  for (const subject of sorted) {
    await sql.query(
      `INSERT INTO tuban.sign_in_try (subject, failures, last_at) VALUES ($1, 0, clock_timestamp()) ON CONFLICT DO NOTHING`,
      [subject],
    );
  }
  const found = new Map<string, StoredTries>();
  for (const subject of sorted) {
    const [row] = await sql.query<StoredTries>(
      `SELECT failures, ${instant('last_at')} AS "lastAt" FROM tuban.sign_in_try WHERE subject = $1 FOR UPDATE`,
      [subject],
    );
    if (row) found.set(subject, row);
  }
  return found;
}

export async function putTries(sql: Sql, subject: string, { failures, lastAt }: StoredTries): Promise<void> {
  await sql.query(`UPDATE tuban.sign_in_try SET failures = $2, last_at = $3::timestamptz WHERE subject = $1`, [
    subject,
    failures,
    lastAt,
  ]);
}

/** One try less: it was no failure. Those before it stay. */
export async function takeBackTry(sql: Sql, subjects: readonly string[]): Promise<void> {
  for (const subject of [...subjects].sort()) {
    await sql.query(`UPDATE tuban.sign_in_try SET failures = greatest(0, failures - 1) WHERE subject = $1`, [subject]);
  }
}

/** After a success: the login's failures are gone, of the address's one less; and all that are forgotten anyway. */
export async function forgiveTries(sql: Sql, login: string, address: string, forgottenAfterS: number): Promise<void> {
  await sql.query(`DELETE FROM tuban.sign_in_try WHERE subject = $1 OR last_at < now() - make_interval(secs => $2)`, [
    login,
    forgottenAfterS,
  ]);
  await takeBackTry(sql, [address]);
}

/** False: the code's step was used before. */
export async function useStep(sql: Sql, personId: string, step: number): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE tuban.second_factor SET last_step = $2 WHERE person_id = $1 AND last_step < $2 RETURNING person_id`,
    [personId, step],
  );
  return rows.length > 0;
}

export async function useRecoveryCode(sql: Sql, personId: string, hash: string): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE tuban.recovery_code SET used_at = now() WHERE person_id = $1 AND hash = $2 AND used_at IS NULL RETURNING hash`,
    [personId, hash],
  );
  return rows.length > 0;
}

export interface NewSession {
  readonly hash: string;
  readonly id: string;
  readonly personId: string;
  readonly device: string;
  readonly hours: number;
}

/** When it ends at the latest. */
export async function openSession(sql: Sql, { hash, id, personId, device, hours }: NewSession): Promise<string> {
  const [row] = await sql.query<{ ends: string }>(
    `INSERT INTO tuban.sign_in_session (hash, id, person_id, device, expires_at)
     VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5 * 3600)) RETURNING ${instant('expires_at')} AS ends`,
    [hash, id, personId, device, hours],
  );
  return row?.ends ?? '';
}

/** Fresh again. When it ends at the latest; null: it has ended, or is another's. */
export async function renewSession(sql: Sql, id: string, personId: string): Promise<string | null> {
  const [row] = await sql.query<{ ends: string }>(
    `UPDATE tuban.sign_in_session SET proved_at = now() WHERE id = $1 AND person_id = $2 AND ended_at IS NULL AND expires_at > now()
     RETURNING ${instant('expires_at')} AS ends`,
    [id, personId],
  );
  return row?.ends ?? null;
}

export interface FoundSession {
  readonly id: string;
  readonly personId: string;
  readonly device: string;
  readonly mustChange: boolean;
}

/** Null: unknown, ended, idle for too long, or of a person who was disabled. */
export async function sessionOf(database: Database, hash: string, idleHours: number): Promise<FoundSession | null> {
  const [row] = await database.query<FoundSession & { stale: boolean }>(
    `SELECT s.id, s.person_id AS "personId", s.device, coalesce(w.must_change, false) AS "mustChange",
       s.seen_at < now() - interval '${NOTED_EVERY}' AS stale
     FROM tuban.sign_in_session s JOIN tuban.person p ON p.id = s.person_id LEFT JOIN tuban.password w ON w.person_id = p.id
     WHERE s.hash = $1 AND s.ended_at IS NULL AND s.expires_at > now() AND p.disabled_at IS NULL
       AND s.seen_at > now() - make_interval(secs => $2 * 3600)`,
    [hash, idleHours],
  );
  if (!row) return null;
  const { stale, ...session } = row;
  if (stale) await database.query(`UPDATE tuban.sign_in_session SET seen_at = now() WHERE hash = $1`, [hash]);
  return session;
}

export async function endSession(sql: Sql, id: string): Promise<void> {
  await sql.query(`UPDATE tuban.sign_in_session SET ended_at = now() WHERE id = $1 AND ended_at IS NULL`, [id]);
}

export interface FoundToken {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly scope: readonly string[];
}

export async function tokenOf(database: Database, hash: string): Promise<FoundToken | null> {
  const [row] = await database.query<FoundToken & { stale: boolean }>(
    `SELECT t.id, t.person_id AS "personId", t.name, t.scope,
       t.last_used_at IS NULL OR t.last_used_at < now() - interval '${NOTED_EVERY}' AS stale
     FROM tuban.access_token t JOIN tuban.person p ON p.id = t.person_id
     WHERE t.hash = $1 AND t.revoked_at IS NULL AND t.expires_at > now() AND p.disabled_at IS NULL`,
    [hash],
  );
  if (!row) return null;
  const { stale, ...token } = row;
  if (stale) await database.query(`UPDATE tuban.access_token SET last_used_at = now() WHERE hash = $1`, [hash]);
  return token;
}

/** Of a person's one-time codes, whether or not they are confirmed: encrypted. */
export async function factorOf(sql: Sql, personId: string): Promise<{ secret: string; confirmed: boolean } | null> {
  const [row] = await sql.query<{ secret: string; confirmed: boolean }>(
    `SELECT secret, confirmed_at IS NOT NULL AS confirmed FROM tuban.second_factor WHERE person_id = $1`,
    [personId],
  );
  return row ?? null;
}
