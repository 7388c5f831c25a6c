import { describe, expect, it } from 'vitest';
import { MEASURES } from './mining-measure.js';
import { formOf, objectLogOdds, objectNumbers } from './mining-numbers.js';

describe('formOf', () => {
  it('measures perimeter, box and moments of runs, wherever they lie', () => {
    const square = (row: number, col: number) => Int32Array.from([0, 1, 2, 3].flatMap((r) => [row + r, col, col + 3]));
    const form = formOf(square(0, 0));
    expect(form).toMatchObject({ pixels: 16, perimeter: 16, elongation: 0, boxFill: 1 });
    // a square fills 12 / 4π of the ellipse with its moments
    expect(form.ellipseFill).toBeCloseTo(12 / (4 * Math.PI), 9);
    expect(formOf(square(5000, 80000))).toEqual(form);
  });

  it('counts both sides of a gap and of a hole', () => {
    // a ring of 3 × 3 with an empty middle: 12 sides outside, 4 inside
    expect(formOf(Int32Array.from([0, 0, 2, 1, 0, 0, 1, 2, 2, 2, 0, 2])).perimeter).toBe(16);
    // a U: 2 runs over one run
    expect(formOf(Int32Array.from([0, 0, 0, 0, 2, 2, 1, 0, 2])).perimeter).toBe(12);
  });

  it('says how long a bar is: 1 × 16 has axes 16 to 1', () => {
    expect(formOf(Int32Array.from([3, 10, 25])).elongation).toBeCloseTo(4, 9);
  });
});

describe('objectNumbers', () => {
  const scales = { termCentre: new Array(10).fill(0), termSpread: new Array(10).fill(0.1), threshold: 0, stricter: [] };
  const component = (values: Partial<Record<(typeof MEASURES)[number], number>>) => ({
    runs: Int32Array.from([0, 0, 3]),
    pixels: 4,
    sums: MEASURES.map((name) => values[name] ?? 0),
  });

  it('are means over the counted pixels, changes against the spread of the pair', () => {
    const numbers = objectNumbers(
      component({ count: 4, vegBefore: 2400, vegAfter: 400, brightBefore: 4000, brightAfter: 8000 }),
      scales,
    );
    expect(numbers.loss).toBeCloseTo(0.5, 12);
    expect(numbers.lossZ).toBeCloseTo(5 / 4, 12);
    expect(numbers.gain).toBeCloseTo(1 / 3, 12);
    expect(numbers.logPixels).toBe(2);
    expect(Object.values(numbers).every(Number.isFinite)).toBe(true);
  });

  it('stay finite for an object without measures', () => {
    expect(Object.values(objectNumbers(component({}), scales)).every(Number.isFinite)).toBe(true);
  });
});

describe('objectLogOdds', () => {
  it('adds weighted standardised numbers and trusts none beyond four spreads', () => {
    const model = { names: ['loss', 'gain'], mean: [0.1, 0], scale: [0.1, 1], weight: [2, 1], bias: -1 };
    expect(objectLogOdds(model, { loss: 0.3, gain: 0.5 })).toBeCloseTo(-1 + 4 + 0.5, 12);
    expect(objectLogOdds(model, { loss: 99, gain: 0 })).toBeCloseTo(-1 + 8, 12);
  });
});
