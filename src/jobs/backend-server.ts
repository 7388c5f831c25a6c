/** BullMQ's PostgreSQL backend on a server, with connections of its own whose search_path names its schema. */
import { createPostgresBackend, DEFAULT_SCHEMA, type PgPool, runMigrations } from 'bullmq';
import pg from 'pg';
import { type Backend, boundBackend } from './backend.js';

/** One is taken by LISTEN for each worker of this process; the rest serve short statements. */
const CONNECTIONS = 6;

export async function serverBackend(url: string, onError: (error: Error) => void): Promise<Backend> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: 15_000,
    application_name: 'tuban-queue',
    options: `-c search_path=${DEFAULT_SCHEMA},public`,
  });
  pool.on('error', onError);
  try {
    const client = await pool.connect();
    await runMigrations(client).finally(() => client.release());
  } catch (error) {
    await pool.end();
    throw error;
  }
  return boundBackend(createPostgresBackend, pool as unknown as PgPool, () => pool.end());
}
