import { describe, expect, it } from 'vitest';
import type { Mean } from '../../kernels/mining-numbers.js';
import type { Component } from '../../model/change.js';
import { changeTypeOf } from './mining-type.js';

const SWIR = { nir: 3, swir1: 4 };
const SQUARE: Component = {
  runs: Int32Array.from(Array.from({ length: 10 }, (_, r) => [r, 0, 9]).flat()),
  pixels: 100,
  sums: [],
};
const STRIP: Component = {
  runs: Int32Array.from(Array.from({ length: 3 }, (_, r) => [r, 0, 59]).flat()),
  pixels: 180,
  sums: [],
};
/** Sparse soil, unchanged, in thousandths; a test says what differs. */
const SOIL: Record<string, number> = {
  vegBefore: 150,
  vegAfter: 150,
  brightBefore: 1000,
  brightAfter: 1000,
  swirBefore: 1000,
  swirAfter: 1000,
  bareBefore: 100,
  bareAfter: 100,
  redAfter: 80,
  roughAfter: 50,
};

function typeOf(
  numbers: Record<string, number>,
  component = SQUARE,
  bands: { nir: number; swir1: number | null } = SWIR,
) {
  const mean: Mean = (name) => numbers[name] ?? SOIL[name] ?? 0;
  return changeTypeOf(component, mean, bands);
}

describe('changeTypeOf', () => {
  it('tells the six kinds by their numbers and says the number', () => {
    expect(typeOf({ vegBefore: 550, vegAfter: 90, brightAfter: 1500 })).toEqual({
      type: 'vegetation-to-bare',
      why: '植被指数下降 0.46',
    });
    expect(typeOf({ swirAfter: 200, bareAfter: -200, vegAfter: -60, brightAfter: 600 })).toEqual({
      type: 'bare-to-water',
      why: '长波反射降为原来的 0.20 倍',
    });
    expect(typeOf({ brightAfter: 1400 }).type).toBe('spoil');
    expect(typeOf({ brightAfter: 760 })).toEqual({ type: 'bare-deeper', why: '原为裸地，亮度为原来的 0.76 倍' });
    expect(typeOf({ vegAfter: 60, bareAfter: 20, redAfter: -30, roughAfter: 150, brightAfter: 1600 }).type).toBe(
      'building-like',
    );
    expect(typeOf({ vegBefore: 500, vegAfter: 60 }, STRIP)).toEqual({
      type: 'road-like',
      why: '形状狭长，长短轴比约 20.0',
    });
  });

  it('a pool that dims a little is not water; smooth grey ground is not built', () => {
    expect(typeOf({ swirAfter: 700, bareAfter: 60, brightAfter: 900 }).type).toBe('bare-deeper');
    expect(typeOf({ vegAfter: 60, bareAfter: 20, redAfter: -30, roughAfter: 20, brightAfter: 1600 }).type).toBe(
      'spoil',
    );
  });

  it('without short-wave infrared water is told by the vegetation index and buildings are not told', () => {
    const bands = { nir: 3, swir1: null };
    expect(typeOf({ vegAfter: -80, brightAfter: 700 }, SQUARE, bands).type).toBe('bare-to-water');
    expect(typeOf({ bareAfter: 0, redAfter: -30, roughAfter: 150, brightAfter: 1600 }, SQUARE, bands).type).toBe(
      'spoil',
    );
  });
});
