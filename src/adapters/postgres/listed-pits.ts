/** Reported pits over a turn, as a list: those whose task the person sees. */
import { toWkb } from '../../geo/wkb.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { Quarter } from '../../model/scene.js';
import type { Turn } from '../../ports/desk.js';
import type { ListedPit, PitPage } from '../../ports/pit-list.js';

const MOST = 500;

export async function listedPits({ sql }: Turn, quarter: Quarter | null): Promise<PitPage> {
  const rows = await sql.query<ListedPit & { total: number }>(
    `SELECT r.id, r.quarter, r.seen_on::text AS "seenOn", to_char(r.reported_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "reportedAt",
       r.body->>'note' AS note, (r.body->>'areaM2')::float8 AS "areaM2", r.body->>'drawn' AS drawn, r.detected_id IS NOT NULL AS detected,
       f.task_id AS "taskId", f.state, (count(*) OVER ())::int AS total
     FROM tuban.reported_pit r JOIN LATERAL (
       SELECT f.task_id, f.state FROM tuban.task_file f WHERE f.task_id IN ('T' || r.id, r.detected_task) ORDER BY f.task_id = 'T' || r.id DESC LIMIT 1) f ON true
     WHERE $1::text IS NULL OR r.quarter = $1 ORDER BY r.reported_at DESC, r.id COLLATE "C" LIMIT ${MOST}`,
    [quarter],
  );
  return { pits: rows.map(({ total: _, ...pit }) => pit), total: rows[0]?.total ?? 0 };
}

/** Whether the ground lies within areas of the person's grants; true for who has a grant everywhere. */
export async function inOwnAreas({ sql }: Turn, outline: MultiPolygonRings): Promise<boolean> {
  const [row] = await sql.query<{ within: boolean }>(
    `SELECT tuban.sees_all() OR coalesce((SELECT ST_Covers(ST_Union(a.geom), ST_SetSRID(ST_GeomFromWKB(decode($1, 'hex')), 4490))
       FROM tuban.area a WHERE a.id = ANY (tuban.my_areas()) AND a.geom IS NOT NULL), false) AS within`,
    [Buffer.from(toWkb(outline)).toString('hex')],
  );
  return row?.within ?? false;
}

export async function areaNames({ sql }: Turn, ids: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `SELECT coalesce(a.name, a.id) AS name FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS u (id, n) JOIN tuban.area a ON a.id = u.id
     ORDER BY u.n`,
    [JSON.stringify(ids)],
  );
  return rows.map(({ name }) => name);
}
