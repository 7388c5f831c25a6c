/** IssuedPlaces over SQL: outlines of issued patches that stand, and the site that each is at. */
import { fromWkb, toWkb } from '../../geo/wkb.js';
import { quarterIndex } from '../../model/quarter.js';
import type { Quarter } from '../../model/scene.js';
import type { Database, Sql } from '../../ports/database.js';
import type { IssuedPlaces, IssuedSettlement } from '../../ports/issued-places.js';
import { CURRENT_ISSUED, ownPatches } from './issued-register.js';

export function issuedPlaces(database: Database): IssuedPlaces {
  return {
    async unsettledQuarters(until) {
      const rows = await database.query<{ quarter: Quarter }>(
        `SELECT DISTINCT v.quarter FROM ${CURRENT_ISSUED} v WHERE v.geom IS NOT NULL
           AND NOT EXISTS (SELECT FROM tuban.issued_place p WHERE p.key_id = v.key_id)`,
      );
      return rows
        .map(({ quarter }) => quarter)
        .filter((quarter) => quarterIndex(quarter) <= quarterIndex(until))
        .sort((a, b) => quarterIndex(a) - quarterIndex(b));
    },
    async issuedOutlines(quarter) {
      const rows = await database.query<{ key_id: string; site_id: string | null; geom: Uint8Array }>(
        `SELECT v.key_id, p.site_id, ST_AsBinary(v.geom) AS geom
         FROM ${CURRENT_ISSUED} v LEFT JOIN tuban.issued_place p ON p.key_id = v.key_id
         WHERE v.quarter = $1 AND v.geom IS NOT NULL ORDER BY v.key_id COLLATE "C"`,
        [quarter],
      );
      return rows.map(({ key_id, site_id, geom }) => ({ keyId: key_id, siteId: site_id, geometry: fromWkb(geom) }));
    },
    ownPatches: (near) => ownPatches(database, near),
    async issuedSites(quarter) {
      const rows = await database.query<{ key_id: string; site_id: string }>(
        'SELECT key_id, site_id FROM tuban.issued_place WHERE quarter = $1',
        [quarter],
      );
      return new Map(rows.map(({ key_id, site_id }) => [key_id, site_id]));
    },
    settle: (settlement) => database.transaction((sql) => settle(sql, settlement)),
  };
}

async function settle(sql: Sql, { quarter, places, sites, merges }: IssuedSettlement): Promise<void> {
  const siteRows = sites.map(({ id, firstQuarter, geometry }) => ({
    id,
    first_quarter: firstQuarter,
    wkb: Buffer.from(toWkb(geometry)).toString('hex'),
  }));
  await sql.query(
    `INSERT INTO tuban.site (id, first_quarter, geom)
     SELECT id, first_quarter, ST_GeomFromWKB(decode(wkb, 'hex'), 4490)
     FROM jsonb_to_recordset($1::jsonb) AS r (id text, first_quarter text, wkb text) ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(siteRows)],
  );
  await sql.query(
    `DELETE FROM tuban.site_merge WHERE quarter = $1
       AND patch_id IN (SELECT patch_id FROM tuban.issued_place WHERE quarter = $1)`,
    [quarter],
  );
  await sql.query(
    `DELETE FROM tuban.issued_place WHERE quarter = $1 AND key_id NOT IN (SELECT jsonb_array_elements_text($2::jsonb))`,
    [quarter, JSON.stringify(places.map(({ keyId }) => keyId))],
  );
  await sql.query(
    `INSERT INTO tuban.issued_place (key_id, patch_id, quarter, site_id)
     SELECT key_id, patch_id, $2, site_id FROM jsonb_to_recordset($1::jsonb) AS r (key_id text, patch_id text, site_id text)
     ON CONFLICT (key_id) DO UPDATE SET patch_id = excluded.patch_id, quarter = excluded.quarter, site_id = excluded.site_id`,
    [
      JSON.stringify(
        places.map(({ keyId, patchId, siteId }) => ({ key_id: keyId, patch_id: patchId, site_id: siteId })),
      ),
      quarter,
    ],
  );
  // What a run of the quarter showed of the same site stays: it is one with another place already.
  await sql.query(
    `INSERT INTO tuban.site_merge (site_id, into_id, quarter, patch_id)
     SELECT site_id, into_id, $2, patch_id
     FROM jsonb_to_recordset($1::jsonb) AS r (site_id text, into_id text, patch_id text)
     ON CONFLICT (site_id, quarter) DO NOTHING`,
    [
      JSON.stringify(
        merges.map(({ siteId, intoId, patchId }) => ({ site_id: siteId, into_id: intoId, patch_id: patchId })),
      ),
      quarter,
    ],
  );
}
