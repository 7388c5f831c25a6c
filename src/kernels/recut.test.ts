import { describe, expect, it } from 'vitest';
import { noise } from '../testing/texture.js';
import { recut } from './recut.js';

const SIZE = 160;
const FOREST = [350, 550, 400, 2800];
const CROP = [450, 750, 550, 3300];
const ROCK = [1500, 1900, 2300, 2700];
const ROOF = [1500, 1600, 1750, 2200];
const inPit = (x: number, y: number) => Math.hypot(x - 70, y - 80) < 28;
const inPlot = (x: number, y: number) => x >= 90 && x < 130 && y >= 60 && y < 100;

type Ground = (x: number, y: number) => readonly number[];

function bands(ground: Ground, seed: number): Float32Array[] {
  return FOREST.map((_, b) => {
    const speck = noise(SIZE * SIZE, seed + b);
    return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
      const value = ground(i % SIZE, Math.floor(i / SIZE))[b] ?? 0;
      return value * (1 + 0.015 * (speck[i] ?? 0));
    });
  });
}

const maskOf = (holds: (x: number, y: number) => boolean) =>
  Uint8Array.from({ length: SIZE * SIZE }, (_, i) => (holds(i % SIZE, Math.floor(i / SIZE)) ? 1 : 0));
const seen = new Uint8Array(SIZE * SIZE).fill(1);
const draw = (mask: Uint8Array, before: Ground, after: Ground) =>
  recut({ mask, seen, before: bands(before, 1), after: bands(after, 50), width: SIZE, height: SIZE });
const differing = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, v, i) => sum + (v === b[i] ? 0 : 1), 0);
const PIT = maskOf(inPit);
const PIT_PX = PIT.reduce((sum, v) => sum + v, 0);

describe('recut', () => {
  it('leaves a pit in forest as it is, and says that its outline is new', () => {
    const { mask, oldShare } = draw(
      PIT,
      () => FOREST,
      (x, y) => (inPit(x, y) ? ROCK : FOREST),
    );
    expect(mask).toBe(PIT);
    expect(oldShare).toBeLessThan(0.3);
  });

  it('cuts off a plot that was there before and is of another colour', () => {
    const { mask, oldShare } = draw(
      maskOf((x, y) => inPit(x, y) || inPlot(x, y)),
      (x, y) => (inPlot(x, y) ? CROP.map((v) => 1.15 * v) : FOREST),
      (x, y) => (inPit(x, y) ? ROCK : inPlot(x, y) ? ROOF : FOREST),
    );
    expect(differing(mask, PIT)).toBeLessThan(0.03 * PIT_PX);
    expect(oldShare).toBeLessThan(0.3);
  });

  it('keeps a part of another colour whose outline is new: spoil', () => {
    const whole = maskOf((x, y) => inPit(x, y) || inPlot(x, y));
    const { mask } = draw(
      whole,
      () => FOREST,
      (x, y) => (inPit(x, y) ? ROCK : inPlot(x, y) ? ROOF : FOREST),
    );
    expect(mask).toBe(whole);
  });

  it('follows the pit over ground that was bright before, not into a like plot beside it', () => {
    const bright = (x: number) => x < 60;
    const found = maskOf((x, y) => inPit(x, y) && !bright(x));
    const { mask } = draw(
      found,
      (x) => (bright(x) ? ROOF : FOREST),
      (x, y) => (inPit(x, y) ? ROCK : bright(x) ? ROOF : FOREST),
    );
    expect(differing(found, PIT)).toBeGreaterThan(0.2 * PIT_PX);
    expect(differing(mask, PIT)).toBeLessThan(0.045 * PIT_PX);
    const old = draw(
      PIT,
      (x, y) => (inPlot(x, y) ? CROP : FOREST),
      (x, y) => (inPit(x, y) || inPlot(x, y) ? ROCK : FOREST),
    );
    expect(differing(old.mask, PIT)).toBeLessThan(0.01 * PIT_PX);
  });

  it('knows a built-up plot by its outline', () => {
    const plot = maskOf(inPlot);
    const { mask, oldShare } = draw(
      plot,
      (x, y) => (inPlot(x, y) ? CROP : FOREST),
      (x, y) => (inPlot(x, y) ? ROCK : FOREST),
    );
    expect(mask).toBe(plot);
    expect(oldShare).toBeGreaterThan(0.9);
  });

  it('leaves an object too small to learn from alone', () => {
    const small = maskOf((x, y) => Math.hypot(x - 70, y - 80) < 3);
    expect(
      draw(
        small,
        () => FOREST,
        () => FOREST,
      ).mask,
    ).toBe(small);
  });
});
