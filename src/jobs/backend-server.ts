/** BullMQ's PostgreSQL backend on a server, with connections of its own whose search_path names its schema. */
import { createPostgresBackend, DEFAULT_SCHEMA, type PgPool, runMigrations } from 'bullmq';
import type { QueueSource } from '../ports/queue-source.js';
import { type Backend, boundBackend } from './backend.js';

type Server = Extract<QueueSource, { kind: 'server' }>;

export async function serverBackend(server: Server, onError: (error: Error) => void): Promise<Backend> {
  const pool = (await server.open(`${DEFAULT_SCHEMA},public`, onError)) as PgPool;
  try {
    const client = await pool.connect();
    await runMigrations(client).finally(() => client.release());
  } catch (error) {
    await pool.end();
    throw error;
  }
  return boundBackend(createPostgresBackend, pool, () => pool.end());
}
