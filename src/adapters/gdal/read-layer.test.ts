import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BoundaryKind, LayerReading } from '../../model/boundary.js';
import { readLayer } from './read-layer.js';
import { writeVector } from './write-vector.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-layer-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function read(path: string, options: Partial<Parameters<typeof readLayer>[0]> = {}): LayerReading {
  return readLayer({
    path,
    kind: 'licences' as BoundaryKind,
    crs: null,
    encoding: null,
    validFrom: null,
    ...options,
  });
}

const SQUARE = 'POLYGON((118 36,118.01 36,118.01 36.01,118 36.01,118 36))';

/** A shapefile with one character field per name, its DBF in any encoding and with any language byte. */
function shapefile(
  name: string,
  encoding: string,
  fields: readonly string[],
  rows: readonly { wkt: string; values: readonly string[] }[],
  options: { crs?: number | null; cpg?: string; language?: number } = {},
): string {
  const path = join(dir, name);
  const dataset = gdal.open(path, 'w', 'ESRI Shapefile');
  const crs = options.crs === undefined ? 4490 : options.crs;
  const reference = crs === null ? null : gdal.SpatialReference.fromEPSG(crs);
  const layer = dataset.layers.create(name.replace('.shp', ''), reference, gdal.wkbPolygon);
  for (const { wkt } of rows) {
    const feature = new gdal.Feature(layer);
    feature.setGeometry(gdal.Geometry.fromWKT(wkt));
    layer.features.add(feature);
  }
  dataset.close();
  const width = 60;
  const header = Buffer.alloc(32 + 32 * fields.length + 1);
  header[0] = 3;
  header.writeUInt32LE(rows.length, 4);
  header.writeUInt16LE(header.length, 8);
  header.writeUInt16LE(1 + width * fields.length, 10);
  header[29] = options.language ?? 0;
  fields.forEach((field, i) => {
    iconv.encode(field, encoding).copy(header, 32 + 32 * i, 0, 10);
    header.write('C', 32 + 32 * i + 11);
    header[32 + 32 * i + 16] = width;
  });
  header[header.length - 1] = 0x0d;
  const records = rows.map(({ values }) => {
    const record = Buffer.alloc(1 + width * fields.length, 0x20);
    values.forEach((value, i) => {
      iconv.encode(value, encoding).copy(record, 1 + width * i, 0, width);
    });
    return record;
  });
  const stem = path.slice(0, -4);
  writeFileSync(`${stem}.dbf`, Buffer.concat([header, ...records]));
  rmSync(`${stem}.cpg`, { force: true });
  if (options.cpg !== undefined) writeFileSync(`${stem}.cpg`, options.cpg);
  return path;
}

function geoJson(
  name: string,
  features: readonly { geometry: unknown; properties?: Record<string, unknown> }[],
): string {
  const path = join(dir, name);
  const all = features.map((feature) => ({ type: 'Feature', properties: {}, ...feature }));
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features: all }));
  return path;
}
const polygon = (...rings: [number, number][][]) => ({ type: 'Polygon', coordinates: rings });
const box = (x: number, y: number, size = 0.01): [number, number][] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];

describe('readLayer: shapefiles', () => {
  const names = ['许可证号', '采矿权人', '矿山名称', '开采方式', '有效期起', '有效期止'];
  const values = [
    'C3703232010017130055555',
    '沂源县鲁村建材有限公司',
    '郭家庄石灰岩矿',
    '露天开采',
    '2020年1月5日',
    '2030/1/5',
  ];
  const expected = {
    number: 'C3703232010017130055555',
    holder: '沂源县鲁村建材有限公司',
    name: '郭家庄石灰岩矿',
    method: '露天开采',
    validFrom: '2020-01-05',
    validTo: '2030-01-05',
    excludedReason: null,
  };
  const rows = [{ wkt: SQUARE, values }];

  it.each([
    ['GBK with .cpg', 'gbk', { cpg: 'GBK' }, 'GB18030', '.cpg'],
    ['GBK with .cpg 936', 'gbk', { cpg: 'ANSI 936' }, 'GB18030', '.cpg'],
    ['GBK with a language byte', 'gbk', { language: 77 }, 'GB18030', '语言标识'],
    ['GBK without anything', 'gbk', {}, 'GB18030', '不符合 UTF-8'],
    ['UTF-8 with .cpg', 'utf8', { cpg: 'UTF-8' }, 'UTF-8', '.cpg'],
    ['UTF-8 without anything', 'utf8', {}, 'UTF-8', '内容符合 UTF-8'],
    ['GBK with a .cpg that says UTF-8', 'gbk', { cpg: 'UTF-8' }, 'GB18030', '但内容不是 UTF-8'],
  ] as const)('reads %s', (_, encoding, options, found, how) => {
    const reading = read(shapefile('证.shp', encoding, names, rows, options));
    expect(reading.boundaries).toHaveLength(1);
    expect(reading.boundaries[0]).toMatchObject(expected);
    expect(reading.encoding).toBe(found);
    expect(reading.assumptions.join()).toContain(how);
    expect(reading.boundaries[0]?.areaM2).toBeCloseTo(1000384.948, 2);
  });

  it('obeys --encoding', () => {
    const path = shapefile('a.shp', 'gbk', names, rows, { cpg: 'UTF-8' });
    expect(read(path, { encoding: 'GBK' }).boundaries[0]).toMatchObject(expected);
    expect(() => read(path, { encoding: 'klingon' })).toThrow(expect.objectContaining({ code: 'layer.encoding' }));
  });

  it('knows long names that the DBF has cut, in both encodings', () => {
    for (const encoding of ['gbk', 'utf8']) {
      const reading = read(
        shapefile(`${encoding}.shp`, encoding, ['采矿许可证号', '采矿权人'], [{ wkt: SQUARE, values: ['C1', '甲'] }]),
      );
      expect(reading.boundaries[0]).toMatchObject({ number: 'C1', holder: '甲' });
    }
  });

  it('asks for --crs without .prj and takes easting, northing as they stand', () => {
    const wkt = 'POLYGON((40500000 4000000,40500300 4000000,40500300 4000200,40500000 4000200,40500000 4000000))';
    const path = shapefile('p.shp', 'gbk', ['XKZH'], [{ wkt, values: ['C2'] }], { crs: null });
    expect(() => read(path)).toThrow(expect.objectContaining({ code: 'layer.no-crs', blame: 'input' }));
    const [found] = read(path, { crs: 'EPSG:4528' }).boundaries;
    expect(found?.geometry[0]?.[0]?.[0]?.[0]).toBeCloseTo(120, 8);
    expect(found?.areaM2).toBeCloseTo(60000, 0);
  });

  it('stores Xi’an 1980 for the eye only', () => {
    const wkt = 'POLYGON((40500000 4000000,40500300 4000000,40500300 4000200,40500000 4000200,40500000 4000000))';
    const reading = read(shapefile('x.shp', 'gbk', ['XKZH'], [{ wkt, values: ['C2'] }], { crs: 2364 }));
    expect(reading.boundaries[0]?.excludedReason).toContain('1980西安坐标系');
    expect(reading.assumptions.join()).toContain('不参加自动判定');
  });

  it('refuses a truncated .dbf, a truncated .shp and one without .shx', () => {
    const cut = (name: string, ending: string, bytes: number): string => {
      const path = shapefile(`${name}.shp`, 'gbk', names, [...rows, ...rows]);
      truncateSync(path.replace('.shp', ending), bytes);
      return path;
    };
    expect(() => read(cut('a', '.dbf', 300))).toThrow(expect.objectContaining({ code: 'layer.dbf' }));
    expect(() => read(cut('b', '.shp', 300))).toThrow(expect.objectContaining({ code: 'layer.unreadable' }));
    const path = shapefile('c.shp', 'gbk', names, rows);
    rmSync(path.replace('.shp', '.shx'));
    expect(() => read(path)).toThrow(expect.objectContaining({ code: 'layer.unreadable' }));
  });

  it('takes a bare EPSG number, and refuses what is no coordinate system', () => {
    const path = shapefile('n.shp', 'gbk', ['XKZH'], [{ wkt: SQUARE, values: ['C3'] }], { crs: null });
    expect(read(path, { crs: '4490' }).crsName).toContain('EPSG:4490');
    expect(() => read(path, { crs: 'EPSG:1' })).toThrow(
      expect.objectContaining({ code: 'crs.unknown', blame: 'input' }),
    );
  });
});

describe('readLayer: geometry', () => {
  it('mends a bow-tie, keeps both halves and says what it did', () => {
    const tie: [number, number][] = [
      [118, 36],
      [118.01, 36.01],
      [118.01, 36],
      [118, 36.01],
      [118, 36],
    ];
    const reading = read(geoJson('a.geojson', [{ geometry: polygon(tie) }]));
    expect(reading.boundaries[0]?.areaM2).toBeCloseTo(1000384.948 / 2, -2);
    expect(reading.repaired).toEqual([
      { row: 1, what: expect.stringMatching(/^自相交（118\.005, 36\.005 附近），已修复/) },
    ]);
  });

  it('unites overlapping parts instead of cutting them out', () => {
    const coordinates = [[box(118, 36)], [box(118.005, 36)]];
    const reading = read(geoJson('a.geojson', [{ geometry: { type: 'MultiPolygon', coordinates } }]));
    expect(reading.boundaries[0]?.areaM2).toBeCloseTo(1000384.948 * 1.5, 0);
  });

  it('keeps holes and lists what cannot serve, row by row', () => {
    const reading = read(
      geoJson('a.geojson', [
        { geometry: polygon(box(118, 36), box(118.002, 36.002, 0.002).reverse()), properties: { lid: 'A' } },
        { geometry: null, properties: { lid: 'B' } },
        { geometry: { type: 'Point', coordinates: [118, 36] }, properties: { lid: 'C' } },
        {
          geometry: polygon([
            [118, 36],
            [118.1, 36.1],
            [118.2, 36.2],
            [118, 36],
          ]),
          properties: { lid: 'D' },
        },
        { geometry: polygon(box(118, 36), box(118.002, 36.002, 0.002).reverse()), properties: { lid: 'A' } },
      ]),
    );
    expect(reading.boundaries.map(({ number }) => number)).toEqual(['A']);
    expect(reading.boundaries[0]?.geometry[0]).toHaveLength(2);
    expect(reading.refused).toEqual([
      { row: 2, why: '没有几何' },
      { row: 3, why: expect.stringContaining('应为面') },
      { row: 4, why: expect.stringContaining('没有面积') },
    ]);
    expect(reading.repaired).toEqual([{ row: 5, what: expect.stringContaining('与第 1 行完全相同') }]);
  });

  it('takes WGS 84 as CGCS2000 and says so; refuses metres that pretend to be degrees', () => {
    expect(read(geoJson('a.geojson', [{ geometry: polygon(box(118, 36)) }])).assumptions.join()).toContain(
      'WGS 84 视同 CGCS2000',
    );
    const metres = geoJson('m.geojson', [{ geometry: polygon(box(40500000, 4000000, 100)) }]);
    expect(() => read(metres)).toThrow(expect.objectContaining({ code: 'layer.not-degrees' }));
    expect(read(metres, { crs: 'EPSG:4528' }).boundaries[0]?.areaM2).toBeCloseTo(10000, 0);
  });

  it('gives a row the same id whatever the order, and another when a field changes', () => {
    const a = { geometry: polygon(box(118, 36)), properties: { lid: 'A' } };
    const b = { geometry: polygon(box(118.1, 36)), properties: { lid: 'B' } };
    const ids = (features: { geometry: unknown; properties: Record<string, unknown> }[]): string[] =>
      read(geoJson('x.geojson', features))
        .boundaries.map(({ id }) => id)
        .sort();
    expect(ids([b, a])).toEqual(ids([a, b]));
    expect(ids([{ ...a, properties: { lid: 'A', holder: '乙' } }, b])).not.toEqual(ids([a, b]));
    expect(ids([a])[0]).toMatch(/^licences-[0-9a-f]{16}$/);
  });

  it('reads dates in many forms, periods in one field, and reports what it cannot read', () => {
    const properties = [
      { lid: 'A', 有效期: '2020年1月1日至2030年1月1日' },
      { lid: 'B', YXQQ: '202003', YXQZ: '2025.12' },
      { lid: 'C', YXQZ: '待定' },
      { lid: 'D', YXQZ: '长期' },
    ];
    const reading = read(
      geoJson(
        'a.geojson',
        properties.map((values, i) => ({
          geometry: polygon(box(118 + i / 10, 36)),
          properties: { 有效期: null, YXQQ: null, YXQZ: null, ...values },
        })),
      ),
      { validFrom: '2019-05-05' },
    );
    expect(reading.boundaries.map(({ validFrom, validTo }) => [validFrom, validTo])).toEqual([
      ['2020-01-01', '2030-01-01'],
      ['2020-03-01', '2025-12-31'],
      ['2019-05-05', null],
      ['2019-05-05', '9999-12-31'],
    ]);
    expect(reading.repaired).toEqual([{ row: 3, what: expect.stringContaining('“待定”不能识别为日期') }]);
  });

  it('reads back a GeoPackage that writeVector made, in a projected system, to the millimetre', () => {
    const [original] = read(
      geoJson('a.geojson', [{ geometry: polygon(box(118.2, 36)), properties: { lid: 'A' } }]),
    ).boundaries;
    const path = join(dir, 'b.gpkg');
    writeVector({
      path,
      layer: 'licences',
      crs: 'EPSG:4527',
      fields: [{ name: 'licence_no', type: 'text' }],
      features: [{ geometry: original?.geometry ?? [], values: ['A'] }],
    });
    const [again] = read(path).boundaries;
    expect(again?.number).toBe('A');
    // The long edges were straight in lon/lat and are now straight in the plane: 0.9 km leave their chord by 1 cm.
    expect(Math.abs((again?.areaM2 ?? 0) / (original?.areaM2 ?? 1) - 1)).toBeLessThan(2e-5);
  });

  it('reads GeoJSON with a byte order mark', () => {
    const path = geoJson('bom.geojson', [{ geometry: polygon(box(118, 36)), properties: { 许可证号: 'C9' } }]);
    writeFileSync(path, `\uFEFF${readFileSync(path, 'utf8')}`);
    expect(read(path).boundaries[0]?.number).toBe('C9');
  });

  it('refuses what says of itself that it is shifted, by file name or by row, and latitudes that come first', () => {
    const outline = polygon(box(118, 36));
    const shifted = geoJson('GCJ-02.geojson', [{ geometry: outline }]);
    expect(() => read(shifted)).toThrow(expect.objectContaining({ code: 'corners.shifted' }));
    const rows = geoJson('rows.geojson', [
      { geometry: outline, properties: { lid: 'A', 坐标系: '百度坐标' } },
      { geometry: outline, properties: { lid: 'B', 坐标系: '2000国家大地坐标系' } },
    ]);
    const reading = read(rows);
    expect(reading.boundaries.map(({ number }) => number)).toEqual(['B']);
    expect(reading.refused).toEqual([{ row: 1, why: expect.stringContaining('字段 坐标系：坐标系写明为 BD-09') }]);
    const swapped = geoJson('swapped.geojson', [{ geometry: polygon(box(36, 118)) }]);
    expect(() => read(swapped)).toThrow(expect.objectContaining({ code: 'layer.axes-swapped' }));
  });

  it('says what is wrong with files that are none', () => {
    const empty = join(dir, 'empty.geojson');
    writeFileSync(empty, '');
    expect(() => read(empty)).toThrow(expect.objectContaining({ code: 'layer.empty' }));
    const junk = join(dir, 'junk.gpkg');
    writeFileSync(junk, 'not a geopackage');
    expect(() => read(junk)).toThrow(expect.objectContaining({ code: 'layer.unreadable' }));
    expect(() => read(join(dir, 'none.shp'))).toThrow(expect.objectContaining({ code: 'layer.missing' }));
  });
});
