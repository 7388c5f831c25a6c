/**
 * An adoption of rules that is cut short at every step, on both databases: the file says what counts, the record says what became of it, and whoever
 * opens the workspace next brings the two in step.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { silentLog } from './log.js';
import { Fault } from './model/fault.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';
import { ruleSetHash } from './model/recipe.js';
import type { Desk, EngineDesk, Turn } from './ports/desk.js';
import { settleAdoptions } from './queue-adoptions.js';
import { adoptFile, createLearning } from './queue-learning.js';
import { type RulesFile, rulesFile } from './queue-rules.js';
import { layPeople } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const ad = { personId: 'ad', device: 'test' };
const lost = () => new Fault('database.lost', '断', { retryable: true });

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  let file: RulesFile;
  let size = 500;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layPeople(workspace.database);
    // Begun two minutes ago: nobody is still at it.
    desk = createDesk(workspace.database, (at) => new Date(Date.parse(at) - 120_000).toISOString());
    file = rulesFile(workspace.dir);
  });
  afterAll(() => workspace.close());

  let before: JudgementRecipe;
  let wanted: JudgementRecipe;
  beforeEach(() => {
    before = file.read();
    size += 1;
    wanted = { ...before, minOutsideM2: size };
  });
  const adopt = (through: Desk, rules: RulesFile = file) =>
    adoptFile(through, ad, rules, { rules: wanted, reason: '试', byName: null });
  /** What each turn of an adoption meets; those after the last meet a lost connection. */
  const meeting = (
    ...turns: ((work: (turn: Turn) => Promise<unknown>) => (turn: Turn) => Promise<unknown>)[]
  ): Desk => {
    let next = 0;
    return {
      as: async <T>(actor: typeof ad, work: (turn: Turn) => Promise<T>) => {
        const meets = turns[next];
        next += 1;
        if (!meets) throw lost();
        return desk.as(actor, meets(work) as (turn: Turn) => Promise<T>);
      },
    };
  };
  const well = (work: (turn: Turn) => Promise<unknown>) => work;
  /** Done, and lost before it was kept. */
  const cut = (work: (turn: Turn) => Promise<unknown>) => async (turn: Turn) => {
    await work(turn);
    throw lost();
  };
  const newest = async () => {
    const learning = createLearning(desk, { rules: file, log: silentLog(), learn: async () => Promise.reject(lost()) });
    const { adoptions, inForce } = await learning.state({ personId: 'an', device: 'test' });
    const [adoption] = adoptions.filter(({ hash }) => hash === ruleSetHash(wanted));
    return { outcome: adoption?.outcome ?? null, inForce: inForce.adoption?.hash === ruleSetHash(wanted) };
  };
  const inFile = () => ruleSetHash(file.read());
  const recorded = async () =>
    (
      await workspace.database.query<{ action: string }>(
        `SELECT action FROM tuban.audit WHERE subject = $1 ORDER BY seq`,
        [`rules:${ruleSetHash(wanted)}`],
      )
    ).map(({ action }) => action);

  it('goes through: on record, written, on record as written', async () => {
    await adopt(desk);
    expect([inFile(), await newest()]).toEqual([ruleSetHash(wanted), { outcome: 'written', inForce: true }]);
    expect(await recorded()).toEqual(['rules.file', 'rules.written']);
    expect(await settleAdoptions(desk, file)).toBe(0);
  });

  it('lost before it was on record: nothing is', async () => {
    await expect(adopt(meeting(cut))).rejects.toMatchObject({ code: 'database.lost' });
    expect([inFile(), await newest()]).toEqual([ruleSetHash(before), { outcome: null, inForce: false }]);
    expect(await recorded()).toEqual([]);
  });

  it('ended between the record and the file: told as begun, then as not written', async () => {
    await expect(adopt(meeting(well))).rejects.toMatchObject({ code: 'database.lost' });
    expect([inFile(), await newest()]).toEqual([ruleSetHash(before), { outcome: 'open', inForce: false }]);
    expect(await settleAdoptions(desk, file)).toBe(1);
    expect([inFile(), await newest()]).toEqual([ruleSetHash(before), { outcome: 'left', inForce: false }]);
    expect(await recorded()).toEqual(['rules.file', 'rules.left']);
  });

  it('the file cannot be written: on record as not written, and said', async () => {
    const full: RulesFile = { ...file, write: () => Promise.reject(new Fault('output.write', '满')) };
    await expect(adopt(desk, full)).rejects.toMatchObject({ code: 'output.write' });
    expect([inFile(), await newest()]).toEqual([ruleSetHash(before), { outcome: 'left', inForce: false }]);
  });

  it('lost after the file was written: in force and shown so, then on record as written', async () => {
    await expect(adopt(meeting(well, cut))).rejects.toMatchObject({ code: 'database.lost' });
    expect([inFile(), await newest()]).toEqual([ruleSetHash(wanted), { outcome: 'open', inForce: true }]);
    expect(await settleAdoptions(desk, file)).toBe(1);
    expect(await newest()).toEqual({ outcome: 'written', inForce: true });
    expect(await recorded()).toEqual(['rules.file', 'rules.written']);
  });

  it('the file is changed by hand in between: not written over, and said', async () => {
    const meddled: Desk = {
      as: async (actor, work) => {
        const result = await desk.as(actor, work);
        if (inFile() === ruleSetHash(before)) await file.write({ ...before, minOutsideM2: size + 0.5 });
        return result;
      },
    };
    await expect(adopt(meddled)).rejects.toMatchObject({ code: 'learning.stale' });
    expect(file.read().minOutsideM2).toBe(size + 0.5);
    expect(await newest()).toEqual({ outcome: 'left', inForce: false });
  });

  it('left open by one, brought in step by the next, and by whoever opens the workspace', async () => {
    await expect(adopt(meeting(well))).rejects.toMatchObject({ code: 'database.lost' });
    const first = wanted;
    wanted = { ...before, minOutsideM2: size + 0.25 };
    await expect(adopt(meeting(well, cut))).rejects.toMatchObject({ code: 'database.lost' });
    const outcomes = () =>
      workspace.database.query<{ hash: string; outcome: string | null }>(
        `SELECT hash, outcome FROM tuban.rule_adoption ORDER BY seq DESC LIMIT 2`,
      );
    expect(await outcomes()).toEqual([
      { hash: ruleSetHash(wanted), outcome: null },
      { hash: ruleSetHash(first), outcome: 'left' },
    ]);
    const fresh = createDesk(workspace.database);
    expect(await settleAdoptions(fresh, file)).toBe(1);
    expect((await outcomes())[0]).toEqual({ hash: ruleSetHash(wanted), outcome: 'written' });
  });

  it('leaves one that somebody is at this very moment to him', async () => {
    const now = createDesk(workspace.database);
    let settled = -1;
    let turns = 0;
    const beside: Desk = {
      as: async (actor, work) => {
        turns += 1;
        if (turns === 2) settled = await settleAdoptions(now, file);
        return now.as(actor, work);
      },
    };
    await adopt(beside);
    expect([settled, await newest()]).toEqual([0, { outcome: 'written', inForce: true }]);
  });

  it('holds in the database: by an administrator of everywhere, as one to be written, and closed once', async () => {
    const insert = (person: string, extra: string, values: string) =>
      desk.as({ personId: person, device: 'x' }, ({ sql }) =>
        sql.query(
          `INSERT INTO tuban.rule_adoption (at, person_id, kind, hash, before_hash, reason${extra}) SELECT now(), '${person}', 'file', hash, 'x', 'y'${values}
           FROM tuban.rule_set LIMIT 1 RETURNING 1`,
        ),
      );
    for (const [person, extra, values] of [
      ['su', '', ''],
      ['ad', ', outcome', `, 'written'`],
      ['ad', ', by_name', `, '别人'`],
    ] as const) {
      await expect(insert(person, extra, values), `${person}${extra}`).rejects.toThrow(/row-level security/);
    }
    const change = (person: string, text: string) =>
      desk.as({ personId: person, device: 'x' }, ({ sql }) => sql.query(`${text} RETURNING 1`));
    await insert('ad', '', '');
    expect(await change('su', `UPDATE tuban.rule_adoption SET outcome = 'written'`)).toEqual([]);
    await expect(change('ad', `UPDATE tuban.rule_adoption SET reason = 'z' WHERE outcome IS NULL`)).rejects.toThrow();
    expect(await change('ad', `UPDATE tuban.rule_adoption SET outcome = 'left' WHERE outcome IS NULL`)).toHaveLength(1);
    for (const text of [`UPDATE tuban.rule_adoption SET outcome = 'written'`, 'DELETE FROM tuban.rule_adoption']) {
      await expect(workspace.database.query(text)).rejects.toThrow(/append-only/);
    }
  });
}

describe('adoptions that are cut short on the embedded database', () => holds(async () => null));
withPostgres('adoptions that are cut short on a server', () => holds(freshDatabase));
