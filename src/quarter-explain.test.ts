import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { recipeSchema } from './model/recipe.js';
import { type Explanation, explainPlace } from './quarter-explain.js';
import { runQuarter } from './quarter-run.js';
import { localQueues } from './testing/local-queues.js';
import { fillWorkspace, PITS, placeOf, writeQuarterFixture } from './testing/quarter-fixture.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

let folder: string;
let workspace: TestWorkspace;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-explain-'));
  workspace = await openTestWorkspace({ recipe: recipeSchema.parse({ raster: { blockPx: 256 } }) });
  await fillWorkspace(workspace, writeQuarterFixture(join(folder, 'data')));
  await runQuarter(workspace, localQueues(), '2026Q3', { jobs: 2, signal: new AbortController().signal });
}, 300_000);
afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

function explain(x: number, y: number): Promise<Explanation> {
  const { database, pool } = workspace;
  const ports = { record: quarterRecord(database), records: createRunRecords(database), pool };
  return explainPlace(ports, placeOf({ x, y }), '2026Q3');
}

describe('explainPlace', () => {
  it('shows the patch of a pit, the pair that serves it and the polygon it lies in', async () => {
    const pit = PITS[1];
    const { patches, pairs, runState } = await explain(pit?.x ?? 0, pit?.y ?? 0);
    expect(runState).toBe('done');
    expect(patches).toHaveLength(1);
    expect(pairs.filter(({ serves }) => serves)).toMatchObject([{ answer: 'changed' }]);
  });

  it('says where each patch stands on the list, and gives a lawful one no task', async () => {
    const open = PITS.filter(({ clouded }) => !clouded);
    const all = await Promise.all(open.map(({ x, y }) => explain(x, y)));
    const found = all.filter(({ patches }) => patches.length === 1);
    for (const { patches, tasks } of found) {
      const lawful = patches[0]?.judgement.violations.join() === 'lawful';
      const task = { id: `T${patches[0]?.patch.id}`, state: 'new' };
      expect(tasks.map(({ id, state }) => ({ id, state }))).toEqual(lawful ? [] : [task]);
    }
    const listed = all.findIndex(({ tasks }) => tasks.length === 1);
    const [task] = all[listed]?.tasks ?? [];
    await workspace.database.query("update tuban.task set state = 'quiet' where id = $1", [task?.id ?? '']);
    const pit = open[listed];
    expect((await explain(pit?.x ?? 0, pit?.y ?? 0)).tasks).toMatchObject([{ id: task?.id, state: 'quiet' }]);
  });

  it('says “not seen” under a cloud and “unchanged” on a field, and never the one for the other', async () => {
    const clouded = PITS.find((pit) => pit.clouded);
    const under = await explain(clouded?.x ?? 0, clouded?.y ?? 0);
    expect(under.patches).toEqual([]);
    expect(under.pairs.map(({ answer, serves }) => [answer, serves])).toEqual([['not-seen', false]]);
    const field = await explain(3_100, 2_700);
    expect(field.patches).toEqual([]);
    expect(field.pairs).toMatchObject([{ answer: 'unchanged', serves: true }]);
  });

  it('has no pair to name beyond the images', async () => {
    const away = await explain(-50_000, 0);
    expect(away.pairs).toEqual([]);
    expect(away.observations).toEqual([]);
  });

  it('refuses a quarter that was never run', async () => {
    const { database, pool } = workspace;
    const ports = { record: quarterRecord(database), records: createRunRecords(database), pool };
    await expect(explainPlace(ports, [106, 29], '2019Q1')).rejects.toMatchObject({
      code: 'explain.no-run',
      blame: 'input',
    });
  });
});
