/** The owner of the tables as an ordinary login; and one that may not make roles, with what its administrator has to run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensurePreparedDatabase } from '../../app.js';
import { packageRoot, readConfig } from '../../config.js';
import { openQueues } from '../../jobs/queues.js';
import type { Fault } from '../../model/fault.js';
import { ordinaryLogin } from '../../testing/ordinary-login.js';
import { withPostgres } from '../../testing/servers.js';
import { openTestWorkspace } from '../../testing/workspace.js';
import { createDesk } from './desk.js';
import { openEmbedded } from './embedded.js';
import { copyPrepared } from './prepared.js';
import { ensureRoles, roleStatements } from './roles.js';

it('says what is missing: the roles, and the right to take them', () => {
  expect(roleStatements({ login: 'tu"ban', missing: ['tuban_app', 'tuban_queue'], closed: [] })).toEqual([
    'CREATE ROLE tuban_app NOLOGIN NOINHERIT;',
    'CREATE ROLE tuban_queue NOLOGIN NOINHERIT;',
    'GRANT tuban_app, tuban_queue TO "tu""ban";',
  ]);
  expect(roleStatements({ login: 'x', missing: [], closed: ['tuban_app'] })).toEqual(['GRANT tuban_app TO "x";']);
  expect(roleStatements({ login: 'x', missing: [], closed: [] })).toEqual([]);
});

it('on a new database: a login without rights is told, one that may make roles makes and takes them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tuban-roles-'));
  copyPrepared(await ensurePreparedDatabase(readConfig({})), join(folder, 'database'));
  const database = await openEmbedded({
    entry: join(packageRoot(), 'dist/workers/database.js'),
    dataDir: join(folder, 'database'),
  });
  try {
    await database.query('CREATE ROLE plain LOGIN');
    await database.query('CREATE ROLE maker LOGIN CREATEROLE');
    await database.query('SET SESSION AUTHORIZATION plain');
    const fault = await ensureRoles(database).then(
      () => null,
      (error: Fault) => error,
    );
    expect(fault).toMatchObject({ code: 'database.roles', details: { statements: { length: 3 } } });
    expect(fault?.message).toContain('  CREATE ROLE tuban_app NOLOGIN NOINHERIT;');
    await database.query('SET SESSION AUTHORIZATION maker');
    await ensureRoles(database);
    // On PostgreSQL 16 and later who makes a role may not take it for that alone.
    for (const role of ['tuban_app', 'tuban_queue']) {
      await database.transaction((sql) => sql.query(`SELECT set_config('role', '${role}', true)`));
    }
    await ensureRoles(database);
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
});

withPostgres('an ordinary login on a server', () => {
  it('owns the tables, runs the engine and the queue, and its requests see only what is theirs', async () => {
    const { own, admin } = await ordinaryLogin('CREATEROLE');
    const workspace = await openTestWorkspace({ databaseUrl: own });
    const { database } = workspace;
    const [who] = await database.query(
      `SELECT rolsuper AS super, rolbypassrls AS passes, (SELECT tableowner = current_user FROM pg_tables WHERE schemaname = 'tuban'
         AND tablename = 'task') AS owner FROM pg_roles WHERE rolname = current_user`,
    );
    expect(who).toEqual({ super: false, passes: false, owner: true });
    for (const text of [
      `INSERT INTO tuban.area (id, name) VALUES ('east', '东'), ('west', '西')`,
      `INSERT INTO tuban.person (id, login, name) VALUES ('e', 'e', '东')`,
      `INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('e', 'officer', 'east')`,
      `INSERT INTO tuban.site (id, first_quarter, geom) VALUES ('s', '2026Q3', ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490))`,
      `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
         SELECT id, '2026Q3', id, 's', 1, 50, 'new', '{}' FROM (VALUES ('Te'), ('Tw')) v (id)`,
      `INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas)
         VALUES ('Te', '2026Q3', 'new', 1, 50, '{}', 1, '{east}'), ('Tw', '2026Q3', 'new', 2, 50, '{}', 1, '{west}')`,
    ]) {
      await database.query(text);
    }
    expect(await database.query('SELECT id FROM tuban.task ORDER BY 1')).toEqual([{ id: 'Te' }, { id: 'Tw' }]);
    const desk = createDesk(database);
    const seen = await desk.as({ personId: 'e', device: 'test' }, async (turn) => {
      turn.record({ action: 'task.look', subject: 'task:Te' });
      return turn.sql.query('SELECT id FROM tuban.task');
    });
    expect(seen).toEqual([{ id: 'Te' }]);
    await desk.engine('test', async (turn) => turn.record({ action: 'task.look', subject: 'task:Tw' }));
    const queues = await openQueues(workspace);
    let tell = (_id: string) => {};
    const worked = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const worker = queues.work(async ({ id }) => tell(id), 1);
    await queues.add([{ id: 'compare-1', name: 'compare', data: {} }]);
    expect(await worked).toBe('compare-1');
    await worker.close();
    await queues.close();
    await workspace.close();
    await admin.end();
  });

  it('may not make roles: the Fault has the statements, and after them it goes on', async () => {
    const { own, admin } = await ordinaryLogin('NOCREATEROLE');
    const fault = await openTestWorkspace({ databaseUrl: own }).then(
      () => null,
      (error: Fault) => error,
    );
    expect(fault).toMatchObject({ code: 'database.roles', blame: 'system' });
    const { statements } = { statements: [], ...fault?.details };
    for (const text of statements as string[]) await admin.query(text);
    const workspace = await openTestWorkspace({ databaseUrl: own });
    expect(await workspace.database.query('SELECT id FROM tuban.task')).toEqual([]);
    await workspace.close();
    await admin.end();
  });
});
