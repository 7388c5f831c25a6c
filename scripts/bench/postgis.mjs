/** postgis: the plain overlay join of two layers by PostGIS, on a private server. */
import pg from 'pg';
import { startPostgres } from '../test/servers.mjs';
import { EPSG } from './layers.mjs';
import { treeCpuSeconds } from './tree.mjs';

const ROWS_A_MESSAGE = 2000;
/** Everything in memory, and as many processes as asked for. */
const SETTINGS = { shared_buffers: '512MB', work_mem: '256MB', jit: 'off' };
const PARALLEL = `SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0`;
const JOIN = `
  CREATE UNLOGGED TABLE result AS
  SELECT p.id, st_area(p.geom) AS area, count(l.id)::int AS licences,
    coalesce(sum(CASE WHEN st_contains(l.geom, p.geom) THEN st_area(p.geom)
      ELSE st_area(st_intersection(p.geom, l.geom)) END), 0) AS inside
  FROM patches p LEFT JOIN licences l ON st_intersects(p.geom, l.geom)
  GROUP BY p.id, p.geom`;

/** @returns {Promise<{ version: string, join(workers: number): Promise<{ seconds, cpuSeconds: number | null, rows }>, stop() }>} rows: { id, area, inside, licences } */
export async function loadPostgis({ patches, licences }) {
  const server = await startPostgres(SETTINGS);
  const client = new pg.Client(await server.freshUrl());
  await client.connect();
  for (const [table, polygons] of Object.entries({ patches, licences })) await load(client, table, polygons);
  await client.query('VACUUM ANALYZE');
  const { rows } = await client.query('SELECT postgis_lib_version() AS version, pg_backend_pid() AS pid');
  const { version, pid } = rows[0];
  await client.query(`SET max_parallel_workers_per_gather = 0; ${PARALLEL}`);
  return {
    version,
    async join(workers) {
      await client.query(`SET max_parallel_workers_per_gather = ${workers}`);
      const [began, cpuBefore] = [performance.now(), treeCpuSeconds(pid)];
      await client.query(JOIN);
      const seconds = (performance.now() - began) / 1000;
      // workers are children of the server and have ended: only what is done by one process is known
      const cpuSeconds = workers === 0 ? treeCpuSeconds(pid) - cpuBefore : null;
      const result = await client.query('SELECT * FROM result ORDER BY id');
      await client.query('DROP TABLE result');
      return { seconds, cpuSeconds, rows: result.rows };
    },
    async stop() {
      await client.end();
      await server.stop();
    },
  };
}

async function load(client, table, polygons) {
  await client.query(`CREATE TABLE ${table} (id int PRIMARY KEY, geom geometry(Polygon, ${EPSG}))`);
  for (let from = 0; from < polygons.length; from += ROWS_A_MESSAGE) {
    const some = polygons.slice(from, from + ROWS_A_MESSAGE);
    await client.query(`INSERT INTO ${table} SELECT * FROM unnest($1::int[], $2::text[])`, [
      some.map((_, i) => from + i),
      some.map(ewkb),
    ]);
  }
  await client.query(`CREATE INDEX ON ${table} USING gist (geom)`);
}

/** Hexadecimal, little endian, with its reference system. */
function ewkb([ring]) {
  const bytes = Buffer.alloc(17 + 16 * ring.length);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt32LE(0x20000003, 1);
  bytes.writeUInt32LE(EPSG, 5);
  bytes.writeUInt32LE(1, 9);
  bytes.writeUInt32LE(ring.length, 13);
  ring.forEach(([x, y], i) => {
    bytes.writeDoubleLE(x, 17 + 16 * i);
    bytes.writeDoubleLE(y, 25 + 16 * i);
  });
  return bytes.toString('hex');
}
