/** Reading over the desk: the same SQL in a person's turn, where row-level security leaves what is the person's. */
import type { Box } from '../../model/grid.js';
import type { Database } from '../../ports/database.js';
import type { Desk, Turn } from '../../ports/desk.js';
import type { Reading } from '../../ports/reading.js';
import { sawPlaces } from './place-reads.js';
import { quarterRecord } from './quarter-record.js';

export function createReading(database: Database, desk: Desk): Reading {
  const everything = { record: quarterRecord(database), saw: async () => undefined, ground: async () => null };
  return (actor, work) =>
    actor === null
      ? work(everything)
      : desk.as(actor, (turn) =>
          work({
            record: quarterRecord(turn.sql),
            saw: (means, taskIds) => sawPlaces(turn, means, taskIds),
            ground: () => groundOf(turn),
          }),
        );
}

/** Around the areas of the person's grants; a task that was given to the person outside them has its own pictures. */
async function groundOf({ sql, member }: Turn): Promise<readonly Box[] | null> {
  if (member.grants.some(({ areaId, role }) => areaId === null && role !== 'cron')) return null;
  const rows = await sql.query<{ box: string }>(
    `SELECT json_build_array(ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom))::text AS box FROM tuban.area
     WHERE id = ANY (tuban.my_areas()) AND geom IS NOT NULL ORDER BY id`,
  );
  return rows.map(({ box }) => JSON.parse(box) as unknown as Box);
}
