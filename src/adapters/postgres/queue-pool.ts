/** Connections of a PostgreSQL server for the job queue: as the pg driver gives them, with a search_path of its own. */
import pg from 'pg';
import type { DriverPool } from '../../ports/queue-source.js';
import { databaseError } from './errors.js';

/** One is taken by LISTEN for each worker of this process; the rest serve short statements. */
const CONNECTIONS = 6;

export interface QueuePoolOptions {
  readonly url: string;
  readonly searchPath: string;
  /** Null = the login itself. */
  readonly role: string | null;
  onLost(error: Error): void;
}

export async function openQueuePool({ url, searchPath, role, onLost }: QueuePoolOptions): Promise<DriverPool> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: 15_000,
    application_name: 'tuban-queue',
    options: `-c search_path=${searchPath}${role === null ? '' : ` -c role=${role}`}`,
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
