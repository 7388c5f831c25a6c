/** The desk on both databases: what a person's turn sees and may change, whatever the program asks for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditEntry, firstBreak } from '../../model/audit.js';
import type { Database } from '../../ports/database.js';
import type { EngineDesk } from '../../ports/desk.js';
import { freshDatabase, withPostgres } from '../../testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from '../../testing/workspace.js';
import { createDesk } from './desk.js';

const device = 'test';

/** Two townships, an officer in each, one who sees all; one task in each township, a second one sealed. */
const GROUND = `
INSERT INTO tuban.area (id, name) VALUES ('east', '东镇'), ('west', '西镇');
INSERT INTO tuban.person (id, login, name) VALUES ('e', 'e', '东'), ('w', 'w', '西'), ('s', 's', '督'), ('gone', 'gone', '离');
UPDATE tuban.person SET disabled_at = now() WHERE id = 'gone';
INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES
  ('e', 'officer', 'east'), ('w', 'officer', 'west'), ('s', 'supervisor', NULL), ('gone', 'administrator', NULL);
INSERT INTO tuban.site (id, first_quarter, geom)
  SELECT id, '2026Q3', ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490) FROM (VALUES ('p1'), ('p2'), ('p3')) v (id);
INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
  SELECT 'T' || id, '2026Q3', id, id, n, 50, 'new', '{}' FROM (VALUES ('p1', 1), ('p2', 2), ('p3', 3)) v (id, n);
INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas, sealed) VALUES
  ('Tp1', '2026Q3', 'new', 1, 50, '{}', 1, '{east}', false), ('Tp2', '2026Q3', 'new', 2, 50, '{}', 1, '{west}', false),
  ('Tp3', '2026Q3', 'new', 3, 50, '{}', 1, '{east}', true)`;

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let database: Database;
  let desk: EngineDesk;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    database = workspace.database;
    desk = createDesk(database);
    for (const statement of GROUND.split(';\n')) await database.query(statement);
  });
  afterAll(() => workspace.close());

  const ids = (personId: string, table: string, column = 'id') =>
    desk.as({ personId, device }, async ({ sql }) =>
      (await sql.query<{ id: string }>(`SELECT ${column} AS id FROM tuban.${table} ORDER BY 1`)).map(({ id }) => id),
    );

  it('shows a person the tasks of his area, and of a sealed one its file but not its place', async () => {
    expect(await ids('e', 'task_file', 'task_id')).toEqual(['Tp1', 'Tp3']);
    expect(await ids('e', 'task')).toEqual(['Tp1']);
    expect(await ids('e', 'site')).toEqual(['p1']);
    expect(await ids('w', 'task')).toEqual(['Tp2']);
    expect(await ids('s', 'task')).toEqual(['Tp1', 'Tp2', 'Tp3']);
  });

  it('lets an update without a condition reach the own area only, and undoes it: a file changes by a step', async () => {
    let reached: readonly unknown[] = [];
    const work = desk.as({ personId: 'e', device }, async ({ sql }) => {
      reached = await sql.query(`UPDATE tuban.task_file SET team_id = NULL, key = true RETURNING task_id AS id`);
    });
    await expect(work).rejects.toThrow('changes by a step only');
    expect(reached).toHaveLength(2);
    expect(reached).toEqual(expect.arrayContaining([{ id: 'Tp1' }, { id: 'Tp3' }]));
    expect(await database.query(`SELECT task_id FROM tuban.task_file WHERE key`)).toEqual([]);
  });

  it('refuses what was granted to nobody: tables of the engine, owners’ rights, other people’s names', async () => {
    const tries = [
      `DELETE FROM tuban.task_file`,
      `UPDATE tuban.task SET state = 'withdrawn'`,
      `SELECT * FROM tuban.stage_result`,
      `INSERT INTO tuban.grant_of (person_id, role) VALUES ('e', 'administrator')`,
      `UPDATE tuban.audit SET body = ''`,
      `INSERT INTO tuban.task_step (task_id, revision, action, from_state, to_state, person_id, device, at, body)
       VALUES ('Tp1', 9, 'claim', 'new', 'claimed', 'w', 'x', now(), '{}')`,
      `INSERT INTO tuban.audit VALUES (1, '', 'w', '', '', '', '', '', '')`,
    ];
    for (const text of tries) {
      const work = desk.as({ personId: 'e', device }, ({ sql }) => sql.query(text));
      await expect(work, text).rejects.toThrow(/permission denied|row-level security|does not follow the last one/);
    }
  });

  it('knows nobody who was disabled or never made, and forgets who asked when the turn ends', async () => {
    for (const personId of ['gone', 'nobody', '']) {
      await expect(desk.as({ personId, device }, async () => 1)).rejects.toMatchObject({ code: 'desk.nobody' });
    }
    const [row] = await database.query(
      `SELECT current_user = session_user AS own, current_setting('tuban.person', true) AS person`,
    );
    expect(row).toEqual({ own: true, person: expect.toSatisfy((person) => person === '' || person === null) });
  });

  it('chains what is recorded, in the same transaction, whoever comes at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        desk.as({ personId: i % 2 ? 'e' : 'w', device }, async (turn) => {
          turn.record({ action: 'task.look', subject: `task:${i}`, body: { i } });
          turn.record({ action: 'task.look', subject: `task:${i}`, body: { again: true } });
        }),
      ),
    );
    const failed = desk.as({ personId: 'e', device }, async (turn) => {
      turn.record({ action: 'task.look', subject: 'task:lost' });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    const entries = await database.query<AuditEntry>('SELECT * FROM tuban.audit ORDER BY seq');
    expect(entries).toHaveLength(40);
    expect(firstBreak(entries)).toBeNull();
    expect(entries.some(({ subject }) => subject === 'task:lost')).toBe(false);
    expect(await ids('e', 'audit', 'hash')).toEqual([]);
    expect(await ids('s', 'audit', 'hash')).toHaveLength(40);
    const forged = entries.map((entry) => (entry.seq === 7 ? { ...entry, body: '{"i":99}' } : entry));
    expect(firstBreak(forged)).toEqual({ seq: 7, why: 'hash' });
    expect(firstBreak(entries.filter(({ seq }) => seq !== 7))).toEqual({ seq: 7, why: 'missing' });
    await expect(database.query(`UPDATE tuban.audit SET body = '' WHERE seq = 7`)).rejects.toThrow('append-only');
  });
}

describe('desk on the embedded database', () => holds(async () => null));
withPostgres('desk on a server', () => holds(freshDatabase));
