import { describe, expect, it } from 'vitest';
import type { CornerFrame, CornerRing } from '../../model/corners.js';
import { polygonAreaM2 } from '../ellipsoid-area.js';
import { assembleRings, openRing } from './rings.js';
import { areaWarning, parseStatedArea, statedM2 } from './stated-area.js';

const FRAME: CornerFrame = { kind: 'plane', datum: 'CGCS2000', width: 3, zone: 39, prefixed: true, order: 'xy' };
const [NORTH, EAST] = [3_987_000, 39_500_000];

/** From the south-west corner, metres from a fixed point. */
function square(x: number, y: number, size: number, more: Partial<CornerRing> = {}): CornerRing {
  return ring(
    [
      [x, y],
      [x + size, y],
      [x + size, y + size],
      [x, y + size],
    ],
    more,
  );
}

function ring(corners: readonly (readonly [number, number])[], more: Partial<CornerRing> = {}): CornerRing {
  const points = corners.map(([x, y], i) => ({
    name: String(i + 1),
    first: (NORTH + y).toFixed(2),
    second: (EAST + x).toFixed(2),
    line: i + 1,
  }));
  return { points, upper: null, lower: null, remark: null, deduct: false, ...more };
}

const deduct = { deduct: true } as const;
const shape = (rings: readonly CornerRing[]) => {
  const { polygons, cuts, warnings } = assembleRings(rings, FRAME);
  return { holes: polygons.map((polygon) => polygon.length - 1), cuts: cuts.length, warnings };
};

describe('assembleRings', () => {
  it('closes rings and takes x from the easting', () => {
    const { polygons } = assembleRings([square(0, 0, 100)], FRAME);
    expect(polygons[0]?.[0]).toEqual([
      [EAST, NORTH],
      [EAST + 100, NORTH],
      [EAST + 100, NORTH + 100],
      [EAST, NORTH + 100],
      [EAST, NORTH],
    ]);
  });

  it.each([
    ['a hole', [square(0, 0, 100), square(10, 10, 20, deduct)], [1], 0],
    ['a hole before its outline', [square(10, 10, 20, deduct), square(0, 0, 100)], [1], 0],
    ['an island in a hole', [square(0, 0, 100), square(10, 10, 50, deduct), square(20, 20, 10)], [1, 0], 0],
    [
      'two parts with a hole each',
      [square(0, 0, 100), square(200, 0, 100), square(10, 10, 20, deduct), square(210, 10, 20, deduct)],
      [1, 1],
      0,
    ],
    [
      'a hole that touches its outline in a corner',
      [
        square(0, 0, 100),
        ring(
          [
            [0, 0],
            [50, 10],
            [10, 50],
          ],
          deduct,
        ),
      ],
      [1],
      0,
    ],
    ['a hole along an edge', [square(0, 0, 100), square(0, 10, 20, deduct)], [1], 0],
  ] as const)('%s', (_, rings, holes, cuts) => {
    expect(shape(rings)).toEqual({ holes, cuts, warnings: [] });
  });

  it.each([
    ['a deduction outside', [square(0, 0, 100), square(200, 0, 20, deduct)], 0, '第 2 圈（扣除）不在任何保留圈之内'],
    [
      'a deduction that only touches from outside',
      [square(0, 0, 100), square(100, 0, 20, deduct)],
      0,
      '不在任何保留圈之内',
    ],
    [
      'a deduction that fills a notch',
      [
        ring([
          [0, 0],
          [100, 0],
          [100, 100],
          [60, 100],
          [60, 40],
          [40, 40],
          [40, 100],
          [0, 100],
        ]),
        ring(
          [
            [40, 100],
            [40, 40],
            [60, 40],
            [60, 100],
          ],
          deduct,
        ),
      ],
      0,
      '不在任何保留圈之内',
    ],
    [
      'a deduction across the edge',
      [square(0, 0, 100), square(90, 0, 20, deduct)],
      1,
      '第 2 圈（扣除）超出保留圈的范围',
    ],
    [
      'a deduction around everything but a strip',
      [square(0, 0, 100), square(-10, -10, 105, deduct)],
      1,
      '超出保留圈的范围',
    ],
    [
      'a deduction around a kept ring',
      [square(0, 0, 100), square(300, 0, 20), square(290, -10, 50, deduct)],
      1,
      '超出保留圈的范围',
    ],
    ['a kept ring inside another', [square(0, 0, 100), square(10, 10, 20)], 0, '第 2 圈（保留）完全在第 1 圈之内'],
    [
      'a point given twice',
      [
        ring([
          [0, 0],
          [100, 0],
          [100, 0],
          [50, 80],
        ]),
      ],
      0,
      '1 个与前一点重复的点',
    ],
  ] as const)('says: %s', (_, rings, cuts, says) => {
    const found = shape(rings);
    expect(found.cuts).toBe(cuts);
    expect(found.warnings).toEqual([expect.stringContaining(says)]);
  });

  it('cuts out what two deductions have in common once', () => {
    expect(shape([square(0, 0, 100), square(10, 10, 30, deduct), square(20, 20, 30, deduct)])).toMatchObject({
      holes: [1],
      cuts: 1,
    });
  });

  it.each([
    ['扣除某厂范围', false, true],
    ['扣除某厂范围', true, false],
    ['不扣除某厂范围', false, false],
    ['不予扣除', true, true],
    ['首采区', false, false],
  ])('remark “%s” with deduct = %s contradicts: %s', (remark, flag, contradicts) => {
    const rings = [square(0, 0, 100), square(200, 0, 100), square(10, 10, 20, { deduct: flag, remark })];
    const warnings = shape(rings).warnings.filter((text) => text.includes('与标志不符'));
    expect(warnings).toHaveLength(contradicts ? 1 : 0);
  });

  it('keeps a ring as its flag says when the remark contradicts it', () => {
    const rings = [square(0, 0, 100), square(200, 0, 50, { remark: '扣除某厂范围' })];
    expect(assembleRings(rings, FRAME).polygons).toHaveLength(2);
  });

  it('refuses rings of two points and plots of deductions only', () => {
    const line = ring([
      [0, 0],
      [10, 0],
      [0, 0],
    ]);
    expect(() => shape([line])).toThrow(
      expect.objectContaining({ code: 'corners.ring', message: expect.stringContaining('2 个不同的点') }),
    );
    expect(() => shape([square(0, 0, 10, deduct)])).toThrow(expect.objectContaining({ code: 'corners.ring' }));
  });

  it('takes a closing point for one whatever its trailing zeros', () => {
    const { points } = square(0, 0, 100);
    const [first] = points;
    if (!first) throw new Error('no point');
    const closing = { ...first, name: 'J1', first: `${first.first}0` };
    expect(openRing([...points, closing])).toEqual(points);
    expect(openRing(points)).toEqual(points);
  });
});

describe('stated areas', () => {
  it.each([
    ['0.7655', 'ha', 7655, false],
    ['0.7655公顷', 'ha', 7655, true],
    ['7655.1 平方米', 'ha', 7655.1, true],
    ['0.1234平方公里', 'ha', 123_400, true],
    ['12亩', 'ha', 8000, true],
    ['1,234.5m²', 'ha', 1234.5, true],
  ] as const)('%s → %d', (text, unit, areaM2, written) => {
    const stated = parseStatedArea(text, unit);
    expect(stated?.unitWritten).toBe(written);
    expect(stated && statedM2(stated)).toBeCloseTo(areaM2, 6);
  });

  it('says what differs by more than 1 %, and which unit would fit', () => {
    const measured = polygonAreaM2([
      [
        [
          [118, 36],
          [118.01, 36],
          [118.01, 36.01],
          [118, 36.01],
          [118, 36],
        ],
      ],
    ]);
    const warning = (text: string): string | null => {
      const stated = parseStatedArea(text, 'ha');
      return stated && areaWarning(stated, measured);
    };
    expect(warning('100.0385')).toBeNull();
    expect(warning('100.9')).toBeNull();
    expect(warning('101.1')).toContain('相差 1.1 %');
    expect(warning('1000385')).toContain('未写单位，按格式应为公顷，但数值与平方米相符');
    expect(warning('1000385公顷')).toContain('请核对');
  });
});
