/**
 * The demo's quarter on its real imagery: what was planted is found and judged as fixtures/README.md says, what the cloud hides is
 * reported as not seen, and the report and the pictures show it. Real change of the scene is found too and not judged here.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layerFiles } from './adapters/files/layer-files.js';
import { sceneFiles } from './adapters/files/scene-files.js';
import { createLayerRegister } from './adapters/postgres/layer-register.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { createSceneRegister } from './adapters/postgres/scene-register.js';
import { isInside } from './geo/interior-point.js';
import { BOUNDARY_KINDS } from './model/boundary.js';
import type { JudgedPatch } from './model/patch.js';
import type { QuarterRecord } from './ports/quarter-record.js';
import { reportQuarter } from './quarter-report.js';
import { runQuarter } from './quarter-run.js';
import { ingest } from './stages/ingest/stage.js';
import { registerLayer } from './stages/register/stage.js';
import { DEMO_BOX, DEMO_FOLDER, demoPits } from './testing/demo-quarter.js';
import { localQueues } from './testing/local-queues.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const idle = new AbortController().signal;
let folder: string;
let workspace: TestWorkspace;
let record: QuarterRecord;
let judged: JudgedPatch[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-demo-'));
  workspace = await openTestWorkspace();
  const { database, pool } = workspace;
  const scenes = { pool, files: sceneFiles(), register: createSceneRegister(database) };
  const file = (name: string) => join(DEMO_FOLDER, name);
  await ingest(file('s2-2017-04-14.tif'), { acquired: '2017-04-14', masks: [] }, scenes);
  const masks = [{ code: 'scl' as const, path: file('s2-2018-04-02-scl.tif') }];
  await ingest(file('s2-2018-04-02.tif'), { acquired: '2018-04-02', masks }, scenes);
  const layers = { pool, files: layerFiles(), register: createLayerRegister(database) };
  for (const kind of BOUNDARY_KINDS) {
    await registerLayer(file(`${kind}.geojson`), { kind, crs: null, encoding: null, validFrom: null }, false, layers);
  }
  await runQuarter(workspace, localQueues(), '2018Q2', { jobs: 2, signal: idle });
  record = quarterRecord(database);
  const rows = await database.query<{ body: Omit<JudgedPatch, 'geometry'>; geom: string }>(
    'SELECT body, ST_AsGeoJSON(geom) AS geom FROM tuban.patch',
  );
  judged = rows.map(({ body, geom }) => ({
    ...body,
    patch: { ...body.patch, geometry: JSON.parse(geom).coordinates },
  }));
}, 300_000);

afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the demo quarter', () => {
  for (const pit of demoPits()) {
    const { id, seen, expect: codes, areaM2, geometry, lon, lat } = pit;
    it(`${id} (${pit.situation}): ${seen ? codes.join(', ') : 'not found'}`, () => {
      const here = judged.filter(
        ({ patch }) => isInside(patch.geometry, lon, lat) || isInside(geometry, patch.lon, patch.lat),
      );
      if (!seen) {
        expect(here).toEqual([]);
        return;
      }
      const [largest] = here.sort((a, b) => b.patch.areaM2 - a.patch.areaM2);
      expect(largest?.judgement.violations).toEqual(expect.arrayContaining([...codes]));
      // Roads and ground beside it may be part of the patch; a quarter more or less is not the same thing any more.
      expect(largest?.patch.areaM2).toBeGreaterThan(0.75 * areaM2);
      expect(largest?.patch.areaM2).toBeLessThan(1.35 * areaM2);
    });
  }

  it('says of the licence under the cloud that it was not seen, of the quiet one that it is unchanged', async () => {
    const boundaries = await record.boundaries(DEMO_BOX);
    const observations = await record.observations('2018Q2');
    const resultOf = (name: string) => {
      const id = boundaries.find((boundary) => boundary.name === name)?.id;
      return observations.find(({ boundaryId }) => boundaryId === id);
    };
    expect(resultOf('演示己石灰岩矿')).toMatchObject({ result: 'not-seen', seenShare: 0 });
    expect(resultOf('演示戊砖瓦用页岩矿')?.result).toBe('unchanged');
    expect(resultOf('演示乙石场')?.result).toBe('changed');
    expect(observations).toHaveLength(boundaries.length);
  });

  it('pages, filters and finds tasks by licence and id in the database', async () => {
    const all = await record.tasks('2018Q2', { state: 'new', offset: 0, limit: 500 });
    expect(all.tasks).toHaveLength(all.total);
    expect(all.tasks.map(({ rank }) => rank)).toEqual(all.tasks.map((_, i) => i + 1));
    const second = await record.tasks('2018Q2', { offset: 3, limit: 2 });
    expect(second.tasks.map(({ id }) => id)).toEqual(all.tasks.slice(3, 5).map(({ id }) => id));
    expect(second.total).toBe(all.total);
    const beyond = await record.tasks('2018Q2', {
      violation: 'beyond-boundary',
      text: '0000002',
      offset: 0,
      limit: 500,
    });
    expect(beyond.total).toBeGreaterThan(0);
    expect(beyond.total).toBeLessThan(all.total);
    for (const { judged: one } of beyond.tasks) expect(one.judgement.licenceNo).toBe('C0000002015060110000002');
    expect((await record.tasks('2018Q2', { text: '%', offset: 0, limit: 5 })).total).toBe(0);
    const [first] = all.tasks;
    expect(await record.task(first?.id ?? '')).toEqual(first);
    expect(await record.task('nobody')).toBeNull();
    expect((await record.quarters())[0]).toMatchObject({ quarter: '2018Q2', tasks: all.total });
  });

  it('reports: a page with the notice of the imagery and a picture of each of the first tasks', async () => {
    const request = {
      quarter: '2018Q2' as const,
      htmlPath: join(folder, 'r.html'),
      pictureFolder: join(folder, 'p'),
      mark: null,
      top: 3,
    };
    const report = await reportQuarter(workspace, request);
    expect(report.pictures).toHaveLength(3);
    expect(await sharp(report.pictures[0]).metadata()).toMatchObject({ format: 'png', width: 1078 });
    const page = readFileSync(report.html, 'utf8');
    expect(page).toContain('Contains modified Copernicus Sentinel data 2017, 2018');
    expect(page).toContain('演示己石灰岩矿（看到 0 %）');
    expect(page).not.toContain('后备');
    const [first, second] = (await quarterRecord(workspace.database).tasks('2018Q2', { offset: 0, limit: 2 })).tasks;
    await workspace.database.query("update tuban.task set state = 'reserve' where id = $1", [first?.id ?? '']);
    await workspace.database.query("update tuban.task set state = 'quiet' where id = $1", [second?.id ?? '']);
    await reportQuarter(workspace, request);
    const cut = readFileSync(report.html, 'utf8');
    expect(cut).toContain('后备 1 个：超出本季度核查预算的疑似图斑');
    expect(cut).toContain('误报记忆 1 个：曾认定为误报');
    await expect(reportQuarter(workspace, { ...request, quarter: '2016Q1' })).rejects.toMatchObject({
      code: 'report.no-run',
      blame: 'input',
    });
  });
});
