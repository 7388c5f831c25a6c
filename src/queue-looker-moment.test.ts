/**
 * A second look and a hand in its place at the same moment: whichever comes second sees the first. And places that became one by merging, of sites or of
 * tasks. On both databases; what needs two connections on a server.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { addDraw, holdLooker } from './adapters/postgres/second-looks.js';
import { Fault } from './model/fault.js';
import type { EngineDesk, Turn } from './ports/desk.js';
import type { Supervision } from './ports/supervision.js';
import type { TaskQueue } from './ports/task-queue.js';
import { openTaskQueue } from './queue-open.js';
import { createSupervision } from './queue-supervise.js';
import { layPeople, layTasks, queueTask } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const as = (personId: string) => ({ personId, device: 'test' });
/** Of the place of Tp1, which is closed; one that became one place with it; two of other places. */
const LATER = 'Tp101';
const MERGED = 'Tp103';

function ground(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  const of = {} as { desk: EngineDesk; queue: TaskQueue; supervision: Supervision };
  const query = <T extends object>(text: string) => workspace.database.query<T>(text);
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl(), jobs: 4 });
    await layPeople(workspace.database);
    const later = queueTask(101, { siteId: 'p1', quarter: '2026Q4' });
    await layTasks(workspace.database, [queueTask(1), queueTask(3), queueTask(5), later, queueTask(103)]);
    await query(
      `INSERT INTO tuban.site_merge (site_id, into_id, quarter, patch_id) VALUES ('p103', 'p1', '2026Q3', 'p103')`,
    );
    await query(
      `UPDATE tuban.task_file SET state = 'closed', submitter = 'o1', authors = '{o1}' WHERE task_id = 'Tp1'`,
    );
    await query(
      `INSERT INTO tuban.verdict (task_id, part, code, person_id, at, body) VALUES ('Tp1', '1', 'illegal', 'r2', '2026-10-02', '{}')`,
    );
    of.desk = createDesk(workspace.database);
    of.queue = openTaskQueue(workspace, of.desk);
    of.supervision = createSupervision(of.desk);
  });
  beforeEach(async () => {
    await query('DELETE FROM tuban.second_look');
    await query(
      `UPDATE tuban.task_file SET state = 'new', assignee = NULL, holder = NULL, merged_into = NULL WHERE task_id <> 'Tp1'`,
    );
  });
  afterAll(() => workspace.close());
  return { of, query };
}

const draw = ({ supervision }: { supervision: Supervision }) =>
  supervision.draw(as('su'), { quarter: '2026Q3', count: 1, seed: 'x', looker: 'o2' });
interface Of {
  readonly queue: TaskQueue;
}
const revisionOf = async ({ queue }: Of, id: string) => (await queue.file(as('an'), id)).file.revision;
const assign = async (of: Of, id: string, to: string) => {
  const revision = await revisionOf(of, id);
  return of.queue.act(as('an'), id, { action: 'assign', revision, details: { assignee: to } });
};
const merge = async (of: Of, into: string, taken: string) => {
  const [revision, seen] = [await revisionOf(of, into), await revisionOf(of, taken)];
  const details = { reason: '同一采坑', tasks: [{ taskId: taken, revision: seen }] };
  return of.queue.act(as('an'), into, { action: 'merge', revision, details });
};
const said = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Fault ? error.code : String(error)),
  );

function holds(databaseUrl: () => Promise<string | null>) {
  const { of, query } = ground(databaseUrl);

  it('is drawn for nobody who has a hand where sites or tasks became one with it', async () => {
    await assign(of, MERGED, 'o2');
    expect(await said(draw(of))).toBe('supervision.none');
    await query(`UPDATE tuban.task_file SET assignee = NULL`);
    await assign(of, 'Tp5', 'o2');
    expect(await said(merge(of, 'Tp5', LATER))).toBe('done');
    expect(await said(draw(of))).toBe('supervision.none');
    await query(`UPDATE tuban.task_file SET assignee = 'o1' WHERE task_id = 'Tp5'`);
    expect(await said(draw(of))).toBe('done');
  });

  it('is not brought by merging under a task that the looker has, by the program and by the database', async () => {
    await assign(of, 'Tp3', 'o2');
    await assign(of, 'Tp5', 'o1');
    expect(await said(draw(of))).toBe('done');
    for (const taken of [LATER, MERGED]) expect(await said(merge(of, 'Tp3', taken)), taken).toBe('flow.tasks');
    const raw = of.desk.as(as('an'), ({ sql }) =>
      sql.query(`UPDATE tuban.task_file SET merged_into = 'Tp3' WHERE task_id = '${LATER}'`),
    );
    await expect(raw).rejects.toThrow(/not for whom it would go to/);
    expect(await said(merge(of, 'Tp5', LATER))).toBe('done');
    // What took it in is of that place from then on.
    expect(await said(assign(of, 'Tp5', 'o2'))).toBe('flow.person');
    expect(await said(of.queue.file(as('o2'), 'Tp5'))).toBe('task.none');
  });

  it('is refused by the database for somebody with a hand in it, where the program forgets to ask', async () => {
    await assign(of, LATER, 'o2');
    await expect(of.desk.as(as('su'), (turn) => drawn(turn, 'raw'))).rejects.toThrow(/not for this person/);
    await query(`UPDATE tuban.task_file SET assignee = 'o1' WHERE task_id = '${LATER}'`);
    await of.desk.as(as('su'), (turn) => drawn(turn, 'again'));
  });
}

const drawn = (turn: Turn, id: string) => {
  const facts = { quarter: '2026Q3', seed: 'x', from: 1, drawn: 1, digest: '' } as const;
  return addDraw(turn, { id: `D-${id}`, ...facts, lookerId: 'o2' }, [{ id: `L-${id}`, taskId: 'Tp1' }]);
};

function atOnce() {
  const { of, query } = ground(freshDatabase);
  /** Somebody waits for a look's lock. */
  const waiting = async (over: () => boolean) => {
    while (!over()) {
      const [row] = await query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      if ((row?.n ?? 0) > 0) return 'waits';
    }
    return 'did not wait';
  };
  /** What `first` does is done, and kept open until `second` waits for it. */
  async function meet(who: string, first: (turn: Turn) => Promise<unknown>, second: () => Promise<unknown>) {
    let begun = (): void => undefined;
    const ready = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held = of.desk.as(as(who), async (turn) => {
      await first(turn);
      begun();
      await gate;
    });
    await Promise.race([ready, held]);
    let over = false;
    const answer = said(second()).finally(() => {
      over = true;
    });
    const came = await waiting(() => over);
    release();
    await held;
    return [came, await answer];
  }
  const give = (id: string, to: string) => async (turn: Turn) => {
    await turn.sql.query(
      `UPDATE tuban.task_file SET assignee = '${to}', state = 'assigned', revision = revision + 1 WHERE task_id = '${id}'`,
    );
    await turn.sql.query(
      `INSERT INTO tuban.task_step (task_id, revision, action, from_state, to_state, person_id, device, at, body)
       SELECT task_id, revision, 'assign', 'new', 'assigned', 'an', 'x', now(), '{}' FROM tuban.task_file WHERE task_id = '${id}'`,
    );
  };
  const look = async (turn: Turn) => {
    await holdLooker(turn, 'o2');
    await drawn(turn, `${Math.random()}`);
  };

  it('a draw waits for an assignment that is under way, and leaves its place out', async () => {
    for (const id of [LATER, MERGED]) {
      expect(await meet('an', give(id, 'o2'), () => draw(of)), id).toEqual(['waits', 'supervision.none']);
      await query(`UPDATE tuban.task_file SET assignee = NULL, state = 'new' WHERE task_id = '${id}'`);
    }
  });

  it('an assignment, a claim, a sharing out and a merge wait for a draw that is under way, and are refused or pass over', async () => {
    const fresh = () => query('DELETE FROM tuban.second_look');
    expect(await meet('su', look, () => assign(of, LATER, 'o2'))).toEqual(['waits', 'flow.person']);
    await fresh();
    const revision = await revisionOf(of, MERGED);
    const claim = () => of.queue.act(as('o2'), MERGED, { action: 'claim', revision });
    expect(await meet('su', look, claim)).toEqual(['waits', 'flow.look']);
    await fresh();
    const share = async () => {
      const { assigned } = await of.queue.allot(as('an'), { ids: [LATER], count: 1, role: 'officer' });
      expect(assigned).toMatchObject([{ assignee: 'o1' }]);
    };
    await query(`UPDATE tuban.task_file SET assignee = 'o1', state = 'assigned' WHERE task_id = 'Tp3'`);
    expect(await meet('su', look, share)).toEqual(['waits', 'done']);
    await fresh();
    await query(`UPDATE tuban.task_file SET assignee = 'o2', state = 'assigned' WHERE task_id = 'Tp5'`);
    expect(await meet('su', look, () => merge(of, 'Tp5', MERGED))).toEqual(['waits', 'flow.tasks']);
  });
}

describe('a second look and a hand in its place on the embedded database', () => holds(async () => null));
withPostgres('a second look and a hand in its place on a server', () => holds(freshDatabase));
withPostgres('a second look and a hand in its place at the same moment', atOnce);
