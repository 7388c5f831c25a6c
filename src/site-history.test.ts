/**
 * Two years of a made county played through the database: patches are given, what images show of resting places too; all else is the
 * program's: places, merges, decisions and their memory, states, proposals, tasks.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalLines } from './adapters/postgres/canonical.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { createSiteRegister } from './adapters/postgres/site-register.js';
import type { MultiPolygonRings } from './model/grid.js';
import type { GroundReading } from './model/history.js';
import type { JudgedPatch } from './model/patch.js';
import { recipeSchema } from './model/recipe.js';
import type { Quarter } from './model/scene.js';
import type { Task } from './model/task.js';
import type { WorkPool } from './ports/work-pool.js';
import { type DecisionWish, decide } from './stages/decide/decide.js';
import { writeOffProposals } from './stages/regrow/regrow.js';
import { givenPatch, publishGiven, type Rectangle } from './testing/given-quarter.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const QUARTERS = ['2024Q3', '2024Q4', '2025Q1', '2025Q2', '2025Q3', '2025Q4', '2026Q1', '2026Q2'] as const;
const RECIPE = recipeSchema.parse({});

/** Place → quarter → its patches. A grows eastward, B splits, C and D grow together, E is closed and resumes, F is dismissed and grows. */
const GROUND: Readonly<Record<string, Partial<Record<Quarter, readonly Rectangle[]>>>> = {
  A: Object.fromEntries(QUARTERS.map((quarter, i) => [quarter, [[i * 50, 0, i * 50 + 50, 80]]])),
  B: {
    '2024Q3': [[0, 1000, 200, 1060]],
    '2025Q1': [
      [0, 1000, 60, 1060],
      [150, 1000, 210, 1060],
    ],
    '2025Q2': [[0, 1010, 60, 1070]],
  },
  C: { '2024Q3': [[0, 2000, 100, 2100]], '2025Q2': [[0, 2000, 260, 2100]] },
  D: { '2024Q4': [[160, 2000, 250, 2100]], '2025Q4': [[180, 2010, 250, 2090]] },
  E: { '2024Q3': [[0, 3000, 90, 3090]], '2025Q1': [[0, 3000, 80, 3090]], '2025Q3': [[20, 3000, 110, 3090]] },
  F: { '2024Q3': [[0, 4000, 80, 4080]], '2025Q1': [[0, 4000, 80, 4080]], '2025Q2': [[0, 4000, 140, 4080]] },
  R: { '2024Q3': [[0, 5000, 80, 5080]] },
};

/** NDVI of the place R and around it, thousandths, in the quarters after its only change. */
const REGROWTH: Partial<Record<Quarter, readonly [place: number, around: number] | null>> = {
  '2024Q4': [150, 450],
  '2025Q1': [120, 150],
  '2025Q2': [480, 600],
  '2025Q3': [590, 620],
  '2025Q4': [430, 450],
  '2026Q1': null,
  '2026Q2': [610, 600],
};

let workspace: TestWorkspace;

function judgedOf(quarter: Quarter): JudgedPatch[] {
  return Object.entries(GROUND).flatMap(([name, byQuarter]) =>
    (byQuarter[quarter] ?? []).map((rectangle, i) => givenPatch(`${quarter}-${name}${i}`, quarter, rectangle)),
  );
}

/** The pool of the workspace, but what an image shows of R is as told; other resting places are bare. */
function poolShowing(quarter: Quarter): WorkPool {
  const real = workspace.pool;
  const shown = REGROWTH[quarter];
  const reading = (veg: number, around: number): GroundReading => {
    const of = (value: number) => ({ veg: value, bright: 0, bare: 0, white: 0 });
    return { seenPixels: 50, numbers: { patch: of(veg), ring: of(around) } };
  };
  const run: WorkPool['run'] = async (name, input) => {
    if (name !== 'recall') return real.run(name, input);
    const { patches } = input as { patches: readonly MultiPolygonRings[] };
    const answers = patches.map((patch) => {
      const south = ((patch[0]?.[0]?.[0]?.[1] ?? 0) - 36) * 110_958;
      if (Math.round(south / 1000) !== 5) return reading(150, 600);
      return shown ? reading(...shown) : null;
    });
    return answers as never;
  };
  return { size: real.size, run, close: async () => {} };
}

const work = (quarter: Quarter): Promise<void> =>
  publishGiven(workspace, quarter, judgedOf(quarter), { recipe: RECIPE, pool: poolShowing(quarter) });

const tasks = (quarter: Quarter): Promise<Task[]> => createRunRecords(workspace.database).tasks(quarter);
const taskOf = async (id: string): Promise<Task | undefined> =>
  (await tasks(id.slice(1, 7) as Quarter)).find((task) => task.id === id);

async function sign(id: string, kind: string, on: string, more: Partial<DecisionWish> = {}): Promise<void> {
  const register = createSiteRegister(workspace.database);
  const task = await register.task(id);
  const site = (await register.history(task?.siteId ?? id))?.site;
  if (!site) throw new Error(`no place ${id}`);
  const subject = task
    ? { ...task, taskId: id }
    : { siteId: site.id, taskId: null, quarter: site.lastQuarter ?? site.firstQuarter, sampledGround: false };
  const wish = { kind, by: '王所长', on, note: '现场核查', until: null, limitM2: null, ...more };
  expect(await register.record(decide(wish, subject, RECIPE.sites, '2026-12-31'))).toBe(true);
}

function twoYears(databaseUrl: () => Promise<string | null>): void {
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await work('2024Q3');
    await sign('T2024Q3-F0', 'dismissed', '2024-10-20', { note: '养殖场' });
    await sign('T2024Q3-E0', 'visited', '2024-10-12');
    await sign('T2024Q3-E0', 'confirmed', '2024-10-12');
    await work('2024Q4');
    await sign('2024Q3-E0', 'closed', '2025-02-15');
    for (const quarter of QUARTERS.slice(2)) await work(quarter);
  }, 240_000);
  afterAll(() => workspace.close());

  it('a place that grows is one place, and its growth is measured', async () => {
    const task = await taskOf('T2026Q2-A0');
    expect(task?.siteId).toBe('2024Q3-A0');
    expect(task?.facts?.earlierQuarters).toEqual(QUARTERS.slice(0, -1));
    // 50 m × 80 m dug beside the last ground, less the tolerance of 2 · sqrt(2) · 5 m = 14.14 m along the common edge.
    expect(task?.facts?.grownM2).toBeCloseTo((50 - 14.14) * 80, -2);
    expect((await taskOf('T2024Q3-A0'))?.facts?.grownM2).toBeNull();
  });

  it('both parts of a place that split stay with it', async () => {
    const parts = await tasks('2025Q1');
    expect(parts.filter(({ id }) => id.includes('-B')).map(({ siteId }) => siteId)).toEqual(['2024Q3-B0', '2024Q3-B0']);
    expect((await taskOf('T2025Q2-B0'))?.siteId).toBe('2024Q3-B0');
  });

  it('places that grow together are one from then on; the older names it, both histories are there', async () => {
    expect((await taskOf('T2024Q4-D0'))?.siteId).toBe('2024Q4-D0');
    const merged = await taskOf('T2025Q2-C0');
    expect(merged?.siteId).toBe('2024Q3-C0');
    expect(merged?.notes).toEqual(['地点 2024Q4-D0 与本地点连成一片，本季度起并入本地点，其历史一并保留']);
    expect((await taskOf('T2025Q4-D0'))?.siteId).toBe('2024Q3-C0');
    for (const id of ['2024Q3-C0', '2024Q4-D0']) {
      const history = await createSiteRegister(workspace.database).history(id);
      expect(history?.site).toMatchObject({ id: '2024Q3-C0', mergedFrom: ['2024Q4-D0'], patches: 4 });
      expect(history?.patches.map(({ id: patch, memberId }) => [patch, memberId])).toEqual([
        ['2024Q3-C0', '2024Q3-C0'],
        ['2024Q4-D0', '2024Q4-D0'],
        ['2025Q2-C0', '2024Q3-C0'],
        ['2025Q4-D0', '2024Q3-C0'],
      ]);
    }
  });

  it('a closed place is resumed where both images are younger than the signature, and not before', async () => {
    const between = await taskOf('T2025Q1-E0');
    expect(between?.facts).toMatchObject({ resumed: null, repeats: 1, lastVisit: '2024-10-12' });
    expect(between?.notes?.[0]).toContain('在前后两期影像之间');
    const resumed = await taskOf('T2025Q3-E0');
    expect(resumed?.facts?.resumed).toEqual({ event: 'closed', on: '2025-02-15' });
    expect(resumed?.notes).toEqual(['死灰复燃：该地点已于 2025-02-15 取缔关闭（王所长），其后的影像又见变化']);
    expect((await taskOf('T2024Q3-E0'))?.state).toBe('decided');
  });

  it('a dismissed place stays quiet until it has grown', async () => {
    const quiet = await taskOf('T2025Q1-F0');
    expect(quiet?.state).toBe('quiet');
    expect(quiet?.notes?.[0]).toContain(
      '由 王所长 于 2024-10-20 认定为误报（养殖场）；其后新增 0.0 m²（限值 900 m²），有效至 2026Q3',
    );
    const grown = await taskOf('T2025Q2-F0');
    expect(grown?.state).toBe('new');
    // 60 m × 80 m, less the tolerance along the edge: 45.86 m × 80 m.
    expect(grown?.notes?.[0]).toMatch(/其后新增 36\d\d\.\d m²，达到限值 900 m²，重新列入$/);
  });

  it('recovered ground is proposed for write-off, and only a person writes it off', async () => {
    const register = createSiteRegister(workspace.database);
    const history = await register.history('2024Q3-R0');
    expect(history?.states.map(({ state }) => state)).toEqual([
      'changed',
      'unchanged',
      'not-seen',
      'recovering',
      'recovered',
      'recovered',
      'not-seen',
      'recovered',
    ]);
    const proposed = async (count: number) =>
      writeOffProposals(await register.states(), await register.decisions(), count).map(({ siteId }) => siteId);
    expect(await proposed(4)).toEqual([]);
    expect(await proposed(3)).toEqual(['2024Q3-R0']);
    const before = (await canonicalLines(workspace.database)).filter((line) => !line.includes('"decision"'));
    await sign('2024Q3-R0', 'written-off', '2026-07-20', { note: '已复绿' });
    expect(await proposed(3)).toEqual([]);
    const entry = (await register.sites()).find(({ id }) => id === '2024Q3-R0');
    expect(entry?.standing).toMatchObject({ kind: 'written-off', by: '王所长' });
    expect((await canonicalLines(workspace.database)).filter((line) => !line.includes('"decision"'))).toEqual(before);
  });

  it('old quarters worked again, in any order, change nothing', async () => {
    const before = await canonicalLines(workspace.database);
    for (const quarter of ['2025Q2', '2024Q3', '2025Q1', '2026Q2', '2024Q4'] as const) await work(quarter);
    expect(await canonicalLines(workspace.database)).toEqual(before);
    expect(before.filter((line) => line.includes('"kind":"site-merge"'))).toHaveLength(1);
  }, 240_000);

  it('a decision cannot be changed or taken back but by another one', async () => {
    for (const statement of ['DELETE FROM tuban.decision', `UPDATE tuban.decision SET kind = 'closed'`]) {
      await expect(workspace.database.query(statement)).rejects.toThrow('append-only');
    }
    await sign('T2024Q3-F0', 'reopened', '2026-09-01', { note: '误报认定有误' });
    expect((await taskOf('T2024Q3-F0'))?.state).toBe('new');
    await work('2025Q1');
    expect((await taskOf('T2025Q1-F0'))?.state).toBe('new');
  }, 120_000);
}

describe('two years in the embedded database', () => twoYears(async () => null));
withPostgres('two years on a server', () => twoYears(freshDatabase));
