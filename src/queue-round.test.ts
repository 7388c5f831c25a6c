/** Rounds on both databases: who plans for whom, what a sealed round withholds until it departs, and that the database holds it, too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import type { Database } from './ports/database.js';
import type { EngineDesk } from './ports/desk.js';
import type { Rounds } from './ports/rounds.js';
import { openTaskQueue } from './queue-open.js';
import { createRounds } from './queue-round.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const device = 'test';
const START = [118.15, 36.18] as const;
/** Six tasks east of the start, 1 km apart; officers of two townships, one team, a planner. */
const GROUND = `
INSERT INTO tuban.area (id, name) VALUES ('east', '东镇'), ('west', '西镇');
INSERT INTO tuban.person (id, login, name) VALUES ('e', 'e', '东'), ('w', 'w', '西'), ('s', 's', '督'), ('v', 'v', '审');
INSERT INTO tuban.grant_of (person_id, role, level, area_id) VALUES
  ('e', 'officer', NULL, 'east'), ('w', 'officer', NULL, 'west'), ('s', 'supervisor', NULL, NULL), ('v', 'reviewer', 'county', 'east');
INSERT INTO tuban.team (id, name) VALUES ('t', '一队');
INSERT INTO tuban.team_member (team_id, person_id) VALUES ('t', 'e');
INSERT INTO tuban.site (id, first_quarter, geom)
  SELECT 'p' || n, '2026Q3', ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490) FROM generate_series(1, 6) n;
INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
  SELECT 'Tp' || n, '2026Q3', 'p' || n, 'p' || n, n, 50 + n, 'new',
    jsonb_build_object('judged', jsonb_build_object('patch', jsonb_build_object('lon', 118.15 + n * 0.011, 'lat', 36.18,
      'areaM2', 1, 'changeType', 'other', 'dateAfter', NULL, 'geometry', '[]'::jsonb, 'reasons', '[]'::jsonb), 'judgement', '{"violations": [], "reasons": []}'::jsonb))
  FROM generate_series(1, 6) n;
INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, team_id, areas)
  SELECT 'Tp' || n, '2026Q3', CASE n WHEN 6 THEN 'closed' ELSE 'new' END, n, 50 + n, '{}', 1,
    CASE n WHEN 5 THEN 't' END,
    CASE n WHEN 5 THEN ARRAY['west'] ELSE ARRAY['east'] END FROM generate_series(1, 6) n`;

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let database: Database;
  let desk: EngineDesk;
  let rounds: Rounds;
  const as = (personId: string) => ({ personId, device });
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    database = workspace.database;
    desk = createDesk(database);
    rounds = createRounds(desk, openTaskQueue(workspace, desk), workspace.queueSettings);
    for (const statement of GROUND.split(';\n')) await database.query(statement);
  });
  afterAll(() => workspace.close());

  const sealedFiles = () =>
    database.query<{ id: string }>(`SELECT task_id AS id FROM tuban.task_file WHERE sealed ORDER BY 1`);

  it('takes an officer past what waits in his area, and keeps nothing from others', async () => {
    const { round, plan, tasks } = await rounds.plan(as('e'), { start: START, hours: 6 });
    expect(tasks.map(({ taskId }) => taskId).sort()).toEqual(['Tp1', 'Tp2', 'Tp3', 'Tp4']);
    expect(round).toMatchObject({ quarter: '2026Q3', state: 'planned', sealed: false, stops: 4, madeBy: 'e' });
    expect(plan?.totalMinutes).toBeLessThan(6 * 60);
    expect(await rounds.list(as('w'), {})).toEqual([]);
    await expect(rounds.show(as('w'), round.id)).rejects.toMatchObject({ code: 'round.none' });
    await rounds.cancel(as('e'), round.id);
    expect(await rounds.list(as('e'), { state: 'cancelled' })).toHaveLength(1);
  });

  it('refuses rounds for others, sealed ones and those of reviewers, and what makes no round', async () => {
    const wish = { start: START, hours: 6 };
    await expect(rounds.plan(as('e'), { ...wish, sealed: true })).rejects.toMatchObject({ code: 'round.role' });
    await expect(rounds.plan(as('e'), { ...wish, teamId: 't' })).rejects.toMatchObject({ code: 'round.role' });
    await expect(rounds.plan(as('v'), wish)).rejects.toMatchObject({ code: 'round.role' });
    await expect(rounds.plan(as('e'), { ...wish, hours: 25 })).rejects.toMatchObject({ code: 'round.hours' });
    await expect(rounds.plan(as('e'), { ...wish, hours: Number.NaN })).rejects.toMatchObject({ code: 'round.hours' });
    await expect(rounds.plan(as('e'), { ...wish, start: [36, 118] })).rejects.toMatchObject({ code: 'round.start' });
    await expect(rounds.plan(as('e'), { start: [80, 40], hours: 1 })).rejects.toMatchObject({ code: 'round.nothing' });
  });

  it('shows the way to those only who may see all its places', async () => {
    const { round } = await rounds.plan(as('s'), { start: START, hours: 6, personId: 'w' });
    const seen = await rounds.show(as('w'), round.id);
    expect(seen.round.stops).toBe(5);
    expect(seen.plan).toBeNull();
    expect((await rounds.show(as('s'), round.id)).plan?.stops).toHaveLength(5);
    await rounds.cancel(as('s'), round.id);
  });

  it('withholds the places of a sealed round until it departs', async () => {
    const { round } = await rounds.plan(as('s'), { start: START, hours: 6, teamId: 't', sealed: true, most: 3 });
    expect(round.stops).toBe(3);
    expect(await sealedFiles()).toHaveLength(3);
    const seen = await rounds.show(as('e'), round.id);
    expect(seen.round.stops).toBe(3);
    expect(seen.plan).toBeNull();
    expect((await rounds.show(as('s'), round.id)).plan?.stops).toHaveLength(3);
    const places = () =>
      desk.as(as('e'), async ({ sql }) => (await sql.query('SELECT id FROM tuban.task ORDER BY id')).length);
    const before = await places();
    // What a request without the code's checks would try.
    const tries = [
      `UPDATE tuban.task_file SET sealed = false`,
      `UPDATE tuban.round SET state = 'cancelled' RETURNING id`,
      `UPDATE tuban.round SET sealed = false`,
      `UPDATE tuban.round SET state = 'departed', departed_by = 's', departed_at = now() RETURNING id`,
      `INSERT INTO tuban.round (id, quarter, sealed, made_by, made_at, team_id, stops, hours) VALUES ('x', '2026Q3', true, 'e', now(), 't', 0, 1)`,
      `DELETE FROM tuban.round_stop`,
    ];
    for (const text of tries) {
      await expect(
        desk.as(as('e'), ({ sql }) => sql.query(text)),
        text,
      ).rejects.toThrow(/row-level security|permission/);
    }
    expect(
      await desk.as(as('e'), ({ sql }) => sql.query('SELECT * FROM tuban.round_plan WHERE round_id = $1', [round.id])),
    ).toEqual([]);
    expect(
      await desk.as(as('w'), ({ sql }) => sql.query('SELECT * FROM tuban.round WHERE id = $1', [round.id])),
    ).toEqual([]);
    await expect(rounds.cancel(as('e'), round.id)).rejects.toMatchObject({ code: 'round.role' });

    // Another round finds only what this one leaves.
    const other = await rounds.plan(as('s'), { start: START, hours: 6 });
    expect(other.round.stops).toBe(2);
    await rounds.cancel(as('s'), other.round.id);

    const departed = await rounds.depart(as('e'), round.id);
    expect(departed.round).toMatchObject({ state: 'departed', departedBy: 'e' });
    expect(departed.plan?.stops).toHaveLength(3);
    expect(await places()).toBe(before + 3);
    expect(await sealedFiles()).toEqual([]);
    expect(await rounds.depart(as('e'), round.id)).toEqual(departed);
    await expect(rounds.cancel(as('s'), round.id)).rejects.toMatchObject({ code: 'round.departed' });
    const record = await database.query<{ action: string; body: string }>(
      `SELECT action, body FROM tuban.audit WHERE subject = 'round:${round.id}' ORDER BY seq`,
    );
    expect(record.map(({ action }) => action)).toEqual(['round.plan', 'round.read', 'round.depart']);
    expect(record.map(({ body }) => body).join()).not.toMatch(/118\.1|36\.18/);
  });

  const stepsOf = (taskId: string) =>
    database.query<{ action: string; person: string | null; revision: number }>(
      `SELECT action, person_id AS person, revision FROM tuban.task_step WHERE task_id = $1 ORDER BY revision`,
      [taskId],
    );

  it('keeps a sealed place withheld when a claim ends before the round departs', async () => {
    const { round } = await rounds.plan(as('s'), { start: START, hours: 6, teamId: 't', sealed: true });
    const [first = ''] = (await sealedFiles()).map(({ id }) => id);
    const queue = openTaskQueue(workspace, desk);
    const claim = async () => (await queue.claimBatch(as('e'), { ids: [first], count: 1 })).files[0];
    const claimed = await claim();
    expect(claimed).toMatchObject({ state: 'claimed', roundId: round.id, sealed: true });
    const released = await queue.act(as('e'), first, { action: 'release', revision: claimed?.revision ?? 0 });
    expect(released).toMatchObject({ opened: null, file: { holder: null, roundId: round.id, sealed: true } });
    await claim();
    await database.query(`UPDATE tuban.task_file SET lease_until = now() - interval '1 hour' WHERE task_id = $1`, [
      first,
    ]);
    expect(await queue.lapse()).toBe(1);
    expect(await queue.file(as('e'), first)).toMatchObject({ opened: null, file: { holder: null, sealed: true } });
    expect(await desk.as(as('e'), ({ sql }) => sql.query('SELECT id FROM tuban.task WHERE id = $1', [first]))).toEqual(
      [],
    );
    await rounds.cancel(as('s'), round.id);
    expect(await sealedFiles()).toEqual([]);
    expect((await stepsOf(first)).map(({ action }) => action).slice(-6)).toEqual([
      'enter-round',
      'claim',
      'release',
      'claim',
      'lapse',
      'leave-round',
    ]);
  });

  it('shows all places at departure, also those that the one who departs does not see, and says so in each file', async () => {
    await database.query(`UPDATE tuban.task_file SET team_id = NULL WHERE task_id = 'Tp5'`);
    const { round, tasks } = await rounds.plan(as('s'), { start: START, hours: 6, teamId: 't', sealed: true });
    expect(tasks.map(({ taskId }) => taskId)).toContain('Tp5');
    await rounds.depart(as('e'), round.id);
    expect(await sealedFiles()).toEqual([]);
    const last = (await stepsOf('Tp5')).at(-1);
    expect(last).toMatchObject({ action: 'unseal', person: 'e' });
    const entries = await database.query<{ action: string }>(
      `SELECT action FROM tuban.audit WHERE subject = 'task:Tp5' ORDER BY seq DESC LIMIT 1`,
    );
    expect(entries).toEqual([{ action: 'task.unseal' }]);
    await database.query(`UPDATE tuban.task_file SET team_id = 't' WHERE task_id = 'Tp5'`);
  });

  it('makes two rounds of one wish at once, and refuses a team or a person that is not there', async () => {
    const wish = { start: START, hours: 6, personId: 'e', most: 1 };
    const both = await Promise.allSettled([rounds.plan(as('e'), wish), rounds.plan(as('e'), wish)]);
    const ids = both.map((one) => (one.status === 'fulfilled' ? one.value.round.id : one.reason));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) await rounds.cancel(as('e'), String(id));
    for (const wrong of [{ teamId: '一中队' }, { personId: 'nobody' }]) {
      await expect(rounds.plan(as('s'), { start: START, hours: 6, ...wrong })).rejects.toMatchObject({
        code: 'round.for',
      });
    }
  });

  it('claims a round for whoever plans it, and takes it into the field when it departs', async () => {
    const { round, refused } = await rounds.plan(as('e'), { start: START, hours: 6, most: 2, claim: true });
    expect(refused).toEqual([]);
    const files = () =>
      database.query(
        `SELECT DISTINCT state, holder, round_id AS "roundId" FROM tuban.task_file WHERE holder IS NOT NULL`,
      );
    expect(await files()).toEqual([{ state: 'claimed', holder: 'e', roundId: round.id }]);
    expect((await rounds.depart(as('e'), round.id)).refused).toEqual([]);
    expect(await files()).toEqual([{ state: 'field', holder: 'e', roundId: round.id }]);
  });
}

describe('rounds on the embedded database', () => holds(async () => null));
withPostgres('rounds on a server', () => holds(freshDatabase));
