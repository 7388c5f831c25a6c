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

export async function recordYear({ sql, member }: Turn, year: CalendarYear): Promise<void> {
  await sql.query(`INSERT INTO tuban.calendar_year (year, body, person_id) VALUES ($1, $2::jsonb, $3)`, [
    year.year,
    JSON.stringify(year),
    member.id,
  ]);
}
