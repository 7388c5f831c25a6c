import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../model/coverage.js';
import { estimateMisses } from './estimate.js';
import { cellBox, cellOutline, drawCells, drawIds, groundCells } from './sample.js';

const seenWest: Coverage = {
  pairs: ['P'],
  owns: () => true,
  servedBy: (lon) => (lon < 118.01 ? [0] : []),
};

describe('drawIds', () => {
  const ids = Array.from({ length: 50 }, (_, i) => `T${i}`);

  it('depends on seed and members only', () => {
    const drawn = drawIds('s', ids, 8);
    expect(new Set(drawn).size).toBe(8);
    expect(drawIds('s', ids.toReversed(), 8)).toEqual(drawn);
    expect(drawIds('t', ids, 8)).not.toEqual(drawn);
    expect(drawIds('s', ids, 99)).toHaveLength(50);
  });

  it('gives each member the same chance', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 2000; seed++) {
      for (const id of drawIds(`seed ${seed}`, ids, 10)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    // 2000 draws with probability 0.2: 400, standard deviation 17.9; 5 of them.
    for (const id of ids) expect(Math.abs((counts.get(id) ?? 0) - 400)).toBeLessThan(90);
  });
});

describe('cells of seen ground', () => {
  const within = [[118, 36, 118.02, 36.01] as const, [118, 36, 118.005, 36.02] as const];

  it('are those seen, once each, without the ones that a patch touches', () => {
    const cells = groundCells(seenWest, within, []);
    // Middles at (col + 0.5) / 512 below 118.01: columns 60416 to 60420; rows 18432 to 18437 and, in the narrow box, to 18442.
    expect(cells).toHaveLength(5 * 6 + 3 * 5);
    expect(cells[0]).toEqual({ col: 60416, row: 18432 });
    const box = cellBox({ col: 60417, row: 18433 });
    const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] as const;
    const free = groundCells(seenWest, within, [[...middle, ...middle]]);
    expect(free).toHaveLength(44);
    expect(free).not.toContainEqual({ col: 60417, row: 18433 });
    expect(groundCells(seenWest, within.toReversed(), [])).toEqual(cells);
  });

  it('are drawn without repeats, the same for the same seed, with one chance for all', () => {
    const cells = groundCells(seenWest, within, []);
    const drawn = drawCells('s', cells, 7);
    expect(new Set(drawn.map(({ col, row }) => `${col}/${row}`)).size).toBe(7);
    expect(drawCells('s', cells, 7)).toEqual(drawn);
    expect(drawCells('s', cells, 100)).toEqual(cells);
    expect(drawCells('s', [], 3)).toEqual([]);
    const counts = cells.map(() => 0);
    for (let seed = 0; seed < 2000; seed++) {
      for (const cell of drawCells(`${seed}`, cells, 9)) {
        const at = cells.indexOf(cell);
        counts[at] = (counts[at] ?? 0) + 1;
      }
    }
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(90);
  });

  it('have closed outlines', () => {
    const [[ring = []] = []] = cellOutline({ col: 60416, row: 18432 });
    expect(ring[0]).toEqual([118, 36]);
    expect(ring).toHaveLength(5);
    expect(ring[4]).toEqual(ring[0]);
  });
});

describe('estimateMisses', () => {
  const ground = (size: number, answered: number, found: number) => ({
    stratum: 'ground' as const,
    size,
    answered,
    found,
  });

  it('gives the exact interval of a small population', () => {
    // 10 members, 5 seen, none found. With one violation among the 10 the chance to find none is 1/2, with two 2/9, with three 1/12,
    // with four 1/42 = 0.0238 <= 0.025: at most three.
    expect(estimateMisses([ground(10, 5, 0)])).toMatchObject({ missed: 0, low: 0, high: 3 });
    expect(estimateMisses([ground(10, 10, 2)])).toMatchObject({ missed: 2, low: 2, high: 2 });
  });

  it('comes to the binomial interval for a large one (Clopper & Pearson 1934: 2 of 30 = 0.0082 to 0.2207)', () => {
    const { missed, low, high } = estimateMisses([ground(3_000_000, 30, 2)]) ?? { missed: 0, low: 0, high: 0 };
    expect(missed).toBeCloseTo(200_000, 6);
    expect(low / 3e6).toBeCloseTo(0.0082, 4);
    expect(high / 3e6).toBeCloseTo(0.2207, 4);
  });

  it('holds at least as often as it says', () => {
    // All samples of 6 from 20 with 4 violations: chances of 0..4 found are hypergeometric.
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    let covered = 0;
    for (let found = 0; found <= 4; found++) {
      const { low, high } = estimateMisses([ground(20, 6, found)]) ?? { low: 0, high: 0 };
      if (low <= 4 && 4 <= high) covered += (choose(4, found) * choose(16, 6 - found)) / choose(20, 6);
    }
    expect(covered).toBeGreaterThanOrEqual(0.95);
  });

  it('adds strata with a stricter level each, and says nothing where one was not answered', () => {
    const alone = estimateMisses([ground(100, 10, 1)]);
    const both = estimateMisses([ground(100, 10, 1), { stratum: 'reserve', size: 20, answered: 5, found: 1 }]);
    expect(both?.missed).toBe(14);
    expect(both?.strata[0]?.high).toBeGreaterThan(alone?.high ?? 0);
    expect(estimateMisses([ground(100, 10, 1), { stratum: 'reserve', size: 20, answered: 0, found: 0 }])).toBeNull();
    expect(estimateMisses([])).toBeNull();
  });
});
