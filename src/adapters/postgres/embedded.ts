/** The embedded database of a workspace (PGlite with PostGIS) as Database. Only the workspace's holder may open it. */
import type { Database, Sql, SqlValue } from '../../ports/database.js';
import { type EmbeddedConnection, openConnection } from './embedded-connection.js';
import { refuseSilentRollback } from './transaction-guard.js';

export interface EmbeddedDatabase extends Database {
  readonly kind: 'embedded';
  /** For the queue, which speaks to it as to a pg driver. */
  readonly connection: EmbeddedConnection;
  /** Several statements without parameters. */
  script(text: string): Promise<void>;
}

export interface EmbeddedOptions {
  /** The built workers/database.js. */
  readonly entry: string;
  readonly dataDir: string;
  readonly create?: boolean;
}

export async function openEmbedded({ entry, dataDir, create = false }: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const connection = await openConnection(entry, { dataDir, create });
  const send = (text: string) => connection.send({ kind: 'query', text, values: [], reading: 'plain' });
  const unleased: Sql = {
    async query<T extends object>(text: string, values: readonly SqlValue[] = []) {
      return (await connection.send({ kind: 'query', text, values, reading: 'plain' })).rows as T[];
    },
  };

  async function leased<T>(work: () => Promise<T>): Promise<T> {
    const release = await connection.lease();
    try {
      return await work();
    } finally {
      release();
    }
  }

  return {
    kind: 'embedded',
    connection,
    query: (text, values) => leased(() => unleased.query(text, values)),
    script: (text) =>
      leased(async () => {
        await connection.send({ kind: 'script', text, values: [], reading: 'plain' });
      }),
    transaction: <T>(work: (sql: Sql) => Promise<T>) =>
      leased(async () => {
        await send('BEGIN');
        try {
          const result = await connection.inside(() => work(unleased));
          refuseSilentRollback((await send('COMMIT')).command);
          return result;
        } catch (error) {
          await send('ROLLBACK').catch(() => undefined);
          throw error;
        }
      }),
    close: () => connection.close(),
  };
}
