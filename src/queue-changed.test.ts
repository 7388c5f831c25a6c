/** What changed under an open file is told to whoever has it in hand, once a change, and without saying what or where; on both databases. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import type { Task } from './model/task.js';
import type { TaskQueue } from './ports/task-queue.js';
import { tellChanges } from './queue-changed.js';
import { createNotices } from './queue-notices.js';
import { openTaskQueue } from './queue-open.js';
import { testJudgement } from './testing/judgement.js';
import { countyTasks, layPeople, layTasks, queueTask } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const as = (personId: string) => ({ personId, device: 'test' });

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let queue: TaskQueue;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layPeople(workspace.database);
    await layTasks(workspace.database, countyTasks(6));
    queue = openTaskQueue(workspace, createDesk(workspace.database));
  });
  afterAll(() => workspace.close());

  /** As a later run or judging again leaves it. */
  const rerun = (...changed: readonly Task[]) => layTasks(workspace.database, changed);
  const licensed = (n: number, licenceNo: string): Task => {
    const task = queueTask(n);
    return { ...task, judged: { ...task.judged, judgement: testJudgement({ score: 40, licenceNo }) } };
  };
  const told = async (personId: string) => {
    const desk = createDesk(workspace.database);
    await tellChanges(desk, 'test');
    const list = await createNotices(desk).mine(as(personId), { unseen: false, limit: 50 });
    return list.filter(({ kind }) => kind === 'changed').map(({ taskId }) => taskId);
  };

  it('tells the holder, whom it was given to, and the reviewer whom it waits for', async () => {
    await queue.claimBatch(as('o1'), { ids: ['Tp1'], count: 1 });
    const { revision } = (await queue.file(as('an'), 'Tp3')).file;
    await queue.act(as('an'), 'Tp3', { action: 'assign', revision, details: { assignee: 'o2' } });
    await rerun(licensed(1, 'C1'), licensed(3, 'C1'), licensed(5, 'C1'));
    expect(await told('o1')).toEqual(['Tp1']);
    expect(await told('o2')).toEqual(['Tp3']);
    expect(await told('r1')).toEqual([]);
    const waiting = await workspace.database.query('SELECT task_id FROM tuban.changed_task');
    expect(waiting).toEqual([]);
  });

  it('tells the same change once, the next one again, and nothing where only the rank moved or it was acknowledged', async () => {
    await rerun(licensed(1, 'C1'));
    await createDesk(workspace.database).engine('test', ({ sql }) => sql.query('DELETE FROM tuban.changed_task'));
    await rerun({ ...licensed(1, 'C1'), rank: 9 });
    expect(await workspace.database.query('SELECT task_id FROM tuban.changed_task')).toEqual([]);
    expect(await told('o1')).toEqual(['Tp1']);
    await rerun(licensed(1, 'C2'));
    expect(await told('o1')).toEqual(['Tp1', 'Tp1']);
    await rerun(queueTask(1));
    expect(await told('o1')).toHaveLength(2);
  });

  it('tells when the newest run no longer lists it', async () => {
    await rerun({ ...queueTask(3), state: 'withdrawn' });
    expect(await told('o2')).toEqual(['Tp3', 'Tp3']);
  });

  it('keeps the list of what changed from requests', async () => {
    const desk = createDesk(workspace.database);
    for (const text of ['SELECT * FROM tuban.changed_task', `INSERT INTO tuban.changed_task VALUES ('Tp1')`]) {
      await expect(desk.as(as('ad'), ({ sql }) => sql.query(text))).rejects.toThrow(/permission|row-level security/);
    }
  });
}

/** Needs two connections. */
function holdsAtOnce() {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await freshDatabase() });
    await layPeople(workspace.database);
    await layTasks(workspace.database, countyTasks(4));
  });
  afterAll(() => workspace.close());
  const changed = (score: number) =>
    `UPDATE tuban.task SET body = jsonb_set(body, '{judged,judgement,score}', '${score}') WHERE id = 'Tp1'`;
  const during = async (text: string, both: () => Promise<unknown>) => {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const first = workspace.database.transaction(async (sql) => {
      await sql.query(text);
      begin();
      await ended;
    });
    await begun;
    await both().finally(end);
    await first;
  };

  it('a run that is being published holds up nobody who takes a step, nor he the run', async () => {
    const lock = `SELECT 1 FROM tuban.task_file WHERE task_id = 'Tp1' FOR UPDATE`;
    const waiting = (text: string) => () =>
      workspace.database.transaction(async (sql) => {
        await sql.query(`SET LOCAL lock_timeout = '3s'`);
        await sql.query(text);
      });
    await during(changed(11), waiting(lock));
    await during(lock, waiting(changed(12)));
  });

  it('a change that is on its way while an earlier one is told is told next', async () => {
    const desk = createDesk(workspace.database);
    await createDesk(workspace.database).engine('test', ({ sql }) => sql.query('DELETE FROM tuban.changed_task'));
    await workspace.database.query(changed(21));
    await during(changed(22), () => tellChanges(desk, 'test'));
    expect(await workspace.database.query('SELECT task_id FROM tuban.changed_task')).toEqual([{ task_id: 'Tp1' }]);
  });
}

describe('changes told on the embedded database', () => holds(async () => null));
withPostgres('changes told on a server', () => holds(freshDatabase));
withPostgres('changes and steps at once on a server', holdsAtOnce);
