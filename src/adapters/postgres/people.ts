/** People, teams and grants over the SQL of a turn: what the one who asks may not see is not there, what he may not change is refused. */
import type { Grant } from '../../model/person.js';
import type { Sql } from '../../ports/database.js';
import type { PersonEntry, Team } from '../../ports/people.js';

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;
const PERSON = `p.id, p.login, p.name, p.kind, p.phone, p.email,
  to_char(p.disabled_at AT TIME ZONE 'UTC', ${UTC}) AS "disabledAt", to_char(p.made_at AT TIME ZONE 'UTC', ${UTC}) AS "madeAt",
  coalesce((SELECT jsonb_agg(m.team_id ORDER BY m.team_id) FROM tuban.team_member m WHERE m.person_id = p.id), '[]') AS teams,
  coalesce((SELECT jsonb_agg(jsonb_build_object('role', g.role, 'level', g.level, 'areaId', g.area_id)
    ORDER BY g.role, g.level, g.area_id) FROM tuban.grant_of g WHERE g.person_id = p.id), '[]') AS grants`;

/** All but the engine's own, by login. */
export function persons(sql: Sql): Promise<PersonEntry[]> {
  return sql.query<PersonEntry>(
    `SELECT ${PERSON} FROM tuban.person p WHERE p.id <> 'system' ORDER BY p.login COLLATE "C"`,
  );
}

/** By login or id. */
export async function personBy(sql: Sql, loginOrId: string): Promise<PersonEntry | null> {
  const rows = await sql.query<PersonEntry>(
    `SELECT ${PERSON} FROM tuban.person p WHERE (p.login = $1 OR p.id = $1) AND p.id <> 'system' ORDER BY p.login = $1 DESC`,
    [loginOrId],
  );
  return rows[0] ?? null;
}

/** Whether there is any person besides the engine's own. */
export async function peopleMade(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ made: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM tuban.person WHERE id <> 'system') AS made`,
  );
  return row?.made ?? false;
}

type NewPerson = Pick<PersonEntry, 'id' | 'login' | 'name' | 'kind' | 'phone' | 'email'>;

/** False: the login is taken. */
export async function insertPerson(sql: Sql, person: NewPerson): Promise<boolean> {
  const { id, login, name, kind, phone, email } = person;
  const rows = await sql.query(
    `INSERT INTO tuban.person (id, login, name, kind, phone, email) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (login) DO NOTHING RETURNING id`,
    [id, login, name, kind, phone, email],
  );
  return rows.length > 0;
}

export async function updatePerson(
  sql: Sql,
  id: string,
  { name, phone, email }: Pick<PersonEntry, 'name' | 'phone' | 'email'>,
): Promise<void> {
  await sql.query(`UPDATE tuban.person SET name = $2, phone = $3, email = $4 WHERE id = $1`, [id, name, phone, email]);
}

export async function setDisabled(sql: Sql, id: string, disabled: boolean): Promise<void> {
  await sql.query(`UPDATE tuban.person SET disabled_at = CASE WHEN $2 THEN now() END WHERE id = $1`, [id, disabled]);
}

/** False: was there. */
export async function insertGrant(sql: Sql, personId: string, { role, level, areaId }: Grant): Promise<boolean> {
  const rows = await sql.query(
    `INSERT INTO tuban.grant_of (person_id, role, level, area_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING person_id`,
    [personId, role, level, areaId],
  );
  return rows.length > 0;
}

/** False: was not there. */
export async function deleteGrant(sql: Sql, personId: string, { role, level, areaId }: Grant): Promise<boolean> {
  const rows = await sql.query(
    `DELETE FROM tuban.grant_of WHERE person_id = $1 AND role = $2 AND level IS NOT DISTINCT FROM $3::text
       AND area_id IS NOT DISTINCT FROM $4::text RETURNING person_id`,
    [personId, role, level, areaId],
  );
  return rows.length > 0;
}

/** Enabled administrators of everywhere besides this person. Until the turn ends nobody else counts: two can't remove each other. */
export async function otherAdministrators(sql: Sql, personId: string): Promise<number> {
  await sql.query(`SELECT pg_advisory_xact_lock(hashtext('tuban.administrators'))`);
  const [row] = await sql.query<{ n: number }>(
    `SELECT count(DISTINCT p.id)::int AS n FROM tuban.grant_of g JOIN tuban.person p ON p.id = g.person_id
     WHERE g.role = 'administrator' AND g.area_id IS NULL AND p.disabled_at IS NULL AND p.id <> $1`,
    [personId],
  );
  return row?.n ?? 0;
}

const TEAM = `t.id, t.name,
  coalesce((SELECT jsonb_agg(m.person_id ORDER BY m.person_id) FROM tuban.team_member m WHERE m.team_id = t.id), '[]') AS members`;

export function teamRows(sql: Sql): Promise<Team[]> {
  return sql.query<Team>(`SELECT ${TEAM} FROM tuban.team t ORDER BY t.name COLLATE "C"`);
}

/** By name or id. */
export async function teamBy(sql: Sql, nameOrId: string): Promise<Team | null> {
  const rows = await sql.query<Team>(
    `SELECT ${TEAM} FROM tuban.team t WHERE t.name = $1 OR t.id = $1 ORDER BY t.name = $1 DESC`,
    [nameOrId],
  );
  return rows[0] ?? null;
}

/** False: the name is taken. */
export async function insertTeam(sql: Sql, id: string, name: string): Promise<boolean> {
  const rows = await sql.query(
    `INSERT INTO tuban.team (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id`,
    [id, name],
  );
  return rows.length > 0;
}

export async function insertMember(sql: Sql, teamId: string, personId: string): Promise<boolean> {
  const rows = await sql.query(
    `INSERT INTO tuban.team_member (team_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING team_id`,
    [teamId, personId],
  );
  return rows.length > 0;
}

export async function deleteMember(sql: Sql, teamId: string, personId: string): Promise<boolean> {
  const rows = await sql.query(
    `DELETE FROM tuban.team_member WHERE team_id = $1 AND person_id = $2 RETURNING team_id`,
    [teamId, personId],
  );
  return rows.length > 0;
}
