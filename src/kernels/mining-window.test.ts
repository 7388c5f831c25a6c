/** Windows of a strip by SIMD kernels give what mining-change gives, bit for bit. */
import { describe, expect, it } from 'vitest';
import type { AlignedPair, Measures } from '../model/change.js';
import type { MiningDetector } from '../model/mining.js';
import { miningWeights } from '../stages/fit/mining-weights.js';
import { miningChange } from './mining-change.js';
import { MiningWindows } from './mining-window.js';
import { cutPair } from './strip.js';

function noise(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 374761393) ^ Math.imul(y | 0, 668265263) ^ Math.imul(seed, 1274126177);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

const ROLES = ['blue', 'green', 'red', 'nir'] as const;

/** Vegetation with bare pits of many sizes, dark water, and pixels that are not seen. */
function strip(width: number, height: number, scale: number): AlignedPair {
  const before = ROLES.map(() => new Float32Array(width * height));
  const after = ROLES.map(() => new Float32Array(width * height));
  const seen = new Uint8Array(width * height);
  const green = [420, 700, 480, 2600];
  const bare = [1500, 1900, 2300, 2700];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      seen[i] = noise(x >> 3, y >> 3, 9) < 0.02 ? 0 : 1;
      const pit =
        noise(x >> 5, y >> 5, 3) < 0.3 && Math.hypot((x & 31) - 16, (y & 31) - 14) < 4 + 14 * noise(x >> 5, y >> 5, 4);
      const water = noise(x >> 6, y >> 6, 5) < 0.1;
      for (let b = 0; b < 4; b++) {
        const grain = 1 + 0.2 * (noise(x, y, 20 + b) - 0.5);
        const ground = water ? (noise(x, y, 30 + b) < 0.3 ? 0 : 4) : green[b]! * (0.7 + 0.6 * noise(x >> 4, y >> 4, 2));
        before[b]![i] = Math.round(ground * grain) * scale;
        after[b]![i] = Math.round((pit ? bare[b]! : ground) * (1 + 0.2 * (noise(x, y, 40 + b) - 0.5))) * scale;
      }
    }
  }
  return { width, height, roles: ROLES, before, after, seen };
}

function detectorOf(spectrum: 'nir' | 'rgb', scale: number): MiningDetector {
  return {
    bands: { blue: 0, green: 1, red: 2, nir: spectrum === 'nir' ? 3 : null, swir1: null, swir2: null },
    gain: [1.03, 0.98, 1.01, 0.95],
    offset: [10 * scale, -12 * scale, 3.5 * scale, 40 * scale],
    brightMedian: 530 * scale,
    swirMedian: 2300 * scale,
    termCentre: [0.6, 0.01, -0.02, 0, 0, 0, 0.02, 0.01, 0.1, 0],
    termSpread: [0.1, 0.06, 0.08, 0.07, 0.1, 0.1, 0.09, 0.06, 0.05, 0.03],
    kinds: null,
    weights: miningWeights(spectrum, true),
    threshold: -50,
    stricter: [100, 200, 350],
    crowding: 0,
    degraded: null,
  };
}

function sumsOf(measures: Measures, mask: Uint8Array): number[][] {
  return [...mask.keys()].flatMap((i) => {
    if (mask[i] !== 1) return [];
    const sums = new Array<number>(measures.count).fill(0);
    measures.add(i, sums);
    return [sums];
  });
}

describe('MiningWindows', () => {
  it.each([
    ['nir', 1],
    ['nir', 1e-4],
    ['rgb', 1],
  ] as const)('agrees with mining-change (%s, scale %d)', (spectrum, scale) => {
    const pair = strip(300, 170, scale);
    const detector = detectorOf(spectrum, scale);
    const windows = new MiningWindows(detector, 4, 300 * 170 + 64);
    let levels = 0;
    for (const rectangle of [
      { col: 0, row: 0, width: 300, height: 170 },
      { col: 13, row: 7, width: 101, height: 87 },
      { col: 200, row: 100, width: 15, height: 13 },
      { col: 299, row: 20, width: 1, height: 100 },
    ]) {
      const whole = miningChange(cutPair(pair, rectangle), detector);
      const expected = [{ change: whole.change, measures: whole.measures }, ...(whole.stricter ?? [])];
      const found = windows.masks(pair, rectangle);
      levels += found.length;
      for (const [k, { change, measures }] of found.entries()) {
        const reference = expected[k];
        if (!reference) throw new Error(`no level ${k}`);
        const ones = Uint8Array.from(reference.change, (v) => (v === 1 ? 1 : 0));
        expect(change).toEqual(ones);
        expect(sumsOf(measures, change)).toEqual(sumsOf(reference.measures, ones));
      }
      // without a candidate the reference has no stricter masks to speak of
      expect(found.length).toBe(whole.stricter === undefined ? 0 : expected.length);
    }
    expect(levels).toBeGreaterThan(5);
  });

  it('refuses a window that is too large for its room', () => {
    const pair = strip(64, 64, 1);
    const windows = new MiningWindows(detectorOf('nir', 1), 4, 1000);
    expect(() => windows.masks(pair, { col: 0, row: 0, width: 64, height: 64 })).toThrow(/room for 999/);
  });
});
