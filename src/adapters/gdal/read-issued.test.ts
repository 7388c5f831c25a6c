import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuedRow } from '../../model/issued.js';
import { xlsxOf } from '../xlsx/write-xlsx.js';
import { readIssued } from './read-issued.js';

const SHAPEFILE = fileURLToPath(new URL('../../../fixtures/issued/2018q2-change.shp', import.meta.url));

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-read-issued-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

const read = (path: string) => readIssued({ path, crs: null, encoding: null });

describe('readIssued', () => {
  it('reads the same patches from a file geodatabase as from the shapefile', () => {
    const path = join(dir, '下发.gdb');
    execFileSync('ogr2ogr', ['-f', 'OpenFileGDB', '-nln', '图斑', path, SHAPEFILE], { stdio: 'ignore' });
    const [issued, database] = [read(SHAPEFILE), read(path)];
    expect(issued.rows.map(({ attributes }) => attributes.JCBH)).toEqual(['JC0101', 'JC0102']);
    expect(database.fields.map(({ name, type }) => [name, type])).toEqual(
      issued.fields.map(({ name, type }) => [name, type]),
    );
    expect(database.rows.map(({ attributes }) => attributes)).toEqual(issued.rows.map(({ attributes }) => attributes));
    const corners = (rows: readonly IssuedRow[]) =>
      rows.map(({ geometry }) =>
        geometry?.[0]?.[0]?.map(([lon, lat]) => [lon.toFixed(7), lat.toFixed(7)].join()).sort(),
      );
    expect(corners(database.rows)).toEqual(corners(issued.rows));
    expect(database.rows.map(({ refused }) => refused)).toEqual(issued.rows.map(({ refused }) => refused));
  });

  it('refuses a spreadsheet and says what to import instead', async () => {
    const columns = [
      { name: 'JCBH', zh: '图斑编号', type: 'text' as const, width: 10 },
      { name: 'X', zh: '中心点经度', type: 'real' as const, width: 12 },
      { name: 'Y', zh: '中心点纬度', type: 'real' as const, width: 12 },
    ];
    const rows = [{ geometry: [], values: ['0001', 118.01, 36.02] }];
    writeFileSync(join(dir, '清单.xlsx'), await xlsxOf({ name: 'issued', columns, rows }));
    writeFileSync(join(dir, '清单.csv'), 'JCBH,拐点坐标\n0001,"118.01,36.02;118.02,36.02;118.02,36.03"\n');
    for (const name of ['清单.xlsx', '清单.csv']) {
      expect(() => read(join(dir, name))).toThrow(
        `${name} 是表格，没有图斑图形，未导入；请导入同一批次的面图层（.shp、.gpkg、.gdb 或 .geojson）`,
      );
    }
  });
});
