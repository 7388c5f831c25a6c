/** Versions in the database: what the migration makes of a register of before, and the order of recording. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config.js';
import { toWkb } from '../../geo/wkb.js';
import type { Boundary } from '../../model/boundary.js';
import type { LayerFile } from '../../model/layer-file.js';
import { lineageOf } from '../../model/versions.js';
import { freshDatabase, withPostgres } from '../../testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from '../../testing/workspace.js';
import { createLayerRegister } from './layer-register.js';
import { migrate, readMigrations } from './migrate.js';
import { createRunRecords } from './run-records.js';

const RING: [number, number][] = [
  [113.1, 37.2],
  [113.3, 37.2],
  [113.3, 37.4],
  [113.1, 37.2],
];

function boundary(id: string, rest: Partial<Boundary> = {}): Boundary {
  return {
    id,
    kind: 'licences',
    row: 1,
    number: null,
    name: null,
    holder: null,
    method: null,
    status: null,
    validFrom: null,
    validTo: null,
    zoneKind: null,
    geometry: [[RING]],
    areaM2: 1,
    excludedReason: null,
    attributes: {},
    ...rest,
  };
}

const file = (id: string, rest: Partial<LayerFile> = {}): LayerFile => ({
  id,
  kind: 'licences',
  name: `${id}.geojson`,
  sha256: '',
  validFrom: null,
  report: { repaired: [], refused: [], encoding: 'UTF-8', crsName: 'EPSG:4490', assumptions: [], polygons: 1 },
  ...rest,
});

function versions(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
  }, 60_000);
  afterAll(() => workspace.close());

  it('a register of before has its lineages and its order of imports afterwards', async () => {
    const { database } = workspace;
    const all = readMigrations(join(packageRoot(), 'dist', 'src', 'adapters', 'postgres', 'migrations'));
    await database.query('DROP SCHEMA tuban CASCADE');
    await migrate(
      database,
      all.filter(({ name }) => name < '0003'),
    );
    const old = [
      boundary('a', { number: 'C 1２' }),
      boundary('b', { name: '一矿', holder: '甲' }),
      boundary('c'),
      boundary('d', { kind: 'keyzones', name: '红线' }),
      boundary('e', { kind: 'keyzones', name: '红线', number: '7' }),
      boundary('f', { kind: 'plans', name: '二期', number: 'c1' }),
    ];
    for (const [id, at] of [
      ['late', '2026-02-01'],
      ['early', '2026-01-01'],
    ] as const) {
      await database.query(
        `INSERT INTO tuban.layer_file (id, kind, name, sha256, report, imported_at) VALUES ($1, 'licences', $1, '', '{}'::jsonb, $2::timestamptz)`,
        [id, at],
      );
    }
    for (const { geometry, ...body } of old) {
      await database.query(
        `INSERT INTO tuban.boundary (id, layer_file_id, kind, row_no, number, geom, body)
         VALUES ($1, 'early', $2, 1, $3, ST_SetSRID(ST_GeomFromWKB(decode($4, 'hex')), 4490), $5::jsonb)`,
        [body.id, body.kind, body.number, Buffer.from(toWkb(geometry)).toString('hex'), JSON.stringify(body)],
      );
    }
    await migrate(database, all);
    const { rows, files } = await createLayerRegister(database).versions();
    expect(files.map(({ id, seq }) => [id, seq])).toEqual([
      ['early', 1],
      ['late', 2],
    ]);
    expect(rows.map(({ id, lineage, box }) => [id, lineage, box])).toEqual(
      old.map((one) => [one.id, lineageOf(one), [113.1, 37.2, 113.3, 37.4]]),
    );
  });

  it('gives a quarter the versions of its dates, and a hash that later ones do not change', async () => {
    const { database } = workspace;
    const register = createLayerRegister(database);
    const records = createRunRecords(database);
    await database.query('TRUNCATE tuban.layer_row, tuban.boundary, tuban.layer_file CASCADE');
    await register.add(file('one'), [boundary('v1', { number: 'C1', validFrom: '2020-01-01' })]);
    const first = await records.layersHash('2026Q1', null);
    const second = boundary('v2', { number: 'C1', validFrom: '2020-01-01', effectiveFrom: '2026-05-01', holder: '乙' });
    await register.add(file('two'), [second]);
    expect(await records.layersHash('2026Q1', null)).toBe(first);
    const during = (await records.register('2026Q2', '2026-02-01')).versions.map(({ id, span }) => [
      id,
      span?.from,
      span?.until,
    ]);
    expect(during).toEqual([
      ['v1', null, '2026-05-01'],
      ['v2', '2026-05-01', null],
    ]);
    expect((await records.register('2026Q3', null)).versions.map(({ id, span }) => [id, span])).toEqual([
      ['v2', undefined],
    ]);
    const standing = await records.register('2026Q3', '2026-04-01');
    expect(standing.versions.map(({ id }) => id)).toEqual(['v1', 'v2']);
    const [taken] = await standing.take([1]);
    expect([taken?.id, taken?.holder, taken?.span]).toEqual(['v2', '乙', standing.versions[1]?.span]);
    expect([...standing.boxes.subarray(4, 8)]).toEqual([113.1, 37.2, 113.3, 37.4]);
    // said again by a third file: the version that is known goes on
    const hash = await records.layersHash('2026Q3', null);
    await register.add(file('three'), [{ ...second, id: 'v2again', row: 9, attributes: { FID: 4 } }]);
    expect(await records.layersHash('2026Q3', null)).toBe(hash);
    expect((await register.versions()).files.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
}

describe('versions in the embedded database', () => versions(async () => null));
withPostgres('versions on PostgreSQL', () => versions(freshDatabase));
