import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CornerDeclared, type CornerWish, NO_CORNER_WISH, NOTHING_DECLARED } from '../../model/corners.js';
import { angleDegrees, mayBePacked } from './angle.js';
import { datumNamed, systemOfCode, zoneCode, zoneMeridian } from './datum.js';
import { cornerPosition, decideFrame, type FrameDecision, frameCrs } from './frame.js';

type Pair = readonly [first: string, second: string];

const points = (pairs: readonly Pair[]) =>
  pairs.map(([first, second], i) => ({ name: `J${i + 1}`, first, second, line: i + 10 }));

function decide(
  pairs: readonly Pair[],
  declared: Partial<CornerDeclared> = {},
  wish: Partial<CornerWish> = {},
): FrameDecision {
  return decideFrame(points(pairs), { ...NOTHING_DECLARED, ...declared }, { ...NO_CORNER_WISH, ...wish });
}

const ZONE_39: readonly Pair[] = [
  ['3987654.32', '39612345.67'],
  ['3987754.32', '39612445.67'],
];
const BARE: readonly Pair[] = [
  ['3987654.32', '612345.67'],
  ['3987754.32', '612445.67'],
];
const turned = (pairs: readonly Pair[]): Pair[] => pairs.map(([first, second]) => [second, first]);

describe('decideFrame: plane coordinates', () => {
  it.each([
    ['3° zone before the easting', ZONE_39, {}, {}, 'EPSG:4527', 'xy'],
    ['columns turned round', turned(ZONE_39), {}, {}, 'EPSG:4527', 'yx'],
    ['6° zone before the easting', [['3987654.3', '20412345.6']], {}, {}, 'EPSG:4498', 'xy'],
    ['zone declared by the file', BARE, { zone: 39 }, {}, 'EPSG:4548', 'xy'],
    ['zone told', BARE, {}, { zone: 39 }, 'EPSG:4548', 'xy'],
    ['6° zone told', BARE, {}, { zone: 20 }, 'EPSG:4509', 'xy'],
    ['zone told, columns turned round', turned(BARE), {}, { zone: 39 }, 'EPSG:4548', 'yx'],
    ['zone by --crs with the zone, numbers without', BARE, {}, { crs: 'EPSG:4527' }, 'EPSG:4548', 'xy'],
    ['zone by --crs without the zone, numbers with', ZONE_39, {}, { crs: '4548' }, 'EPSG:4527', 'xy'],
    ["Xi'an 1980 by name", ZONE_39, { datum: '1980西安坐标系' }, {}, 'EPSG:2363', 'xy'],
    ['Beijing 1954 by --crs', ZONE_39, {}, { crs: 'EPSG:2415' }, 'EPSG:2415', 'xy'],
    ['another system, order by the numbers', BARE, {}, { crs: 'EPSG:32650' }, 'EPSG:32650', 'xy'],
    ['full-width digits and blanks', [['３９８７６５４．３', ' 39 612345.6 ']], {}, {}, 'EPSG:4527', 'xy'],
    ['6-digit northing of the far south, told', [['912345.6', '39512345.6']], {}, { axis: 'xy' }, 'EPSG:4527', 'xy'],
  ] as const)('%s', (_, pairs, declared, wish, crs, order) => {
    const { frame } = decide(pairs, declared, wish);
    expect([frameCrs(frame), frame.order]).toEqual([crs, order]);
  });

  it.each([
    ['zone missing', BARE, {}, {}, 'corners.zone', '--zone'],
    [
      'zone before the easting against the file',
      ZONE_39,
      { zone: 38 },
      {},
      'corners.zone',
      '39 开头，文件中的带号为 38',
    ],
    ['zone before the easting against --zone', ZONE_39, {}, { zone: 40 }, 'corners.zone', '--zone为 40'],
    ['--zone against the file', BARE, { zone: 38 }, { zone: 39 }, 'corners.zone', '--zone为 39，文件中的带号为 38'],
    ['zone width against zone', ZONE_39, { width: 6 }, {}, 'corners.zone', '6 度分带'],
    ['no zone of China', BARE, { zone: 50 }, {}, 'corners.zone', '25–45'],
    ['two zones in one plot', [...ZONE_39, ['3987654.3', '40387654.3']], {}, {}, 'corners.zone', '39、40'],
    ['both columns of 7 digits', [['3987654.3', '3612345.6']], {}, {}, 'corners.axis', '--axis'],
    [
      'an easting of 7 digits, even when told',
      [['3987654.3', '3612345.6']],
      {},
      { axis: 'xy' },
      'corners.axis',
      '缺一位数',
    ],
    ['both columns of 6 digits', [['687654.3', '612345.6']], {}, { zone: 39 }, 'corners.axis', '--axis'],
    ['--axis against the numbers', ZONE_39, {}, { axis: 'yx' }, 'corners.axis', '--axis yx 与数据不符'],
    [
      'one value with a digit too many',
      [...ZONE_39, ['39877543.2', '39612445.6']],
      {},
      {},
      'corners.value',
      '第 12 行为 39877543.2',
    ],
    ['words for a number', [['3987654.3', '见附图']], {}, {}, 'corners.value', '见附图'],
    ['beyond China', [['8987654.3', '39612345.6']], {}, {}, 'corners.value', '不在中国范围内'],
    ['a geographic --crs', ZONE_39, {}, { crs: 'EPSG:4490' }, 'corners.frame', '平面坐标'],
    ['a local system', ZONE_39, { datum: '沂源县独立坐标系' }, {}, 'corners.datum', '沂源县独立坐标系'],
    ['another projection', ZONE_39, { projection: 'UTM' }, {}, 'corners.projection', 'UTM'],
    ['GCJ-02 by the file', ZONE_39, { datum: 'GCJ02' }, {}, 'corners.shifted', 'GCJ-02'],
    ['BD-09 by --crs', ZONE_39, {}, { crs: 'BD-09' }, 'corners.shifted', 'BD-09'],
  ] as const)('refuses: %s', (_, pairs, declared, wish, code, says) => {
    expect(() => decide(pairs, declared, wish)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(says) }),
    );
  });

  it('says every assumption', () => {
    const { notes } = decide(turned(ZONE_39));
    expect(notes.join('\n')).toMatch(
      /先 Y（东）后 X（北）.*\n.*按2000国家大地坐标系读.*\n带号 39 取自 Y 坐标前两位：3度带第39带，中央经线 117°/,
    );
    expect(decide(ZONE_39, { datum: 'CGCS2000' }).notes.join()).not.toContain('未写明坐标系');
    const overruled = decide(ZONE_39, { datum: '西安80' }, { crs: 'EPSG:4527' });
    expect(overruled.notes).toContain('文件写明 1980西安坐标系，按 --crs 改用 2000国家大地坐标系');
  });
});

describe('decideFrame: degrees', () => {
  const DECIMAL: readonly Pair[] = [['36.18345678', '118.17654321']];
  const EITHER: readonly Pair[] = [['36.18345678', '118.17354321']];

  it.each([
    ['°′″', [['36°10′28.2″', '118°10′20.5″']], {}, {}, 'EPSG:4490', 'dms', 'xy', [118.17236111, 36.1745]],
    [
      '度分秒, longitude first',
      [['东经118度10分20.5秒', '北纬36度10分28.2秒']],
      {},
      {},
      'EPSG:4490',
      'dms',
      'yx',
      [118.17236111, 36.1745],
    ],
    [
      'colons and letters',
      [['36:10:28.2N', '118:10:20.5E']],
      {},
      {},
      'EPSG:4490',
      'dms',
      'xy',
      [118.17236111, 36.1745],
    ],
    ['decimal by minutes of 60 and more', DECIMAL, {}, {}, 'EPSG:4490', 'decimal', 'xy', [118.17654321, 36.18345678]],
    ['decimal by the sign', [['36.18°', '118.17°']], {}, {}, 'EPSG:4490', 'decimal', 'xy', [118.17, 36.18]],
    [
      'ddd.mmss told',
      [['36.10282', '118.10205']],
      {},
      { angle: 'packed' },
      'EPSG:4490',
      'packed',
      'xy',
      [118.17236111, 36.1745],
    ],
    [
      'ddd.mmss declared by the unit',
      [['36.10282', '118.10205']],
      { angle: 'packed' },
      {},
      'EPSG:4490',
      'packed',
      'xy',
      [118.17236111, 36.1745],
    ],
    ['decimal told', EITHER, {}, { angle: 'decimal' }, 'EPSG:4490', 'decimal', 'xy', [118.17354321, 36.18345678]],
    ['WGS 84 by name', DECIMAL, { datum: 'WGS-84' }, {}, 'EPSG:4326', 'decimal', 'xy', [118.17654321, 36.18345678]],
    [
      'outside China with the order told',
      [['-33.86', '151.79']],
      {},
      { axis: 'xy' },
      'EPSG:4490',
      'decimal',
      'xy',
      [151.79, -33.86],
    ],
  ] as const)('%s', (_, pairs, declared, wish, crs, angle, order, position) => {
    const { frame } = decide(pairs, declared, wish);
    expect(frame).toMatchObject({ kind: 'geographic', angle, order });
    expect(frameCrs(frame)).toBe(crs);
    const [x, y] = cornerPosition(points(pairs)[0] ?? { name: '', first: '', second: '', line: 0 }, frame);
    expect([x, y]).toEqual([expect.closeTo(position[0], 8), expect.closeTo(position[1], 8)]);
  });

  it.each([
    ['decimal or ddd.mmss', EITHER, {}, {}, 'corners.angle', '--angle'],
    ['told ddd.mmss, but it cannot be', DECIMAL, {}, { angle: 'packed' }, 'corners.angle', '118.17654321'],
    ['two notations in one plot', [...DECIMAL, ['36°10′28.2″', '118°10′20.5″']], {}, {}, 'corners.value', '第 11 行'],
    ['a projected --crs', DECIMAL, {}, { crs: 'EPSG:4527' }, 'corners.frame', '角度'],
    ['which is longitude', [['40.7', '50.7']], {}, {}, 'corners.axis', '--axis'],
    ['minutes of 60', [['36°70′28″', '118°10′20″']], {}, {}, 'corners.value', '36°70′28″'],
  ] as const)('refuses: %s', (_, pairs, declared, wish, code, says) => {
    expect(() => decide(pairs, declared, wish)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(says) }),
    );
  });

  it('says that shifted map coordinates cannot be seen from the numbers', () => {
    expect(decide(DECIMAL).notes.join()).toContain('GCJ-02、BD-09）无法从数值看出');
  });

  it('reads ddd.mmss and °′″ of one angle alike, to a thousandth of a second', () => {
    fc.assert(
      fc.property(fc.nat(179), fc.nat(59), fc.nat(59_999), (degrees, minutes, thousandths) => {
        const seconds = String(thousandths).padStart(5, '0');
        const packed = `${degrees}.${String(minutes).padStart(2, '0')}${seconds}`;
        const signs = `${degrees}°${minutes}′${seconds.slice(0, 2)}.${seconds.slice(2)}″`;
        expect(mayBePacked(packed)).toBe(true);
        expect(angleDegrees(packed, 'packed')).toBe(angleDegrees(signs, 'dms'));
        // What a spreadsheet makes of the number is the same angle.
        const number = angleDegrees(String(Number(packed)), 'packed');
        expect(number).toBeCloseTo(degrees + minutes / 60 + thousandths / 3_600_000, 10);
      }),
      { seed: 51, numRuns: 300 },
    );
    expect(angleDegrees('36.39999999999999', 'packed')).toBeCloseTo(36 + 40 / 60, 10);
  });
});

describe('datums and codes', () => {
  it.each([
    ['2000国家大地坐标系', 'CGCS2000'],
    ['国家2000', 'CGCS2000'],
    ['西安80', 'Xian80'],
    ['1954年北京坐标系', 'Beijing54'],
    ['WGS84', 'WGS84'],
    ['独立坐标系', null],
  ])('%s → %s', (text, datum) => {
    expect(datumNamed(text)).toBe(datum);
  });

  it.each(['GCJ-02', 'gcj02', '火星坐标系', '高德坐标', 'BD09', '百度坐标系'])('refuses %s by name', (text) => {
    expect(() => datumNamed(text)).toThrow(expect.objectContaining({ code: 'corners.shifted' }));
  });

  it('knows every zone by its code and back', () => {
    for (const datum of ['CGCS2000', 'Xian80', 'Beijing54'] as const) {
      for (let zone = 13; zone <= 45; zone++) {
        if (zone === 24) continue;
        for (const prefixed of [true, false]) {
          expect(systemOfCode(`EPSG:${zoneCode(datum, zone, prefixed)}`)).toEqual({ datum, zone });
        }
      }
    }
    expect(systemOfCode('EPSG:32650')).toBeNull();
    expect([zoneMeridian(39), zoneMeridian(20)]).toEqual([117, 117]);
  });
});
