/** tuban sites and tasks sample, and the list with a budget and a random sample, on a made county that was really run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalLines } from '../adapters/postgres/canonical.js';
import { isInside } from '../geo/interior-point.js';
import { recipeSchema } from '../model/recipe.js';
import type { Task } from '../model/task.js';
import { runQuarter } from '../quarter-run.js';
import { commandsOn } from '../testing/commands.js';
import { localQueues } from '../testing/local-queues.js';
import { fillWorkspace, type QuarterFixture, writeQuarterFixture } from '../testing/quarter-fixture.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register as sites } from './sites.js';
import { register as tasks } from './tasks.js';

const SITES = { budget: 2, sampleReserve: 1, sampleGround: 3 };
let dir: string;
let fixture: QuarterFixture;
let workspace: TestWorkspace;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-sites-'));
  fixture = writeQuarterFixture(join(dir, 'data'));
  workspace = await made(256);
}, 240_000);
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
});

async function made(blockPx: number, seed?: number): Promise<TestWorkspace> {
  const opened = await openTestWorkspace();
  await fillWorkspace(opened, fixture);
  await run(opened, blockPx, seed);
  return opened;
}

async function run(on: TestWorkspace, blockPx: number, seed?: number): Promise<void> {
  const recipe = recipeSchema.parse({ raster: { blockPx }, sites: SITES });
  const options = { jobs: 2, signal: new AbortController().signal };
  await runQuarter({ ...on, recipe }, localQueues(seed), '2026Q3', options);
}

const tuban = (...argv: string[]) => commandsOn(workspace, [sites, tasks], dir)(...argv);

async function json<T>(...argv: string[]): Promise<T> {
  const { out, err } = await tuban(...argv, '--json');
  if (out === '') throw new Error(err);
  return JSON.parse(out) as T;
}

type Listed = Omit<Task, 'judged'> & Task['judged'] & { readonly geometry: Task['judged']['patch']['geometry'] };
const list = async (...more: string[]): Promise<readonly Listed[]> =>
  (await json<{ tasks: Listed[] }>('tasks', 'list', ...more)).tasks;

describe('the list of a run', () => {
  it('is cut to the budget; the sample of the reserve and of seen ground is on it, openly', async () => {
    const listed = await list();
    const ranks = listed.map(({ rank, origin, sample }) => [rank, origin, sample?.stratum]);
    expect(ranks.slice(0, 2)).toEqual([
      [1, 'change', undefined],
      [2, 'change', undefined],
    ]);
    expect(ranks.slice(2).map(([, origin, stratum]) => [origin, stratum])).toEqual([
      ['sample', 'reserve'],
      ['sample', 'ground'],
      ['sample', 'ground'],
      ['sample', 'ground'],
    ]);
    expect(listed[2]?.sample).toMatchObject({ size: 2, drawn: 1, probability: 0.5 });
    const all = await list('--all');
    expect(all).toHaveLength(7);
    expect(all.filter(({ state }) => state === 'reserve').map(({ notes }) => notes?.[0])).toEqual([
      expect.stringContaining('后备：本季度核查预算为 2 个任务'),
    ]);
    // About 9 km by 3 km were seen, in cells of some 190 m by 217 m; the cloud and what changed are not among them.
    const ground = listed[3]?.sample;
    expect(ground?.size).toBeGreaterThan(500);
    expect(ground?.size).toBeLessThan(700);
    expect(ground?.probability).toBe(3 / (ground?.size ?? 0));
    const patches = all.filter(({ sample }) => sample?.stratum !== 'ground');
    for (const { id, patch, notes } of listed.slice(3)) {
      expect(id).toMatch(/^T2026Q3-S[0-9a-f]{16}$/);
      expect(notes?.[0]).toContain('随机抽查');
      expect(patches.some(({ geometry }) => isInside(geometry, patch.lon, patch.lat))).toBe(false);
    }
  });

  it('is the same in another workspace, in other blocks and another order', async () => {
    const other = await made(300, 7);
    try {
      expect(await canonicalLines(other.database)).toEqual(await canonicalLines(workspace.database));
    } finally {
      await other.close();
    }
  }, 240_000);
});

describe('tuban sites', () => {
  it('lists places, shows one whole, and refuses what is not one', async () => {
    const { sites: found } = await json<{ sites: { id: string; patches: number }[] }>('sites', 'list');
    expect(found.map(({ patches }) => patches)).toEqual([1, 1, 1, 1, 1]);
    expect((await tuban('sites', 'list')).out.split('\n')).toHaveLength(7);
    const id = found[0]?.id ?? '';
    const { out } = await tuban('sites', 'show', id);
    expect(out).toContain(`地点 ${id}`);
    expect(out).toContain('各季现状');
    const none = await tuban('sites', 'show', '2026Q3-none');
    expect([none.status, none.err.includes('没有编号为')]).toEqual([2, true]);
    expect((await tuban('sites', 'list', '--state', 'odd')).status).toBe(2);
    expect((await tuban('sites', 'proposals')).err).toContain('没有建议销号的地点');
  });

  it('takes decisions that are signed, dated and explained, once', async () => {
    const [first, second] = await list();
    const decide = ['sites', 'decide', first?.id ?? '', 'dismissed', '--by', '张三', '--on', '2026-10-20'] as const;
    expect((await tuban(...decide)).status).toBe(2);
    expect((await tuban(...decide, '--note', ' ')).err).toContain('--note');
    expect((await tuban('sites', 'decide', first?.id ?? '', 'odd', '--by', 'a', '--note', 'b')).err).toContain('可用');
    expect((await tuban(...decide, '--note', '大棚', '--on', '2999-01-01')).err).toContain('晚于今天');
    const day = ['--on', '2020-01-02'];
    const { out } = await tuban(...decide, '--note', '大棚', ...day);
    expect(out).toContain('已记录');
    expect(out).toContain('误报，张三，2020-01-02；记忆至 2028Q3，新增 900 m² 即重新列入');
    expect((await tuban(...decide, '--note', '大棚', ...day)).out).toContain('此前已记录');
    await tuban('sites', 'decide', second?.siteId ?? '', 'closed', '--by', '李四', '--note', '取缔', ...day);
    expect((await list()).map(({ id }) => id)).not.toContain(first?.id);
    const dismissed = await json<{ sites: { id: string }[] }>('sites', 'list', '--state', 'dismissed');
    expect(dismissed.sites.map(({ id }) => id)).toEqual([first?.siteId]);
    const shown = (await tuban('sites', 'show', second?.id.slice(1) ?? '')).out;
    expect(shown).toContain('2020-01-02  取缔关闭  李四  取缔');
  });

  it('a run after that leaves the decided task as it is, and hears that the other place was closed long ago', async () => {
    const before = new Set(await canonicalLines(workspace.database));
    await workspace.database.query(`UPDATE tuban.run SET state = 'failed'`);
    await run(workspace, 512);
    const other = (await canonicalLines(workspace.database)).filter((line) => !before.has(line));
    const [, second] = await list();
    const tasks = other.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'task');
    expect(tasks.map(({ notes }) => notes)).toEqual([
      ['死灰复燃：该地点已于 2020-01-02 取缔关闭（李四），其后的影像又见变化'],
    ]);
    expect(second?.state).toBe('new');
    const [decided] = (await list('--all')).filter(({ state }) => state === 'decided');
    expect(decided?.rank).toBe(1);
    expect(decided?.judgement.score).toBeGreaterThan(0);
    expect(decided?.geometry[0]?.[0]?.length).toBeGreaterThan(3);
  }, 240_000);
});

describe('tuban tasks sample', () => {
  it('estimates what was missed from the answers, and says so where a stratum has none', async () => {
    expect((await tuban('tasks', 'sample', '2026Q3')).out).toContain('尚无核查结果');
    const sampled = (await list()).filter(({ sample }) => sample !== undefined);
    for (const [i, { id }] of sampled.entries()) {
      const kind = i === 1 ? 'confirmed' : 'dismissed';
      await tuban('sites', 'decide', id, kind, '--by', '张三', '--note', '实地核查', '--on', '2020-01-02');
    }
    interface Estimate {
      readonly strata: readonly { readonly size: number }[];
      readonly misses: { readonly missed: number; readonly low: number; readonly high: number };
    }
    const { strata, misses } = await json<Estimate>('tasks', 'sample', '2026Q3');
    const [reserve, ground] = strata.map(({ size }) => size) as [number, number];
    expect(strata).toEqual([
      { stratum: 'reserve', size: 2, drawn: 1, answered: 1, found: 0 },
      { stratum: 'ground', size: ground, drawn: 3, answered: 3, found: 1 },
    ]);
    expect(reserve).toBe(2);
    expect(misses.missed).toBeCloseTo(ground / 3, 9);
    expect(misses.low).toBeGreaterThanOrEqual(1);
    expect(misses.high).toBeLessThanOrEqual(ground - 2 + 1);
    expect((await tuban('tasks', 'sample', '2026Q3')).out).toContain('95% 置信区间');
    expect((await tuban('tasks', 'sample', '2026Q2')).err).toContain('没有随机抽查');
  });
});
