import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, test } from 'vitest';
import { freshDatabase, redisUrl, withPostgres, withRedis } from './servers.js';

withPostgres('freshDatabase', () => {
  test('each call gives another database, with PostGIS and UTF-8', async () => {
    const urls = await Promise.all([freshDatabase(), freshDatabase()]);
    expect(urls[0]).not.toBe(urls[1]);
    for (const connectionString of urls) {
      const client = new pg.Client({ connectionString });
      await client.connect();
      await client.query('CREATE TABLE 图斑 (geom geometry(Point, 4490))');
      const { rows } = await client.query(
        "SELECT current_setting('server_encoding') AS encoding, postgis_lib_version() AS v",
      );
      await client.end();
      expect(rows[0].encoding).toBe('UTF8');
      expect(rows[0].v).toMatch(/^3\./);
    }
  });
});

withRedis('redisUrl', () => {
  test('what one test writes another does not see', async () => {
    const [one, two] = await Promise.all([redisUrl(), redisUrl()]);
    const first = new Redis(one);
    const second = new Redis(two);
    await first.set('k', 'v');
    expect(await second.get('k')).toBeNull();
    expect(await first.get('k')).toBe('v');
    first.disconnect();
    second.disconnect();
  });
});
