import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scene } from '../../model/scene.js';
import type { Sql, SqlValue } from '../../ports/database.js';
import { freshDatabase, withPostgres } from '../../testing/servers.js';
import { createSceneRegister } from './scene-register.js';

const scene = (id: string, more: Partial<Scene> = {}): Scene => ({
  id,
  sha256: `sha-${id}`,
  path: '/影像/a b.tif',
  acquiredOn: '2026-08-15',
  quarter: '2026Q3',
  sensor: 'gf-2',
  grid: { crs: 'GEOGCS["x"]', transform: [117, 1e-4, 0, 36, 0, -1e-4], width: 10, height: 10 },
  gsdM: 10.003,
  bands: [{ role: 'blue', index: 1 }],
  masks: [{ code: 'scl', path: '/影像/云.tif' }],
  footprint: [
    [
      [
        [117, 36],
        [117.001, 36],
        [117.001, 35.999],
        [117.123456789, 35.987654321],
        [117, 36],
      ],
    ],
  ],
  validShare: 0.1 + 0.2,
  info: {
    path: '/影像/a b.tif',
    driver: 'GTiff',
    grid: { crs: 'GEOGCS["x"]', transform: [117, 1e-4, 0, 36, 0, -1e-4], width: 10, height: 10 },
    bands: [{ index: 1, type: 'uint16', description: '蓝', noData: null, colour: 'Gray' }],
    tile: { width: 10, height: 1 },
    overviews: [],
    metadata: { 成像时间: '2026-08-15' },
  },
  files: [{ path: '/影像/a b.tif', sha256: `sha-${id}`, bytes: 5, modifiedMs: 7 }],
  notes: ['日期由 --acquired 给出'],
  ...more,
});

withPostgres('scene register', () => {
  let client: pg.Client;
  let sql: Sql;
  beforeAll(async () => {
    client = new pg.Client({ connectionString: await freshDatabase() });
    await client.connect();
    await client.query(readFileSync(new URL('./migrations/0001-foundation.sql', import.meta.url), 'utf8'));
    sql = {
      query: async <T extends object>(text: string, values: readonly SqlValue[] = []) =>
        (await client.query(text, [...values])).rows as T[],
    };
  }, 60_000);
  afterAll(() => client.end());

  it('gives back what was put in, to the last bit, sorted by date and id', async () => {
    const register = createSceneRegister(sql);
    const [a, b, c] = [scene('Sb'), scene('Sa'), scene('Sc', { acquiredOn: '2026-02-01', quarter: '2026Q1' })];
    for (const one of [a, b, c]) expect(await register.add(one)).toBe(true);
    expect(await register.list()).toEqual([c, b, a]);
    expect(await register.bySha256('sha-Sa')).toEqual(b);
    expect(await register.bySha256('other')).toBeNull();
    const [row] = await sql.query<{ quarter: string; day: string; srid: number }>(
      `SELECT quarter, acquired_on::text AS day, ST_SRID(footprint) AS srid FROM tuban.scene WHERE id = 'Sc'`,
    );
    expect(row).toEqual({ quarter: '2026Q1', day: '2026-02-01', srid: 4490 });
  });

  it('adding again changes nothing; moving changes the path; removing takes it out', async () => {
    const register = createSceneRegister(sql);
    expect(await register.add(scene('Sa', { sensor: 'other' }))).toBe(false);
    expect((await register.bySha256('sha-Sa'))?.sensor).toBe('gf-2');
    await register.move(scene('Sa', { path: '/新/b.tif' }));
    expect((await register.bySha256('sha-Sa'))?.path).toBe('/新/b.tif');
    expect(await register.remove('Sa')).toBe(true);
    expect(await register.remove('Sa')).toBe(false);
    expect((await register.list()).map((s) => s.id)).toEqual(['Sc', 'Sb']);
  });
});
