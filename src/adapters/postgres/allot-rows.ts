/** What sharing out needs to know: files that nobody has, who answers for which area, teams, and how much each person has in hand. */
import type { TaskFile } from '../../model/task-file.js';
import type { SqlValue } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';
import type { AllotQuery, Responsibility } from '../../ports/task-queue.js';
import { FILE_COLUMNS } from './task-files.js';

/** Files that wait: those that are named, or all that nobody has. */
export async function lockUnassigned(
  { sql }: Turn,
  { quarter, areaId, ids, count }: Pick<AllotQuery, 'quarter' | 'areaId' | 'ids' | 'count'>,
): Promise<TaskFile[]> {
  const values: SqlValue[] = [count];
  const conditions = ids
    ? [
        `f.state IN ('new', 'assigned', 'returned')`,
        `f.task_id IN (SELECT jsonb_array_elements_text($${values.push(JSON.stringify(ids))}::jsonb))`,
      ]
    : [
        `f.state = 'new' AND f.assignee IS NULL AND f.team_id IS NULL`,
        `f.listed NOT IN ('withdrawn', 'reserve', 'quiet')`,
      ];
  if (quarter !== undefined) conditions.push(`f.quarter = $${values.push(quarter)}`);
  if (areaId !== undefined) conditions.push(`f.areas @> ARRAY[$${values.push(areaId)}::text]`);
  return sql.query<TaskFile>(
    `SELECT ${FILE_COLUMNS} FROM tuban.task_file f WHERE ${conditions.join(' AND ')}
     ORDER BY f.rank, f.task_id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`,
    values,
  );
}

export async function responsibilitiesOf({ sql }: Turn): Promise<Responsibility[]> {
  return sql.query<Responsibility>(
    `SELECT area_id AS "areaId", team_id AS "teamId", person_id AS "personId" FROM tuban.responsible
     ORDER BY area_id, team_id NULLS LAST, person_id`,
  );
}

export async function replaceResponsible(
  { sql }: Turn,
  areaId: string,
  responsible: readonly Omit<Responsibility, 'areaId'>[],
): Promise<void> {
  await sql.query('DELETE FROM tuban.responsible WHERE area_id = $1', [areaId]);
  await sql.query(
    `INSERT INTO tuban.responsible (area_id, team_id, person_id)
     SELECT $1, "teamId", "personId" FROM jsonb_to_recordset($2::jsonb) AS r ("teamId" text, "personId" text)`,
    [areaId, JSON.stringify(responsible)],
  );
}

export async function teamsOf({ sql }: Turn): Promise<Map<string, string[]>> {
  const rows = await sql.query<{ team_id: string; person_id: string }>(
    'SELECT team_id, person_id FROM tuban.team_member ORDER BY team_id, person_id',
  );
  const teams = new Map<string, string[]>();
  for (const { team_id, person_id } of rows) teams.set(team_id, [...(teams.get(team_id) ?? []), person_id]);
  return teams;
}

export async function workLoad({ sql }: Turn): Promise<Map<string, number>> {
  const rows = await sql.query<{ person_id: string; open: number }>('SELECT person_id, open FROM tuban.work_load()');
  return new Map(rows.map(({ person_id, open }) => [person_id, open]));
}

/** Which of these are there: areas, teams, people who are not disabled. */
export async function knownIds(
  { sql }: Turn,
  table: 'area' | 'team' | 'person',
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM tuban.${table} WHERE id IN (SELECT jsonb_array_elements_text($1::jsonb))${table === 'person' ? ' AND disabled_at IS NULL' : ''}`,
    [JSON.stringify(ids)],
  );
  return new Set(rows.map(({ id }) => id));
}
