/** The whole run on a made county (src/testing/quarter-fixture.ts): what it finds, and that nothing about the doing shows in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalLines } from './adapters/postgres/canonical.js';
import { type RasterRecipe, recipeSchema } from './model/recipe.js';
import type { Observation, Task } from './model/task.js';
import type { Workspace } from './ports/workspace.js';
import { runQuarter } from './quarter-run.js';
import { localQueues } from './testing/local-queues.js';
import { fillWorkspace, PITS, placeOf, type QuarterFixture, writeQuarterFixture } from './testing/quarter-fixture.js';
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

function withBlocks(blockPx: number): Workspace {
  const raster: Partial<RasterRecipe> = { blockPx };
  return { ...workspace, recipe: recipeSchema.parse({ raster }) };
}

async function run(on: Workspace, jobs = 2, seed?: number) {
  const summary = await runQuarter(on, localQueues(seed), '2026Q3', { jobs, signal: idle });
  if (!summary) throw new Error('the lock is held');
  return { summary, canonical: (await canonicalLines(on.database)).join('') };
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
      const circle = Math.PI * pit.radiusM ** 2;
      if (!pit.clouded) expect(Math.abs((near[0]?.areaM2 ?? 0) - circle) / circle).toBeLessThan(0.03);
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

  it('changes nothing when it is done again', async () => {
    const again = await run(withBlocks(256));
    expect(again.canonical).toBe(reference.canonical);
    expect(again.summary).toMatchObject({ tasks: 4, tasksNew: 0, tasksChanged: 0, tasksWithdrawn: 0 });
  });

  it.each([
    [512, 1, undefined],
    [1000, 3, undefined],
    [300, 3, 11],
    [256, 2, 42],
  ])('gives the same bytes with blocks of %i, %i at a time, shuffled by %s', async (blockPx, jobs, seed) => {
    await workspace.database.query('DELETE FROM tuban.stage_result');
    expect((await run(withBlocks(blockPx), jobs, seed)).canonical).toBe(reference.canonical);
  });
});
