/**
 * A list that is published again and again while people merge, claim in batches, share out, plan rounds, review and reopen: nobody waits for anybody
 * in a circle, nothing is lost, and the record stays whole. On a server: it needs several connections.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { Fault } from './model/fault.js';
import { recipeSchema } from './model/recipe.js';
import type { RunRecord, RunSummary } from './model/run.js';
import type { FlowAction } from './model/task-flow.js';
import type { Database } from './ports/database.js';
import type { TaskQueue } from './ports/task-queue.js';
import { createAudit } from './queue-audit.js';
import { openTaskQueue } from './queue-open.js';
import { createRounds } from './queue-round.js';
import { countyTasks, LAT, layPeople, queueTask, rightForm } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const TASKS = 60;
/** The first ones are worked on until they are reviewed. */
const REVIEWED = 8;
const PUBLICATIONS = 10;
const WORK = ['merge', 'share out', 'round', 'claim o1', 'claim o3', 'review'];

const as = (personId: string) => ({ personId, device: 'test' });

/** Counts the transactions that the database stopped in favour of another, whether or not they were done once more. */
function watched(database: Database, stopped: () => void): Database {
  return {
    ...database,
    transaction: (work) =>
      database.transaction(work).catch((error: unknown) => {
        if (error instanceof Fault && error.code === 'database.busy') stopped();
        throw error;
      }),
  };
}

function crowd() {
  let workspace: TestWorkspace;
  let queue: TaskQueue;
  let collisions = 0;
  const run: RunRecord = {
    id: '2026Q3-given',
    quarter: '2026Q3',
    inputHash: 'given',
    recipe: recipeSchema.parse({}),
    plan: { quarter: '2026Q3', rasterHash: '', blockPx: 256, scenes: [], pairs: [], layersHash: '' },
  };

  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await freshDatabase(), jobs: 8 });
    await layPeople(workspace.database);
    await createRunRecords(workspace.database).beginRun(run);
    await publish(0);
    queue = openTaskQueue(workspace, createDesk(watched(workspace.database, () => (collisions += 1))));
  });
  afterAll(() => workspace.close());

  /** Ranks turn round and a fifth of the list comes and goes, each time another one. */
  const publish = (turn: number) => {
    const tasks = countyTasks(TASKS).map((task, i) => ({ ...task, rank: ((i * 7 + turn * 13) % TASKS) + 1 }));
    const gone = turn === 0 ? [] : tasks.filter((_, i) => i >= REVIEWED && (i + turn) % 5 === 0);
    const database = watched(workspace.database, () => (collisions += 1));
    return createRunRecords(database).publish({
      run,
      sites: tasks.map(({ siteId, judged }) => ({
        id: siteId,
        firstQuarter: '2026Q3',
        geometry: judged.patch.geometry,
      })),
      merges: [],
      siteStates: [],
      patches: [],
      observations: [],
      // Not by id: as a list comes.
      standing: tasks.filter((task) => !gone.includes(task)).sort((a, b) => a.rank - b.rank),
      withdrawn: gone.map(({ id }) => id).reverse(),
      summary: {} as RunSummary,
    });
  };
  const step = async (personId: string, taskId: string, action: FlowAction, details: object = {}) => {
    const { file, change } = await queue.file(as(personId), taskId);
    const acknowledged = change ? { acknowledged: change.hash } : {};
    return queue.act(as(personId), taskId, {
      action,
      revision: file.revision,
      details: { ...details, ...acknowledged },
    });
  };
  const query = <T extends object>(text: string) => workspace.database.query<T>(text);

  it('stands beside batch steps of several people', async () => {
    const rounds = createRounds(
      createDesk(watched(workspace.database, () => (collisions += 1))),
      queue,
      workspace.queueSettings,
    );
    let over = false;
    const refused = new Map<string, number>();
    const done = new Map<string, number>();
    const again = async (who: string, work: (n: number) => Promise<unknown>) => {
      for (let n = 0; !over; n += 1) {
        await work(n).then(
          () => done.set(who, (done.get(who) ?? 0) + 1),
          (error: unknown) => {
            if (!(error instanceof Fault)) throw error;
            refused.set(error.code, (refused.get(error.code) ?? 0) + 1);
          },
        );
      }
    };
    const some = (n: number, count: number, side: number) =>
      Array.from({ length: count }, (_, i) => 1 + REVIEWED + ((n * 11 + i * 6 + side) % (TASKS - REVIEWED)));
    const idsOf = (numbers: readonly number[]) => numbers.map((n) => `Tp${n}`);
    const claiming = (who: string) =>
      again(`claim ${who}`, async (n) => {
        const ids = n % 2 === 0 ? {} : { ids: idsOf(some(n, 6, who === 'o3' ? 1 : 0)).reverse() };
        const { files } = await queue.claimBatch(as(who), { count: 6, ...ids });
        for (const { taskId } of files.toReversed()) await step(who, taskId, 'release', { reason: '改日' });
      });
    const people = [
      again('merge', async (n) => {
        const [into, ...rest] = idsOf([...new Set(some(n, 4, 2))].reverse());
        const tasks = await Promise.all(
          rest.map(async (taskId) => ({ taskId, revision: (await queue.file(as('an'), taskId)).file.revision })),
        );
        await step('an', into ?? '', 'merge', { tasks, reason: '同一采坑' });
        for (const { taskId } of tasks) await workspace.database.query(RESTORE, [taskId]);
      }),
      again('share out', (n) => queue.allot(as('ad'), { ids: idsOf(some(n, 12, 3)), count: 12, role: 'officer' })),
      again('round', async (n) => {
        const wish = { start: [n % 2 === 0 ? 106.3 : 107.3, LAT] as const, hours: 8, most: 10 };
        const { round } = await rounds.plan(as('su'), { ...wish, sealed: n % 3 === 0 });
        await rounds.cancel(as('su'), round.id);
      }),
      claiming('o1'),
      claiming('o3'),
      again('review', async (n) => {
        const number = 1 + 2 * (n % (REVIEWED / 2));
        const taskId = `Tp${number}`;
        await queue.claimBatch(as('o2'), { ids: [taskId], count: 1 });
        await step('o2', taskId, 'submit', { finding: rightForm(queueTask(number)), findingId: `F-${n}` });
        await step('r1', taskId, 'approve');
        await step('r2', taskId, 'approve');
        if (n % 2 === 0) await step('su', taskId, 'reopen', { reason: '再查' });
      }),
    ];
    const publishing = (async () => {
      for (let turn = 1; turn <= PUBLICATIONS || WORK.some((who) => !done.has(who)); turn += 1) await publish(turn);
    })().finally(() => {
      over = true;
    });
    await Promise.all([publishing, ...people]);
    expect(collisions, JSON.stringify([...done, ...refused])).toBe(0);
  }, 240_000);

  it('has lost nothing: every step is there, the record is whole, and files follow the list', async () => {
    // Those taken in, which stand by themselves again by this test alone, follow the list from the next publication on.
    const apart = await query(
      `SELECT f.task_id FROM tuban.task_file f JOIN tuban.task t ON t.id = f.task_id
       WHERE f.listed <> t.state OR f.revision <> 1 + (SELECT count(*) FROM tuban.task_step s WHERE s.task_id = f.task_id)
         OR f.lease_no = 0 AND f.state IN ('new', 'assigned') AND t.state = 'new' AND (f.rank, f.score) IS DISTINCT FROM (t.rank, t.score)
           AND NOT EXISTS (SELECT FROM tuban.task_step s WHERE s.task_id = f.task_id AND s.to_state = 'merged')`,
    );
    expect(apart).toEqual([]);
    // What the last word about a task made of it is what it is, whatever was published meanwhile.
    const words = await query<{ said: string; state: string }>(
      `SELECT t.state, (SELECT s.action FROM tuban.task_step s WHERE s.task_id = t.id AND s.action IN ('approve', 'reopen') AND s.to_state <> 'submitted'
         ORDER BY s.revision DESC LIMIT 1) AS said
       FROM tuban.task t WHERE EXISTS (SELECT FROM tuban.verdict v WHERE v.task_id = t.id)`,
    );
    expect(words.length).toBeGreaterThan(0);
    for (const { said, state } of words) expect(state).toBe(said === 'approve' ? 'decided' : 'new');
    const check = await createAudit(createDesk(workspace.database)).verify(as('su'), null);
    expect(check.broken).toBeNull();
    const steps = await query<{ n: number }>('SELECT count(*)::int AS n FROM tuban.task_step');
    const told = await query<{ n: number }>(`SELECT count(*)::int AS n FROM tuban.audit WHERE action IN
      (SELECT 'task.' || action FROM tuban.task_step)`);
    expect(told).toEqual(steps);
  });
}

/** What was taken in stands by itself again, so that the list does not run out. */
const RESTORE = `UPDATE tuban.task_file SET state = 'new', merged_into = NULL WHERE task_id = $1 AND state = 'merged'`;

withPostgres('a list that is published beside people at work', crowd);
