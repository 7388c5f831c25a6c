/** BullMQ's PostgreSQL backend on a server, with connections of its own whose search_path names its schema, in the queue's own role. */
import { createPostgresBackend, DEFAULT_SCHEMA, type PgPool } from 'bullmq';
import type { QueueSource } from '../ports/queue-source.js';
import { type Backend, boundBackend } from './backend.js';
import { prepareSchema, QUEUE_ROLE } from './queue-schema.js';

type Server = Extract<QueueSource, { kind: 'server' }>;

export async function serverBackend(server: Server, onError: (error: Error) => void): Promise<Backend> {
  const owner = (await server.open(`${DEFAULT_SCHEMA},public`, null, onError)) as PgPool;
  try {
    const client = await owner.connect();
    await prepareSchema(client).finally(() => client.release());
  } finally {
    await owner.end();
  }
  const pool = (await server.open(`${DEFAULT_SCHEMA},public`, QUEUE_ROLE, onError)) as PgPool;
  return boundBackend(createPostgresBackend, pool, () => pool.end());
}
