/**
 * Roles that the program takes for the length of a transaction or a connection, so that it has no more rights than the work in hand needs:
 * `tuban_app` for requests, `tuban_queue` for the job queue. Both own no data and can't connect. They belong to the whole server, so that
 * databases that are set up at the same time may both try to make them.
 */
import { Fault } from '../../model/fault.js';
import type { Database } from '../../ports/database.js';

export const APP_ROLE = 'tuban_app';
export const QUEUE_ROLE = 'tuban_queue';

export interface RoleState {
  readonly login: string;
  readonly missing: readonly string[];
  /** Roles that are there, but that the login may not take. */
  readonly closed: readonly string[];
}

/** What a database administrator has to run; empty = nothing. */
export function roleStatements({ login, missing, closed }: RoleState): string[] {
  const grant = [...closed, ...missing].sort();
  return [
    ...missing.map((role) => `CREATE ROLE ${role} NOLOGIN NOINHERIT;`),
    ...(grant.length > 0 ? [`GRANT ${grant.join(', ')} TO "${login.replaceAll('"', '""')}";`] : []),
  ];
}

/** Fault database.roles, with the statements, where the login may not do it. */
export async function ensureRoles(database: Database): Promise<void> {
  for (const role of (await roleState(database)).missing) {
    await attempt(database, `CREATE ROLE ${role} NOLOGIN NOINHERIT`);
  }
  const { login, closed } = await roleState(database);
  for (const role of closed) await attempt(database, `GRANT ${role} TO "${login.replaceAll('"', '""')}"`);
  const left = await roleState(database);
  const statements = roleStatements(left);
  if (statements.length === 0) return;
  throw new Fault(
    'database.roles',
    `数据库用户“${login}”无权建立所需的角色，请让数据库管理员执行 (this login may not make the roles that are needed; let the database's administrator run):\n${statements.map((text) => `  ${text}`).join('\n')}`,
    { blame: 'system', details: { statements } },
  );
}

/** From PostgreSQL 16 on, who makes a role is its member without the right to take it: being a member is not enough there. */
async function roleState(database: Database): Promise<RoleState> {
  const [version] = await database.query<{ set: boolean }>(
    `SELECT current_setting('server_version_num')::int >= 160000 AS set`,
  );
  const rows = await database.query<{ login: string; name: string; there: boolean; open: boolean }>(
    `SELECT current_user::text AS login, w.name, r.oid IS NOT NULL AS there,
       coalesce(pg_has_role(current_user, r.oid, '${version?.set ? 'SET' : 'MEMBER'}'), false) AS open
     FROM (VALUES ('${APP_ROLE}'), ('${QUEUE_ROLE}')) w (name) LEFT JOIN pg_roles r ON r.rolname = w.name ORDER BY w.name`,
  );
  return {
    login: rows[0]?.login ?? '',
    missing: rows.filter(({ there }) => !there).map(({ name }) => name),
    closed: rows.filter(({ there, open }) => there && !open).map(({ name }) => name),
  };
}

/** 42501: no right to. 42710, 23505, XX000: another program did the same at this moment. What it looks like afterwards decides. */
async function attempt(database: Database, statement: string): Promise<void> {
  try {
    await database.query(statement);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (!['42501', '0LP01', '42710', '23505', 'XX000'].includes(String(code))) throw error;
  }
}
