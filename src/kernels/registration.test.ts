import { describe, expect, it } from 'vitest';
import { fractal, moved, noise } from '../testing/texture.js';
import { measureShift, type RegistrationTile } from './registration.js';

const SIZE = 320;

function tile(before: Float32Array, after: Float32Array, seen = new Uint8Array(SIZE * SIZE).fill(1)): RegistrationTile {
  return { before, after, seen, width: SIZE, height: SIZE };
}

describe('measureShift', () => {
  it.each([
    [0.3, -0.6],
    [1.25, 0.5],
    [-2.7, 3.1],
    [4.9, -4.4],
  ])('finds (%f, %f) to a tenth of a pixel under noise, gain and a changed season', (x, y) => {
    const after = fractal(SIZE, SIZE, 7);
    const before = moved(7, SIZE, SIZE, x, y);
    const season = fractal(SIZE, SIZE, 99);
    const speck = noise(SIZE * SIZE, 3);
    for (let i = 0; i < before.length; i++) {
      before[i] = 300 + 1.7 * (before[i] ?? 0) + 0.25 * (season[i] ?? 0) + 4 * (speck[i] ?? 0);
    }
    const shift = measureShift([tile(before, after)]);
    expect(Math.abs(shift.x - x)).toBeLessThan(0.1);
    expect(Math.abs(shift.y - y)).toBeLessThan(0.1);
    expect(shift.tiles).toBeGreaterThanOrEqual(3);
    expect(shift.residualPx).toBeLessThan(0.3);
  });

  it('is exactly zero for the same image', () => {
    const image = fractal(SIZE, SIZE, 5);
    expect(measureShift([tile(image, image.slice())])).toEqual({ x: 0, y: 0, residualPx: 0, tiles: 1 });
  });

  it('is not put off by a sliver at the edge of the extent', () => {
    const sliver = {
      before: fractal(SIZE, 16, 3),
      after: fractal(SIZE, 16, 3),
      seen: new Uint8Array(SIZE * 16).fill(1),
    };
    const whole = [tile(moved(7, SIZE, SIZE, 1.25, 0.5), fractal(SIZE, SIZE, 7))];
    expect(measureShift([...whole, { ...sliver, width: SIZE, height: 16 }])).toEqual(measureShift(whole));
    expect(measureShift(whole).x).toBeCloseTo(1.25, 1);
  });

  it('says it could not measure rather than a wild number when the dates share nothing', () => {
    const shift = measureShift([tile(noise(SIZE * SIZE, 1), noise(SIZE * SIZE, 2))]);
    expect(shift).toEqual({ x: 0, y: 0, residualPx: 0, tiles: 0 });
  });

  it('does not measure what is not seen', () => {
    const image = fractal(SIZE, SIZE, 5);
    const shift = measureShift([tile(image, moved(5, SIZE, SIZE, 2, 2), new Uint8Array(SIZE * SIZE))]);
    expect(shift.tiles).toBe(0);
  });
});
