import { describe, expect, it } from 'vitest';
import {
  type AlignedPair,
  CHANGE,
  type Component,
  type Measures,
  type PairFacts,
  type PairModel,
} from '../../model/change.js';
import type { BandRole } from '../../model/raster.js';
import { fractal, noise } from '../../testing/texture.js';
import { fitDetector } from '../fit/fit.js';
import { detect } from './detect.js';
import { judgeObject } from './object.js';

const SIZE = 200;
const ROLES: readonly BandRole[] = ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'];
const FACTS: PairFacts = {
  kind: 'any',
  gsdM: null,
  pixelAreaM2: null,
  minAreaM2: 15,
  sensorBefore: 'generic',
  sensorAfter: 'generic',
  dateBefore: null,
  dateAfter: null,
};
const STILL = { x: 0, y: 0, residualPx: 0, tiles: 4 };
const inPatch = (col: number, row: number) => col >= 90 && col < 112 && row >= 60 && row < 80;

/** Six bands of made ground with noise; `strength` of change in one patch of 22 × 20 pixels. */
function scene(strength: number, noiseSize = 6): AlignedPair {
  const ground = [fractal(SIZE, SIZE, 11), fractal(SIZE, SIZE, 12), fractal(SIZE, SIZE, 13)];
  const band = (k: number, date: number) => {
    const speck = noise(SIZE * SIZE, 100 + 10 * date + k);
    return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
      const [a, b, c] = ground.map((plane) => plane[i] ?? 0) as [number, number, number];
      const lit = 900 + a + (0.2 + 0.1 * k) * b + (k > 2 ? 0.8 : 0.1) * c + noiseSize * (speck[i] ?? 0);
      const dug = date === 1 && inPatch(i % SIZE, Math.floor(i / SIZE)) ? strength * (k === 3 ? -1 : 1) : 0;
      return lit + dug;
    });
  };
  return {
    width: SIZE,
    height: SIZE,
    roles: ROLES,
    before: ROLES.map((_, k) => band(k, 0)),
    after: ROLES.map((_, k) => band(k, 1)),
    seen: new Uint8Array(SIZE * SIZE).fill(1),
  };
}

function window(pair: AlignedPair, col: number, row: number, width: number, height: number): AlignedPair {
  const cut = <T extends Float32Array | Uint8Array>(plane: T): T => {
    const out = plane.slice(0, width * height) as T;
    for (let r = 0; r < height; r++) {
      out.set(plane.subarray((row + r) * pair.width + col, (row + r) * pair.width + col + width), r * width);
    }
    return out;
  };
  return { ...pair, width, height, before: pair.before.map(cut), after: pair.after.map(cut), seen: cut(pair.seen) };
}

const changedPixels = (change: Uint8Array) => change.reduce((sum, v) => sum + (v === CHANGE.changed ? 1 : 0), 0);
const asStored = (model: PairModel): PairModel => JSON.parse(JSON.stringify(model)) as PairModel;

function measuresAt(measures: Measures, pixel: number): number[] {
  const sums = new Array<number>(measures.count).fill(0);
  measures.add(pixel, sums);
  return sums;
}

function expectSameInside(pair: AlignedPair, model: PairModel, size: number): void {
  const whole = detect(pair, model);
  const [col, row] = [13, 9];
  const part = detect(window(pair, col, row, size, size), model);
  const halo = model.haloPx;
  expect(size).toBeGreaterThan(2 * halo + 10);
  for (let r = halo; r < size - halo; r++) {
    for (let c = halo; c < size - halo; c++) {
      const [here, there] = [r * size + c, (row + r) * SIZE + col + c];
      if (part.score[here] !== whole.score[there] || part.change[here] !== whole.change[there]) {
        expect([c, r, part.score[here], part.change[here]]).toEqual([c, r, whole.score[there], whole.change[there]]);
      }
      expect(measuresAt(part.measures, here)).toEqual(measuresAt(whole.measures, there));
    }
  }
}

describe('any change, optical', () => {
  const pair = scene(160);
  const model = asStored(fitDetector([pair], FACTS, STILL));
  const found = detect(pair, model);

  it('finds the patch and little else', () => {
    let hit = 0;
    for (let row = 60; row < 80; row++) for (let col = 90; col < 112; col++) hit += found.change[row * SIZE + col] ?? 0;
    expect(hit).toBeGreaterThan(0.95 * 22 * 20);
    let astray = 0;
    found.change.forEach((v, i) => {
      const [col, row] = [i % SIZE, Math.floor(i / SIZE)];
      const near = col >= 80 && col < 122 && row >= 50 && row < 90;
      if (v === CHANGE.changed && !near) astray++;
    });
    expect(astray / (SIZE * SIZE)).toBeLessThan(0.002);
  });

  it('finds nothing where only noise differs', () => {
    const calm = scene(0);
    expect(changedPixels(detect(calm, fitDetector([calm], FACTS, STILL)).change)).toBeLessThan(0.002 * SIZE * SIZE);
  });

  it('finds nothing in two identical images', () => {
    const same = { ...pair, after: pair.before };
    expect(changedPixels(detect(same, fitDetector([same], FACTS, STILL)).change)).toBe(0);
  });

  it('gives the same mask after any gain and offset of a date', () => {
    const gains = [2, 0.5, 4, 0.25, 8, 2];
    const scaled = { ...pair, after: pair.after.map((plane, k) => plane.map((v) => (gains[k] ?? 1) * v + 64)) };
    const other = detect(scaled, fitDetector([scaled], FACTS, STILL));
    let differ = 0;
    other.change.forEach((v, i) => {
      if (v !== found.change[i]) differ++;
    });
    expect(differ).toBeLessThan(12);
  });

  it('gives each pixel the same value in any block with its halo', () => expectSameInside(pair, model, 180));

  it('leaves what is not seen unsaid', () => {
    const hole = { ...pair, seen: pair.seen.map((_, i) => (i % SIZE < 100 ? 1 : 0)) };
    const { score, change } = detect(hole, fitDetector([hole], FACTS, STILL));
    expect(Number.isNaN(score[150])).toBe(true);
    expect(change[150]).toBe(CHANGE.notSeen);
    expect(Number.isFinite(score[50] ?? Number.NaN)).toBe(true);
    expect(change[70 * SIZE + 95]).toBe(CHANGE.changed);
    expect(score.filter((v) => Number.isNaN(v)).length).toBe((SIZE * SIZE) / 2);
  });

  it('describes a patch by its exact sums', () => {
    const runs: number[] = [];
    const sums = new Array<number>(found.measures.count).fill(0);
    for (let row = 60; row < 80; row++) {
      runs.push(row, 90, 111);
      for (let col = 90; col < 112; col++) {
        found.measures.add(row * SIZE + col, sums);
      }
    }
    const component: Component = { runs: Int32Array.from(runs), pixels: 440, sums };
    const judged = judgeObject(component, model);
    expect(judged.keep).toBe(true);
    expect(judged.confidence).toBeGreaterThan(0.5);
    expect(judged.reasons.join()).toContain('植被指数');
  });
});

describe('any change, one band', () => {
  const speckled = (seed: number, dug: boolean) => {
    const speck = noise(SIZE * SIZE, seed);
    return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
      const base = dug && inPatch(i % SIZE, Math.floor(i / SIZE)) ? 190 : 50;
      return Math.max(0, Math.min(255, Math.round(base * Math.exp(0.25 * (speck[i] ?? 0)))));
    });
  };
  const pair: AlignedPair = {
    width: SIZE,
    height: SIZE,
    roles: ['sar'],
    before: [speckled(1, false)],
    after: [speckled(2, true)],
    seen: new Uint8Array(SIZE * SIZE).fill(1),
  };

  const model = asStored(fitDetector([pair], FACTS, STILL));

  it('finds the patch through speckle, to its edge', () => {
    const { change } = detect(pair, model);
    let right = 0;
    change.forEach((v, i) => {
      if ((v === CHANGE.changed) === inPatch(i % SIZE, Math.floor(i / SIZE))) right++;
    });
    expect(right / (SIZE * SIZE)).toBeGreaterThan(0.997);
  });

  it('takes a band known to be optical for what it is', () => {
    const six = scene(160);
    const grey: AlignedPair = { ...six, roles: ['pan'], before: six.before.slice(2, 3), after: six.after.slice(2, 3) };
    const optical = fitDetector([grey], FACTS, STILL);
    expect(optical.method).toMatch(/^any-optical/);
    expect(detect(grey, optical).change[70 * SIZE + 100]).toBe(CHANGE.changed);
    expect(model.method).toMatch(/^any-one-band/);
  });

  it('finds the same in decibels', () => {
    const decibels = (plane: Float32Array) => plane.map((v) => 10 * Math.log10((v + 2) / 255) - 3);
    const logs = { ...pair, before: pair.before.map(decibels), after: pair.after.map(decibels) };
    const plain = changedPixels(detect(pair, model).change);
    const other = changedPixels(detect(logs, fitDetector([logs], FACTS, STILL)).change);
    expect(Math.abs(other - plain)).toBeLessThan(5);
  });

  it('gives each pixel the same value in any block with its halo', () => expectSameInside(pair, model, 180));
});
