/** Reported pits over SQL: read by runs, added by the one function that asks who reports (migration 0013). */
import { boxOf } from '../../geo/distance.js';
import { fromWkb, toWkb } from '../../geo/wkb.js';
import type { Decision } from '../../model/decision.js';
import { quarterIndex } from '../../model/quarter.js';
import type { PlacedPit, ReportedPit } from '../../model/reported-pit.js';
import type { Quarter } from '../../model/scene.js';
import type { Task } from '../../model/task.js';
import type { Sql } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';
import type { PitGround, ReportedPits, StandingGround } from '../../ports/reported-pits.js';
import { CURRENT_ISSUED } from './issued-register.js';
import { decisionsOf } from './site-memory.js';

interface PitRow {
  id: string;
  site_id: string;
  quarter: Quarter;
  detected_id: string | null;
  detected_task: string | null;
  geom: Uint8Array;
  body: Omit<ReportedPit, 'id' | 'quarter' | 'geometry'>;
}

export function reportedPits(sql: Sql): ReportedPits {
  return {
    async reportedPits(quarter) {
      const rows = await sql.query<PitRow>(
        `SELECT id, site_id, quarter, detected_id, detected_task, ST_AsBinary(geom) AS geom, body
         FROM tuban.reported_pit WHERE quarter = $1 ORDER BY id COLLATE "C"`,
        [quarter],
      );
      return rows.map((row) => ({
        ...row.body,
        id: row.id,
        quarter: row.quarter,
        siteId: row.site_id,
        detectedId: row.detected_id,
        detectedTask: row.detected_task,
        geometry: fromWkb(row.geom),
      }));
    },
  };
}

interface GroundRow {
  id: string;
  kind: StandingGround['kind'];
  site_id: string;
  quarter: Quarter;
  task_id: string | null;
  geom: Uint8Array;
}

export function pitGround(sql: Sql): PitGround {
  return {
    async groundSince(quarter, outline) {
      const rows = await sql.query<GroundRow>(
        `WITH box AS MATERIALIZED (SELECT ST_MakeEnvelope($1, $2, $3, $4, 4490) AS geom),
           ground AS (
             SELECT p.id, 'detected' AS kind, p.site_id, p.quarter, p.geom FROM box JOIN tuban.patch p ON p.geom && box.geom
             UNION ALL SELECT i.patch_id, 'issued', i.site_id, i.quarter, v.geom
               FROM box JOIN ${CURRENT_ISSUED} v ON v.geom && box.geom JOIN tuban.issued_place i ON i.key_id = v.key_id
             UNION ALL SELECT r.id, 'reported', r.site_id, r.quarter, r.geom FROM box JOIN tuban.reported_pit r ON r.geom && box.geom)
         SELECT g.id, g.kind, g.site_id, g.quarter, ST_AsBinary(g.geom) AS geom,
           (SELECT min(t.id) FROM tuban.task t WHERE t.patch_id = g.id AND t.state IN ('new', 'decided') AND t.split_from IS NULL) AS task_id
         FROM ground g ORDER BY g.id COLLATE "C"`,
        [...boxOf(outline)],
      );
      return rows
        .filter((row) => quarterIndex(row.quarter) >= quarterIndex(quarter))
        .map(({ site_id, task_id, geom, ...row }) => ({
          ...row,
          siteId: site_id,
          taskId: task_id,
          geometry: fromWkb(geom),
        }));
    },
    async count(quarter) {
      const [row] = await sql.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM tuban.reported_pit WHERE quarter = $1',
        [quarter],
      );
      return row?.count ?? 0;
    },
    async scores(quarter) {
      const rows = await sql.query<{ score: number }>(
        `SELECT score FROM tuban.task WHERE quarter = $1 AND state <> 'withdrawn' AND split_from IS NULL`,
        [quarter],
      );
      return rows.map(({ score }) => score);
    },
  };
}

/** Areas that hold a point, smallest first. */
export async function areasAt(sql: Sql, lon: number, lat: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM tuban.area WHERE ST_Covers(geom, ST_SetSRID(ST_MakePoint($1, $2), 4490)) ORDER BY ST_Area(geom), id COLLATE "C"`,
    [lon, lat],
  );
  return rows.map(({ id }) => id);
}

/** Waits for whoever reports for the quarter just now, holds others up until the turn ends, and says how many pits there are. */
export async function lockPits({ sql }: Turn, quarter: Quarter): Promise<number> {
  const [row] = await sql.query<{ count: number }>('SELECT tuban.lock_pits($1) AS count', [quarter]);
  return row?.count ?? 0;
}

export interface PitEntry {
  readonly pit: PlacedPit;
  readonly lon: number;
  readonly lat: number;
  /** Its own task; null where one of the list is there already: then that. */
  readonly task: Task | null;
  readonly detectedTask: string | null;
  /** Why it is a key patch; empty: it is none. */
  readonly keyWhy: readonly string[];
}

/** False: it was reported before. The database asks for itself whether the person may. */
export async function addPit({ sql }: Turn, { pit, lon, lat, task, detectedTask, keyWhy }: PitEntry): Promise<boolean> {
  const { id, hash, quarter, geometry, siteId, detectedId, ...body } = pit;
  const entry = {
    id,
    hash,
    quarter,
    siteId,
    detectedId,
    detectedTask,
    seenOn: pit.seenOn,
    wkb: Buffer.from(toWkb(geometry)).toString('hex'),
    lon,
    lat,
    key: keyWhy.length > 0,
    keyWhy,
    areaM2: pit.areaM2,
    score: task?.judged.judgement.score ?? null,
    violations: task?.judged.judgement.violations ?? [],
    body: { ...body, hash },
    task,
  };
  const [row] = await sql.query<{ added: boolean }>('SELECT tuban.report_pit($1::jsonb) AS added', [
    JSON.stringify(entry),
  ]);
  return row?.added ?? false;
}

export interface PitOutcomes {
  readonly pits: { readonly seenOn: string; readonly detectedId: string | null; readonly decisions: Decision[] }[];
  readonly detected: { readonly patchId: string; readonly decisions: Decision[] }[];
}

/** What people decided about the pits of a quarter, and about what the detector found in it. */
export async function pitOutcomes(sql: Sql, quarter: Quarter): Promise<PitOutcomes> {
  const pits = await sql.query<{ seen_on: string; detected_id: string | null; task_id: string }>(
    `SELECT seen_on::text AS seen_on, detected_id, coalesce(detected_task, 'T' || id) AS task_id FROM tuban.reported_pit
     WHERE quarter = $1 ORDER BY id COLLATE "C"`,
    [quarter],
  );
  const detected = await sql.query<{ id: string; patch_id: string }>(
    `SELECT id, patch_id FROM tuban.task WHERE quarter = $1 AND state <> 'withdrawn' AND split_from IS NULL
       AND (coalesce(body->>'origin', 'change') = 'change' OR body->'sample'->>'stratum' = 'reserve') ORDER BY id COLLATE "C"`,
    [quarter],
  );
  const byTask = new Map<string, Decision[]>();
  for (const decision of await decisionsOf(sql)) {
    if (decision.taskId !== null) byTask.set(decision.taskId, [...(byTask.get(decision.taskId) ?? []), decision]);
  }
  return {
    pits: pits.map((row) => ({
      seenOn: row.seen_on,
      detectedId: row.detected_id,
      decisions: byTask.get(row.task_id) ?? [],
    })),
    detected: detected.map((row) => ({ patchId: row.patch_id, decisions: byTask.get(row.id) ?? [] })),
  };
}
