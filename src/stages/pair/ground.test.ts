import { describe, expect, it } from 'vitest';
import { CELLS_PER_DEGREE, cellMarginPx, countCells } from '../../kernels/cells.js';
import { controlPoints, GROUND_STEP } from '../../kernels/ground-map.js';
import { seenMap } from '../../kernels/seen-map.js';
import type { PairRole, ScenePair } from '../../model/run.js';
import { type PairGround, serveGround } from './ground.js';

/** Degrees per pixel: 16 pixels a cell side, so that cells are easy to reckon with. */
const PIXEL = 1 / CELLS_PER_DEGREE / 16;
const SIZE = 64;

interface Spec {
  readonly id: string;
  readonly afterOn?: string;
  readonly beforeOn?: string;
  readonly role?: PairRole;
  /** Pixels by which the scene lies east. */
  readonly east?: number;
  readonly seen?: (col: number, row: number) => boolean;
}

function ground({
  id,
  afterOn = '2026-08-01',
  beforeOn = '2026-05-01',
  role = 'previous',
  east = 0,
  seen,
}: Spec): PairGround {
  const extent = { col: 0, row: 0, width: SIZE, height: SIZE };
  const marginPx = 16 + cellMarginPx(1000);
  const points = controlPoints({
    col: -marginPx,
    row: -marginPx,
    width: SIZE + 2 * marginPx,
    height: SIZE + 2 * marginPx,
  });
  const lon = new Float64Array(points.cols * points.rows);
  const lat = new Float64Array(lon.length);
  for (let j = 0; j < points.rows; j++) {
    for (let i = 0; i < points.cols; i++) {
      lon[j * points.cols + i] = 106 + (points.col0 + i * GROUND_STEP + east) * PIXEL;
      lat[j * points.cols + i] = 30 - (points.row0 + j * GROUND_STEP) * PIXEL;
    }
  }
  const runs: number[] = [];
  for (let row = 0; row < SIZE; row++) {
    for (let col = 0; col < SIZE; col++) if (seen?.(col, row) ?? true) runs.push(row, col, col);
  }
  const map = { ...points, lon, lat };
  const sees = seenMap([Int32Array.from(runs)], 0, SIZE);
  const pair: ScenePair = { id, role, beforeId: 'b', afterId: 'a', beforeOn, afterOn };
  return { pair, map, seen: sees, counts: countCells(map, extent, marginPx, sees) };
}

const at = (col: number, row: number): [number, number] => [106 + (col + 0.5) * PIXEL, 30 - (row + 0.5) * PIXEL];
const END = '2026-09-30';

describe('serveGround', () => {
  it('prefers AFTER nearest to the quarter’s end, then the later BEFORE, then the id', () => {
    const late = ground({ id: 'P1', afterOn: '2026-09-20' });
    const early = ground({ id: 'P0', afterOn: '2026-07-20' });
    const sinceMay = ground({ id: 'P3', afterOn: '2026-09-20', beforeOn: '2026-05-20' });
    const twin = ground({ id: 'P2', afterOn: '2026-09-20', beforeOn: '2026-05-20' });
    const served = (...grounds: PairGround[]) => {
      const coverage = serveGround(grounds, END);
      return coverage.servedBy(...at(20, 20)).map((index) => coverage.pairs[index]);
    };
    expect(served(early, late)).toEqual(['P1']);
    expect(served(late, sinceMay)).toEqual(['P3']);
    expect(served(sinceMay, late, twin, early)).toEqual(['P2']);
  });

  it('puts the seen share of the cell first, 95 % as good as all', () => {
    const late = (share: number) =>
      ground({ id: 'late', afterOn: '2026-09-20', seen: (col, row) => ((row * SIZE + col) % 100) / 100 < share });
    const early = ground({ id: 'early', afterOn: '2026-07-20' });
    expect(serveGround([early, late(0.97)], END).servedBy(...at(4, 0))).toEqual([1]);
    expect(serveGround([early, late(0.9)], END).servedBy(...at(4, 0))).toEqual([0]);
  });

  it('gives what the first pair of a cell did not see to the next that saw it, and no pixel to two', () => {
    const cloud = (col: number) => col < 4;
    const late = ground({ id: 'late', afterOn: '2026-09-20', seen: (col) => !cloud(col) });
    const early = ground({ id: 'early', seen: (col) => col < 40 });
    const coverage = serveGround([early, late], END);
    expect(coverage.servedBy(...at(2, 9))).toEqual([0]);
    expect(coverage.servedBy(...at(60, 9))).toEqual([1]);
    for (let row = 0; row < SIZE; row += 3) {
      for (let col = 0; col < SIZE; col++) {
        const owners = [col < 40 && coverage.owns(0, col, row), !cloud(col) && coverage.owns(1, col, row)];
        expect(owners.filter(Boolean)).toHaveLength(1);
        expect(coverage.servedBy(...at(col, row))).toEqual([owners.indexOf(true)]);
      }
    }
  });

  it('leaves no gap between scenes that only abut, and says nothing of ground outside', () => {
    const west = ground({ id: 'west' });
    const east = ground({ id: 'east', east: SIZE + 7, afterOn: '2026-09-01' });
    const coverage = serveGround([east, west], END);
    expect(coverage.servedBy(...at(SIZE - 1, 5))).toEqual([1]);
    expect(coverage.servedBy(...at(SIZE + 3, 5))).toEqual([]);
    expect(coverage.servedBy(...at(SIZE + 7, 5))).toEqual([0]);
    expect(coverage.servedBy(120, 40)).toEqual([]);
  });

  it('ranks the season of last year apart', () => {
    const grounds = [ground({ id: 'p' }), ground({ id: 's', role: 'season' })];
    expect(serveGround(grounds, END).servedBy(...at(5, 5))).toEqual([0, 1]);
    expect([0, 1].map((pair) => serveGround(grounds, END).owns(pair, 5, 5))).toEqual([true, true]);
  });
});
