import { expect, it } from 'vitest';
import type { ObjectJudgement } from '../../model/change.js';
import type { Coverage } from '../../model/coverage.js';
import type { GeoTransform, Grid } from '../../model/grid.js';
import { joinLattices, pixelOffset } from './lattice.js';

const grid = (x: number, y: number, crs = 'A'): Grid => ({
  crs,
  transform: [x, 10, 0, y, 0, -10] as GeoTransform,
  width: 100,
  height: 100,
});
const judgement = (confidence: number): ObjectJudgement => ({
  keep: true,
  confidence,
  changeType: 'other',
  reasons: [],
});
const part = (runs: number[], confidence = 0.5) => ({
  component: {
    runs: Int32Array.from(runs),
    pixels: runs.reduce((n, v, i) => (i % 3 === 2 ? n + v - (runs[i - 1] ?? 0) + 1 : n), 0),
    sums: [],
  },
  judgement: judgement(confidence),
});
const all: Coverage = { pairs: ['0', '1'], owns: () => true, servedBy: () => [0] };

it('finds the whole-pixel offset of grids on one lattice, of others none', () => {
  expect(pixelOffset(grid(1000, 5000), grid(1200, 4970))).toEqual({ col: 20, row: 3 });
  expect(pixelOffset(grid(1000, 5000), grid(1205, 4970))).toBeNull();
  expect(pixelOffset(grid(1000, 5000), grid(1200, 4970, 'B'))).toBeNull();
  const coarser: Grid = { ...grid(1000, 5000), transform: [1000, 20, 0, 5000, 0, -20] };
  expect(pixelOffset(grid(1000, 5000), coarser)).toBeNull();
});

it('joins a change across two scenes of one lattice and says who contributed', () => {
  // Owned: the first scene up to column 49, the second (30 columns east) from its column 20 = 50.
  const coverage: Coverage = { ...all, owns: (pair, col) => (pair === 0 ? col < 50 : col >= 20) };
  const joined = joinLattices(
    [
      { pair: 0, grid: grid(1000, 5000), judged: [part([7, 45, 60, 8, 45, 47], 0.9)] },
      { pair: 1, grid: grid(1300, 5000), judged: [part([7, 5, 40], 0.4)] },
    ],
    coverage,
  );
  expect(joined).toHaveLength(1);
  const [one, none] = joined[0]?.joined ?? [];
  expect(none).toBeUndefined();
  expect([...(one?.component.runs ?? [])]).toEqual([7, 45, 70, 8, 45, 47]);
  expect(one?.component.pixels).toBe(29);
  expect(one?.from.map(({ pair, pixels, judgement: j }) => [pair, pixels, j.confidence])).toEqual([
    [1, 21, 0.4],
    [0, 8, 0.9],
  ]);
});

it('takes a component apart where the ground between is another pair’s that saw no change', () => {
  const coverage: Coverage = { ...all, owns: (_pair, col) => col < 10 || col > 12 };
  const [lattice] = joinLattices([{ pair: 0, grid: grid(0, 0), judged: [part([0, 5, 20, 1, 5, 20])] }], coverage);
  expect(lattice?.joined.map(({ component }) => [...component.runs])).toEqual([
    [0, 5, 9, 1, 5, 9],
    [0, 13, 20, 1, 13, 20],
  ]);
});

it('keeps lattices apart', () => {
  const pairs = [
    { pair: 0, grid: grid(0, 0), judged: [part([0, 0, 3])] },
    { pair: 1, grid: grid(5, 0), judged: [part([0, 0, 3])] },
  ];
  expect(joinLattices(pairs, all).map(({ joined }) => joined.length)).toEqual([1, 1]);
});
