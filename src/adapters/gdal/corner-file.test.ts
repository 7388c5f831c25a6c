/** Corner-point texts as layers: every file of fixtures/register/corpus.json, systems by PROJ, bytes into text. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import gdal from 'gdal-async';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { frameCrs } from '../../geo/corner-points/frame.js';
import { BOUNDARY_KINDS, type LayerReading } from '../../model/boundary.js';
import type { CornerFrame } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { readLayer } from './read-layer.js';
import './spatial-reference.js';
import { decodeText } from './text-encoding.js';

const FOLDER = new URL('../../../fixtures/register/', import.meta.url).pathname;

const Entry = z.object({
  file: z.string(),
  kind: z.enum(BOUNDARY_KINDS),
  options: z.object({
    crs: z.string().optional(),
    zone: z.number().optional(),
    axis: z.enum(['xy', 'yx']).optional(),
    angle: z.enum(['decimal', 'packed']).optional(),
  }),
  format: z.string(),
  variant: z.string(),
  assumes: z.array(z.string()),
  result: z.union([
    z.object({ fault: z.string(), says: z.string() }),
    z.object({
      polygons: z.number(),
      excluded: z.number(),
      refusedRows: z.array(z.number()),
      warns: z.array(z.string()),
      system: z.string(),
    }),
  ]),
});
const corpus = z
  .object({ files: z.array(Entry) })
  .parse(JSON.parse(readFileSync(join(FOLDER, 'corpus.json'), 'utf8')))
  .files.filter(({ file }) => file.startsWith('corners/'));

function read(file: string, options: z.infer<typeof Entry>['options'] = {}): LayerReading {
  const { crs, zone, axis, angle } = options;
  const corners = { zone: zone ?? null, axis: axis ?? null, angle: angle ?? null };
  const path = file.startsWith('/') ? file : join(FOLDER, file);
  return readLayer({ path, kind: 'licences', crs: crs ?? null, encoding: null, validFrom: null, corners });
}

describe('the corpus of odd files', () => {
  it.each(corpus.map((entry) => [`${entry.file}: ${entry.variant}`, entry] as const))('%s', (_, entry) => {
    const { result } = entry;
    if ('fault' in result) {
      if (result.fault === 'layer.nothing') {
        const { boundaries, refused } = read(entry.file, entry.options);
        expect([boundaries, refused[0]?.why]).toEqual([[], expect.stringContaining(result.says)]);
      } else {
        expect(() => read(entry.file, entry.options)).toThrow(
          expect.objectContaining({ code: result.fault, message: expect.stringContaining(result.says) }),
        );
      }
      return;
    }
    const { boundaries, assumptions, repaired, refused, crsName } = read(entry.file, entry.options);
    expect(boundaries).toHaveLength(result.polygons);
    expect(boundaries.filter(({ excludedReason }) => excludedReason !== null)).toHaveLength(result.excluded);
    expect(refused.map(({ row }) => row)).toEqual(result.refusedRows);
    expect(crsName).toContain(result.system);
    for (const text of entry.assumes) expect(assumptions.join('\n')).toContain(text);
    const warned = repaired.map(({ what }) => what).join('\n');
    for (const text of result.warns) expect(warned).toContain(text);
    if (result.warns.length === 0) expect(repaired).toEqual([]);
  });

  it('has every file in the list and in the README', () => {
    const listed = new Set(corpus.map(({ file }) => file));
    const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    for (const name of readdirSync(join(FOLDER, 'corners'))) {
      expect(listed).toContain(`corners/${name}`);
      expect(readme).toContain(`corners/${name}`);
    }
  });

  /** One square of 300 m in zone 39, as these files write it. */
  it.each([
    'exchange-gbk.txt',
    'exchange-utf16.txt',
    'exchange-zone-in-head.txt',
    'exchange-swapped.txt',
    'string-closing-point.txt',
    'string-swapped.txt',
    'string-6-degree.txt',
  ])('%s lies where the others do', (name) => {
    const [boundary] = read(`corners/${name}`).boundaries;
    const [lon, lat] = boundary?.geometry[0]?.[0]?.[0] ?? [];
    // By proj4 as well; zone 39 and 6° zone 20 have one central meridian.
    expect([lon, lat]).toEqual([expect.closeTo(118.169331711, 8), expect.closeTo(36.175049867, 8)]);
    // 90 000 m² on the plane, 105 km east of the meridian.
    expect(boundary?.areaM2).toBeCloseTo(89_975.4, 1);
  });

  it('keeps a ring as its flag says, deducts what is flagged, and keeps heights and points', () => {
    const [boundary] = read('corners/string-trap.txt').boundaries;
    expect(boundary?.geometry.map((polygon) => polygon.length)).toEqual([2, 1]);
    // 500 × 400 − 80 × 80 + 200 × 200 on the plane of a meridian 605 km less 500 km away.
    expect((boundary?.areaM2 ?? 0) / (200_000 - 6400 + 40_000)).toBeCloseTo(0.99973, 4);
    expect(boundary?.attributes).toMatchObject({ 标高上限: 285, 标高下限: 8, 拐点坐标系: 'EPSG:4526' });
    const raw = readFileSync(join(FOLDER, 'corners/string-trap.txt'), 'utf8').trim();
    expect(boundary?.attributes.拐点坐标).toBe(raw);
  });

  it('takes out only what a deduction across the edge has in common with the kept ring', () => {
    const [boundary] = read('corners/string-deduction-across.txt').boundaries;
    expect((boundary?.areaM2 ?? 0) / (90_000 - 10_000)).toBeCloseTo(0.99973, 4);
  });

  it('finds number, name and dates of a registration text', () => {
    const [boundary] = read('corners/registration-gbk.txt').boundaries;
    expect(boundary).toMatchObject({
      number: 'C3700000000000000000011',
      holder: '北山矿业有限公司',
      name: '北山石灰岩矿',
      method: '露天开采',
      validFrom: '2020-01-05',
      validTo: '2030-01-05',
    });
    expect(boundary?.geometry[0]).toHaveLength(2);
  });

  it('places ddd.mmss where °′″ of the same angles lies', () => {
    const [packed] = read('corners/exchange-ddd-mmss.txt').boundaries;
    const [signs] = read('corners/exchange-dms.txt').boundaries;
    expect(packed?.geometry).toEqual(signs?.geometry);
    expect(packed?.geometry[0]?.[0]?.[0]).toEqual([118.17, 36.175]);
  });
});

describe('damaged files', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'tuban-damaged-'));
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const piece = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.integer({ min: 0, max: 12 }),
    put: fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom(',', '\n', '1', '-1', '39', '9999999999', 'NaN', '1e400', '@', '[地块坐标]', '标高', '°', '\0'),
    ),
  });

  it('give polygons, refused rows or a Fault, never anything else', () => {
    const files = readdirSync(join(FOLDER, 'corners'));
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(piece, { minLength: 1, maxLength: 4 }), (name, pieces) => {
        const { text } = decodeText(readFileSync(join(FOLDER, 'corners', name)), null);
        const damaged = pieces.reduce((left, { at, cut, put }) => {
          const place = Math.floor(at * left.length);
          return left.slice(0, place) + put + left.slice(place + cut);
        }, text);
        const path = join(dir, 'damaged.txt');
        writeFileSync(path, damaged);
        try {
          const { boundaries } = read(path, { zone: 39, angle: 'packed' });
          for (const { areaM2, geometry } of boundaries) {
            expect(areaM2).toBeGreaterThan(0);
            expect(geometry.flat(2).flat().every(Number.isFinite)).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
        }
      }),
      { seed: 56, numRuns: 600 },
    );
  });
});

describe('zones', () => {
  const cases = (['CGCS2000', 'Xian80', 'Beijing54'] as const).flatMap((datum) =>
    [13, 20, 23, 25, 39, 45].flatMap((zone) => [true, false].map((prefixed) => ({ datum, zone, prefixed }))),
  );

  it.each(cases)('$datum zone $zone, prefix $prefixed: the code is that of PROJ', ({ datum, zone, prefixed }) => {
    const frame: CornerFrame = { kind: 'plane', datum, width: zone < 24 ? 6 : 3, zone, prefixed, order: 'xy' };
    const reference = gdal.SpatialReference.fromUserInput(frameCrs(frame));
    const proj = reference.toProj4();
    expect(proj).toContain(`+lon_0=${zone < 24 ? zone * 6 - 3 : zone * 3} `);
    expect(proj).toContain(`+x_0=${prefixed ? zone * 1_000_000 + 500_000 : 500_000} `);
    const name = { CGCS2000: /CGCS2000|China Geodetic/, Xian80: /Xian 1980/, Beijing54: /Beijing 1954/ }[datum];
    expect(reference.toWKT()).toMatch(name);
  });
});

describe('bytes into text', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'tuban-corners-'));
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const text = '[属性描述]\r\n坐标系=2000国家大地坐标系\r\n';

  it.each([
    ['GB18030', Buffer.alloc(0), 'GB18030', '不符合 UTF-8'],
    ['UTF-8', Buffer.alloc(0), 'UTF-8', '符合 UTF-8'],
    ['UTF-8', Buffer.from([0xef, 0xbb, 0xbf]), 'UTF-8', 'BOM'],
    ['UTF-16LE', Buffer.from([0xff, 0xfe]), 'UTF-16LE', 'BOM'],
    ['UTF-16BE', Buffer.from([0xfe, 0xff]), 'UTF-16BE', 'BOM'],
    ['UTF-16LE', Buffer.alloc(0), 'UTF-16LE', '隔字节为零'],
    ['UTF-16BE', Buffer.alloc(0), 'UTF-16BE', '隔字节为零'],
  ])('%s with mark %o', (encoding, mark, found, how) => {
    const decoded = decodeText(Buffer.concat([mark, iconv.encode(text, encoding)]), null);
    expect(decoded).toEqual({ text, encoding: found, encodingFrom: expect.stringContaining(how) });
  });

  it('obeys --encoding and refuses one that does not exist', () => {
    expect(decodeText(iconv.encode(text, 'GBK'), 'GBK').text).toBe(text);
    expect(() => decodeText(Buffer.from(text), 'klingon')).toThrow(expect.objectContaining({ code: 'layer.encoding' }));
  });

  it('tells the text by its content, not its ending, also where a long file is cut inside a character', () => {
    const path = join(dir, 'points.dat');
    const lines = Array.from(
      { length: 900 },
      (_, i) =>
        `甲矿第${i}号\t1,3,1,4005600.${i},39605200.5,2,4005900.5,39605200.5,3,4005900.5,39605500.5,285,8,说明文字,1,\n`,
    );
    writeFileSync(path, lines.join(''));
    const { boundaries, encoding } = read(path);
    expect([boundaries.length, encoding]).toEqual([900, 'UTF-8']);
  });

  it('leaves other files to the other readers', () => {
    const path = join(dir, 'a.txt');
    writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features: [] }));
    expect(read(path)).toMatchObject({ boundaries: [], refused: [], crsName: expect.stringContaining('4326') });
    expect(() => read(join(dir, 'none.txt'))).toThrow(expect.objectContaining({ code: 'layer.missing' }));
    expect(() => readLayer({ path: dir, kind: 'licences', crs: null, encoding: null, validFrom: null })).toThrow(Fault);
  });
});
