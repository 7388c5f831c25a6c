/** Two turns that wait for each other on a server: the one that has to give way is done once more, where its work allows it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineDesk } from '../../ports/desk.js';
import { freshDatabase, withPostgres } from '../../testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from '../../testing/workspace.js';
import { createDesk } from './desk.js';

function collide() {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await freshDatabase() });
    desk = createDesk(workspace.database);
  });
  afterAll(() => workspace.close());

  /** Both have their first lock before either asks for its second. */
  const both = (again: boolean) => {
    let waiting = 2;
    let meet = () => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const tries = [0, 0];
    const one = (who: 0 | 1, first: number, second: number) =>
      desk.engine(
        `turn ${who}`,
        async (turn) => {
          tries[who] = (tries[who] ?? 0) + 1;
          turn.record({ action: 'a.b', subject: `turn:${who}` });
          await turn.sql.query('SELECT pg_advisory_xact_lock($1)', [first]);
          waiting -= 1;
          if (waiting === 0) meet();
          await met;
          await turn.sql.query('SELECT pg_advisory_xact_lock($1)', [second]);
          return who;
        },
        { again },
      );
    return Promise.allSettled([one(0, 1, 2), one(1, 2, 1)]).then((outcomes) => ({ outcomes, tries }));
  };
  const recorded = () => workspace.database.query(`SELECT subject FROM tuban.audit ORDER BY subject`);

  it('without leave to try again it is told', async () => {
    const { outcomes } = await both(false);
    const refused = outcomes.filter((one) => one.status === 'rejected');
    expect(refused).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'database.busy', retryable: true }) },
    ]);
    expect(await recorded()).toHaveLength(1);
    await workspace.database.query('ALTER TABLE tuban.audit DISABLE TRIGGER USER');
    await workspace.database.query('DELETE FROM tuban.audit');
    await workspace.database.query('ALTER TABLE tuban.audit ENABLE TRIGGER USER');
  });

  it('with leave both come through, each once on record', async () => {
    const { outcomes, tries } = await both(true);
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: 0 },
      { status: 'fulfilled', value: 1 },
    ]);
    expect(tries.toSorted()).toEqual([1, 2]);
    expect(await recorded()).toEqual([{ subject: 'turn:0' }, { subject: 'turn:1' }]);
  });

  it('tries nothing else again', async () => {
    let tries = 0;
    const work = desk.engine(
      'x',
      async ({ sql }) => {
        tries += 1;
        await sql.query('SELECT 1 / 0');
      },
      { again: true },
    );
    await expect(work).rejects.toThrow(/22012/);
    expect(tries).toBe(1);
  });
}

withPostgres('turns that wait for each other', collide);
