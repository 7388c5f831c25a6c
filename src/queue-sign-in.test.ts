/** Sign-in of a login that is not there, one that may not, and one with a wrong password: the same work, step by step, and the same answer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import type { Database, Sql } from './ports/database.js';
import type { SecretHashes } from './ports/secrets.js';
import { createSignIn } from './queue-sign-in.js';
import { peopleOf } from './testing/people.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const PASSWORD = '青石崖东坡第三号矿坑';
let workspace: TestWorkspace;
let steps: string[];
let signIn: ReturnType<typeof createSignIn>;
beforeAll(async () => {
  workspace = await openTestWorkspace();
  const q = peopleOf(workspace.database);
  const everywhere = { level: null, areaId: null } as const;
  for (const [login, role] of [
    ['admin', 'administrator'],
    ['gone', 'officer'],
    ['bare', 'officer'],
    ['job', 'cron'],
  ] as const) {
    const kind = role === 'cron' ? 'cron' : 'person';
    await q.people.add(q.console, { login, name: login, kind, grants: [{ role, ...everywhere }] });
    if (login === 'admin' || login === 'gone') await q.credentials.setPassword(q.console, login, PASSWORD);
  }
  await q.people.disable(q.console, 'gone');
  const noted = (sql: Sql): Sql => ({
    query: (text, values) => {
      steps.push(text);
      return sql.query(text, values);
    },
  });
  const database: Database = {
    ...workspace.database,
    ...noted(workspace.database),
    transaction: (work) => workspace.database.transaction((sql) => work(noted(sql))),
  };
  const hashes: SecretHashes = {
    ...q.parts.hashes,
    passwordFits: async (stored, password) => {
      steps.push('password looked at');
      return q.parts.hashes.passwordFits(stored, password);
    },
  };
  signIn = createSignIn({ ...q.parts, database, hashes, desk: createDesk(database) });
});
afterAll(() => workspace.close());

const refused = async (login: string, password: string) => {
  steps = [];
  const error = await signIn.signIn({ login, password }, { address: '192.0.2.9', device: 'test' }).then(
    () => null,
    (cause: { code: string; message: string }) => [cause.code, cause.message],
  );
  return { error, steps };
};

it('goes the same way for whoever is refused', async () => {
  const wrong = await refused('admin', 'not the password');
  expect(wrong.error?.[0]).toBe('sign-in.refused');
  expect(wrong.steps.filter((step) => step === 'password looked at')).toHaveLength(1);
  for (const [login, password] of [
    ['nobody', PASSWORD],
    ['gone', PASSWORD],
    ['bare', PASSWORD],
    ['job', PASSWORD],
    ["' OR 1=1 --", ''],
  ] as const) {
    expect(await refused(login, password), login).toEqual(wrong);
  }
});

it('tells who is held up how long, and that it ends by itself, whether or not the login is there', async () => {
  const held = [];
  for (const login of ['admin', 'nobody']) {
    for (let i = 0; i < 6; i++) await refused(login, 'wrong');
    held.push(await refused(login, PASSWORD));
  }
  for (const { error, steps: made } of held) {
    expect(error?.[0]).toBe('sign-in.wait');
    expect(error?.[1]).toMatch(/请在 \d+ 秒.*后再试.*不必找人解锁.*\(too many tries; try again in \d+ s/);
    // Nothing is looked at meanwhile: guesses cost the server little.
    expect(made).not.toContain('password looked at');
  }
});
