/** Desk over the database: role and identity first, then the work, the audit last, so that its lock is held for a moment only. */
import { AUDIT_START, auditHash } from '../../model/audit.js';
import { Fault } from '../../model/fault.js';
import { canonicalJson } from '../../model/id.js';
import type { Actor, Credential, Grant, Member } from '../../model/person.js';
import type { Database, Sql } from '../../ports/database.js';
import type { EngineDesk, Turn, TurnWays } from '../../ports/desk.js';
import { untilThrough } from './collisions.js';

/** Any number, but always this one: the advisory lock of those who add to the audit. */
const AUDIT_LOCK = 0x74756175;

interface MemberRow {
  id: string;
  login: string;
  name: string;
  kind: Member['kind'];
  grants: Grant[];
  teams: string[];
  at: string;
  holds: boolean;
}

/** `clock`: what the database's clock is read as; for tests of leases and deadlines. */
export function createDesk(database: Database, clock: (at: string) => string = (at) => at): EngineDesk {
  const turnOf = <T>(
    { personId, device, credential }: Actor,
    role: string | null,
    work: (turn: Turn) => Promise<T>,
  ): Promise<T> =>
    database.transaction(async (sql) => {
      const row = await enter(sql, personId, role, credential);
      if (!row) throw new Fault('desk.nobody', '没有这个用户，或已停用 (no such person, or disabled)');
      const { at, holds, ...member } = row;
      if (!holds) throw new Fault('desk.ended', '登录已结束，请重新登录 (this sign-in has ended: sign in again)');
      const entries: Parameters<Turn['record']>[0][] = [];
      const turn: Turn = { sql, at: clock(at), member, device, record: (entry) => void entries.push(entry) };
      const result = await work(turn);
      await append(turn, entries);
      return result;
    });
  const inTurn = <T>(turn: () => Promise<T>, { again = false }: TurnWays = {}): Promise<T> =>
    again ? untilThrough(turn) : turn();
  return {
    as: (actor, work, ways) => inTurn(() => turnOf(actor, 'tuban_app', work), ways),
    engine: (device, work, ways) => inTurn(() => turnOf({ personId: 'system', device }, null, work), ways),
  };
}

/** The settings end with the transaction. */
async function enter(
  sql: Sql,
  personId: string,
  role: string | null,
  credential: Credential | undefined,
): Promise<MemberRow | undefined> {
  await sql.query(
    role === null
      ? `SELECT set_config('tuban.person', $1, true), set_config('tuban.credential', $2, true)`
      : `SELECT set_config('tuban.person', $1, true), set_config('tuban.credential', $2, true), set_config('role', '${role}', true)`,
    [personId, credential === undefined ? '' : `${credential.via}:${credential.id}`],
  );
  const [row] = await sql.query<MemberRow>(
    `SELECT p.id, p.login, p.name, p.kind, tuban.credential_holds() AS holds,
       coalesce((SELECT jsonb_agg(jsonb_build_object('role', g.role, 'level', g.level, 'areaId', g.area_id)
         ORDER BY g.role, g.level, g.area_id) FROM tuban.grant_of g WHERE g.person_id = p.id), '[]') AS grants,
       coalesce((SELECT jsonb_agg(m.team_id ORDER BY m.team_id) FROM tuban.team_member m WHERE m.person_id = p.id), '[]') AS teams,
       to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
     FROM tuban.person p WHERE p.id = $1 AND p.disabled_at IS NULL`,
    [personId],
  );
  return row;
}

async function append(turn: Turn, entries: readonly Parameters<Turn['record']>[0][]): Promise<void> {
  if (entries.length === 0) return;
  const { sql, at, member, device } = turn;
  await sql.query('SELECT pg_advisory_xact_lock($1::bigint)', [AUDIT_LOCK]);
  const [head] = await sql.query<{ seq: number; hash: string }>('SELECT seq, hash FROM tuban.audit_head()');
  let { seq, hash } = head ?? { seq: 0, hash: AUDIT_START };
  const rows = entries.map(({ action, subject, body = {} }) => {
    const entry = {
      seq: seq + 1,
      at,
      person: member.id,
      device,
      action,
      subject,
      body: canonicalJson(body),
      previous: hash,
    };
    seq = entry.seq;
    hash = auditHash(entry);
    return { ...entry, hash };
  });
  await sql.query(
    `INSERT INTO tuban.audit (seq, at, person, device, action, subject, body, previous, hash)
     SELECT seq, at, person, device, action, subject, body, previous, hash FROM jsonb_to_recordset($1::jsonb)
       AS r (seq bigint, at text, person text, device text, action text, subject text, body text, previous text, hash text)`,
    [JSON.stringify(rows)],
  );
}
