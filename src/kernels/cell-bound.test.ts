/** The bound of a cell: no pixel that the sieve passes lies in a cell that is ruled out, whatever the values. */
import { describe, expect, it } from 'vitest';
import type { AlignedPair } from '../model/change.js';
import type { MiningDetector } from '../model/mining.js';
import { miningWeights } from '../stages/fit/mining-weights.js';
import { randomOf } from '../testing/random.js';
import { type CellRanges, cellsThatMay } from './cell-bound.js';
import { CELL, neededCells, type PairCells } from './cell-need.js';
import { type MiningSieve, mayBeCandidate, sieveOf } from './mining-sieve.js';

const CELL_PX = 4;
const SIDE = 10;
const WIDTH = CELL_PX * SIDE;
const ROLES = ['blue', 'green', 'red', 'nir'] as const;
/** Forest, crop, soil, rock, water and shade: what lies beside what decides how loose a bound is. */
const GROUND = [
  [330, 520, 380, 2700],
  [480, 780, 600, 3200],
  [900, 1180, 1480, 2200],
  [1450, 1800, 2200, 2600],
  [480, 580, 420, 260],
  [3, 2, 1, 4],
];

function pairOf(seed: number): AlignedPair {
  const random = randomOf(seed);
  const plane = () => new Float32Array(WIDTH * WIDTH);
  const [before, after] = [ROLES.map(plane), ROLES.map(plane)];
  const kinds = Array.from({ length: SIDE * SIDE * 2 }, () => Math.floor(random() * GROUND.length));
  for (let i = 0; i < WIDTH * WIDTH; i++) {
    const cell = Math.floor(Math.floor(i / WIDTH) / CELL_PX) * SIDE + Math.floor((i % WIDTH) / CELL_PX);
    for (const [d, date] of [before, after].entries()) {
      const kind = random() < 0.03 ? Math.floor(random() * GROUND.length) : (kinds[2 * cell + d] ?? 0);
      const light = 0.7 + 0.6 * random();
      for (let b = 0; b < 4; b++) {
        const value = (GROUND[kind]?.[b] ?? 0) * light * (0.95 + 0.1 * random());
        const band = date[b];
        if (band) band[i] = Math.round(value);
      }
    }
  }
  return { width: WIDTH, height: WIDTH, roles: ROLES, before, after, seen: new Uint8Array(WIDTH * WIDTH).fill(1) };
}

function rangesOf(bands: readonly Float32Array[]): CellRanges {
  const extreme = (band: Float32Array, pick: (...values: number[]) => number) =>
    Float32Array.from({ length: SIDE * SIDE }, (_, cell) => {
      const [x, y] = [(cell % SIDE) * CELL_PX, Math.floor(cell / SIDE) * CELL_PX];
      const rows = Array.from({ length: CELL_PX }, (_, r) =>
        band.subarray((y + r) * WIDTH + x, (y + r) * WIDTH + x + CELL_PX),
      );
      return pick(...rows.flatMap((row) => [...row]));
    });
  return {
    low: bands.map((band) => extreme(band, Math.min)),
    high: bands.map((band) => extreme(band, Math.max)),
  };
}

function sieveWith(seed: number, spectrum: 'nir' | 'rgb'): MiningSieve {
  const random = randomOf(seed);
  const detector: MiningDetector = {
    bands: { blue: 0, green: 1, red: 2, nir: spectrum === 'nir' ? 3 : null, swir1: null, swir2: null },
    gain: ROLES.map(() => 0.8 + 0.4 * random()),
    offset: ROLES.map(() => 60 * (random() - 0.5)),
    brightMedian: 700,
    swirMedian: 1500,
    termCentre: Array.from({ length: 10 }, () => 0.4 * (random() - 0.5)),
    termSpread: Array.from({ length: 10 }, () => 0.02 + 0.2 * random()),
    kinds: null,
    weights: miningWeights(spectrum, true),
    threshold: Math.round(300 * (random() - 0.4)),
    stricter: [],
    crowding: 0,
    degraded: null,
  };
  const sieve = sieveOf(detector);
  if (!sieve) throw new Error('these weights have a sieve');
  return sieve;
}

describe('cellsThatMay', () => {
  it('never rules out a cell with a pixel that passes, and rules out some', () => {
    let [ruledOut, passed] = [0, 0];
    for (let seed = 1; seed <= 40; seed++) {
      const pair = pairOf(seed);
      const sieve = sieveWith(1000 + seed, seed % 4 === 0 ? 'rgb' : 'nir');
      const pixels = mayBeCandidate(pair, sieve);
      const known = new Uint8Array(SIDE * SIDE).fill(1);
      const cells = cellsThatMay(rangesOf(pair.before), rangesOf(pair.after), sieve, known);
      ruledOut += cells.filter((cell) => cell === 0).length;
      for (let i = 0; i < pixels.length; i++) {
        if (pixels[i] === 0) continue;
        passed++;
        const cell = Math.floor(Math.floor(i / WIDTH) / CELL_PX) * SIDE + Math.floor((i % WIDTH) / CELL_PX);
        expect(cells[cell], `seed ${seed}, pixel ${i}`).toBe(1);
      }
    }
    expect(passed).toBeGreaterThan(1000);
    expect(ruledOut).toBeGreaterThan(400);
  });

  it('says nothing of cells that are not known', () => {
    const pair = pairOf(3);
    const none = new Uint8Array(SIDE * SIDE);
    expect(cellsThatMay(rangesOf(pair.before), rangesOf(pair.after), sieveWith(5, 'nir'), none)).toEqual(none);
  });
});

describe('neededCells', () => {
  const forest = (state: number): PairCells => {
    const plane = (band: number) => new Float32Array(SIDE * SIDE).fill(GROUND[0]?.[band] ?? 0);
    const ranges = { low: [0, 1, 2, 3].map(plane), high: [0, 1, 2, 3].map(plane) };
    const cells = new Uint8Array(SIDE * SIDE).fill(state);
    return { cellPx: CELL_PX, cols: SIDE, rows: SIDE, before: ranges, after: ranges, state: cells };
  };
  const sieve = sieveWith(7, 'nir');

  it('reads what is seen in part, with its context, and not what is unseen', () => {
    expect(neededCells(forest(CELL.unseen), sieve, null, 8).includes(1)).toBe(false);
    const cells = forest(CELL.whole);
    const nothing = neededCells(cells, sieve, null, 8);
    const one = neededCells({ ...cells, state: cells.state.map((s, i) => (i === 55 ? CELL.part : s)) }, sieve, null, 8);
    const added = [...one.keys()].filter((i) => one[i] === 1 && nothing[i] === 0);
    // two cells of four pixels on every side
    expect(nothing.includes(1)).toBe(false);
    expect(added).toHaveLength(25);
    expect([added[0], added.at(-1)]).toEqual([33, 77]);
  });
});
