import { describe, expect, it } from 'vitest';
import { fractal, moved } from '../testing/texture.js';
import { checkShift, shiftVaries } from './shift-check.js';

const [WIDTH, HEIGHT] = [700, 260];
/** Places lie at 512 + 1024·k: the tile begins so that one lies within the core. */
const CORNER = { col: 1200, row: 2440 };

function tile(x: number, y: number) {
  const after = fractal(WIDTH, HEIGHT, 7);
  const before = moved(7, WIDTH, HEIGHT, x, y);
  return { before, after, seen: new Uint8Array(WIDTH * HEIGHT).fill(1), width: WIDTH, height: HEIGHT };
}

describe('checkShift', () => {
  it('says what is left at the places of the lattice in the core, wherever the tile begins', () => {
    const core = { col: 200, row: 60, width: 400, height: 140 };
    const found = checkShift(tile(1.4, -0.6), core, CORNER);
    expect(found).toHaveLength(2);
    expect(Math.abs((found[0] ?? 0) - 1.4)).toBeLessThan(0.15);
    expect(Math.abs((found[1] ?? 0) + 0.6)).toBeLessThan(0.15);
    expect(checkShift(tile(0, 0), core, CORNER).every((v) => Math.abs(v) < 0.1)).toBe(true);
  });

  it('leaves out places of other blocks, and those whose window is not in the tile', () => {
    expect(checkShift(tile(0, 0), { col: 0, row: 60, width: 300, height: 140 }, CORNER)).toEqual([]);
    expect(checkShift(tile(0, 0), { col: 200, row: 0, width: 400, height: 200 }, { ...CORNER, row: 2500 })).toEqual([]);
  });
});

describe('shiftVaries', () => {
  const places = (on: number, off: number) => [
    ...Array.from({ length: on }, () => [0.2, -0.3]),
    ...Array.from({ length: off }, () => [0.1, 1.2]),
  ];
  it.each([
    [0, 0, false],
    [50, 0, false],
    [4, 1, false],
    [98, 3, false],
    [90, 5, true],
    [10, 2, true],
  ])('%i places that agree and %i that do not: %s', (on, off, varies) => {
    expect(shiftVaries(places(on, off).flat())).toBe(varies);
  });
});
