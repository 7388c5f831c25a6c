import { describe, expect, it } from 'vitest';
import type { Shift } from '../model/change.js';
import { noise } from '../testing/texture.js';
import { hideRefused, moveByField, planMove } from './field-move.js';
import {
  fieldAt,
  fitShiftField,
  isLevel,
  latticeOf,
  nodeWindow,
  refineShiftField,
  type Vector,
} from './shift-field.js';

const EXTENT = { col: 0, row: 0, width: 800, height: 800 };
const WHOLE: Shift = { x: 0, y: 0, residualPx: 0.1, tiles: 20 };
const LIMIT_PX = 2;
const found = latticeOf(EXTENT);
if (found === null) throw new Error('no lattice');
const lattice = found;

/** What the windows of a lattice would say of a true displacement, with 0.12 px of noise. */
function measured(truth: (col: number, row: number) => Vector): (Vector | null)[] {
  const speck = noise(2 * lattice.cols * lattice.rows, 5);
  return Array.from({ length: lattice.cols * lattice.rows }, (_, i) => {
    const window = nodeWindow(lattice, i, EXTENT);
    if (window === null) return null;
    const { x, y } = truth(window.col + 64, window.row + 64);
    return { x: x + 0.12 * (speck[2 * i] ?? 0), y: y + 0.12 * (speck[2 * i + 1] ?? 0) };
  });
}

function errors(shift: Shift, truth: (col: number, row: number) => Vector): { median: number; most95: number } {
  const { field } = shift;
  if (!field) throw new Error('no field');
  const off: number[] = [];
  for (let row = 0; row < 800; row += 7) {
    for (let col = 0; col < 800; col += 7) {
      const t = truth(col, row);
      off.push(Math.hypot(fieldAt(field, field.x, col, row) / 64 - t.x, fieldAt(field, field.y, col, row) / 64 - t.y));
    }
  }
  off.sort((a, b) => a - b);
  return { median: off[off.length >> 1] ?? 9, most95: off[Math.floor(0.95 * off.length)] ?? 9 };
}

const fieldOf = (truth: (col: number, row: number) => Vector): Shift =>
  fitShiftField(lattice, measured(truth), WHOLE, LIMIT_PX, EXTENT).shift;

describe('fitShiftField', () => {
  it('leaves a pair alone that one shift explains', () => {
    expect(fieldOf(() => ({ x: 0, y: 0 }))).toBe(WHOLE);
  });

  it('follows a rotation', () => {
    const truth = (col: number, row: number) => ({ x: -0.0075 * (row - 400), y: 0.0075 * (col - 400) });
    const { median, most95 } = errors(fieldOf(truth), truth);
    expect(median).toBeLessThan(0.08);
    expect(most95).toBeLessThan(0.15);
  });

  it('follows a hill of 3 px', () => {
    const truth = (col: number, row: number) => ({
      x: 3 * Math.exp(-((col - 300) ** 2 + (row - 450) ** 2) / (2 * 110 ** 2)),
      y: 0,
    });
    const { median, most95 } = errors(fieldOf(truth), truth);
    expect(median).toBeLessThan(0.1);
    expect(most95).toBeLessThan(0.6);
  });

  it('keeps two pieces apart', () => {
    const truth = (col: number) => (col < 400 ? { x: 0, y: 0 } : { x: 1.8, y: -1.2 });
    expect(errors(fieldOf(truth), truth).median).toBeLessThan(0.12);
  });

  it('does not follow one wild window', () => {
    const measures = measured(() => ({ x: 0, y: 0 }));
    measures[lattice.cols * 6 + 6] = { x: 11, y: -7 };
    expect(fitShiftField(lattice, measures, WHOLE, LIMIT_PX, EXTENT).shift).toBe(WHOLE);
  });

  it('refuses the part whose windows contradict each other, and only that', () => {
    const measures = measured(() => ({ x: 0, y: 0 })).map((m, i) => {
      const [c, r] = [i % lattice.cols, Math.floor(i / lattice.cols)];
      if (m === null || c < 7 || r < 7) return m;
      return { x: 7 * Math.cos(37 * c + 11 * r), y: 7 * Math.sin(17 * c + 53 * r) };
    });
    const { shift } = fitShiftField(lattice, measures, WHOLE, LIMIT_PX, EXTENT);
    expect(shift.refusedShare).toBeGreaterThan(0.1);
    expect(shift.refusedShare).toBeLessThan(0.35);
    const { field } = shift;
    if (!field) throw new Error('no field');
    const seen = new Uint8Array(4).fill(1);
    hideRefused(field, { col: 600, row: 600, width: 2, height: 2 }, seen);
    expect([...seen]).toEqual([0, 0, 0, 0]);
    seen.fill(1);
    hideRefused(field, { col: 100, row: 100, width: 2, height: 2 }, seen);
    expect([...seen]).toEqual([1, 1, 1, 1]);
  });

  it('mends a field by what is left after the move, and refuses nothing that then matches', () => {
    const truth = (col: number) => (col < 400 ? { x: 0, y: 0 } : { x: 1.8, y: -1.2 });
    const measures = measured(truth);
    const { shift } = fitShiftField(lattice, measures, WHOLE, LIMIT_PX, EXTENT);
    const { field } = shift;
    if (!field) throw new Error('no field');
    const left = measures.map((m, i) => m && { x: m.x - (field.x[i] ?? 0) / 64, y: m.y - (field.y[i] ?? 0) / 64 });
    const mended = refineShiftField(lattice, measures, left, shift, LIMIT_PX, EXTENT);
    expect(mended.refusedShare).toBe(0);
    expect(errors(mended, truth).median).toBeLessThan(0.12);
  });
});

describe('moveByField', () => {
  const truth = (col: number, row: number) => ({ x: 2 * Math.sin(col / 150), y: 1.5 * Math.cos(row / 130) });
  const { field } = fieldOf(truth);
  if (!field) throw new Error('no field');
  const value = (col: number, row: number) => 500 + 90 * Math.sin(col / 9) + 70 * Math.cos(row / 11);
  /** BEFORE's pixels of a window, none beyond column 420. */
  const read = (window: { col: number; row: number; width: number; height: number }) => {
    const at = (i: number) => [window.col + (i % window.width), window.row + Math.floor(i / window.width)] as const;
    const count = window.width * window.height;
    return {
      bands: [Float32Array.from({ length: count }, (_, i) => value(...at(i)))],
      valid: Uint8Array.from({ length: count }, (_, i) => (at(i)[0] <= 420 ? 1 : 0)),
    };
  };
  const move = (window: { col: number; row: number; width: number; height: number }) => {
    const plan = planMove(window, field, { x: 0.3, y: -12 });
    return moveByField(plan, read(plan.bandWindow));
  };

  it('takes each pixel from where the field says', () => {
    expect(isLevel(field)).toBe(false);
    const moved = move({ col: 200, row: 300, width: 40, height: 30 });
    for (const [c, r] of [
      [0, 0],
      [17, 9],
      [39, 29],
    ] as const) {
      const dx = fieldAt(field, field.x, 200 + c, 300 + r) / 64;
      const dy = fieldAt(field, field.y, 200 + c, 300 + r) / 64;
      expect(moved.bands[0]?.[r * 40 + c]).toBeCloseTo(value(200 + c + 0.3 + dx, 300 + r - 12 + dy), 0);
    }
  });

  it('gives the same pixels whatever window they are asked in', () => {
    const whole = move({ col: 380, row: 300, width: 60, height: 50 });
    const part = move({ col: 401, row: 317, width: 23, height: 19 });
    for (let r = 0; r < 19; r++) {
      for (let c = 0; c < 23; c++) {
        const at = (17 + r) * 60 + 21 + c;
        expect(part.bands[0]?.[r * 23 + c]).toBe(whole.bands[0]?.[at]);
        expect(part.valid[r * 23 + c]).toBe(whole.valid[at]);
      }
    }
    expect(part.valid.includes(0) && part.valid.includes(1)).toBe(true);
  });
});
