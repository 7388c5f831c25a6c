/** A person's secrets over the SQL of a turn: by functions that ask who it is (migration 0008), never by the tables. */
import type { Right } from '../../model/right.js';
import type { Sql } from '../../ports/database.js';
import type { SessionEntry, TokenEntry } from '../../ports/sign-in.js';

const utc = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** How whoever asks came in: at the workspace's console, by a sign-in of the last half hour, an older one, or a token. */
export type SignedInBy = 'console' | 'fresh' | 'old' | 'token';

export async function signedInBy(sql: Sql): Promise<SignedInBy> {
  const [row] = await sql.query<{ by: SignedInBy }>('SELECT tuban.signed_in() AS by');
  return row?.by ?? 'old';
}

export interface Secured {
  readonly password: boolean;
  readonly mustChange: boolean;
  readonly totp: boolean;
  readonly recovery: number;
}

export async function securedOf(sql: Sql, personId: string): Promise<Secured | null> {
  const [row] = await sql.query<Secured>(
    `SELECT password, must_change AS "mustChange", totp, recovery FROM tuban.secured($1)`,
    [personId],
  );
  return row ?? null;
}

export async function setPassword(sql: Sql, personId: string, hash: string, mustChange: boolean): Promise<void> {
  await sql.query(`SELECT tuban.set_password($1, $2, $3)`, [personId, hash, mustChange]);
}

export async function beginFactor(sql: Sql, personId: string, encrypted: string): Promise<void> {
  await sql.query(`SELECT tuban.begin_second_factor($1, $2)`, [personId, encrypted]);
}

/** False: nothing to confirm, or the code was used. */
export async function confirmFactor(
  sql: Sql,
  personId: string,
  step: number,
  recoveryHashes: readonly string[],
): Promise<boolean> {
  const [row] = await sql.query<{ done: boolean }>(
    `SELECT tuban.confirm_second_factor($1, $2::bigint, $3::jsonb) AS done`,
    [personId, step, JSON.stringify(recoveryHashes)],
  );
  return row?.done ?? false;
}

export async function endFactor(sql: Sql, personId: string): Promise<boolean> {
  const [row] = await sql.query<{ done: boolean }>(`SELECT tuban.end_second_factor($1) AS done`, [personId]);
  return row?.done ?? false;
}

/** How many. */
export async function endSessions(sql: Sql, personId: string, tokens: boolean): Promise<number> {
  const [row] = await sql.query<{ n: number }>(`SELECT tuban.end_sessions($1, $2) AS n`, [personId, tokens]);
  return row?.n ?? 0;
}

export function sessionsOf(sql: Sql, personId: string): Promise<SessionEntry[]> {
  return sql.query<SessionEntry>(
    `SELECT id, device, ${utc('made_at')} AS "madeAt", ${utc('seen_at')} AS "seenAt", ${utc('expires_at')} AS "expiresAt"
     FROM tuban.sessions_of($1)`,
    [personId],
  );
}

interface NewToken {
  readonly id: string;
  readonly hash: string;
  readonly name: string;
  readonly scope: readonly Right[];
  readonly days: number;
}

export async function addToken(sql: Sql, personId: string, token: NewToken): Promise<void> {
  const { id, hash, name, scope, days } = token;
  await sql.query(`SELECT tuban.add_token($1, $2, $3, $4, $5::jsonb, $6::int)`, [
    personId,
    id,
    hash,
    name,
    JSON.stringify(scope),
    days,
  ]);
}

/** Null: of everybody whom the turn may manage. */
export function tokensOf(sql: Sql, personId: string | null): Promise<TokenEntry[]> {
  return sql.query<TokenEntry>(
    `SELECT id, person_id AS "personId", name, scope, ${utc('made_at')} AS "madeAt", ${utc('expires_at')} AS "expiresAt",
       ${utc('last_used_at')} AS "lastUsedAt" FROM tuban.tokens_of($1)`,
    [personId],
  );
}

export async function revokeToken(sql: Sql, id: string): Promise<boolean> {
  const [row] = await sql.query<{ done: boolean }>(`SELECT tuban.revoke_token($1) AS done`, [id]);
  return row?.done ?? false;
}
