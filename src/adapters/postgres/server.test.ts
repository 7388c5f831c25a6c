import { expect, it } from 'vitest';
import { freshDatabase, withPostgres } from '../../testing/servers.js';
import { connectServer } from './server.js';

withPostgres('a server that ends a connection', () => {
  it('costs the open transaction only, as a fault that may be tried again', async () => {
    const lost: string[] = [];
    const url = await freshDatabase();
    const database = await connectServer({ url, size: 2, onLost: (error) => lost.push(error.message) });
    const ended = database.transaction(async (sql) => {
      const [own] = await sql.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const other = await connectServer({ url, size: 1, onLost: () => undefined });
      await other.query('SELECT pg_terminate_backend($1)', [own?.pid ?? 0]);
      await other.close();
      await expect.poll(() => lost.length).toBeGreaterThan(0);
      await sql.query('SELECT 1');
    });
    await expect(ended).rejects.toMatchObject({ name: 'Fault', retryable: true, blame: 'system' });
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await database.close();
  });
});
