/**
 * What the database holds whatever the program forgets, on both databases, by raw SQL in a person's turn: no file changes but by a step of somebody
 * whose role takes it, none of one's own work, the record stays one chain, and what a session makes for itself stands in for nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_START, type AuditEntry, auditHash } from '../../model/audit.js';
import { TRANSITIONS } from '../../model/task-flow.js';
import type { Sql } from '../../ports/database.js';
import type { EngineDesk } from '../../ports/desk.js';
import { countyTasks, layPeople, layTasks } from '../../testing/queue-ground.js';
import { freshDatabase, withPostgres } from '../../testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from '../../testing/workspace.js';
import { createDesk } from './desk.js';

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    desk = createDesk(workspace.database);
    await layPeople(workspace.database);
    await layTasks(workspace.database, countyTasks(6));
  });
  afterAll(() => workspace.close());
  const as = <T>(personId: string, work: (sql: Sql) => Promise<T>) =>
    desk.as({ personId, device: 'test' }, ({ sql }) => work(sql));
  const row = async (taskId: string) =>
    (await workspace.database.query(`SELECT * FROM tuban.task_file WHERE task_id = $1`, [taskId]))[0];
  const step = (action: string, to: string, person: string | null, revision = 2) =>
    `INSERT INTO tuban.task_step (task_id, revision, action, from_state, to_state, person_id, device, at, body)
     VALUES ('Tp1', ${revision}, '${action}', 'new', '${to}', ${person === null ? 'NULL' : `'${person}'`}, 'x', now(), '{}')`;

  it('changes no file without a step of it', async () => {
    const before = await row('Tp1');
    for (const set of [
      `state = 'closed'`,
      `state = 'closed', revision = 2`,
      `assignee = 'o1'`,
      `deadline = '2030-01-01'`,
      `authors = '{}'`,
      `round_id = 'R1'`,
      `sealed = true`,
      `key = true`,
      `changed_at = now()`,
      `round_id = 'R1', sealed = true, revision = 2`,
      `state = 'claimed', holder = 'o1', lease_until = now() + interval '1 day', revision = 2`,
    ]) {
      for (const person of ['o1', 'r1', 'su', 'ad']) {
        const tried = as(person, (sql) => sql.query(`UPDATE tuban.task_file SET ${set} WHERE task_id = 'Tp1'`));
        await expect(tried, `${person} ${set}`).rejects.toThrow('by a step only');
      }
    }
    expect(await row('Tp1')).toEqual(before);
  });

  it('takes no step of another’s role, area or name, nor one that says otherwise than the file', async () => {
    const move = (state: string) => `UPDATE tuban.task_file SET state = '${state}', revision = 2 WHERE task_id = 'Tp1'`;
    const both = (person: string, state: string, text: string) =>
      as(person, async (sql) => {
        await sql.query(move(state));
        await sql.query(text);
      });
    const refused: [person: string, state: string, step: string][] = [
      ['o1', 'closed', step('close', 'closed', 'o1')],
      ['o1', 'closed', step('take-off', 'closed', 'o1')],
      ['o1', 'closed', step('close', 'closed', 'r2')],
      ['o1', 'closed', step('lapse', 'closed', null)],
      ['o1', 'verdict', step('approve', 'verdict', 'o1')],
      ['an', 'verdict', step('approve', 'verdict', 'an')],
      ['ad', 'verdict', step('approve', 'verdict', 'ad')],
      ['o1', 'closed', step('made-up', 'closed', 'o1')],
      // The role is there, but the step is of another state than the file.
      ['r2', 'closed', step('close', 'case', 'r2')],
      ['r2', 'closed', step('close', 'closed', 'r2', 9)],
    ];
    for (const [person, state, text] of refused) {
      await expect(both(person, state, text), `${person} ${text}`).rejects.toThrow(/row-level security/);
    }
    await workspace.database.query(`UPDATE tuban.task_file SET authors = '{r2}' WHERE task_id = 'Tp1'`);
    await expect(both('r2', 'verdict', step('approve', 'verdict', 'r2'))).rejects.toThrow(/row-level security/);
    await workspace.database.query(`UPDATE tuban.task_file SET authors = '{}' WHERE task_id = 'Tp1'`);
    expect(await row('Tp1')).toMatchObject({ state: 'new', revision: 1 });
    await both('r2', 'verdict', step('approve', 'verdict', 'r2'));
    expect(await row('Tp1')).toMatchObject({ state: 'verdict', revision: 2 });
  });

  it('lets a request write no column of a file that could change without a step', async () => {
    const columns = (from: string) =>
      workspace.database.query<{ name: string }>(`SELECT attname AS name FROM pg_attribute WHERE ${from} ORDER BY 1`);
    const table = `attrelid = 'tuban.task_file'::regclass AND attnum > 0 AND NOT attisdropped`;
    const written = await columns(`${table} AND has_column_privilege('tuban_app', attrelid, attnum, 'UPDATE')`);
    const held = await columns(
      `${table} AND attnum = ANY ((SELECT tgattr FROM pg_trigger WHERE tgname = 'task_file_by_step')::int2[])`,
    );
    expect(written.length).toBeGreaterThan(20);
    expect(held).toEqual(written);
  });

  it('takes a sealed file out of its round by a step only', async () => {
    const sealing = (is: boolean) =>
      workspace.database.query(
        `UPDATE tuban.task_file SET sealed = ${is}, round_id = CASE WHEN ${is} THEN 'R9' END WHERE task_id = 'Tp3'`,
      );
    await sealing(true);
    for (const person of ['an', 'su', 'ad']) {
      for (const set of [
        'sealed = false',
        'round_id = NULL',
        'sealed = false, round_id = NULL, revision = revision + 1',
      ]) {
        const tried = as(person, (sql) => sql.query(`UPDATE tuban.task_file SET ${set} WHERE task_id = 'Tp3'`));
        await expect(tried, `${person} ${set}`).rejects.toThrow('by a step only');
      }
    }
    expect(await row('Tp3')).toMatchObject({ sealed: true, round_id: 'R9' });
    await sealing(false);
  });

  it('adds no part of a split that somebody has already', async () => {
    const part = (columns: string, values: string) =>
      as('an', async (sql) => {
        await sql.query(
          `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body, split_from)
           SELECT 'Tp5-1', quarter, patch_id, site_id, rank, score, 'new', body, id FROM tuban.task WHERE id = 'Tp5'`,
        );
        await sql.query(
          `INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas, split_from${columns})
           SELECT 'Tp5-1', quarter, 'new', rank, score, violations, area_m2, areas, task_id${values} FROM tuban.task_file WHERE task_id = 'Tp5'`,
        );
        throw new Error('undone');
      });
    for (const [column, value] of [
      ['assignee', `'o1'`],
      ['sealed', 'true'],
      ['round_id', `'R1'`],
      ['authors', `ARRAY['r1']`],
      ['deadline', `'2030-01-01'::date`],
      ['lease_no', '3'],
    ]) {
      await expect(part(`, ${column}`, `, ${value}`), column).rejects.toThrow(/row-level security/);
    }
    await expect(part('', '')).rejects.toThrow('undone');
  });

  it('has the roles of the table of transitions', async () => {
    const rows = await workspace.database.query<{ action: string; role: string }>('SELECT * FROM tuban.step_right');
    const held = (action: string) =>
      rows
        .filter((one) => one.action === action)
        .map(({ role }) => role)
        .sort();
    for (const { action, by } of TRANSITIONS) {
      const roles = [...new Set(by.flatMap(({ role }) => (role === null ? [] : [role])))].sort();
      expect(held(action), action).toEqual(roles);
    }
  });

  it('keeps the record one chain, whoever writes', async () => {
    await desk.as({ personId: 'o1', device: 'test' }, async (turn) =>
      turn.record({ action: 'a.b', subject: 'c:"\u0001\\\u007f\u2028图', body: { x: '\t"' } }),
    );
    const [head] = await workspace.database.query<{ seq: number; hash: string }>('SELECT * FROM tuban.audit_head()');
    const entry = (changes: Partial<AuditEntry>): AuditEntry => {
      const plain = {
        seq: (head?.seq ?? 0) + 1,
        at: '2026-10-12T04:00:00.000Z',
        ...{ person: 'o1', device: 'x', action: 'task.claim', subject: 'task:Tp1', body: '{}' },
        previous: head?.hash ?? AUDIT_START,
        ...changes,
      };
      return { ...plain, hash: auditHash(plain), ...changes };
    };
    const insert = (sql: Sql, one: AuditEntry) =>
      sql.query(
        `INSERT INTO tuban.audit (seq, at, person, device, action, subject, body, previous, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [one.seq, one.at, one.person, one.device, one.action, one.subject, one.body, one.previous, one.hash],
      );
    for (const changes of [
      { seq: 9_000_000 },
      { seq: 1 },
      { previous: AUDIT_START },
      { hash: 'f'.repeat(64) },
      { hash: entry({ body: '{"a":1}' }).hash, body: '{}' },
    ]) {
      await expect(
        as('o1', (sql) => insert(sql, entry(changes))),
        JSON.stringify(changes),
      ).rejects.toThrow(/does not follow/);
      await expect(insert(workspace.database, entry(changes))).rejects.toThrow(/does not follow|duplicate/);
    }
    // Of another person: refused by whose turn it is.
    await expect(as('o1', (sql) => insert(sql, entry({ person: 'su' })))).rejects.toThrow(/row-level security/);
    await as('o1', (sql) => insert(sql, entry({})));
  });

  it('asks nothing of what a session made for itself', async () => {
    await as('o3', async (sql) => {
      const fakes = ['grant_of', 'person', 'task_file', 'area'].map(
        (name) => `CREATE TEMP TABLE ${name} (LIKE tuban.${name})`,
      );
      for (const text of fakes)
        await sql.query(text).catch((error: Error) => expect(error.message).toMatch(/permission/));
      await sql.query(`CREATE DOMAIN pg_temp.geometry AS text`);
      await sql.query(`SET LOCAL search_path = pg_temp, public, pg_catalog`);
      expect(
        await sql.query(
          `SELECT tuban.plans_in('{west}') AS a, tuban.sees_all() AS b, tuban.may_step('Tp2', 'assign') AS c`,
        ),
      ).toEqual([{ a: false, b: false, c: false }]);
      expect(await sql.query(`SELECT id FROM tuban.task ORDER BY 1`)).toEqual([
        { id: 'Tp2' },
        { id: 'Tp4' },
        { id: 'Tp6' },
      ]);
      throw new Error('undone');
    }).catch((error: Error) => expect(error.message).toMatch(/undone/));
  });
}

describe('held in the embedded database', () => holds(async () => null));
withPostgres('held in the database of a server', () => holds(freshDatabase));
