/** Keys of unsafe requests on both databases: done once, whoever comes at once, whatever fails in between. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Once } from '../../model/once.js';
import type { Actor } from '../../model/person.js';
import type { Database } from '../../ports/database.js';
import type { EngineDesk } from '../../ports/desk.js';
import type { OnceKeys } from '../../ports/once-keys.js';
import { freshDatabase, withPostgres } from '../../testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from '../../testing/workspace.js';
import { createDesk } from './desk.js';
import { createOnceKeys, deskWithKeys, forgetOldKeys } from './once-keys.js';

const person = (personId: string): Actor => ({ personId, device: 'test' });
const ANSWER = { status: 201, contentType: 'application/json', etag: '"2.x"', body: '{"a":1}' };

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let database: Database;
  let desk: EngineDesk;
  let keys: OnceKeys;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    database = workspace.database;
    const plain = createDesk(database);
    desk = deskWithKeys(plain);
    keys = createOnceKeys(plain);
    await database.query(`INSERT INTO tuban.person (id, login, name) VALUES ('a', 'a', '甲'), ('b', 'b', '乙')`);
    await database.query(
      `INSERT INTO tuban.grant_of (person_id, role) VALUES ('a', 'administrator'), ('b', 'administrator')`,
    );
  });
  afterAll(() => workspace.close());

  let requests = 0;
  const once = (key: string, hash = 'h'): Once => {
    requests += 1;
    return { key, hash, requestId: `r${requests}` };
  };
  const addTeam = (actor: Actor, name: string) =>
    desk.as(actor, async ({ sql }) => {
      await sql.query('INSERT INTO tuban.team (id, name) VALUES (gen_random_uuid()::text, $1)', [name]);
    });
  const teams = async (like: string) =>
    (await database.query(`SELECT 1 AS one FROM tuban.team WHERE name LIKE $1`, [like])).length;

  it('takes a key with the change and gives the answer that was kept', async () => {
    const first = once('key-0001');
    expect(await keys.answer(person('a'), first)).toBeNull();
    await addTeam({ ...person('a'), once: first }, 'one');
    await expect(keys.answer(person('a'), once('key-0001'))).rejects.toMatchObject({ code: 'api.key-busy' });
    await keys.keep(person('a'), first, ANSWER);
    expect(await keys.answer(person('a'), once('key-0001'))).toEqual(ANSWER);
    await expect(keys.answer(person('a'), once('key-0001', 'other'))).rejects.toMatchObject({ code: 'api.key-reused' });
    await expect(addTeam({ ...person('a'), once: once('key-0001') }, 'one again')).rejects.toMatchObject({
      code: 'api.key-busy',
    });
    expect(await teams('one%')).toBe(1);
  });

  it('belongs to the person: another one’s key of the same name is another key', async () => {
    const own = once('key-0002');
    await addTeam({ ...person('a'), once: own }, 'two a');
    await keys.keep(person('a'), own, ANSWER);
    expect(await keys.answer(person('b'), once('key-0002'))).toBeNull();
    await addTeam({ ...person('b'), once: once('key-0002') }, 'two b');
    expect(await teams('two%')).toBe(2);
  });

  it('does it once when 20 come at once', async () => {
    const tries = Array.from({ length: 20 }, (_, i) =>
      addTeam({ ...person('a'), once: once('key-0003') }, `three ${i}`),
    );
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'api.key-busy' });
    }
    expect(await teams('three%')).toBe(1);
  });

  it('is free again where the change failed, with it or after it', async () => {
    const failing = once('key-0004');
    const failed = desk.as({ ...person('a'), once: failing }, async () => {
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await addTeam({ ...person('a'), once: failing }, 'four');
    await keys.free(person('a'), failing);
    expect(await keys.answer(person('a'), once('key-0004'))).toBeNull();
  });

  it('meets its own key in a second transaction of the same request', async () => {
    const actor = { ...person('a'), once: once('key-0005') };
    await addTeam(actor, 'five 1');
    await addTeam(actor, 'five 2');
    expect(await teams('five%')).toBe(2);
  });

  it('is forgotten after 48 hours, answer and all', async () => {
    await database.query(`UPDATE tuban.once_key SET taken_at = now() - interval '49 hours' WHERE key = 'key-0001'`);
    expect(await keys.answer(person('a'), once('key-0001'))).toBeNull();
    await forgetOldKeys(desk);
    expect(await database.query(`SELECT key FROM tuban.once_key WHERE key = 'key-0001'`)).toEqual([]);
  });

  it('shows no one the keys of others, whatever the program asks for', async () => {
    const seen = await desk.as(person('b'), ({ sql }) =>
      sql.query<{ person_id: string }>('SELECT DISTINCT person_id FROM tuban.once_key'),
    );
    expect(seen).toEqual([{ person_id: 'b' }]);
    const forged = desk.as(person('b'), ({ sql }) =>
      sql.query(`INSERT INTO tuban.once_key (person_id, key, request_hash, request_id) VALUES ('a', 'k', 'h', 'r')`),
    );
    await expect(forged).rejects.toThrow('row-level security');
  });
}

describe('keys on the embedded database', () => holds(async () => null));
withPostgres('keys on a server', () => holds(freshDatabase));
