/**
 * Whoever still has to look at a place blind gets no other task of it, on both databases: neither assigned, shared out, claimed, nor in a round; he is
 * not told of it; the one who assigns does not learn why; and the database holds it where the program forgets to ask.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { Fault } from './model/fault.js';
import type { EngineDesk } from './ports/desk.js';
import type { Rounds } from './ports/rounds.js';
import type { TaskQueue } from './ports/task-queue.js';
import { createNotices } from './queue-notices.js';
import { openTaskQueue } from './queue-open.js';
import { createRounds } from './queue-round.js';
import { createSupervision } from './queue-supervise.js';
import { countyTasks, LAT, layPeople, layTasks, queueTask } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const as = (personId: string) => ({ personId, device: 'test' });
/** Of the place that is looked at again, and of one that became one with it. */
const [LATER, MERGED] = ['Tp101', 'Tp103'];

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  let queue: TaskQueue;
  let rounds: Rounds;
  const query = (text: string) => workspace.database.query<{ id: string }>(text);
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layPeople(workspace.database);
    await layTasks(workspace.database, [
      ...countyTasks(6),
      queueTask(101, { siteId: 'p1', quarter: '2026Q4' }),
      queueTask(103),
    ]);
    await query(
      `INSERT INTO tuban.site_merge (site_id, into_id, quarter, patch_id) VALUES ('p103', 'p1', '2026Q3', 'p103')`,
    );
    await query(
      `UPDATE tuban.task_file SET state = 'closed', submitter = 'o1', authors = '{o1}' WHERE task_id = 'Tp1'`,
    );
    await query(
      `INSERT INTO tuban.verdict (task_id, part, code, person_id, at, body) VALUES ('Tp1', '1', 'illegal', 'r2', '2026-10-02', '{}')`,
    );
    desk = createDesk(workspace.database);
    queue = openTaskQueue(workspace, desk);
    rounds = createRounds(desk, queue, workspace.queueSettings);
    const wish = { quarter: '2026Q3', count: 1, seed: 'x', looker: 'o2' } as const;
    expect(await createSupervision(desk).draw(as('su'), wish)).toMatchObject({ drawn: 1 });
  });
  afterAll(() => workspace.close());

  const revision = async (id: string) =>
    (
      await workspace.database.query<{ revision: number }>(`SELECT revision FROM tuban.task_file WHERE task_id = $1`, [
        id,
      ])
    )[0]?.revision ?? 0;
  const assign = async (id: string, to: string) =>
    queue.act(as('an'), id, { action: 'assign', revision: await revision(id), details: { assignee: to } });
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (error instanceof Fault ? `${error.code} ${error.message}` : String(error)),
    );
  const told = async (who: string) =>
    (await createNotices(desk).mine(as(who), { unseen: false, limit: 50 })).map(({ taskId }) => taskId).sort();

  it('is not assigned to him, and the refusal is that of somebody without the role', async () => {
    for (const id of [LATER, MERGED]) {
      const said = await refusal(assign(id, 'o2'));
      expect(said).toMatch(/^flow\.person /);
      expect(said).toBe(await refusal(assign(id, 'o3')));
      expect(said).not.toMatch(/复核|second look/);
    }
    expect(await refusal(assign('Tp3', 'o2'))).toBe('done');
    expect(await told('o2')).toEqual(['Tp3']);
  });

  it('is shared out past him, by load and by area', async () => {
    await assign('Tp5', 'o1');
    await query(`UPDATE tuban.task_file SET assignee = 'o1' WHERE task_id = 'Tp3'`);
    const byLoad = await queue.allot(as('an'), { ids: [LATER], count: 1, role: 'officer' });
    expect(byLoad.assigned).toMatchObject([{ taskId: LATER, assignee: 'o1' }]);
    await queue.setResponsible(as('ad'), 'east', [{ teamId: null, personId: 'o2' }]);
    const byArea = await queue.allot(as('an'), { ids: [MERGED], count: 1 });
    expect(byArea).toMatchObject({ assigned: [], left: [{ taskId: MERGED }] });
    await queue.setResponsible(as('ad'), 'east', []);
  });

  it('goes to his team without his being told', async () => {
    await query(`UPDATE tuban.task_file SET assignee = NULL WHERE task_id = '${LATER}'`);
    const details = { teamId: 't1' };
    await queue.act(as('an'), LATER, { action: 'assign', revision: await revision(LATER), details });
    expect(await told('o1')).toContain(LATER);
    expect(await told('o2')).toEqual(['Tp3']);
  });

  it('is not claimed by him: what he sees of it is refused, what he does not see is not there', async () => {
    await query(`UPDATE tuban.task_file SET state = 'new' WHERE task_id = 'Tp1'`);
    const named = await queue.claimBatch(as('o2'), { ids: ['Tp1', LATER, MERGED], count: 3 });
    expect(named.files).toEqual([]);
    expect(named.refused.map(({ taskId, code }) => [taskId, code]).sort()).toEqual([
      ['Tp1', 'flow.look'],
      [LATER, 'task.none'],
      [MERGED, 'task.none'],
    ]);
    const claimed = queue.act(as('o2'), 'Tp1', { action: 'claim', revision: await revision('Tp1') });
    expect(await refusal(claimed)).toMatch(/^flow\.look /);
    const best = await refusal(queue.claimBatch(as('o2'), { count: 5 }));
    const held = await query(`SELECT task_id AS id FROM tuban.task_file WHERE holder = 'o2'`);
    expect([best, held]).toEqual([expect.stringMatching(/^flow\.none/), []]);
  });

  it('is no stop of a round for him or his team', async () => {
    const wish = { start: [106.3, LAT] as const, hours: 8 };
    for (const others of [{ personId: 'o2' }, { teamId: 't1' }]) {
      const planned = await rounds.plan(as('su'), { ...wish, ...others, taskIds: ['Tp1', 'Tp4', LATER, MERGED] });
      expect(planned.tasks.map(({ taskId }) => taskId)).toEqual(['Tp4']);
      await rounds.cancel(as('su'), planned.round.id);
    }
    const { tasks, round } = await rounds.plan(as('su'), { ...wish, personId: 'o1', taskIds: [MERGED] });
    expect(tasks.map(({ taskId }) => taskId)).toEqual([MERGED]);
    await rounds.cancel(as('su'), round.id);
  });

  it('holds where the program forgets to ask', async () => {
    const give = (who: string, column: string, id: string, state: string, action: string) =>
      desk.as(as(who), async ({ sql }) => {
        await sql.query(
          `UPDATE tuban.task_file SET ${column}, state = '${state}', revision = revision + 1 WHERE task_id = '${id}'`,
        );
        await sql.query(
          `INSERT INTO tuban.task_step (task_id, revision, action, from_state, to_state, person_id, device, at, body)
           SELECT task_id, revision, '${action}', 'new', '${state}', '${who}', 'x', now(), '{}' FROM tuban.task_file WHERE task_id = '${id}'`,
        );
        throw new Error('undone');
      });
    const lease = `lease_until = now() + interval '1 day'`;
    for (const id of ['Tp1', LATER, MERGED]) {
      await expect(give('an', `assignee = 'o2'`, id, 'assigned', 'assign'), id).rejects.toThrow(/not for this person/);
      await expect(give('an', `assignee = 'o1'`, id, 'assigned', 'assign'), id).rejects.toThrow('undone');
    }
    await expect(give('o2', `holder = 'o2', ${lease}`, 'Tp1', 'claimed', 'claim')).rejects.toThrow(
      /not for this person/,
    );
    const stop = (person: string, team: string) =>
      desk.as(as('su'), async ({ sql }) => {
        await sql.query(
          `INSERT INTO tuban.round (id, quarter, sealed, made_by, made_at, person_id, team_id, stops, hours)
           VALUES ('R1', '2026Q3', false, 'su', now(), ${person}, ${team}, 1, 1)`,
        );
        await sql.query(`INSERT INTO tuban.round_stop (round_id, position, task_id) VALUES ('R1', 1, '${LATER}')`);
        throw new Error('undone');
      });
    await expect(stop(`'o2'`, 'NULL')).rejects.toThrow(/not for this person/);
    await expect(stop('NULL', `'t1'`)).rejects.toThrow(/not for this person/);
    await expect(stop(`'o1'`, 'NULL')).rejects.toThrow('undone');
    for (const who of ['o2', 'an', 'su', 'ad']) {
      const asked = desk.as(as(who), ({ sql }) => sql.query(`SELECT tuban.owes_look('o2', 'Tp1')`));
      await expect(asked, who).rejects.toThrow(/permission/);
    }
    const seen = await desk.as(as('o1'), ({ sql }) =>
      sql.query(`SELECT * FROM tuban.not_to_be_given(ARRAY['Tp1', '${LATER}', '${MERGED}'])`),
    );
    expect(seen).toEqual([]);
  });

  it('is his again when he has answered', async () => {
    const supervision = createSupervision(desk);
    const [look] = await supervision.list(as('o2'));
    await supervision.answer(as('o2'), look?.id ?? '', { code: 'illegal', note: '同前' });
    expect(await refusal(assign(MERGED, 'o2'))).toBe('done');
    expect(await told('o2')).toContain(MERGED);
  });
}

describe('a place with a second look owed on the embedded database', () => holds(async () => null));
withPostgres('a place with a second look owed on a server', () => holds(freshDatabase));
