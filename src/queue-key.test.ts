/**
 * Key patches by mineral, on both databases: from a layer as a register gives it to the sentence on the task; at the distance that is set; withheld with
 * a sealed place; carried to parts.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { keyReasonsOf } from './adapters/postgres/key-patches.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { register as layerCommand } from './cli/layer.js';
import { register as tasksCommand } from './cli/tasks.js';
import { boxOf } from './geo/distance.js';
import { DEFAULT_KEY_RULE, type KeyRule } from './model/key-patch.js';
import type { EngineDesk } from './ports/desk.js';
import type { TaskQueue } from './ports/task-queue.js';
import { openTaskQueue } from './queue-open.js';
import { createMissedPits } from './queue-pits.js';
import { commandsOn } from './testing/commands.js';
import { outlineOf, type Rectangle } from './testing/given-quarter.js';
import { testJudgement, testOverlap } from './testing/judgement.js';
import { LAT, layPeople, layTasks, queueTask, square } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const as = (personId: string) => ({ personId, device: 'test' });
const TITLES: readonly (readonly [number: string, mineral: string, shape: Rectangle])[] = [
  ['C001', '离子型轻稀土矿', [0, 0, 300, 300]],
  ['C002', '金刚石', [0, 2000, 300, 2300]],
];

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  let queue: TaskQueue;
  let titles: ReadonlyMap<string, string>;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layPeople(workspace.database);
    const features = TITLES.map(([number, mineral, shape]) => ({
      type: 'Feature',
      properties: {
        许可证号: number,
        矿山名称: `${number}矿`,
        开采主矿种: mineral,
        有效期起: '2020-01-01',
        有效期止: '2030-01-01',
      },
      geometry: { type: 'Polygon', coordinates: outlineOf(shape)[0] },
    }));
    await writeFile(join(workspace.dir, '证.geojson'), JSON.stringify({ type: 'FeatureCollection', features }));
    const tuban = commandsOn(workspace, [layerCommand], workspace.dir);
    expect(await tuban('layer', 'import', 'licences', '证.geojson')).toMatchObject({ status: 0 });
    const rows = await workspace.database.query<{ id: string; number: string }>(
      'SELECT id, number FROM tuban.boundary',
    );
    titles = new Map(rows.map(({ id, number }) => [number, id]));
    desk = createDesk(workspace.database);
    queue = openTaskQueue(workspace, desk);
  });
  afterAll(() => workspace.close());

  const overlap = (number: string, distanceM: number) =>
    testOverlap({
      boundaryId: titles.get(number) ?? '',
      kind: 'licences',
      areaInsideM2: distanceM === 0 ? 100 : 0,
      areaOutsideM2: 6100,
      greatestOutsideM: distanceM + 80,
      distanceM,
    });
  const near = (n: number, ...overlaps: ReturnType<typeof overlap>[]) => {
    const task = queueTask(n);
    const judgement = testJudgement({ overlaps });
    return { ...task, judged: { ...task.judged, judgement } };
  };
  const why = async (id: string) => {
    const { file, keyWhy } = await queue.file(as('an'), id);
    return [file.key, keyWhy];
  };

  it('is one where a title that names the mineral is touched or near enough, and says which', async () => {
    const tasks = [
      near(1, overlap('C001', 0)),
      near(3, overlap('C001', 49.2)),
      near(5, overlap('C001', 50.1)),
      near(7, overlap('C002', 0)),
    ];
    await layTasks(workspace.database, tasks);
    expect(await why('Tp1')).toEqual([true, ['触及：采矿许可证“C001矿 C001”，矿种 离子型轻稀土矿']]);
    expect(await why('Tp3')).toEqual([true, ['相距 50 米：采矿许可证“C001矿 C001”，矿种 离子型轻稀土矿']]);
    expect(await why('Tp5')).toEqual([false, []]);
    expect(await why('Tp7')).toEqual([false, []]);
    const told = await commandsOn(workspace, [tasksCommand], workspace.dir)('--as', 'an', 'tasks', 'show', 'Tp1');
    expect(told.out).toContain('重点图斑，因为：触及：采矿许可证“C001矿 C001”');
  });

  it('follows the settings: other names, another distance, none', async () => {
    const cases: [number, Partial<KeyRule>, number][] = [
      [21, { keyMineralM: 60 }, 1],
      [23, { keyMinerals: ['金刚石'] }, 1],
      [25, { keyMinerals: ['金刚石', '稀土'], keyMineralM: 60 }, 2],
      [27, { keyMinerals: ['金'], keyMineralM: 300 }, 0],
      [29, { keyMinerals: [], keyMineralM: 300 }, 0],
    ];
    for (const [n, rule, reasons] of cases) {
      const task = near(n, overlap('C001', 60), overlap('C002', 0));
      const found = await keyReasonsOf(workspace.database, [task], { ...DEFAULT_KEY_RULE, ...rule });
      expect(found, JSON.stringify(rule)).toMatchObject([{ length: reasons }]);
    }
  });

  it('is one where the issuer names the mineral', async () => {
    await workspace.database.query(
      `INSERT INTO tuban.issued_batch (id, source, quarter, name, sha256, report) VALUES ('B', '部', '2026Q3', 'b', '', '{}')`,
    );
    for (const [key, mineral] of [
      ['I1', '稀土'],
      ['I2', '石灰岩'],
      ['I1', '钨矿、稀土矿'],
    ] as const) {
      await workspace.database.query(
        `INSERT INTO tuban.issued_version (content_id, batch_id, key_id, source, quarter, number, body)
         VALUES (gen_random_uuid()::text, 'B', $1, '部', '2026Q3', $1, $2::jsonb)`,
        [key, JSON.stringify({ attributes: { JCBH: key, 矿种: mineral } })],
      );
    }
    const issued = (keyId: string) => [
      { keyId, source: '部', county: null, number: keyId, result: 'not-seen' as const },
    ];
    await layTasks(workspace.database, [
      { ...queueTask(11), issued: issued('I1') },
      { ...queueTask(13), issued: issued('I2') },
    ]);
    expect(await why('Tp11')).toEqual([true, ['下发图斑 I1 注明矿种 钨矿、稀土矿']]);
    expect(await why('Tp13')).toEqual([false, []]);
  });

  it('holds for a pit that is reported beside such a title, judged as it is, and beside a large one for its size', async () => {
    await workspace.database.query(
      `INSERT INTO tuban.area (id, name, geom) VALUES ('pits', '甲镇', ST_GeomFromText('MULTIPOLYGON(((117.9 35.9,118.5 35.9,118.5 36.5,117.9 36.5,117.9 35.9)))', 4490))`,
    );
    await workspace.database.query(
      `INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('o3', 'officer', 'pits')`,
    );
    const pits = createMissedPits(desk, workspace);
    const report = async (shape: Rectangle) => {
      const what = {
        quarter: '2026Q3',
        place: { outline: outlineOf(shape) },
        note: '新挖',
        seenOn: '2026-08-10',
      } as const;
      return why((await pits.report(as('o3'), what)).task.id);
    };
    const [key, said] = await report([310, 100, 360, 150]);
    expect([key, said]).toEqual([
      true,
      [expect.stringMatching(/^相距 1\d 米：采矿许可证“C001矿 C001”，矿种 离子型轻稀土矿$/)],
    ]);
    expect(await report([370, 1000, 420, 1050])).toEqual([false, []]);
    expect(await report([0, 5000, 100, 5100])).toEqual([true, ['面积 14.99 亩，不小于 10 亩']]);
  });

  it('goes over to the parts of a split, is withheld with a sealed place, and is not made up for files of before', async () => {
    const { lon } = queueTask(1).judged.patch;
    const halves = [square(lon - 0.0002, LAT, 0.0002), square(lon + 0.0002, LAT, 0.0002)];
    const parts = halves.map((shape, i) => ({ name: `第 ${i + 1} 块`, geometry: shape.map((rings) => [...rings]) }));
    const details = { reason: '两家', parts };
    await queue.act(as('an'), 'Tp1', { action: 'split', revision: 1, details });
    expect(await why('Tp1-1')).toEqual(await why('Tp1'));
    const query = (text: string) => workspace.database.query(text);
    await query(`UPDATE tuban.task_file SET sealed = true WHERE task_id = 'Tp3'`);
    expect(await queue.file(as('o1'), 'Tp3')).toMatchObject({ opened: null, keyWhy: null });
    expect(
      await desk.as(as('o1'), ({ sql }) => sql.query(`SELECT key_why FROM tuban.task_opened WHERE task_id = 'Tp3'`)),
    ).toEqual([]);
    await query(`UPDATE tuban.task_opened SET key_why = NULL WHERE task_id = 'Tp1'`);
    expect(await why('Tp1')).toEqual([true, null]);
  });

  it('shows the mineral with the title, and no other attribute', async () => {
    const [, , shape] = TITLES[0] ?? [];
    const found = await quarterRecord(workspace.database).boundaries(
      boxOf(outlineOf(shape ?? [0, 0, 1, 1])),
      '2026-08-01',
    );
    expect(found).toMatchObject([{ number: 'C001', mineral: '离子型轻稀土矿' }]);
    expect(found[0]).not.toHaveProperty('attributes');
  });
}

describe('key patches by mineral on the embedded database', () => holds(async () => null));
withPostgres('key patches by mineral on a server', () => holds(freshDatabase));
