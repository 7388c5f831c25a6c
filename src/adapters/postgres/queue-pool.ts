/** Connections of a PostgreSQL server for the job queue: as the pg driver gives them, with a search_path of its own. */
import pg from 'pg';
import type { DriverPool } from '../../ports/queue-source.js';
import { databaseError } from './errors.js';

/** One is taken by LISTEN for each worker of this process; the rest serve short statements. */
const CONNECTIONS = 6;

export async function openQueuePool(
  url: string,
  searchPath: string,
  onLost: (error: Error) => void,
): Promise<DriverPool> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: 15_000,
    application_name: 'tuban-queue',
    options: `-c search_path=${searchPath}`,
  });
  pool.on('error', onLost);
  pool.on('connect', (client) => client.on('error', onLost));
  try {
    (await pool.connect()).release();
    return pool;
  } catch (error) {
    await pool.end();
    throw databaseError(error);
  }
}
