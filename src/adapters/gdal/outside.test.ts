import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';
import type { OutsideReading } from '../../model/work.js';
import { polygon, rectangle } from '../../testing/ground-metres.js';
import { outside } from './outside.js';

function read(
  patch: MultiPolygonRings,
  boundaries: readonly MultiPolygonRings[],
  toleranceM: readonly number[],
  maxShiftM = 0,
): OutsideReading {
  const [reading] = outside({
    boundaries,
    items: [{ patch, boundaries: boundaries.map((_, i) => i), toleranceM, maxShiftM }],
  });
  return reading as OutsideReading;
}

const licence = rectangle(0, 0, 200, 100);

describe('outside', () => {
  it('gives area and distance outside with the interval that the tolerance leaves', () => {
    const reading = read(rectangle(180, 20, 230, 60), [licence], [10]);
    expect(reading.outsideM2).toBeCloseTo(30 * 40, 1);
    expect(reading.beyondToleranceM2).toBeCloseTo(20 * 40, 1);
    expect(reading.withinToleranceM2).toBeCloseTo(40 * 40, 1);
    expect(reading.outsideM).toBeCloseTo(30, 2);
    expect(reading.outsideRangeM?.[0]).toBeCloseTo(20, 2);
    expect(reading.outsideRangeM?.[1]).toBeCloseTo(40, 2);
  });

  it('says exactly nothing beyond where the tolerance explains the excess', () => {
    const reading = read(rectangle(150, 20, 209, 60), [licence], [10]);
    expect(reading.outsideM2).toBeCloseTo(9 * 40, 1);
    expect(reading).toMatchObject({ beyondToleranceM2: 0, shift: null });
    expect(reading.outsideRangeM?.[0]).toBe(0);
    expect(reading.outsideRangeM?.[1]).toBeCloseTo(19, 2);
  });

  it('says what may be outside of a patch inside: nothing where it lies deeper than the tolerance', () => {
    const shallow = read(rectangle(150, 20, 196, 60), [licence], [10]);
    expect(shallow).toMatchObject({ outsideM2: 0, outsideM: 0, beyondToleranceM2: 0 });
    expect(shallow.withinToleranceM2).toBeCloseTo(6 * 40, 1);
    expect(shallow.outsideRangeM?.[1]).toBeCloseTo(6, 2);
    const none = { outsideM2: 0, outsideM: 0, beyondToleranceM2: 0, withinToleranceM2: 0, outsideRangeM: [0, 0] };
    expect(read(rectangle(50, 30, 189, 60), [licence], [10])).toEqual({ ...none, shift: null });
    expect(read(rectangle(50, 12, 189, 88), [licence], [10])).toEqual({ ...none, shift: null });
    // the box of this one meets edges, the patch itself stays away from them
    const bent = polygon([
      [0, 0],
      [200, 0],
      [200, 100],
      [100, 100],
      [100, 50],
      [90, 50],
      [90, 100],
      [0, 100],
    ]);
    const around = polygon([
      [20, 20],
      [180, 20],
      [180, 80],
      [120, 80],
      [120, 32],
      [70, 32],
      [70, 80],
      [20, 80],
    ]);
    expect(read(around, [bent], [10])).toEqual({ ...none, shift: null });
  });

  it('is exactly zero without a tolerance, also along a shared edge', () => {
    expect(read(licence, [licence], [0])).toEqual({
      outsideM2: 0,
      outsideM: 0,
      beyondToleranceM2: 0,
      withinToleranceM2: 0,
      outsideRangeM: [0, 0],
      shift: null,
    });
  });

  it('takes a patch away from every boundary as wholly outside', () => {
    const patch = rectangle(230, 20, 260, 60);
    const reading = read(patch, [licence], [10]);
    const areaM2 = polygonAreaM2(patch);
    expect(reading).toMatchObject({ outsideM2: areaM2, beyondToleranceM2: areaM2, withinToleranceM2: areaM2 });
    expect(reading.outsideM).toBeCloseTo(60, 2);
    expect(reading.outsideRangeM?.[0]).toBeCloseTo(50, 2);
    expect(reading.outsideRangeM?.[1]).toBeCloseTo(70, 2);
    const beside = read(rectangle(204, 20, 260, 60), [licence], [10]);
    expect(beside.beyondToleranceM2).toBeCloseTo(50 * 40, 1);
    expect(beside.withinToleranceM2).toBe(beside.outsideM2);
  });

  it('knows nothing of a distance where no boundary is named', () => {
    const patch = rectangle(0, 0, 30, 20);
    const areaM2 = polygonAreaM2(patch);
    expect(read(patch, [], [])).toEqual({
      outsideM2: areaM2,
      outsideM: null,
      beyondToleranceM2: areaM2,
      withinToleranceM2: areaM2,
      outsideRangeM: null,
      shift: null,
    });
  });

  it('sees no edge between boundaries that adjoin or overlap', () => {
    for (const start of [200, 190]) {
      const reading = read(rectangle(150, 20, 260, 60), [licence, rectangle(start, 0, 230, 100)], [10, 10]);
      expect(reading.outsideM2).toBeCloseTo(30 * 40, 1);
      expect(reading.beyondToleranceM2).toBeCloseTo(20 * 40, 1);
      expect(reading.withinToleranceM2).toBeCloseTo(40 * 40, 1);
      expect(reading.outsideM).toBeCloseTo(30, 2);
      const across = read(rectangle(150, 20, 210, 60), [licence, rectangle(start, 0, 230, 100)], [10, 10]);
      expect(across).toMatchObject({ outsideM2: 0, withinToleranceM2: 0, outsideRangeM: [0, 0] });
    }
  });

  it('gives each boundary its own tolerance', () => {
    const pair = [rectangle(0, 0, 100, 100), rectangle(100, 0, 200, 100)];
    const reading = read(rectangle(50, 90, 150, 130), pair, [5, 20]);
    expect(reading.outsideM2).toBeCloseTo(30 * 100, 1);
    // the wider band ends round, over the neighbour: of a circle of 20 m the quarter above 5 m, and between 5 and 10 m
    const quarter = (y: number): number => (y * Math.sqrt(400 - y * y) + 400 * Math.asin(y / 20)) / 2;
    expect(reading.beyondToleranceM2 - (50 * 25 + 50 * 10 - (quarter(20) - quarter(5)))).toBeLessThan(1);
    expect(reading.beyondToleranceM2 - (50 * 25 + 50 * 10 - (quarter(20) - quarter(5)))).toBeGreaterThan(0);
    expect(reading.withinToleranceM2).toBeCloseTo(3000 + 50 * 5 + 50 * 10 + quarter(10) - quarter(5), 0);
    expect(reading.outsideRangeM?.[0]).toBeCloseTo(25, 1);
    expect(reading.outsideRangeM?.[1]).toBeCloseTo(50, 1);
  });

  it('is the same whatever the order of the boundaries and the company, bit for bit', () => {
    const patch = rectangle(150, 20, 260, 60);
    const two = rectangle(190, 0, 230, 100);
    const straight = read(patch, [licence, two], [7, 9], 60);
    expect(read(patch, [two, licence], [9, 7], 60)).toEqual(straight);
    expect(read(patch, [two, licence, licence], [9, 7, 7], 60)).toEqual(straight);
  });

  it('keeps the area within its interval, and the interval within the patch', () => {
    const side = fc.integer({ min: -80, max: 280 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 40 }), (x, y, size, t) => {
        const patch = rectangle(x, y, x + size, y + 30);
        const reading = read(patch, [licence], [t], 60);
        expect(reading.beyondToleranceM2).toBeLessThanOrEqual(reading.outsideM2);
        expect(reading.outsideM2).toBeLessThanOrEqual(reading.withinToleranceM2);
        expect(reading.withinToleranceM2).toBeLessThanOrEqual(polygonAreaM2(patch));
        const [least, most] = reading.outsideRangeM ?? [Number.NaN, Number.NaN];
        expect(least).toBeLessThanOrEqual(reading.outsideM as number);
        expect(most).toBeGreaterThanOrEqual(reading.outsideM as number);
        if (least === 0) expect(reading.beyondToleranceM2).toBe(0);
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

describe('the shift of a whole boundary', () => {
  const quarry = rectangle(0, 0, 300, 200);
  const bent = polygon([
    [0, 0],
    [300, 0],
    [300, 80],
    [160, 80],
    [160, 200],
    [0, 200],
  ]);

  it('is found where the digging follows edges in two directions at constant distances', () => {
    const { shift } = read(rectangle(150, 60, 318, 212), [quarry], [5], 60);
    expect(shift?.boundary).toBe(0);
    expect(shift?.dxM).toBeCloseTo(18, 0);
    expect(shift?.dyM).toBeCloseTo(12, 0);
    expect(shift?.distanceM).toBeCloseTo(Math.hypot(18, 12), 0);
    expect(shift?.restM2).toBeLessThan(0.5 * (168 + 152));
  });

  it('is found on a bent outline dug out to its true edges', () => {
    // the licence moved by (−15, 20) and dug out but for its south
    const dug = polygon([
      [-15, 60],
      [285, 60],
      [285, 100],
      [145, 100],
      [145, 220],
      [-15, 220],
    ]);
    const { shift } = read(dug, [bent], [6], 60);
    expect(shift?.dxM).toBeCloseTo(-15, 0);
    expect(shift?.dyM).toBeCloseTo(20, 0);
  });

  it('is found along an outline of pixels of 2 m', () => {
    const stairs: Position[] = [[150, 60]];
    for (let y = 60; y < 212; y += 2) stairs.push([317 + ((y / 2) % 3), y], [317 + ((y / 2) % 3), y + 2]);
    for (let x = 318; x > 150; x -= 2) stairs.push([x, 211 + ((x / 2) % 2) * 2], [x - 2, 211 + ((x / 2) % 2) * 2]);
    const { shift } = read(polygon(stairs), [quarry], [6], 60);
    expect(Math.hypot((shift?.dxM ?? 0) - 18, (shift?.dyM ?? 0) - 12)).toBeLessThan(1);
  });

  it('names the one of several boundaries that is moved', () => {
    const other = rectangle(-200, 0, -50, 200);
    const { shift } = read(rectangle(150, 60, 318, 212), [other, quarry], [5, 5], 60);
    expect(shift?.boundary).toBe(1);
  });

  it.each([
    ['one straight edge only', rectangle(150, 60, 330, 120), 60],
    ['edges on two opposite sides', rectangle(-20, 60, 320, 215), 60],
    ['a shift longer than is looked for', rectangle(150, 60, 318, 212), 20],
    ['no shift asked for', rectangle(150, 60, 318, 212), 0],
    [
      'a round pit over the corner',
      polygon(
        Array.from({ length: 72 }, (_, i): Position => {
          const angle = (i * Math.PI) / 36;
          return [290 + 50 * Math.cos(angle), 190 + 50 * Math.sin(angle)];
        }),
      ),
      60,
    ],
    [
      'a part that reaches farther out',
      polygon([
        [150, 60],
        [318, 60],
        [318, 120],
        [360, 120],
        [360, 150],
        [318, 150],
        [318, 212],
        [150, 212],
      ]),
      60,
    ],
    ['an excess that the tolerance explains', rectangle(150, 60, 304, 203), 60],
    ['a patch that does not meet the boundary', rectangle(310, 60, 330, 220), 60],
  ])('is not claimed for %s', (_, patch, maxShiftM) => {
    expect(read(patch, [quarry], [5], maxShiftM).shift).toBeNull();
  });
});
