import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Boundary, LayerReading } from '../../model/boundary.js';
import { LAYER_EXPORT_FIELDS, layerExportValues } from '../../model/layer-export.js';
import { layerFiles } from '../files/layer-files.js';
import { readLayer } from './read-layer.js';
import { writeVector } from './write-vector.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-formats-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

type Options = Partial<Parameters<typeof readLayer>[0]>;
function read(path: string, options: Options = {}): LayerReading {
  return readLayer({ path, kind: 'licences', crs: null, encoding: null, validFrom: null, ...options });
}

function write(name: string, boundaries: readonly Boundary[], crs: string | null = null): string {
  const path = join(dir, name);
  const features = boundaries.map((boundary) => ({ geometry: boundary.geometry, values: layerExportValues(boundary) }));
  writeVector({ path, layer: 'licences', crs, fields: LAYER_EXPORT_FIELDS, features });
  return path;
}

const ring = (lon: number, lat: number, size: number): number[][] => [
  [lon, lat],
  [lon + size, lat],
  [lon + size, lat + size],
  [lon, lat + size],
  [lon, lat],
];

/** Two licences as a county sends them: one with a hole and an island in parts, one whose dates come from --valid-from. */
function original(): LayerReading {
  const features = [
    {
      type: 'Feature',
      properties: {
        许可证号: 'C3703232010017130055555',
        矿山名称: '郭家庄<石灰岩>矿 & "一区"',
        采矿权人: '沂源县鲁村建材有限公司',
        有效期起: '2020-01-05',
        有效期止: '2030-01-05',
        矿区面积: 0.7,
        备注: null,
      },
      geometry: {
        type: 'MultiPolygon',
        coordinates: [
          [ring(118.123456789, 36.1, 0.01), ring(118.125, 36.102, 0.002).reverse()],
          [ring(118.15, 36.1, 0.001)],
        ],
      },
    },
    {
      type: 'Feature',
      properties: { 许可证号: 'T37120100902035555', 编号: 7, 采矿权人: '甲' },
      geometry: { type: 'Polygon', coordinates: [ring(118.2, 36.1, 0.003)] },
    },
  ];
  const path = join(dir, 'county.geojson');
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features }));
  return read(path, { validFrom: '2019-01-01' });
}

const byId = ({ boundaries }: LayerReading) =>
  [...boundaries]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, row: _, geometry: _g, ...rest }) => ({ id, ...rest }));

describe('read → write → read', () => {
  it.each(['.geojson', '.gpkg', '.kml', '.kmz', '.gdb', '.shp'])('%s brings back the very same polygons', (ending) => {
    const first = original();
    expect(first.boundaries).toHaveLength(2);
    const again = read(write(`export${ending}`, first.boundaries));
    expect(byId(again)).toEqual(byId(first));
    expect(again.repaired).toEqual([]);
    expect(again.refused).toEqual([]);
    expect(again.assumptions.join()).toContain('本程序导出的文件');
  });

  it('.gdb replaces an older one, and its digest is that of its contents', async () => {
    const { boundaries } = original();
    const path = write('a.gdb', boundaries.slice(0, 1));
    const [one] = await layerFiles().digests(path);
    write('a.gdb', boundaries);
    expect(read(path).boundaries).toHaveLength(2);
    const [two] = await layerFiles().digests(path);
    expect(two).not.toBe(one);
    writeFileSync(join(path, 'machine.1234.sr.lock'), '');
    expect(await layerFiles().digests(path)).toEqual([two]);
    expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('.dxf brings back the polygons part by part, with their labels, and again the same drawing', () => {
    const first = original();
    const path = write('a.dxf', first.boundaries, 'EPSG:4527');
    const again = read(path);
    expect(again.boundaries.map(({ number, holder, validFrom }) => ({ number, holder, validFrom }))).toEqual([
      { number: 'C3703232010017130055555', holder: '沂源县鲁村建材有限公司', validFrom: '2020-01-05' },
      { number: null, holder: null, validFrom: null },
      { number: 'T37120100902035555', holder: '甲', validFrom: '2019-01-01' },
    ]);
    const areas = (reading: LayerReading) => reading.boundaries.reduce((sum, { areaM2 }) => sum + areaM2, 0);
    // Edges straight in lon/lat are straight in the plane afterwards: 0.9 km leave their chord by 1 cm.
    expect(Math.abs(areas(again) / areas(first) - 1)).toBeLessThan(2e-5);
    expect(again.crsName).toContain('EPSG:4527');
    const second = write('b.dxf', again.boundaries, 'EPSG:4527');
    const third = write('c.dxf', read(second).boundaries, 'EPSG:4527');
    expect(readFileSync(third).equals(readFileSync(second))).toBe(true);
    expect(
      read(third)
        .boundaries.map(({ id }) => id)
        .sort(),
    ).toEqual(again.boundaries.map(({ id }) => id).sort());
  });

  it('keeps a polygon out of the judgement that was kept out', () => {
    const [boundary] = original().boundaries;
    const excluded = { ...(boundary as Boundary), excludedReason: '坐标为1980西安坐标系' };
    for (const name of ['a.kml', 'a.shp', 'a.gdb']) {
      expect(read(write(name, [excluded])).boundaries[0]?.excludedReason).toBe('坐标为1980西安坐标系');
    }
    expect(read(write('a.dxf', [excluded], 'EPSG:4527')).boundaries[0]?.excludedReason).toBe('坐标为1980西安坐标系');
  });

  it('takes an edited value of an exported file as it stands', () => {
    const path = write('a.geojson', original().boundaries);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"holder":"甲"', '"holder":"乙"'));
    expect(read(path).boundaries.map(({ holder }) => holder)).toContain('乙');
  });
});

describe('KML of others', () => {
  const kml = (body: string): string => {
    const path = join(dir, 'a.kml');
    writeFileSync(
      path,
      `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>${body}</Document></kml>`,
    );
    return path;
  };
  const triangle =
    '<Polygon><outerBoundaryIs><LinearRing><coordinates>118,36,0 118.01,36,0 118,36.01,0 118,36,0</coordinates></LinearRing></outerBoundaryIs></Polygon>';

  it('takes the name and extended data, notes WGS 84, and lists what is no polygon', () => {
    const path = kml(
      `<Folder><name>矿区</name><Placemark><name>东山矿</name><ExtendedData><Data name="许可证号"><value>C1</value></Data></ExtendedData>${triangle}</Placemark>` +
        '<Placemark><name>井口</name><Point><coordinates>118,36,0</coordinates></Point></Placemark></Folder>',
    );
    const reading = read(path);
    expect(reading.boundaries).toMatchObject([
      { name: '东山矿', number: 'C1', attributes: { name: '东山矿', 许可证号: 'C1', 文件夹: '矿区' } },
    ]);
    expect(reading.refused).toHaveLength(1);
    expect(reading.assumptions.join()).toContain('WGS 84 视同 CGCS2000');
  });
});

/** A drawing as CAD programs save it, in a given encoding, with whatever code page in its head. */
function drawing(entities: string, encoding: string, codePage: string): string {
  const path = join(dir, 'a.dxf');
  const head = `0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1009\n9\n$DWGCODEPAGE\n3\n${codePage}\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n`;
  writeFileSync(path, iconv.encode(`${head}${entities}0\nENDSEC\n0\nEOF\n`, encoding));
  return path;
}
const line = (layer: string, closed: 0 | 1, points: readonly (readonly [number, number])[]): string =>
  `0\nPOLYLINE\n8\n${layer}\n66\n1\n70\n${closed}\n10\n0\n20\n0\n30\n0\n${points.map(([x, y]) => `0\nVERTEX\n8\n${layer}\n10\n${x}\n20\n${y}\n30\n0\n`).join('')}0\nSEQEND\n`;
const text = (layer: string, x: number, y: number, said: string): string =>
  `0\nTEXT\n8\n${layer}\n10\n${x}\n20\n${y}\n30\n0\n40\n5\n1\n${said}\n`;
const box = (x: number, y: number, size: number): (readonly [number, number])[] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
];

describe('DXF of others', () => {
  const entities =
    line('东山采石场', 1, box(39500000, 4000000, 300)) +
    line('东山采石场_扣除', 1, box(39500100, 4000100, 50)) +
    line('西山', 1, box(39510000, 4000000, 100)) +
    line('西山', 1, box(39510000, 4000000, 100)) +
    line('西山', 1, box(39510020, 4000020, 10)) +
    line('道路', 0, box(39520000, 4000000, 100)) +
    `0\nCIRCLE\n8\n井\n10\n39500010\n20\n4000010\n30\n0\n40\n3\n` +
    text('注记', 39500020, 4000020, 'C3703232010017130055555') +
    text('注记', 39500020, 4000200, '采矿权人：甲公司') +
    text('注记', 39500200, 4000020, '285.3') +
    text('注记', 39600000, 4000000, '图例');

  it.each([
    ['gbk', 'ANSI_936', 'GB18030'],
    ['gbk', 'ANSI_1252', 'GB18030'],
    ['utf8', 'ANSI_936', 'UTF-8'],
  ])('reads %s under %s: closed lines, holes by layer name, texts inside', (encoding, codePage, found) => {
    const reading = read(drawing(entities, encoding, codePage), { crs: 'EPSG:4527' });
    expect(reading.encoding).toBe(found);
    expect(
      reading.boundaries.map(({ name, number, holder, attributes }) => ({
        name,
        number,
        holder,
        text: attributes.文字,
      })),
    ).toEqual([
      { name: '东山采石场', number: 'C3703232010017130055555', holder: '甲公司', text: '285.3' },
      { name: '西山', number: null, holder: null, text: undefined },
      { name: '西山', number: null, holder: null, text: undefined },
    ]);
    const [first] = reading.boundaries;
    expect(first?.areaM2).toBeCloseTo(300 * 300 - 50 * 50, 0);
    const said = reading.assumptions.join('\n');
    expect(said).toContain('按图层名从 东山采石场 中扣除');
    expect(said).toContain('第 3 行（图层 西山）在第 2 行之内：图形不能说明是否扣除');
    expect(said).toContain('未读取未闭合的线、圆等图形：井 1 个、道路 1 个');
    expect(said).toContain('1 个文字不在任何面内');
  });

  it('asks for the coordinate system, which a drawing cannot hold', () => {
    const path = drawing(entities, 'gbk', 'ANSI_936');
    expect(() => read(path)).toThrow(expect.objectContaining({ code: 'layer.no-crs', blame: 'input' }));
  });
});

describe('GeoPackage of others', () => {
  function geopackage(layers: readonly { name: string; epsg: number; type: number; wkt: string }[]): string {
    const path = join(dir, 'a.gpkg');
    const dataset = gdal.open(path, 'w', 'GPKG');
    for (const { name, epsg, type, wkt } of layers) {
      const layer = dataset.layers.create(name, gdal.SpatialReference.fromEPSG(epsg), type);
      const feature = new gdal.Feature(layer);
      feature.setGeometry(gdal.Geometry.fromWKT(wkt));
      layer.features.add(feature);
    }
    dataset.close();
    return path;
  }

  it('refuses layers in different coordinate systems instead of taking the first for all', () => {
    const path = geopackage([
      { name: '一', epsg: 4490, type: gdal.wkbPolygon, wkt: 'POLYGON((118 36,118.01 36,118 36.01,118 36))' },
      {
        name: '二',
        epsg: 4527,
        type: gdal.wkbPolygon,
        wkt: 'POLYGON((39500000 4000000,39500100 4000000,39500000 4000100,39500000 4000000))',
      },
    ]);
    expect(() => read(path)).toThrow(expect.objectContaining({ code: 'layer.mixed-crs', blame: 'input' }));
  });

  it('turns arcs into short chords', () => {
    const path = join(dir, 'arc.gpkg');
    const circle = '39500100 4000000,39500000 4000100,39499900 4000000,39500000 3999900,39500100 4000000';
    writeFileSync(join(dir, 'arc.csv'), `id,WKT\n1,"CURVEPOLYGON(CIRCULARSTRING(${circle}))"\n`);
    execFileSync('ogr2ogr', ['-f', 'GPKG', '-a_srs', 'EPSG:4527', '-nlt', 'CURVEPOLYGON', path, join(dir, 'arc.csv')]);
    expect(Math.abs((read(path).boundaries[0]?.areaM2 ?? 0) / (Math.PI * 100 * 100) - 1)).toBeLessThan(2e-3);
  });
});

it('names what is missing of a FileGDB that is none', () => {
  const path = join(dir, 'a.gdb');
  expect(() => read(path)).toThrow(expect.objectContaining({ code: 'layer.missing' }));
});
