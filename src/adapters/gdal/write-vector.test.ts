import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { WorkCatalogue } from '../../model/work.js';
import { fromGeometry } from './geometry.js';
import { shapefileNames } from './shapefile-names.js';
import { cutToBytes, writeVector } from './write-vector.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-vector-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const square: MultiPolygonRings = [
  [
    [
      [118, 36],
      [118, 36.001],
      [118.001, 36.001],
      [118.001, 36],
      [118, 36],
    ],
    [
      [118.0004, 36.0004],
      [118.0004, 36.0006],
      [118.0006, 36.0006],
      [118.0006, 36.0004],
      [118.0004, 36.0004],
    ],
  ],
];

function input(name: string, crs: string | null = null): WorkCatalogue['writeVector']['input'] {
  return {
    path: join(dir, name),
    layer: 'patches',
    crs,
    fields: [
      { name: 'id', type: 'text' },
      { name: 'perimeter_m', type: 'real' },
      { name: 'rank', type: 'integer' },
      { name: 'violation', type: 'list' },
      { name: 'reasons', type: 'text' },
    ],
    features: [
      { geometry: square, values: ['1', 12.34, 1, ['no-licence', 'exploration'], '疑似无证开采：郭家庄村'] },
      {
        geometry: [...square, ...square.map((p) => p.map((r) => r.map(([x, y]) => [x + 0.01, y] as const)))],
        values: ['2', null, 2, [], '岩'.repeat(200)],
      },
    ],
  };
}

describe('writeVector', () => {
  it('writes RFC 7946: lists, nulls, outer rings counter-clockwise, holes clockwise', () => {
    writeVector(input('a.geojson'));
    const text = readFileSync(join(dir, 'a.geojson'), 'utf8');
    const { features } = JSON.parse(text);
    expect(features[0].properties).toEqual({
      id: '1',
      perimeter_m: 12.34,
      rank: 1,
      violation: ['no-licence', 'exploration'],
      reasons: '疑似无证开采：郭家庄村',
    });
    expect(features[0].geometry.type).toBe('Polygon');
    expect(features[0].geometry.coordinates[0][1]).toEqual([118.001, 36]);
    expect(features[0].geometry.coordinates[1][1]).toEqual([118.0004, 36.0006]);
    expect(features[1].geometry.type).toBe('MultiPolygon');
    expect(text).not.toContain('"crs"');
  });

  it('writes GPKG in the given projected system, x first, to the millimetre', () => {
    writeVector(input('a.gpkg', 'EPSG:4527'));
    const layer = gdal.open(join(dir, 'a.gpkg')).layers.get(0);
    expect(layer.srs?.getAuthorityCode('PROJCS')).toBe('4527');
    const feature = layer.features.get(1);
    expect(feature.fields.get('violation')).toBe('no-licence,exploration');
    const [x, y] = fromGeometry(feature.getGeometry())[0]?.[0]?.[0] ?? [0, 0];
    expect(x).toBe(39590165.115);
    expect(y).toBe(3986005.19);
  });

  it('writes EPSG:4490 lon, lat where the given system is geographic or none', () => {
    for (const crs of [null, 'EPSG:4326']) {
      writeVector(input('g.gpkg', crs));
      const layer = gdal.open(join(dir, 'g.gpkg')).layers.get(0);
      expect(layer.srs?.getAuthorityCode('GEOGCS')).toBe('4490');
      expect(fromGeometry(layer.features.get(1).getGeometry())).toEqual(square);
    }
  });

  it('writes a shapefile whose Chinese every reader gets right', () => {
    writeVector(input('a.shp'));
    expect(readdirSync(dir).sort()).toEqual(['a.cpg', 'a.dbf', 'a.prj', 'a.shp', 'a.shx']);
    expect(readFileSync(join(dir, 'a.cpg'), 'ascii').trim()).toMatch(/^GB18030$/);
    const dbf = readFileSync(join(dir, 'a.dbf'));
    expect(dbf.includes(iconv.encode('疑似无证开采：郭家庄村', 'gb18030'))).toBe(true);
    const layer = gdal.open(join(dir, 'a.shp')).layers.get(0);
    expect(layer.fields.getNames()).toEqual(['id', 'perim_m', 'rank', 'violation', 'reasons']);
    expect(layer.features.get(0).fields.get('reasons')).toBe('疑似无证开采：郭家庄村');
    expect(layer.features.get(1).fields.get('reasons')).toBe(`${'岩'.repeat(126)}…`);
  });

  it('gives the same bytes each time', () => {
    for (const name of ['a.gpkg', 'a.shp', 'a.geojson', 'a.kml', 'a.kmz', 'a.dxf']) {
      const [one, two] = ['one', 'two'].map((folder) => {
        mkdirSync(join(dir, folder), { recursive: true });
        writeVector({ ...input(name, 'EPSG:4527'), path: join(dir, folder, name) });
        return readdirSync(join(dir, folder))
          .filter((file) => file.startsWith('a.'))
          .map((file) => readFileSync(join(dir, folder, file)).toString('base64'));
      });
      expect(two).toEqual(one);
    }
  });

  it('replaces an older file, also by one without features', () => {
    writeVector(input('a.gpkg'));
    writeVector({ ...input('a.gpkg'), features: [] });
    expect(gdal.open(join(dir, 'a.gpkg')).layers.get(0).features.count()).toBe(0);
    expect(readdirSync(dir)).toEqual(['a.gpkg']);
  });

  it('leaves the old file and no rest when writing fails', () => {
    writeFileSync(join(dir, 'a.gpkg'), 'old');
    const bad = input('a.gpkg');
    const broken = { ...bad, features: [...bad.features, { geometry: null as never, values: [] }] };
    expect(() => writeVector(broken)).toThrow(expect.objectContaining({ code: 'output.write' }));
    expect(readFileSync(join(dir, 'a.gpkg'), 'utf8')).toBe('old');
    expect(readdirSync(dir)).toEqual(['a.gpkg']);
    expect(() => writeVector(input('a.tab'))).toThrow(expect.objectContaining({ code: 'output.format' }));
    expect(() => writeVector(input('none/a.shp'))).toThrow(expect.objectContaining({ code: 'output.folder' }));
  });

  it('is read by ogrinfo with the geometry type that GIS programs expect', () => {
    writeVector(input('a.gpkg'));
    const info = execFileSync('ogrinfo', ['-so', join(dir, 'a.gpkg'), 'patches'], { encoding: 'utf8' });
    expect(info).toMatch(/Geometry: Multi Polygon/);
    expect(info).toMatch(/Feature Count: 2/);
  });
});

describe('shapefileNames', () => {
  it('keeps names short, ASCII and different', () => {
    expect(shapefileNames(['id', 'perimeter_m', 'outside_m2', 'averylongname1', 'averylongname2', '面积'])).toEqual([
      'id',
      'perim_m',
      'outside_m2',
      'averylongn',
      'averylong1',
      'field6',
    ]);
  });
});

describe('cutToBytes', () => {
  it('never cuts a character', () => {
    expect(cutToBytes('岩石', 4)).toBe('岩石');
    expect(cutToBytes('岩石a', 4)).toBe('岩…');
  });
});
