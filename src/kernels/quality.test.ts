import { describe, expect, it } from 'vitest';
import type { AlignedPair } from '../model/change.js';
import type { BandRole } from '../model/raster.js';
import { fractal } from '../testing/texture.js';
import { fitQuality, qualityHaloPx, seenByQuality } from './quality.js';

const SIZE = 240;
const ROLES: readonly BandRole[] = ['blue', 'green', 'red', 'nir', 'swir1'];
const GROUND = [700, 900, 900, 2600, 1900];
const GSD_M = 20;

type Spectrum = readonly number[];
interface Spot {
  /** The surface brings its own pattern, instead of the ground's going on below. */
  readonly own?: boolean;
  readonly col: number;
  readonly row: number;
  readonly radius: number;
  readonly spectrum: Spectrum;
}
const CLOUD: Spectrum = [5200, 5100, 5000, 5400, 4300];
const MINE: Spectrum = [2300, 2900, 3500, 4000, 4600];
/** Brighter in blue than its red lets expect, as veils are, but no brighter than ground gets. */
const WHITE_ROCK: Spectrum = [850, 1100, 960, 2650, 2100];
const ROOF: Spectrum = [4300, 4400, 4400, 4500, 4000];
const SNOW: Spectrum = [7000, 7000, 6900, 6300, 1200];
const WATER: Spectrum = [650, 600, 420, 300, 90];
const HALF_SHADE: Spectrum = [640, 790, 730, 2000, 1400];
const SHADOW: Spectrum = [420, 400, 300, 700, 500];

function pair(spots: readonly Spot[]): AlignedPair {
  const texture = fractal(SIZE, SIZE, 4);
  const other = fractal(SIZE, SIZE, 31);
  const band = (k: number, put: readonly Spot[]) =>
    Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
      const [col, row] = [i % SIZE, Math.floor(i / SIZE)];
      const spot = put.find((s) => Math.hypot(col - s.col, row - s.row) <= s.radius);
      return (spot?.spectrum[k] ?? GROUND[k] ?? 0) * (1 + ((spot?.own ? other : texture)[i] ?? 0) / 900);
    });
  return {
    width: SIZE,
    height: SIZE,
    roles: ROLES,
    before: ROLES.map((_, k) => band(k, []).map((v) => 1.1 * v + 30)),
    after: ROLES.map((_, k) => band(k, spots)),
    seen: new Uint8Array(SIZE * SIZE).fill(1),
  };
}

function hiddenShare(spots: readonly Spot[], of: Spot): number {
  const scene = pair(spots);
  const numbers = fitQuality([scene], GSD_M);
  if (numbers === null) throw new Error('not fitted');
  const seen = seenByQuality(scene, numbers);
  let hidden = 0;
  let all = 0;
  seen.forEach((v, i) => {
    if (Math.hypot((i % SIZE) - of.col, Math.floor(i / SIZE) - of.row) > of.radius) return;
    all++;
    if (v === 0) hidden++;
  });
  return hidden / all;
}

describe('seenByQuality', () => {
  const cloud: Spot = { col: 80, row: 90, radius: 30, spectrum: CLOUD };

  it('does not see through a cloud', () => expect(hiddenShare([cloud], cloud)).toBeGreaterThan(0.98));

  it('does not see through snow', () => {
    const snow: Spot = { ...cloud, spectrum: SNOW };
    expect(hiddenShare([snow], snow)).toBeGreaterThan(0.98);
  });

  const shadow: Spot = { col: 170, row: 150, radius: 25, spectrum: SHADOW };

  it('does not see in the shadow of a cloud, nor in shade over the old ground', () => {
    expect(hiddenShare([cloud, shadow], shadow)).toBeGreaterThan(0.9);
    expect(hiddenShare([shadow], shadow)).toBeGreaterThan(0.9);
  });

  it('sees dark new ground, which brings its own pattern, and flooded pits', () => {
    const coal: Spot = { ...shadow, own: true };
    const water: Spot = { ...shadow, spectrum: WATER };
    expect(hiddenShare([coal], coal)).toBe(0);
    expect(hiddenShare([water], water)).toBe(0);
    expect(hiddenShare([cloud, water], water)).toBe(0);
  });

  it('learns where a cloud casts its shadow, and hides half shade there only', () => {
    const half: Spot = { col: 120, row: 130, radius: 30, spectrum: HALF_SHADE };
    const elsewhere: Spot = { ...half, col: 190, row: 50, radius: 12 };
    const scene = pair([cloud, half, elsewhere]);
    const offset = fitQuality([scene], GSD_M)?.after.shadow;
    expect(Math.abs((offset?.x ?? 0) - 40)).toBeLessThanOrEqual(8);
    expect(Math.abs((offset?.y ?? 0) - 40)).toBeLessThanOrEqual(8);
    expect(hiddenShare([cloud, half, elsewhere], half)).toBeGreaterThan(0.8);
    expect(hiddenShare([cloud, half, elsewhere], elsewhere)).toBe(0);
  });

  it('does not see what is saturated on one date, but sees dark ground that became so', () => {
    const scene = pair([]);
    const clip = (from: readonly Float32Array[], ceiling: number) =>
      from.map((band, k) => band.map((v) => Math.min(v, ceiling * (GROUND[k] ?? 0))));
    const after = clip(scene.after, 1.05);
    const dark = 30 * SIZE + 30;
    const before = scene.before.map((band) => {
      const out = band.slice();
      out[dark] = 0.3 * (band[dark] ?? 0);
      return out;
    });
    after.forEach((band, k) => {
      band[dark] = Math.max(...band);
      expect(band[dark]).toBeCloseTo(1.05 * (GROUND[k] ?? 0), 0);
    });
    const numbers = fitQuality([{ ...scene, before, after }], GSD_M);
    if (numbers === null) throw new Error('not fitted');
    const seen = seenByQuality({ ...scene, before, after }, numbers);
    const full = after[0]?.findIndex((v, i) => i !== dark && v === Math.max(...(after[0] ?? []))) ?? -1;
    expect(seen[full]).toBe(0);
    expect(seen[dark]).toBe(1);
  });

  it('sees a large bright mine', () => {
    const mine: Spot = { col: 150, row: 60, radius: 35, spectrum: MINE };
    expect(hiddenShare([mine], mine)).toBe(0);
    expect(hiddenShare([mine, cloud], mine)).toBe(0);
  });

  it('sees white rock, which is like a veil, unless the scene has solid clouds', () => {
    const rock: Spot = { col: 150, row: 60, radius: 35, spectrum: WHITE_ROCK, own: true };
    expect(hiddenShare([rock], rock)).toBe(0);
    // the price of finding veils at all
    expect(hiddenShare([rock, cloud], rock)).toBeGreaterThan(0.5);
  });

  it('sees a white roof', () => {
    const roof: Spot = { col: 150, row: 60, radius: 4, spectrum: ROOF };
    expect(hiddenShare([roof], roof)).toBe(0);
  });

  it('hides the same pixels in any block with its halo', () => {
    const scene = pair([cloud]);
    const numbers = fitQuality([scene], GSD_M);
    if (numbers === null) throw new Error('not fitted');
    const whole = seenByQuality(scene, numbers);
    const [col, row, size] = [35, 41, 120];
    const cut = <T extends Float32Array | Uint8Array>(plane: T): T => {
      const out = plane.slice(0, size * size) as T;
      for (let r = 0; r < size; r++) {
        out.set(plane.subarray((row + r) * SIZE + col, (row + r) * SIZE + col + size), r * size);
      }
      return out;
    };
    const part = seenByQuality(
      {
        ...scene,
        width: size,
        height: size,
        before: scene.before.map(cut),
        after: scene.after.map(cut),
        seen: cut(scene.seen),
      },
      numbers,
    );
    const halo = qualityHaloPx(numbers);
    for (let r = halo; r < size - halo; r++) {
      for (let c = halo; c < size - halo; c++) expect(part[r * size + c]).toBe(whole[(row + r) * SIZE + col + c]);
    }
    expect(part.includes(0)).toBe(true);
  });

  it('leaves pairs without the needed bands alone', () => {
    expect(fitQuality([{ ...pair([]), roles: ['b1', 'b2', 'b3', 'b4', 'b5'] }], GSD_M)).toBeNull();
  });
});
