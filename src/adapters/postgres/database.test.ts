/** The embedded database and a server answer alike. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config.js';
import type { Database } from '../../ports/database.js';
import { freshDatabase, withPostgres } from '../../testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from '../../testing/workspace.js';
import { migrate, readMigrations, statements } from './migrate.js';

function answers(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let database: Database;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    database = workspace.database;
  });
  afterAll(() => workspace.close());

  it('gives every kind of value in one form', async () => {
    const [row] = await database.query(
      `SELECT 1::int AS i, 9007199254740991::bigint AS big, count(*) AS n, 0.1::float8 AS f, 'NaN'::float8 AS nan,
              1.50::numeric AS num, true AS yes, NULL AS nothing, '图斑'::text AS word, '{"a":[1,null]}'::jsonb AS j,
              '\\x00ff'::bytea AS b, date '2026-09-30' AS day,
              timestamptz '2026-07-01 10:00:00.25+08' AS at, timestamp '2026-07-01 10:00:00' AS local,
              ARRAY['a,b', 'c"d', NULL] AS words, ARRAY[1, 2]::int[] AS ints, '{}'::text[] AS none
       FROM (VALUES (1), (2)) AS two`,
    );
    expect(row).toEqual({
      i: 1,
      big: 9007199254740991,
      n: 2,
      f: 0.1,
      nan: Number.NaN,
      num: '1.50',
      yes: true,
      nothing: null,
      word: '图斑',
      j: { a: [1, null] },
      b: new Uint8Array([0, 255]),
      day: '2026-09-30',
      at: '2026-07-01T02:00:00.25Z',
      local: '2026-07-01T10:00:00',
      words: ['a,b', 'c"d', null],
      ints: [1, 2],
      none: [],
    });
  });

  it('takes every kind of parameter', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    const [row] = await database.query<{ b: Uint8Array }>(
      `SELECT $1::int AS i, $2::float8 AS f, $3::boolean AS yes, $4::jsonb AS j, $5::bytea AS b, $6::date AS day,
              $7::text AS nothing, $8::bigint AS big, $9::timestamptz AS at, $10 AS untyped`,
      [-7, 1e-300, false, '{"k":"值"}', bytes, '2026-01-31', null, 2 ** 40, '2026-07-01T02:00:00Z', 'x'],
    );
    expect(row).toEqual({
      i: -7,
      f: 1e-300,
      yes: false,
      j: { k: '值' },
      b: bytes,
      day: '2026-01-31',
      nothing: null,
      big: 2 ** 40,
      at: '2026-07-01T02:00:00Z',
      untyped: 'x',
    });
  });

  it('refuses a count beyond what a number holds exactly', async () => {
    await expect(database.query('SELECT 9007199254740993::bigint AS n')).rejects.toThrow('too large');
  });

  it('keeps all of a transaction or nothing', async () => {
    const count = async () =>
      (await database.query<{ n: number }>('SELECT count(*) AS n FROM tuban.stage_result'))[0]?.n;
    const insert = `INSERT INTO tuban.stage_result (stage, key, body) VALUES ('t', $1, '{}'::jsonb)`;
    await database.transaction((sql) => sql.query(insert, ['kept']));
    await expect(
      database.transaction(async (sql) => {
        await sql.query(insert, ['lost']);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await count()).toBe(1);
    // A failed statement that is swallowed must not look like success.
    await expect(
      database.transaction(async (sql) => {
        await sql.query(insert, ['swallowed']);
        await sql.query(insert, ['kept']).catch(() => undefined);
      }),
    ).rejects.toThrow('not committed');
    expect(await count()).toBe(1);
    expect(await database.query('SELECT 1 AS works')).toEqual([{ works: 1 }]);
  });

  it('runs transactions one after the other or apart, never into each other', async () => {
    const add = (key: string) =>
      database.transaction(async (sql) => {
        await sql.query(`INSERT INTO tuban.stage_result (stage, key, body) VALUES ('many', $1, '{}'::jsonb)`, [key]);
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (key.endsWith('3')) throw new Error('planned');
      });
    const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
    const outcomes = await Promise.allSettled(keys.map(add));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    const rows = await database.query<{ key: string }>(`SELECT key FROM tuban.stage_result WHERE stage = 'many'`);
    expect(rows.map(({ key }) => key).sort()).toEqual(keys.filter((key) => !key.endsWith('3')).sort());
  });

  it('refuses a query beside the open transaction instead of waiting for itself for ever', async () => {
    await expect(database.transaction(() => database.query('SELECT 1'))).rejects.toThrow('open transaction');
  });

  it('gives the error of a wrong statement and goes on', async () => {
    await expect(database.query('SELECT nonsense')).rejects.toMatchObject({ code: '42703' });
    expect(await database.query('SELECT 2 AS n')).toEqual([{ n: 2 }]);
  });

  it('refuses a migration file that changed, and a database that is newer', async () => {
    const known = readMigrations(join(packageRoot(), 'src', 'adapters', 'postgres', 'migrations'));
    expect(await migrate(database, known)).toEqual([]);
    const [first, ...rest] = known;
    const changed = [{ ...first, name: first?.name ?? '', text: '', sha256: 'f'.repeat(64) }, ...rest];
    await expect(migrate(database, changed)).rejects.toMatchObject({ code: 'database.changed-migration' });
    await expect(migrate(database, known.slice(0, -1))).rejects.toMatchObject({ code: 'database.newer' });
    // Half a migration is none: the second statement fails, so the first is undone.
    const broken = { name: '9999-broken.sql', sha256: 'b', text: 'CREATE TABLE tuban.half (a int); SELECT 1/0;' };
    await expect(migrate(database, [...known, broken])).rejects.toMatchObject({ code: '22012' });
    expect(await database.query(`SELECT to_regclass('tuban.half') AS t`)).toEqual([{ t: null }]);
  });
}

describe('embedded database', () => {
  answers(async () => null);

  it('does not stop the program while a long query runs, and loses nothing that waits', async () => {
    const workspace = await openTestWorkspace();
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 10);
    await workspace.database.query('SELECT pg_sleep(1)');
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(20);
    const waiting = workspace.database.query('SELECT pg_sleep(2)');
    const closed = workspace.close();
    await expect(waiting).resolves.toEqual([{ pg_sleep: '' }]);
    await closed;
    await expect(workspace.database.query('SELECT 1')).rejects.toMatchObject({ code: 'database.lost' });
  });
});

withPostgres('server database', () => {
  answers(freshDatabase);

  it('is brought to its tables once by many processes at a time', async () => {
    const databaseUrl = await freshDatabase();
    const all = await Promise.all(Array.from({ length: 4 }, () => openTestWorkspace({ databaseUrl })));
    expect(await all[0]?.database.query('SELECT count(*) AS n FROM tuban.identity')).toEqual([{ n: 1 }]);
    await Promise.all(all.map((workspace) => workspace.close()));
  });

  it('says when it is not there', async () => {
    await expect(openTestWorkspace({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toMatchObject({
      code: 'database.lost',
      retryable: true,
    });
  });
});

describe('statements', () => {
  it('cuts at semicolons outside of quotes, bodies and comments', () => {
    expect(statements(`-- a; b\nSELECT ';'; /* ; */ DO $x$ BEGIN; END $x$;\n\n-- end\n`)).toEqual([
      `-- a; b\nSELECT ';'`,
      `/* ; */ DO $x$ BEGIN; END $x$`,
    ]);
  });
});
