/** SiteMemory over SQL: rows are narrowed down by the database; which site stands at a quarter is worked out by the model. */
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { fromWkb } from '../../geo/wkb.js';
import { type Decision, heardIn, standingDecision } from '../../model/decision.js';
import { ISSUED_SIGMA_M } from '../../model/issued.js';
import { quarterIndex } from '../../model/quarter.js';
import type { Quarter } from '../../model/scene.js';
import { type SiteGround, type SiteMerge, type SiteState, siteRoots } from '../../model/site.js';
import type { Sql } from '../../ports/database.js';
import type { SiteMemory } from '../../ports/site-memory.js';
import { CURRENT_ISSUED } from './issued-register.js';

const IDS = '(SELECT jsonb_array_elements_text($1::jsonb))';

/** A visit says nothing of the place's extent; a dismissal without memory (of sampled ground) says that there is none. */
const DECIDED = `EXISTS (SELECT FROM tuban.decision d WHERE d.site_id = s.id AND d.kind <> 'visited'
  AND NOT (d.kind = 'dismissed' AND d.body->>'limitM2' IS NULL))`;

interface GroundRow {
  id: string;
  site_id: string;
  quarter: Quarter;
  area_m2: number | null;
  sigma_m: number | null;
  geom: Uint8Array;
  drawn: SiteGround['drawn'];
}

const PATCH_GROUND = `SELECT p.id, p.site_id, p.quarter, (p.body->'patch'->>'areaM2')::float8 AS area_m2,
  (p.body->'patch'->>'sigmaM')::float8 AS sigma_m, ST_AsBinary(p.geom) AS geom, NULL::text AS drawn FROM tuban.patch p`;
/** By the issuer's outline, which is the same before and after a comparison. */
const ISSUED_GROUND = `SELECT p.patch_id AS id, p.site_id, p.quarter, NULL::float8 AS area_m2, ${ISSUED_SIGMA_M}::float8 AS sigma_m,
  ST_AsBinary(v.geom) AS geom, 'issued' AS drawn
  FROM tuban.issued_place p JOIN ${CURRENT_ISSUED} v ON v.key_id = p.key_id AND v.geom IS NOT NULL`;

const REPORTED_GROUND = `SELECT r.id, r.site_id, r.quarter, NULL::float8 AS area_m2, (r.body->>'sigmaM')::float8 AS sigma_m,
  ST_AsBinary(r.geom) AS geom, 'reported' AS drawn FROM tuban.reported_pit r`;

export async function mergesOf(sql: Sql): Promise<SiteMerge[]> {
  const rows = await sql.query<{ site_id: string; into_id: string; quarter: Quarter; patch_id: string }>(
    'SELECT site_id, into_id, quarter, patch_id FROM tuban.site_merge',
  );
  return rows.map((row) => ({
    siteId: row.site_id,
    intoId: row.into_id,
    quarter: row.quarter,
    patchId: row.patch_id,
  }));
}

/** The site that stands when patches of the quarter are placed. */
async function rootsAt(sql: Sql, quarter: Quarter, drawnToo: boolean): Promise<(siteId: string) => string> {
  const merges = await mergesOf(sql);
  if (!drawnToo) return siteRoots(merges, quarter);
  const rows = await sql.query<{ patch_id: string }>('SELECT patch_id FROM tuban.issued_place WHERE quarter = $1', [
    quarter,
  ]);
  const issued = new Set(rows.map(({ patch_id }) => patch_id));
  const counts = ({ quarter: of, patchId }: SiteMerge): boolean =>
    quarterIndex(of) < quarterIndex(quarter) || (of === quarter && issued.has(patchId));
  return siteRoots(merges.filter(counts), null);
}

/** In the order of recording. */
export async function decisionsOf(sql: Sql): Promise<Decision[]> {
  return (await sql.query<{ body: Decision }>('SELECT body FROM tuban.decision ORDER BY seq')).map(({ body }) => body);
}

export function siteMemory(sql: Sql): SiteMemory {
  return {
    async grounds(quarter, boxes, drawnToo) {
      if (boxes.length === 0) return [];
      const merges = await mergesOf(sql);
      const root = await rootsAt(sql, quarter, drawnToo);
      const near = await sql.query<{ site_id: string }>(
        `WITH box AS MATERIALIZED (SELECT ST_MakeEnvelope((b->>0)::float8, (b->>1)::float8, (b->>2)::float8, (b->>3)::float8, 4490) AS geom
           FROM jsonb_array_elements($1::jsonb) AS b)
         SELECT DISTINCT p.site_id FROM box JOIN tuban.patch p ON p.geom && box.geom
         UNION SELECT i.site_id FROM box JOIN tuban.issued_version v ON v.geom && box.geom
           JOIN tuban.issued_place i ON i.key_id = v.key_id
         UNION SELECT r.site_id FROM box JOIN tuban.reported_pit r ON r.geom && box.geom
         UNION SELECT s.id FROM box JOIN tuban.site s ON s.geom && box.geom
           WHERE ${DECIDED}`,
        [JSON.stringify(boxes)],
      );
      const roots = new Set(near.map(({ site_id }) => root(site_id)));
      const members = new Set([
        ...near.map(({ site_id }) => site_id),
        ...roots,
        ...merges.flatMap(({ siteId, intoId }) => [siteId, intoId]).filter((id) => roots.has(root(id))),
      ]);
      const ids = JSON.stringify([...members].sort());
      const patches = await sql.query<GroundRow>(
        `${PATCH_GROUND} WHERE p.site_id IN ${IDS} ORDER BY p.id COLLATE "C"`,
        [ids],
      );
      const issued = await sql.query<GroundRow>(
        `${ISSUED_GROUND} WHERE p.site_id IN ${IDS} ORDER BY p.patch_id COLLATE "C"`,
        [ids],
      );
      const reported = await sql.query<GroundRow>(
        `${REPORTED_GROUND} WHERE r.site_id IN ${IDS} ORDER BY r.id COLLATE "C"`,
        [ids],
      );
      const outlines = await sql.query<GroundRow>(
        `SELECT s.id, s.id AS site_id, s.first_quarter AS quarter, NULL::float8 AS area_m2, NULL::float8 AS sigma_m, ST_AsBinary(s.geom) AS geom,
           NULL::text AS drawn
         FROM tuban.site s WHERE s.id IN ${IDS} AND ${DECIDED}
         ORDER BY s.id COLLATE "C"`,
        [ids],
      );
      const before = quarterIndex(quarter);
      return [
        ...patches.filter((row) => quarterIndex(row.quarter) < before).map(groundOf),
        ...[...issued, ...reported]
          .filter((row) => quarterIndex(row.quarter) < before + (drawnToo ? 1 : 0))
          .map(groundOf),
        ...outlines
          .filter((row) => quarterIndex(row.quarter) <= before)
          .map((row) => ({ ...groundOf(row), id: `decided:${row.id}` })),
      ].map((ground) => ({ ...ground, siteId: root(ground.siteId) }));
    },

    async decisions(quarter, siteIds) {
      const root = await rootsAt(sql, quarter, true);
      const wanted = new Map<string, Decision[]>(siteIds.map((id) => [id, []]));
      for (const decision of await decisionsOf(sql)) wanted.get(root(decision.siteId))?.push(decision);
      return wanted;
    },

    async decidedTasks(quarter) {
      const rows = await sql.query<{ id: string }>(
        `SELECT t.id FROM tuban.task t WHERE t.quarter = $1
           AND EXISTS (SELECT FROM tuban.decision d WHERE d.task_id = t.id)`,
        [quarter],
      );
      return new Set(rows.map(({ id }) => id));
    },

    async openGrounds(quarter) {
      const root = await rootsAt(sql, quarter, true);
      const bySite = new Map<string, Decision[]>();
      for (const decision of heardIn(await decisionsOf(sql), quarter)) {
        const site = root(decision.siteId);
        bySite.set(site, [...(bySite.get(site) ?? []), decision]);
      }
      const rows = await sql.query<GroundRow>(`${PATCH_GROUND} ORDER BY p.id COLLATE "C"`);
      const issued = await sql.query<GroundRow>(`${ISSUED_GROUND} ORDER BY p.patch_id COLLATE "C"`);
      const reported = await sql.query<GroundRow>(`${REPORTED_GROUND} ORDER BY r.id COLLATE "C"`);
      return [...rows, ...issued, ...reported]
        .filter((row) => quarterIndex(row.quarter) < quarterIndex(quarter))
        .map((row) => ({ ...groundOf(row), siteId: root(row.site_id) }))
        .filter(({ siteId }) => standingDecision(bySite.get(siteId) ?? [])?.kind !== 'written-off');
    },

    async statesBefore(quarter) {
      const rows = await sql.query<{ body: SiteState }>('SELECT body FROM tuban.site_state');
      return rows
        .map(({ body }) => body)
        .filter((state) => quarterIndex(state.quarter) < quarterIndex(quarter))
        .sort((a, b) => quarterIndex(a.quarter) - quarterIndex(b.quarter) || (a.siteId < b.siteId ? -1 : 1));
    },
  };
}

function groundOf(row: GroundRow): SiteGround {
  const geometry = fromWkb(row.geom);
  return {
    id: row.id,
    siteId: row.site_id,
    memberId: row.site_id,
    quarter: row.quarter,
    areaM2: row.area_m2 ?? polygonAreaM2(geometry),
    sigmaM: row.sigma_m ?? 0,
    geometry,
    drawn: row.drawn,
  };
}
