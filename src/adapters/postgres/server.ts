/** A PostgreSQL server with PostGIS (DATABASE_URL) as Database. */
import pg from 'pg';
import type { Database, Sql, SqlValue } from '../../ports/database.js';
import { databaseError } from './errors.js';
import { refuseSilentRollback, transactionGuard } from './transaction-guard.js';
import { parserOf, SESSION_SETTINGS } from './values.js';

export interface ServerDatabase extends Database {
  readonly kind: 'server';
  /** Several statements without parameters. */
  script(text: string): Promise<void>;
}

const options = Object.entries(SESSION_SETTINGS)
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

type Queryable = Pick<pg.Pool, 'query'>;

async function query<T extends object>(on: Queryable, text: string, values: readonly SqlValue[] = []): Promise<T[]> {
  try {
    return (await on.query<T>(text, [...values])).rows;
  } catch (error) {
    throw databaseError(error);
  }
}

export interface ServerOptions {
  readonly url: string;
  /** Connections at most. */
  readonly size: number;
  /** An idle connection broke; the next query opens a new one. */
  onLost(error: Error): void;
}

export async function connectServer({ url, size, onLost }: ServerOptions): Promise<ServerDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    options,
    keepAlive: true,
    connectionTimeoutMillis: 15_000,
    application_name: 'tuban',
    types: { getTypeParser: parserOf as pg.CustomTypesConfig['getTypeParser'] },
  });
  pool.on('error', onLost);
  // A connection that is checked out and idle inside a transaction reports its loss itself; unheard it would end the process.
  pool.on('connect', (client) => client.on('error', onLost));
  const guard = transactionGuard();
  const database: ServerDatabase = {
    kind: 'server',
    async query(text, values) {
      guard.refuseInside();
      return query(pool, text, values);
    },
    async script(text) {
      guard.refuseInside();
      await query(pool, text);
    },
    async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
      guard.refuseInside();
      const client = await pool.connect().catch((error: unknown) => {
        throw databaseError(error);
      });
      let broken = false;
      try {
        await query(client, 'BEGIN');
        const result = await guard.inside(() => work({ query: (text, values) => query(client, text, values) }));
        refuseSilentRollback((await client.query('COMMIT')).command);
        return result;
      } catch (error) {
        await query(client, 'ROLLBACK').catch(() => {
          broken = true;
        });
        throw databaseError(error);
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
  try {
    await database.query('SELECT 1');
    return database;
  } catch (error) {
    await pool.end();
    throw error;
  }
}
