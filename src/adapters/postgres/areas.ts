/** Areas: the administrative areas that people's grants name, kept in step with the admin layer; which of them cover a point. */
import type { AreaShape } from '../../model/area.js';
import type { Sql } from '../../ports/database.js';
import type { Area } from '../../ports/people.js';

/** Ids, smallest area first (a township before its county); empty = the point lies in no area of the admin layer. */
export async function areasOf(sql: Sql, lon: number, lat: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM tuban.area WHERE geom IS NOT NULL AND ST_Covers(geom, ST_SetSRID(ST_MakePoint($1, $2), 4490))
     ORDER BY ST_Area(geom), id COLLATE "C"`,
    [lon, lat],
  );
  return rows.map(({ id }) => id);
}

/** `people`: only where the one who asks sees all grants. */
export async function areaRows(sql: Sql, countPeople: boolean): Promise<Area[]> {
  const rows = await sql.query<Omit<Area, 'people'> & { people: number }>(
    `SELECT a.id, a.name, a.geom IS NOT NULL AS "inLayer",
       (SELECT count(DISTINCT g.person_id)::int FROM tuban.grant_of g WHERE g.area_id = a.id) AS people
     FROM tuban.area a ORDER BY a.id COLLATE "C"`,
  );
  return rows.map((row) => (countPeople ? row : { ...row, people: null }));
}

/** By id, else by a name that only one area has; `many`: several have it. */
export async function areaBy(sql: Sql, idOrName: string): Promise<{ id: string; name: string } | 'many' | null> {
  const rows = await sql.query<{ id: string; name: string }>(
    `SELECT id, name FROM tuban.area WHERE id = $1 OR name = $1 ORDER BY id = $1 DESC, id COLLATE "C" LIMIT 2`,
    [idOrName],
  );
  const [first, second] = rows;
  if (!first) return null;
  return first.id === idOrName || !second ? first : 'many';
}

export interface AreaChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly vanished: readonly { readonly id: string; readonly name: string; readonly grants: number }[];
}

/** Puts the areas of the layer in the table. What is no longer in the layer loses its shape, not its row. */
export async function putAreas(sql: Sql, areas: readonly AreaShape[]): Promise<AreaChanges> {
  const wanted = JSON.stringify(areas);
  const shapes = `SELECT w.id, w.name, min(b.id COLLATE "C") AS boundary_id,
      ST_Multi(ST_CollectionExtract(ST_UnaryUnion(ST_Collect(b.geom)), 3)) AS geom
    FROM jsonb_to_recordset($1::jsonb) AS w (id text, name text, boundaries jsonb)
      JOIN tuban.boundary b ON b.id IN (SELECT jsonb_array_elements_text(w.boundaries))
    GROUP BY w.id, w.name`;
  const vanished = await sql.query<AreaChanges['vanished'][number]>(
    `UPDATE tuban.area a SET geom = NULL, boundary_id = NULL
     WHERE geom IS NOT NULL AND id NOT IN (SELECT w.id FROM jsonb_to_recordset($1::jsonb) AS w (id text))
     RETURNING a.id, a.name, (SELECT count(*)::int FROM tuban.grant_of g WHERE g.area_id = a.id) AS grants`,
    [wanted],
  );
  const changed = await sql.query<{ id: string }>(
    `UPDATE tuban.area a SET name = s.name, boundary_id = s.boundary_id, geom = s.geom FROM (${shapes}) s
     WHERE a.id = s.id AND (a.name <> s.name OR a.geom IS NULL OR ST_AsBinary(a.geom) <> ST_AsBinary(s.geom)) RETURNING a.id`,
    [wanted],
  );
  const added = await sql.query<{ id: string }>(
    `INSERT INTO tuban.area (id, name, boundary_id, geom) SELECT id, name, boundary_id, geom FROM (${shapes}) s
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [wanted],
  );
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id).sort();
  return { added: ids(added), changed: ids(changed), vanished: vanished.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}
