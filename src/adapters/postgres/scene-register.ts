/** SceneRegister over SQL. The row holds the whole scene; its columns are copies for narrowing by quarter and place. */
import { fromWkb, toWkb } from '../../geo/wkb.js';
import type { Scene } from '../../model/scene.js';
import type { Sql } from '../../ports/database.js';
import type { SceneRegister } from '../../ports/scene-register.js';

interface Row {
  readonly body: Scene | string;
  readonly footprint: Uint8Array;
}

const FIELDS = 'body, ST_AsBinary(footprint) AS footprint';

function sceneOf({ body, footprint }: Row): Scene {
  return { ...(typeof body === 'string' ? (JSON.parse(body) as Scene) : body), footprint: fromWkb(footprint) };
}

/** The outline stands in its own column only. */
function bodyOf({ footprint: _column, ...body }: Scene): string {
  return JSON.stringify(body);
}

export function createSceneRegister(sql: Sql): SceneRegister {
  return {
    async list() {
      const rows = await sql.query<Row>(`SELECT ${FIELDS} FROM tuban.scene ORDER BY acquired_on, id COLLATE "C"`);
      return rows.map(sceneOf);
    },
    async bySha256(sha256) {
      const rows = await sql.query<Row>(
        `SELECT ${FIELDS} FROM tuban.scene WHERE sha256 = $1 ORDER BY id COLLATE "C" LIMIT 1`,
        [sha256],
      );
      const [row] = rows;
      return row ? sceneOf(row) : null;
    },
    async add(scene) {
      const rows = await sql.query<{ id: string }>(
        `INSERT INTO tuban.scene (id, sha256, path, acquired_on, quarter, sensor, gsd_m, valid_share, footprint, body)
         VALUES ($1, $2, $3, $4::date, $5, $6, $7, $8, ST_SetSRID(ST_GeomFromWKB(decode($9, 'hex')), 4490), $10::jsonb)
         ON CONFLICT (id) DO NOTHING RETURNING id`,
        [
          scene.id,
          scene.sha256,
          scene.path,
          scene.acquiredOn,
          scene.quarter,
          scene.sensor,
          scene.gsdM,
          scene.validShare,
          Buffer.from(toWkb(scene.footprint)).toString('hex'),
          bodyOf(scene),
        ],
      );
      return rows.length > 0;
    },
    async move(scene) {
      await sql.query('UPDATE tuban.scene SET path = $2, body = $3::jsonb WHERE id = $1', [
        scene.id,
        scene.path,
        bodyOf(scene),
      ]);
    },
    async remove(id) {
      const rows = await sql.query<{ id: string }>('DELETE FROM tuban.scene WHERE id = $1 RETURNING id', [id]);
      return rows.length > 0;
    },
  };
}
