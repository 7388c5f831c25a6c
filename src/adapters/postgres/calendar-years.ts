/** Years of the official calendar that a bureau entered: of each year the last one counts. */
import type { CalendarYear } from '../../model/working-days.js';
import type { Sql } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';

export async function recordedYears(sql: Sql): Promise<CalendarYear[]> {
  const rows = await sql.query<{ body: CalendarYear }>(
    `SELECT DISTINCT ON (year) body FROM tuban.calendar_year ORDER BY year, seq DESC`,
  );
  return rows.map(({ body }) => body);
}

/** Who entered the ones that count. */
export function enteredYears(
  sql: Sql,
): Promise<{ year: number; personId: string | null; personName: string | null; at: string }[]> {
  return sql.query(
    `SELECT DISTINCT ON (c.year) c.year, c.person_id AS "personId", p.name AS "personName",
       to_char(c.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
     FROM tuban.calendar_year c LEFT JOIN tuban.person p ON p.id = c.person_id ORDER BY c.year, c.seq DESC`,
  );
}

export async function recordYear({ sql, member }: Turn, year: CalendarYear): Promise<void> {
  await sql.query(`INSERT INTO tuban.calendar_year (year, body, person_id) VALUES ($1, $2::jsonb, $3)`, [
    year.year,
    JSON.stringify(year),
    member.id,
  ]);
}
