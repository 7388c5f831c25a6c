/** The whole run on a made county (src/testing/quarter-fixture.ts): what it finds, and that nothing about the doing shows in it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sceneFiles } from './adapters/files/scene-files.js';
import { canonicalLines } from './adapters/postgres/canonical.js';
import { createSceneRegister } from './adapters/postgres/scene-register.js';
import { openQueues } from './jobs/queues.js';
import type { PairUse } from './model/raster.js';
import { type RasterRecipe, recipeSchema } from './model/recipe.js';
import type { Observation, Task } from './model/task.js';
import type { JobQueues } from './ports/job-queue.js';
import type { Workspace } from './ports/workspace.js';
import { estimateRun } from './quarter-estimate.js';
import { planOf, runDue, runQuarter } from './quarter-run.js';
import { ingest } from './stages/ingest/stage.js';
import { localQueues } from './testing/local-queues.js';
import { ordinaryLogin } from './testing/ordinary-login.js';
import {
  addLicence,
  fillWorkspace,
  PITS,
  placeOf,
  type QuarterFixture,
  writeQuarterFixture,
} from './testing/quarter-fixture.js';
import { freshDatabase, redisUrl, withPostgresAndRedis } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const idle = new AbortController().signal;
let folder: string;
let fixture: QuarterFixture;
let workspace: TestWorkspace;
let reference: { summary: Awaited<ReturnType<typeof run>>['summary']; canonical: string };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-quarter-'));
  fixture = writeQuarterFixture(join(folder, 'data'));
  workspace = await openTestWorkspace();
  await fillWorkspace(workspace, fixture);
  reference = await run(withBlocks(256));
}, 300_000);

afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What was drawn at random stays on record when another run draws otherwise: src/cli/sites.test.ts. */
const sites = { sampleGround: 0 };

function withBlocks(blockPx: number): Workspace {
  const raster: Partial<RasterRecipe> = { blockPx };
  return { ...workspace, recipe: recipeSchema.parse({ raster, sites }) };
}

async function run(on: Workspace, jobs = 2, queues: JobQueues = localQueues()) {
  const summary = await runQuarter(on, queues, '2026Q3', { jobs, signal: idle });
  if (!summary) throw new Error('the lock is held');
  return { summary, canonical: (await canonicalLines(on.database)).join('') };
}

/** No result of a step is stored, and no run stands. */
async function forget(): Promise<void> {
  await workspace.database.query('DELETE FROM tuban.stage_result');
  await workspace.database.query(`UPDATE tuban.run SET state = 'failed'`);
}

const records = <T>(kind: string): T[] =>
  reference.canonical
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T & { kind: string })
    .filter((record) => record.kind === kind);

describe('a run', () => {
  it('finds each pit once, also across scenes and zones, and not the one under the cloud', () => {
    const tasks = records<Task>('task');
    const patches = records<{ patch: Task['judged']['patch'] }>('patch').map(({ patch }) => patch);
    expect(patches).toHaveLength(PITS.length - 1);
    for (const [i, pit] of PITS.entries()) {
      const [lon, lat] = placeOf(pit);
      const near = patches.filter((p) => Math.hypot((p.lon - lon) * 96_000, (p.lat - lat) * 111_000) < pit.radiusM);
      expect(near, `pit ${i}`).toHaveLength(pit.clouded ? 0 : 1);
      if (pit.clouded) continue;
      // whole, once, and no wider than the pit: a part that is cut off or a second count would leave this range
      const share = (near[0]?.areaM2 ?? 0) / (Math.PI * pit.radiusM ** 2);
      expect(share, `pit ${i}`).toBeGreaterThan(0.9);
      expect(share, `pit ${i}`).toBeLessThan(1.15);
    }
    const acrossZones = patches.find((p) => new Set(p.pairs).size > 1);
    expect(acrossZones, 'a patch that two pairs saw in parts').toBeDefined();
    expect(tasks.map((task) => task.judged.judgement.violations.join()).sort()).toEqual([
      'beyond-boundary',
      'no-licence',
      'no-licence',
      'no-licence',
    ]);
    expect(tasks.toSorted((a, b) => a.rank - b.rank).map((task) => task.judged.judgement.score)).toEqual(
      tasks.map((task) => task.judged.judgement.score).sort((a, b) => b - a),
    );
  });

  it('observes every polygon once', () => {
    const observations = records<Observation>('observation');
    expect(new Set(observations.map(({ boundaryId }) => boundaryId)).size).toBe(observations.length);
    expect(observations.map(({ result }) => result).sort()).toEqual([
      'changed',
      'changed',
      'not-seen',
      'not-seen',
      'unchanged',
    ]);
    for (const { result, seenShare, reason, pairs } of observations) {
      if (result === 'not-seen') expect([seenShare, reason !== '', pairs]).toEqual([0, true, []]);
      else expect([seenShare, reason, pairs.length]).toEqual([1, '', 1]);
    }
    expect(reference.summary.observations).toEqual({ changed: 2, unchanged: 1, notSeen: 2 });
  });

  it('does nothing where the same run stands already, and all again once another was run', async () => {
    let stood = 0;
    const onStanding = () => void stood++;
    const options = { jobs: 2, signal: idle, onStanding };
    const idleQueues: JobQueues = { ...localQueues(), add: () => Promise.reject(new Error('nothing is to be done')) };
    const summary = await runQuarter(withBlocks(256), idleQueues, '2026Q3', options);
    expect(stood).toBe(1);
    expect(summary).toEqual({ ...reference.summary, tasksNew: 0 });
    expect((await canonicalLines(workspace.database)).join('')).toBe(reference.canonical);
    const other = {
      ...withBlocks(256),
      recipe: recipeSchema.parse({ raster: { blockPx: 256, minAreaM2: 1e6 }, sites }),
    };
    expect((await run(other)).summary.patches).toBe(0);
    expect((await run(withBlocks(256))).canonical).toBe(reference.canonical);
  });

  it('changes nothing when it is done again', async () => {
    await workspace.database.query(`UPDATE tuban.run SET state = 'failed'`);
    const again = await run(withBlocks(256));
    expect(again.canonical).toBe(reference.canonical);
    expect(again.summary).toMatchObject({ tasks: 4, tasksNew: 0, tasksChanged: 0, tasksWithdrawn: 0 });
  });

  it.each([
    [512, 1, undefined],
    [1000, 3, undefined],
    [300, 3, 11],
  ])(
    'gives the same bytes with blocks of %i, %i at a time, shuffled by %s',
    async (blockPx, jobs, seed) => {
      await workspace.database.query('DELETE FROM tuban.stage_result');
      expect((await run(withBlocks(blockPx), jobs, localQueues(seed))).canonical).toBe(reference.canonical);
    },
    120_000,
  );

  it('gives the same bytes through BullMQ in the embedded database', async () => {
    await workspace.database.query('DELETE FROM tuban.stage_result');
    const queues = await openQueues(workspace);
    try {
      expect((await run(withBlocks(256), 2, queues)).canonical).toBe(reference.canonical);
    } finally {
      await queues.close();
    }
  }, 120_000);

  it('tells the time by a trial whose results the run goes on from', async () => {
    await forget();
    const plan = await planOf(withBlocks(256), '2026Q3');
    const estimate = await estimateRun(withBlocks(256), plan, 2);
    expect(estimate.blocksDone).toBeGreaterThan(1);
    expect(estimate.blocksDone).toBeLessThan(estimate.blocks);
    expect(estimate.bytes).toBeGreaterThan(1e5);
    expect(estimate.seconds).toBeGreaterThanOrEqual(3);
    expect((await run(withBlocks(256))).canonical).toBe(reference.canonical);
    const done = await estimateRun(withBlocks(256), plan, 2);
    expect([done.blocksDone, done.seconds]).toEqual([done.blocks, 3]);
  }, 120_000);

  it('reads a replaced scene and no other', async () => {
    const register = createSceneRegister(workspace.database);
    const scenes = (await register.list()).filter(({ quarter }) => quarter === '2026Q3');
    const [first] = scenes;
    if (!first || scenes.length < 2) throw new Error('the county has several scenes');
    await forget();
    await run(withBlocks(256));
    const copy = join(folder, 'again.tif');
    copyFileSync(first.path, copy);
    const file = gdal.open(copy, 'r+');
    const corner = file.bands.get(1).pixels.read(0, 0, 4, 4);
    file.bands.get(1).pixels.write(
      0,
      0,
      4,
      4,
      corner.map((value) => value + 1),
    );
    file.close();
    await register.remove(first.id);
    const masks = first.masks.map(({ code, path }) => ({ code, path }));
    const wish = {
      acquired: first.acquiredOn,
      sensor: undefined,
      bands: first.bands.map(({ role }) => role).join(),
      masks,
    };
    const { scene } = await ingest(copy, wish, { pool: workspace.pool, files: sceneFiles(), register });
    const read = new Set<string>();
    const watching: Workspace['pool'] = {
      size: workspace.pool.size,
      close: () => workspace.pool.close(),
      run(name, input) {
        if (name === 'fit' || name === 'compare') read.add((input as { pair: PairUse }).pair.after.path);
        return workspace.pool.run(name, input);
      },
    };
    await run({ ...withBlocks(256), pool: watching });
    expect([...read]).toEqual([copy]);
    await register.remove(scene.id);
    await register.add(first);
    expect((await run(withBlocks(256))).canonical).toBe(reference.canonical);
  }, 120_000);

  it('is due once its quarter has ended in China, and again when a layer comes', async () => {
    const options = { jobs: 2, signal: idle };
    const at = (time: string) => runDue(withBlocks(256), localQueues(), new Date(time), options);
    expect(await at('2026-06-30T15:59:59Z')).toBe('nothing');
    const first = await at('2026-06-30T16:00:00Z');
    expect(Array.isArray(first) && first.map(({ quarter }) => quarter)).toEqual(['2026Q2']);
    expect(await at('2026-10-01T00:00:00Z')).toBe('nothing');
  });

  it('lets one run at a time through', async () => {
    const running = run(withBlocks(256));
    const second = await runQuarter(withBlocks(256), localQueues(), '2026Q3', { jobs: 1, signal: idle });
    const due = await runDue(withBlocks(256), localQueues(), new Date('2027-01-01'), { jobs: 1, signal: idle });
    expect([second, due]).toEqual([null, 'locked']);
    await running;
  });

  it('reads no pixel when only a layer is new, and withdraws what the layer explains', async () => {
    const asked: string[] = [];
    const counting: Workspace['pool'] = {
      size: workspace.pool.size,
      close: () => workspace.pool.close(),
      run(name, input) {
        asked.push(name);
        return workspace.pool.run(name, input);
      },
    };
    const before = await run(withBlocks(256));
    await addLicence(workspace, join(folder, 'late.geojson'), { x: 4_000, y: 1_500, halfM: 300 });
    const after = await run({ ...withBlocks(256), pool: counting });
    expect(asked.filter((name) => name === 'fit' || name === 'compare')).toEqual([]);
    expect(after.summary).toMatchObject({ tasks: 3, tasksNew: 0, tasksWithdrawn: 1 });
    const patchIds = (canonical: string) => [...canonical.matchAll(/"id":"(2026Q3-\w+)"/g)].map(([, id]) => id);
    expect(patchIds(after.canonical).sort()).toEqual(patchIds(before.canonical).sort());
    const options = { jobs: 2, signal: idle };
    expect(await runDue(withBlocks(256), localQueues(), new Date('2026-09-30T00:00:00Z'), options)).toMatchObject([
      { quarter: '2026Q2' },
    ]);
  });
});

withPostgresAndRedis('a run on servers', () => {
  async function runOn(servers: { readonly databaseUrl: string; readonly redisUrl: string | null }): Promise<string> {
    const server = await openTestWorkspace(servers);
    try {
      await fillWorkspace(server, fixture);
      const queues = await openQueues(server);
      const onServer = { ...server, recipe: recipeSchema.parse({ raster: { blockPx: 256 }, sites }) };
      const { canonical } = await run(onServer, 2, queues);
      await queues.close();
      return canonical;
    } finally {
      await server.close();
    }
  }

  it('gives the same bytes on PostgreSQL with the queue on Redis', async () => {
    expect(await runOn({ databaseUrl: await freshDatabase(), redisUrl: await redisUrl() })).toBe(reference.canonical);
  }, 300_000);

  it('gives the same bytes, and opens task files, under a login that is bound by row-level security', async () => {
    const { own, admin } = await ordinaryLogin('CREATEROLE');
    try {
      expect(await runOn({ databaseUrl: own, redisUrl: null })).toBe(reference.canonical);
      const tasks = records<Task>('task').map(({ id }) => id);
      const { rows } = await admin.query('SELECT task_id AS id FROM tuban.task_file ORDER BY task_id COLLATE "C"');
      expect(rows.map(({ id }) => id)).toEqual(tasks.sort());
    } finally {
      await admin.end();
    }
  }, 300_000);
});
