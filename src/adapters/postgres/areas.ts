/** Areas: which administrative areas cover a point. */
import type { Sql } from '../../ports/database.js';

/** Ids, smallest area first (a township before its county); empty = the point lies in no area of the admin layer. */
export async function areasOf(sql: Sql, lon: number, lat: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM tuban.area WHERE geom IS NOT NULL AND ST_Covers(geom, ST_SetSRID(ST_MakePoint($1, $2), 4490))
     ORDER BY ST_Area(geom), id COLLATE "C"`,
    [lon, lat],
  );
  return rows.map(({ id }) => id);
}
