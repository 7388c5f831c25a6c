/** The sieves: the SIMD kernels give what their twins give, and no pixel that the exact rules take is lost. */
import { describe, expect, it } from 'vitest';
import { compiled } from '../../scripts/kernels.mjs';
import type { AlignedPair } from '../model/change.js';
import type { MiningDetector } from '../model/mining.js';
import { miningWeights } from '../stages/fit/mining-weights.js';
import { randomOf } from '../testing/random.js';
import { islandsOf } from './islands.js';
import { indexPlanes } from './mining-index.js';
import { pixelScores } from './mining-score.js';
import { erode } from './mining-shape.js';
import { mayBeCandidate, sieveOf } from './mining-sieve.js';
import { type DateQuality, markBright, markDark } from './quality-marks.js';
import { mayBeHidden, qualitySieve, SIEVE_BIT } from './quality-sieve.js';
import { KernelMemory } from './wasm.js';
import { WASM_BASE64 } from './wasm-bytes.js';

const COUNT = 64 * 64;
const ROLES = ['blue', 'green', 'red', 'nir'] as const;

/** Ground of every kind, in kernel memory: dark water, vegetation, bare and bright ground, zeros and negative values. */
function pairIn(memory: KernelMemory, seed: number, scale: number) {
  const next = randomOf(seed);
  const planes = [0, 1].map(() => memory.float32(4 * COUNT));
  const seen = memory.bytes(COUNT);
  for (let i = 0; i < COUNT; i++) {
    seen[i] = next() < 0.9 ? 1 : 0;
    for (const plane of planes) {
      const light = 10 ** (4 * next() - 0.5);
      for (let b = 0; b < 4; b++) plane[b * COUNT + i] = Math.round(light * (0.4 + 1.6 * next())) * scale;
      if (next() < 0.02) plane[COUNT * Math.floor(4 * next()) + i] = next() < 0.5 ? 0 : -3 * scale;
    }
  }
  const bands = planes.map((plane) => [0, 1, 2, 3].map((b) => plane.subarray(b * COUNT, (b + 1) * COUNT)));
  const pair: AlignedPair = {
    width: 64,
    height: 64,
    roles: ROLES,
    before: bands[0] ?? [],
    after: bands[1] ?? [],
    seen,
  };
  return { pair, before: planes[0]?.byteOffset ?? 0, after: planes[1]?.byteOffset ?? 0 };
}

function detectorOf(seed: number, scale: number, threshold: number, spectrum: 'nir' | 'rgb'): MiningDetector {
  const next = randomOf(seed);
  return {
    bands: { blue: 0, green: 1, red: 2, nir: spectrum === 'nir' ? 3 : null, swir1: null, swir2: null },
    gain: ROLES.map(() => 0.8 + 0.4 * next()),
    offset: ROLES.map(() => 100 * scale * (next() - 0.5)),
    brightMedian: 700 * scale,
    swirMedian: 1500 * scale,
    termCentre: Array.from({ length: 10 }, () => 0.4 * (next() - 0.5)),
    termSpread: Array.from({ length: 10 }, () => 0.02 + 0.2 * next()),
    kinds: null,
    weights: miningWeights(spectrum, true),
    threshold,
    stricter: [],
    crowding: 0,
    degraded: null,
  };
}

describe('the committed WebAssembly', () => {
  it('is what the sources give', () => {
    const bytes = (text: string) => text.replace(/\s/g, '');
    expect(compiled()).toContain(bytes(WASM_BASE64).slice(0, 100));
    expect(bytes(compiled())).toContain(bytes(WASM_BASE64));
  });
});

describe('the mining sieve', () => {
  it.each([
    [1, 1, -50, 'nir'],
    [2, 1e-4, 200, 'nir'],
    [3, 1, 100, 'rgb'],
    [4, 1, -600, 'nir'],
  ] as const)(
    'loses no candidate and agrees with its twin (seed %i, scale %d, threshold %i, %s)',
    (seed, scale, threshold, spectrum) => {
      const memory = new KernelMemory(1 << 20);
      const { pair, before, after } = pairIn(memory, seed, scale);
      const detector = detectorOf(seed + 50, scale, threshold, spectrum);
      const sieve = sieveOf(detector);
      if (!sieve) throw new Error('no sieve');
      const out = memory.bytes(COUNT);
      memory.run.sieveMining(
        before,
        after,
        4 * COUNT,
        memory.int32(sieve.bands).byteOffset,
        memory.numbers([...sieve.numbers]).byteOffset,
        pair.seen.byteOffset,
        out.byteOffset,
        0,
        COUNT,
      );
      expect([...out]).toEqual([...mayBeCandidate(pair, sieve)]);
      const scores = pixelScores(indexPlanes(pair, detector), pair.seen, 64, detector);
      const taken = [...scores].flatMap((score, i) => (pair.seen[i] === 1 && score >= threshold ? [i] : []));
      expect(taken.length).toBeGreaterThan(20);
      expect(taken.filter((i) => out[i] === 0)).toEqual([]);
      const passed = out.reduce((sum, v) => sum + v, 0);
      expect(passed).toBeLessThan(COUNT * 0.9);
    },
  );

  it('is not there for models that it does not know', () => {
    const detector = detectorOf(1, 1, 0, 'nir');
    expect(sieveOf({ ...detector, weights: miningWeights('nir', false) })).toBeNull();
    const odd = [...detector.weights.pixel];
    odd[16] = 1;
    expect(sieveOf({ ...detector, weights: { ...detector.weights, pixel: odd } })).toBeNull();
  });
});

describe('the quality sieve', () => {
  it.each([
    [1, false, null],
    [2, true, null],
    [3, false, { x: 3, y: 4, slack: 2 }],
  ] as const)(
    'loses no mark of a core and agrees with its twin (seed %i, veils %s, shadow %s)',
    (seed, veils, shadow) => {
      const memory = new KernelMemory(1 << 20);
      const { pair, before, after } = pairIn(memory, seed, 1);
      const next = randomOf(seed + 7);
      const bands = { blue: 0, green: 1, red: 2, nir: 3, swir: -1 };
      const quality: DateQuality = {
        lines: ROLES.map(() => ({ gain: 0.8 + 0.5 * next(), offset: 100 * (next() - 0.5) })),
        blueLimit: 2500,
        veilRise: 400,
        veilBlue: 900,
        snowGreen: 1200,
        redPerBlue: 1.1,
        colourLimit: 0.9,
        cloudy: false,
        shadow,
      };
      const out = memory.bytes(COUNT);
      const twin = new Uint8Array(COUNT);
      const numbers = qualitySieve(bands, quality, veils);
      for (const [date, own, other] of [
        ['before', before, after],
        ['after', after, before],
      ] as const) {
        const bit = SIEVE_BIT[date];
        const at = [0, 2, 3].map((b) => b) as [number, number, number];
        const any = memory.run.sieveQuality(
          own,
          other,
          4 * COUNT,
          ...at,
          memory.numbers([...numbers]).byteOffset,
          pair.seen.byteOffset,
          out.byteOffset,
          bit,
          0,
          COUNT,
        );
        expect(mayBeHidden(pair, bands, numbers, date, twin)).toBe(any);
        expect([...out]).toEqual([...twin]);
        const { solid, veil } = markBright(pair, bands, quality, date);
        const dark = new Uint8Array(COUNT);
        expect(markDark(pair, bands, quality, date, dark)).toBe(true);
        const lost = (marked: (i: number) => boolean, of: number) =>
          [...twin.keys()].filter((i) => marked(i) && (twin[i]! & of) === 0);
        expect(lost((i) => (veils ? veil[i] === 2 : solid[i] === 1), bit)).toEqual([]);
        expect(lost((i) => (shadow ? dark[i]! > 0 : dark[i] === 2), 2 * bit)).toEqual([]);
        expect(solid.includes(1) && dark.includes(2)).toBe(true);
      }
    },
  );
});

describe('byte masks in kernel memory', () => {
  it('erode like the plain kernel, and say which cells have a pixel', () => {
    const [width, height] = [96, 50];
    const memory = new KernelMemory(1 << 18);
    const next = randomOf(5);
    const mask = memory.bytes(width * height);
    for (let i = 0; i < mask.length; i++) mask[i] = next() < 0.93 ? 1 : 0;
    const [rows, out, cells] = [memory.bytes(mask.length), memory.bytes(mask.length), memory.bytes(6 * 4)];
    memory.run.erodeInside(mask.byteOffset, width, height, 2, rows.byteOffset, out.byteOffset);
    const plain = erode(mask, width, height, 2);
    for (let y = 2; y < height - 2; y++)
      for (let x = 2; x < width - 2; x++) expect(out[y * width + x]).toBe(plain[y * width + x]);
    memory.run.cellsAny(out.byteOffset, width, height, cells.byteOffset);
    for (let c = 0; c < 24; c++) {
      let any = 0;
      for (let y = 16 * Math.floor(c / 6); y < Math.min(height, 16 * Math.floor(c / 6) + 16); y++)
        for (let x = 16 * (c % 6); x < 16 * (c % 6) + 16; x++) any |= out[y * width + x]!;
      expect(cells[c]).toBe(any);
    }
  });
});

describe('countMarks', () => {
  it('counts the pixels of each cell that have a bit', () => {
    const [width, height, side] = [101, 37, 25];
    const memory = new KernelMemory(1 << 18);
    const next = randomOf(11);
    const marks = memory.bytes(width * height);
    for (let i = 0; i < marks.length; i++) marks[i] = Math.floor(16 * next());
    const across = Math.ceil(width / side);
    const counts = memory.counters(across * Math.ceil(height / side));
    memory.run.countMarks(marks.byteOffset, 6, width, height, side, across, counts.byteOffset);
    const expected = new Int32Array(counts.length);
    marks.forEach((v, i) => {
      const cell = Math.floor(Math.floor(i / width) / side) * across + Math.floor((i % width) / side);
      if ((v & 6) !== 0) expected[cell]!++;
    });
    expect([...counts]).toEqual([...expected]);
  });
});

describe('islandsOf', () => {
  it('takes in what touches, and cuts at the block', () => {
    const cells = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(islandsOf(cells, 7, 10, 3, 65, 38)).toEqual([
      { col: 0, row: 0, width: 13, height: 23 },
      { col: 37, row: 7, width: 16, height: 16 },
    ]);
    expect(islandsOf(cells, 7, 10, 15, 65, 38)).toEqual([{ col: 0, row: 0, width: 65, height: 35 }]);
    expect(islandsOf(new Uint8Array(28), 7, 10, 3, 65, 38)).toEqual([]);
  });
});
