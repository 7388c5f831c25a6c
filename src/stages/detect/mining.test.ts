import { describe, expect, it } from 'vitest';
import { labelComponents } from '../../kernels/components.js';
import type { AlignedPair, Measures, PairFacts, PairModel } from '../../model/change.js';
import { Fault } from '../../model/fault.js';
import type { BandRole } from '../../model/raster.js';
import { fitMining } from '../fit/mining.js';
import { detectMining } from './mining.js';
import { judgeMiningObject } from './mining-object.js';

const SHIFT = { x: 0, y: 0, residualPx: 0, tiles: 1 };
const FACTS: PairFacts = {
  kind: 'mining',
  gsdM: 10,
  pixelAreaM2: 100,
  minAreaM2: 900,
  sensorBefore: '',
  sensorAfter: '',
  dateBefore: null,
  dateAfter: null,
};
const ROLES: BandRole[] = ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'];
const FOREST = [400, 600, 450, 2900, 1500, 700];
const CROP = [600, 850, 800, 2600, 1900, 1100];
const FALLOW = [800, 1050, 1250, 1900, 2300, 1700];
const ROCK = [1700, 1950, 2250, 2600, 3000, 2700];

/** The same value for the same pixel and band, −1…1, on every date that asks with the same salt. */
function grain(x: number, y: number, salt: number): number {
  let h = Math.imul(x + 1, 0x9e3779b1) ^ Math.imul(y + 1, 0x85ebca77) ^ Math.imul(salt + 1, 0xc2b2ae3d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  return ((h >>> 0) / 4294967296) * 2 - 1;
}

interface SceneOptions {
  readonly size?: number;
  readonly pit?: { x: number; y: number; radius: number };
  /** Parcels of 14 × 11 pixels on the right half change between crop and fallow. */
  readonly season?: boolean;
  readonly gain?: number;
  readonly offset?: number;
  readonly roles?: readonly BandRole[];
}

function scene({ size = 160, pit, season = false, gain = 1, offset = 0, roles = ROLES }: SceneOptions): AlignedPair {
  const before = roles.map(() => new Float32Array(size * size));
  const after = roles.map(() => new Float32Array(size * size));
  const inPit = (x: number, y: number) =>
    pit !== undefined && Math.hypot(x - pit.x, (y - pit.y) * 1.3) < pit.radius * (1 + 0.2 * grain(x >> 2, y >> 2, 9));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const parcel = grain(Math.floor(x / 14), Math.floor(y / 11), 5);
      const field = x > size / 2;
      const first = field ? (parcel > 0 ? CROP : FALLOW) : FOREST;
      const turned = season && field && grain(Math.floor(x / 14), Math.floor(y / 11), 6) > 0.2;
      const second = inPit(x, y) ? ROCK : turned ? (parcel > 0 ? FALLOW : CROP) : first;
      const texture = 1 + 0.06 * grain(x >> 1, y >> 1, 1);
      const rough = inPit(x, y) ? 1 + 0.12 * grain(x, y, 8) : texture;
      roles.forEach((role, b) => {
        const k = ROLES.indexOf(role);
        const i = y * size + x;
        (before[b] as Float32Array)[i] = (first[k] ?? 0) * texture * (1 + 0.01 * grain(x, y, 20 + k));
        (after[b] as Float32Array)[i] = (second[k] ?? 0) * rough * (1 + 0.01 * grain(x, y, 40 + k)) * gain + offset;
      });
    }
  }
  return { width: size, height: size, roles, before, after, seen: new Uint8Array(size * size).fill(1) };
}

function patchesOf(pair: AlignedPair, model: PairModel) {
  const found = detectMining(pair, model);
  const core = { col: 0, row: 0, width: pair.width, height: pair.height };
  return labelComponents(found.change, pair.width, core, { col: 0, row: 0 }, found.measures)
    .map((component) => ({ component, judgement: judgeMiningObject(component, model) }))
    .filter(({ judgement }) => judgement.keep);
}

function measuresAt(measures: Measures, pixel: number): number[] {
  const sums = new Array<number>(measures.count).fill(0);
  measures.add(pixel, sums);
  return sums;
}

function cut(pair: AlignedPair, col: number, row: number, width: number, height: number): AlignedPair {
  const take = (plane: Float32Array) => {
    const out = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      const from = (row + y) * pair.width + col;
      out.set(plane.subarray(from, from + width), y * width);
    }
    return out;
  };
  return {
    width,
    height,
    roles: pair.roles,
    before: pair.before.map(take),
    after: pair.after.map(take),
    seen: Uint8Array.from(take(Float32Array.from(pair.seen))),
  };
}

describe('detectMining', () => {
  const pit = { x: 40, y: 70, radius: 11 };

  it('finds a pit opened in forest, says what changed, and nothing else', () => {
    const pair = scene({ pit });
    const patches = patchesOf(pair, fitMining([pair], FACTS, SHIFT));
    expect(patches).toHaveLength(1);
    const [patch] = patches;
    const area = (Math.PI * (11 * 11)) / 1.3;
    expect(patch?.component.pixels).toBeGreaterThan(0.8 * area);
    expect(patch?.component.pixels).toBeLessThan(1.25 * area);
    expect(patch?.judgement.changeType).toBe('vegetation-to-bare');
    expect(patch?.judgement.reasons[0]).toMatch(/^植被指数由 0\.\d\d 降至 0\.\d\d，亮度升高 \d+%$/);
    expect(patch?.judgement.confidence).toBeGreaterThan(0.5);
  });

  it('finds nothing between identical dates, nor when only gain and offset differ', () => {
    for (const options of [{}, { gain: 1.25, offset: 90 }, { gain: 0.6, offset: -40 }]) {
      const pair = scene({ ...options });
      expect(patchesOf(pair, fitMining([pair], FACTS, SHIFT))).toEqual([]);
    }
    const same = scene({ pit });
    const identical = { ...same, before: same.after };
    expect(patchesOf(identical, fitMining([identical], FACTS, SHIFT))).toEqual([]);
  });

  it('does not take parcels that change with the season for pits', () => {
    const pair = scene({ season: true });
    expect(patchesOf(pair, fitMining([pair], FACTS, SHIFT))).toEqual([]);
  });

  it('gives every pixel the same answer wherever the block begins', () => {
    const pair = scene({ pit, season: true });
    const model = fitMining([pair], FACTS, SHIFT);
    const whole = detectMining(pair, model);
    const halo = model.haloPx;
    for (const [col, row] of [
      [33, 60],
      [47, 71],
      [36, 52],
    ] as const) {
      const size = 8;
      const left = Math.max(0, col - halo);
      const top = Math.max(0, row - halo);
      const block = cut(
        pair,
        left,
        top,
        Math.min(pair.width, col + size + halo) - left,
        Math.min(pair.height, row + size + halo) - top,
      );
      const part = detectMining(block, model);
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const there = (row + y - top) * block.width + (col + x - left);
          const here = (row + y) * pair.width + col + x;
          expect(part.change[there]).toBe(whole.change[here]);
          expect(part.score[there]).toBe(whole.score[here]);
          if (whole.change[here] === 1)
            expect(measuresAt(part.measures, there)).toEqual(measuresAt(whole.measures, here));
        }
      }
    }
  });

  it('says not seen where a date was not seen, and finds no patch there', () => {
    const pair = scene({ pit });
    for (let y = 50; y < 90; y++) for (let x = 20; x < 60; x++) pair.seen[y * pair.width + x] = 0;
    const found = detectMining(pair, fitMining([pair], FACTS, SHIFT));
    expect(found.change[70 * pair.width + 40]).toBe(255);
    expect(found.score[70 * pair.width + 40]).toBeNaN();
    expect(found.change.some((c) => c === 1)).toBe(false);
  });

  it('works with visible light only and says that it is less sure', () => {
    const pair = scene({ pit, roles: ['red', 'green', 'blue'] });
    const patches = patchesOf(pair, fitMining([pair], FACTS, SHIFT));
    expect(patches).toHaveLength(1);
    expect(patches[0]?.judgement.reasons.at(-1)).toContain('可见光');
  });

  it('refuses one band by name, and bands that cannot show vegetation', () => {
    const fitted = (roles: BandRole[]) => fitMining([scene({ size: 32, roles })], FACTS, SHIFT);
    expect(() => fitted(['pan'])).toThrow(Fault);
    expect(() => fitted(['pan'])).toThrow(/3 个光学波段/);
    expect(() => fitted(['sar'])).toThrow(/--kind any/);
    expect(() => fitted(['nir', 'swir1', 'swir2'])).toThrow(/--bands/);
  });
});
