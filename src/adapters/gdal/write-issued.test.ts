import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IssuedField } from '../../model/issued.js';
import { readIssued } from './read-issued.js';
import { writeIssued } from './write-issued.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-write-issued-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const FIELDS: readonly IssuedField[] = [
  { name: '图斑编号', type: 'text', width: 12, decimals: 0 },
  { name: 'TBLX', type: 'text', width: 4, decimals: 0 },
  { name: 'MJ', type: 'real', width: 12, decimals: 2 },
  { name: 'YEAR', type: 'integer', width: 4, decimals: 0 },
  { name: 'RQ', type: 'date', width: 8, decimals: 0 },
];
const RING = [
  [118, 36],
  [118, 36.01],
  [118.01, 36.01],
  [118, 36],
] as const;
const ROWS = [
  { geometry: [[RING]], values: ['0007', '01', 39927.45, 2025, '20250715'] },
  { geometry: null, values: ['一二三四五六七', null, null, null, null] },
];

it('writes a shapefile that reads back as it went in: names, types, widths, zeros, empty cells, no outline', () => {
  const path = join(dir, '成果.shp');
  writeIssued({ path, layer: 'issued', fields: FIELDS, rows: ROWS });
  const { fields, rows, encoding } = readIssued({ path, crs: null, encoding: null });
  expect(fields).toEqual(FIELDS);
  expect(encoding).toBe('GB18030');
  expect(rows[0]?.attributes).toEqual({ 图斑编号: '0007', TBLX: '01', MJ: 39927.45, YEAR: 2025, RQ: '20250715' });
  // 12 bytes hold six characters: cut between them.
  expect(rows[1]?.attributes).toEqual({ 图斑编号: '一二三四五六', TBLX: null, MJ: null, YEAR: null, RQ: null });
  expect(rows.map(({ refused }) => refused)).toEqual([null, '没有几何']);
  expect(readFileSync(join(dir, '成果.cpg'), 'utf8')).toBe('GBK');
  const info = execFileSync('ogrinfo', ['-al', path], { encoding: 'utf8' });
  expect(info).toMatch(/图斑编号: String \(12\.0\)[\s\S]*MJ: Real \(12\.2\)[\s\S]*图斑编号 \(String\) = 0007/);
});

it('says GB18030 where a rare character needs it, and writes the same bytes twice', () => {
  const rare = [{ geometry: [[RING]], values: ['㙓〇𠀀', null, null, null, null] }];
  writeIssued({ path: join(dir, 'a.shp'), layer: 'issued', fields: FIELDS, rows: rare });
  writeIssued({ path: join(dir, 'b.shp'), layer: 'issued', fields: FIELDS, rows: rare });
  expect(readFileSync(join(dir, 'a.cpg'), 'utf8')).toBe('GB18030');
  expect(readFileSync(join(dir, 'a.dbf')).equals(readFileSync(join(dir, 'b.dbf')))).toBe(true);
});

it('writes a GeoPackage with typed fields and refuses other formats', () => {
  const path = join(dir, 'r.gpkg');
  writeIssued({ path, layer: 'issued', fields: FIELDS, rows: ROWS });
  const dataset = gdal.open(path);
  const layer = dataset.layers.get(0);
  expect(layer.fields.map(({ name, type }) => [name, type])).toEqual([
    ['图斑编号', 'string'],
    ['TBLX', 'string'],
    ['MJ', 'real'],
    ['YEAR', 'integer64'],
    ['RQ', 'date'],
  ]);
  expect(layer.features.get(1).fields.get('TBLX')).toBe('01');
  expect(layer.features.get(1).fields.get('RQ')).toMatchObject({ year: 2025, month: 7, day: 15 });
  dataset.close();
  expect(() => writeIssued({ path: join(dir, 'r.kml'), layer: 'x', fields: FIELDS, rows: [] })).toThrow(
    /不支持的输出格式/,
  );
});
