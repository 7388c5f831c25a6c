/** Boundaries out as corner-point texts and back: corpus files, random polygons with holes and parts, borders between zones. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { densifyLonLat } from '../../geo/densify.js';
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import type { Boundary, LayerReading } from '../../model/boundary.js';
import { CORNER_FORMATS, type CornerFormat } from '../../model/corners.js';
import type { MultiPolygonRings, PolygonRings, Position, Ring } from '../../model/grid.js';
import { readLayer } from './read-layer.js';
import { writeCorners } from './write-corners.js';

const CORPUS = new URL('../../../fixtures/register/corners/', import.meta.url).pathname;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-write-corners-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

const read = (path: string): LayerReading =>
  readLayer({ path, kind: 'licences', crs: null, encoding: null, validFrom: null });

function write(
  boundaries: readonly Boundary[],
  format: CornerFormat,
  name: string,
  zone: number | null = null,
): string {
  const path = join(dir, name);
  writeCorners({ path, format, zone, boundaries });
  return path;
}

function boundary(geometry: MultiPolygonRings, more: Partial<Boundary> = {}): Boundary {
  return {
    id: `licences-${JSON.stringify(geometry).length}`,
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
    geometry,
    areaM2: polygonAreaM2(geometry),
    excludedReason: null,
    attributes: {},
    ...more,
  };
}

const shapes = (boundaries: readonly Boundary[]): string[] =>
  boundaries.map((one) => JSON.stringify(one.geometry)).sort();

describe('read → write → read', () => {
  const files = [
    'string-trap.txt',
    'string-closing-point.txt',
    'string-table-gbk.txt',
    'string-swapped.txt',
    'string-deduction-across.txt',
    'registration-gbk.txt',
    'exchange-brackets-bom.txt',
    'exchange-several-plots.txt',
    'exchange-zone-in-head.txt',
    'exchange-area-text.txt',
  ];
  const cases = files.flatMap((file) => CORNER_FORMATS.map((format) => [file, format] as const));

  it.each(cases)('%s as %s: the same polygons, then the same bytes', (file, format) => {
    const source = read(join(CORPUS, file)).boundaries;
    const once = write(source, format, 'once.txt');
    const back = read(once);
    expect(back.refused).toEqual([]);
    expect(shapes(back.boundaries)).toEqual(shapes(source));
    const twice = write(back.boundaries, format, 'twice.txt');
    expect(readFileSync(twice).equals(readFileSync(once))).toBe(true);
    const again = read(twice).boundaries.map(({ id }) => id);
    expect(again).toEqual(back.boundaries.map(({ id }) => id));
  });

  it.each(['string-two-zones.txt', 'exchange-dms.txt', 'exchange-ddd-mmss.txt'])(
    '%s, which has no single plane zone, keeps its corners to a millimetre in every format',
    (file) => {
      const source = read(join(CORPUS, file)).boundaries;
      for (const format of CORNER_FORMATS) {
        const once = write(source, format, 'once.txt');
        const back = read(once).boundaries;
        const areas = (of: readonly Boundary[]): number[] => of.map(({ areaM2 }) => areaM2).sort((a, b) => a - b);
        expect(areas(back)).toEqual(areas(source).map((areaM2) => expect.closeTo(areaM2, 0)));
        const twice = write(back, format, 'twice.txt');
        expect(readFileSync(twice).equals(readFileSync(once))).toBe(true);
      }
    },
  );

  it('writes a string again as it came', () => {
    for (const file of ['string-trap.txt', 'string-6-degree.txt']) {
      const path = write(read(join(CORPUS, file)).boundaries, 'string', 'again.txt');
      expect(readFileSync(path, 'utf8')).toBe(readFileSync(join(CORPUS, file), 'utf8'));
    }
  });

  it('writes the exchange text of the standard in GB18030', () => {
    const path = write(read(join(CORPUS, 'exchange-gbk.txt')).boundaries, 'exchange', 'standard.txt');
    const given = iconv.decode(readFileSync(join(CORPUS, 'exchange-gbk.txt')), 'gb18030');
    // Producer and date are of whoever exports.
    const expected = given.replace(/^(数据产生单位|数据产生日期)=.*$/gm, '$1=');
    expect(iconv.decode(readFileSync(path), 'gb18030')).toBe(expected);
  });

  it('keeps the fields of the register in registration texts and in tables of strings', () => {
    const source = read(join(CORPUS, 'registration-gbk.txt')).boundaries;
    const { number, holder, name, method, validFrom, validTo } = source[0] ?? boundary([]);
    for (const format of ['registration', 'string'] as const) {
      const [back] = read(write(source, format, 'fields.txt')).boundaries;
      expect(back).toMatchObject({ number, holder, name, method, validFrom, validTo });
    }
  });
});

/** Star-shaped around a place, so that it never crosses itself; degrees. */
function star(centre: Position, radii: readonly number[], factor: number): Ring {
  const points = radii.map((radius, i): Position => {
    const angle = (2 * Math.PI * i) / radii.length;
    return [centre[0] + factor * radius * Math.cos(angle), centre[1] + factor * radius * Math.sin(angle)];
  });
  const [first] = points;
  return first ? [...points, first] : [];
}

const polygon = (centre: Position): fc.Arbitrary<PolygonRings> =>
  fc
    .record({
      outer: fc.array(fc.double({ min: 0.004, max: 0.009, noNaN: true }), { minLength: 3, maxLength: 12 }),
      holes: fc.array(fc.array(fc.double({ min: 0.0002, max: 0.0004, noNaN: true }), { minLength: 3, maxLength: 6 }), {
        maxLength: 3,
      }),
    })
    .map(({ outer, holes }) => [
      star(centre, outer, 1),
      ...holes.map((radii, i) => star([centre[0] + (i - 1) * 0.001, centre[1]], radii, 1)),
    ]);
const multi = fc
  .array(fc.constant(null), { minLength: 1, maxLength: 3 })
  .chain((parts) => fc.tuple(...parts.map((_, i) => polygon([117.4 + i * 0.05, 36.2]))));

/** Greatest distance from a corner of `of` to the nearest of `to`, degrees. */
function apart(of: MultiPolygonRings, to: MultiPolygonRings): number {
  const targets = to.flat(2);
  return Math.max(
    ...of.flat(2).map(([x, y]) => Math.min(...targets.map((target) => Math.hypot(x - target[0], y - target[1])))),
  );
}

describe('random polygons with holes and parts', () => {
  it.each(CORNER_FORMATS)(
    'through %s and back: every corner to the millimetre; the second file is the first',
    (format) => {
      fc.assert(
        fc.property(multi, (parts) => {
          const source = boundary(parts, { number: 'C1', name: '甲矿' });
          const once = write([source], format, 'random.txt');
          const back = read(once);
          expect(back.refused).toEqual([]);
          const [found] = back.boundaries;
          expect(found?.geometry.map((one) => one.length)).toEqual(parts.map((one) => one.length));
          // 1e-8 degree is 1.1 mm.
          expect(apart(parts, found?.geometry ?? [])).toBeLessThan(1e-8);
          const twice = write(back.boundaries, format, 'random-2.txt');
          expect(readFileSync(twice).equals(readFileSync(once))).toBe(true);
        }),
        { seed: 55, numRuns: 40 },
      );
    },
  );
});

describe('writeCorners', () => {
  const square = (lon: number, size = 0.01): MultiPolygonRings => [
    [
      [
        [lon, 36],
        [lon + size, 36],
        [lon + size, 36 + size],
        [lon, 36 + size],
        [lon, 36],
      ],
    ],
  ];

  it('writes corners only, also where long edges were divided for the register', () => {
    const divided = densifyLonLat(square(117.01, 0.002));
    expect(divided.flat(2).length).toBeGreaterThan(5);
    const text = readFileSync(write([boundary(divided)], 'string', 'divided.txt'), 'utf8');
    expect(text.startsWith('1,4,J1,')).toBe(true);
  });

  it('has one zone for an exchange text and one for each boundary elsewhere', () => {
    const both = [boundary(square(117.2)), boundary(square(119.2))];
    const zones = (format: CornerFormat, zone: number | null): readonly number[] =>
      writeCorners({ path: join(dir, 'zones.txt'), format, zone, boundaries: both }).zones;
    expect(zones('exchange', null)).toEqual([39]);
    expect(zones('exchange', 40)).toEqual([40]);
    expect(zones('string', null)).toEqual([39, 40]);
    expect(zones('string', 20)).toEqual([20]);
    expect(() => zones('string', 24)).toThrow(expect.objectContaining({ code: 'corners.zone' }));
    const abroad = {
      path: join(dir, 'abroad.txt'),
      format: 'string',
      zone: null,
      boundaries: [boundary(square(10))],
    } as const;
    expect(() => writeCorners(abroad)).toThrow(expect.objectContaining({ code: 'corners.zone' }));
  });

  it('does not depend on order and ids', () => {
    const list = [boundary(square(117.2), { number: 'B' }), boundary(square(117.3), { number: 'A' })];
    const first = readFileSync(write(list, 'exchange', 'a.txt'));
    const other = list.toReversed().map((one) => ({ ...one, id: `licences-${one.number}` }));
    expect(readFileSync(write(other, 'exchange', 'b.txt')).equals(first)).toBe(true);
  });

  it('leaves out boundaries of another datum and says why', () => {
    const excluded = read(join(CORPUS, 'exchange-xian80.txt')).boundaries;
    const list = [...excluded, boundary(square(117.2))];
    const done = writeCorners({ path: join(dir, 'part.txt'), format: 'string', zone: null, boundaries: list });
    expect([done.written, done.refused]).toEqual([
      1,
      [{ id: excluded[0]?.id, why: expect.stringContaining('1980西安坐标系') }],
    ]);
    const none = { path: join(dir, 'none.txt'), format: 'string', zone: null, boundaries: excluded } as const;
    expect(() => writeCorners(none)).toThrow(expect.objectContaining({ code: 'corners.nothing' }));
  });

  it('does not trust kept points that are no longer those of the geometry', () => {
    const [source] = read(join(CORPUS, 'string-closing-point.txt')).boundaries;
    if (!source) throw new Error('nothing read');
    const moved = { ...source, geometry: square(118.2) };
    const [back] = read(write([moved], 'string', 'moved.txt')).boundaries;
    expect(apart(square(118.2), back?.geometry ?? [])).toBeLessThan(1e-8);
  });

  it('replaces a file only by a whole one', () => {
    const path = join(dir, 'kept.txt');
    writeFileSync(path, 'before');
    const big = boundary([
      [
        star(
          [117.4, 36.2],
          Array.from({ length: 1200 }, (_, i) => 0.008 + (i % 2) * 0.001),
          1,
        ),
      ],
    ]);
    expect(() => write([big], 'registration', 'kept.txt')).toThrow(expect.objectContaining({ code: 'corners.rows' }));
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(() => write([big], 'string', 'none/x.txt')).toThrow(expect.objectContaining({ code: 'output.folder' }));
  });
});
