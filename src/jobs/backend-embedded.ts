/**
 * BullMQ's PostgreSQL backend on the embedded database, whose one connection is lent to it statement by statement, or from
 * BEGIN to COMMIT. Its statements are unqualified, so the session's search_path names its schema first; tuban's own tables are
 * always qualified and do not care.
 */
import { createPostgresBackend, DEFAULT_SCHEMA, type PgPool } from 'bullmq';
import type { DriverResult, SharedConnection } from '../ports/queue-source.js';
import { type Backend, boundBackend } from './backend.js';
import { prepareSchema, QUEUE_ROLE } from './queue-schema.js';

/** Connections whose queue this process has prepared and emptied. */
const prepared = new WeakMap<SharedConnection, Promise<void>>();

export async function embeddedBackend(connection: SharedConnection, queueName: string): Promise<Backend> {
  const pool = driverPool(inRole(connection));
  const backend = boundBackend(createPostgresBackend, pool, async () => undefined);
  let ready = prepared.get(connection);
  if (!ready) {
    ready = prepare(driverPool(connection), backend, queueName);
    prepared.set(connection, ready);
  }
  await ready;
  return backend;
}

/** What an earlier holder left is dropped: nobody works on it any more, and the database knows what is to be done. */
async function prepare(pool: PgPool, backend: Backend, queueName: string): Promise<void> {
  const client = await pool.connect();
  await prepareSchema(client);
  await client.query(`SELECT set_config('search_path', '${DEFAULT_SCHEMA}, public', false)`);
  client.release();
  const queue = backend.queue(queueName);
  await queue.obliterate({ force: true });
  await queue.close();
}

/** Whoever has the connection for the queue has it in the queue's role, and gives it back as it was. */
function inRole(connection: SharedConnection): SharedConnection {
  const say = (text: string) => connection.driverQuery(text, []);
  /** A transaction that was left open is rolled back: it would refuse to change the role. */
  const leave = () => say('RESET ROLE').catch(() => say('ROLLBACK').then(() => say('RESET ROLE')));
  return {
    ...connection,
    async lease() {
      const release = await connection.lease();
      try {
        await say(`SET ROLE ${QUEUE_ROLE}`);
      } catch (error) {
        release();
        throw error;
      }
      // Where even that fails the database is lost, and says so to whoever comes next.
      return () => void leave().then(release, release);
    },
  };
}

function driverPool(connection: SharedConnection): PgPool {
  const pool: PgPool = {
    async query(text: string, values: readonly unknown[] = []) {
      const release = await connection.lease();
      try {
        return (await connection.driverQuery(text, values)) as never;
      } finally {
        release();
      }
    },
    connect: async () => driverClient(connection),
    end: async () => undefined,
    on: () => pool,
    removeAllListeners: () => pool,
  };
  return pool;
}

type Listener = (message: { channel: string; payload: string }) => void;

function driverClient(connection: SharedConnection) {
  const stops = new Map<Listener, () => void>();
  let leave: (() => void) | null = null;
  /** Between BEGIN and its end. */
  let opened = false;

  async function query(text: string, values: readonly unknown[] = []): Promise<DriverResult> {
    leave ??= await connection.lease();
    try {
      const result = await connection.driverQuery(text, values);
      opened = /^\s*BEGIN/i.test(text) || (opened && !/^\s*(COMMIT|ROLLBACK)\s*;?\s*$/i.test(text));
      return result;
    } finally {
      if (!opened) {
        leave();
        leave = null;
      }
    }
  }
  const client = {
    query: query as never,
    on(event: string, listener: (...values: never[]) => void) {
      const heard = listener as unknown as Listener;
      if (event === 'notification') {
        stops.set(
          heard,
          connection.onNotification((channel, payload) => heard({ channel, payload })),
        );
      }
      return client;
    },
    removeListener(_event: string, listener: (...values: never[]) => void) {
      const heard = listener as unknown as Listener;
      stops.get(heard)?.();
      stops.delete(heard);
      return client;
    },
    removeAllListeners() {
      for (const stop of stops.values()) stop();
      stops.clear();
      return client;
    },
    release() {
      client.removeAllListeners();
      leave?.();
      leave = null;
    },
  };
  return client;
}
