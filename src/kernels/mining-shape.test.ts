import { describe, expect, it } from 'vitest';
import { refineEdge } from './mining-edge.js';
import { dilate, erode, tidyMask } from './mining-shape.js';

function mask(rows: readonly string[]): Uint8Array {
  return Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0));
}

function drawn(values: Uint8Array, width: number): string[] {
  const out: string[] = [];
  for (let i = 0; i < values.length; i += width) {
    out.push(Array.from(values.subarray(i, i + width), (v) => (v === 1 ? '#' : '.')).join(''));
  }
  return out;
}

describe('morphology', () => {
  it('erodes and dilates by a square; outside the array neither keeps nor removes', () => {
    const m = mask(['###....', '###....', '###..#.', '.......']);
    expect(drawn(erode(m, 7, 4, 1), 7)).toEqual(['##.....', '##.....', '.......', '.......']);
    expect(drawn(dilate(m, 7, 4, 1), 7)).toEqual(['####...', '#######', '#######', '#######']);
    expect(drawn(erode(m, 7, 4, 0), 7)).toEqual(drawn(m, 7));
  });

  it('is the complement dual: eroding a mask is dilating what is not in it', () => {
    let state = 7;
    const m = Uint8Array.from({ length: 30 * 20 }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state >>> 30 === 0 ? 0 : 1;
    });
    const inverse = m.map((v) => 1 - v);
    for (const radius of [1, 2, 5]) {
      expect(erode(m, 30, 20, radius).map((v) => 1 - v)).toEqual(dilate(inverse, 30, 20, radius));
    }
  });

  it('drops threads and specks, grows back to the candidates, joins over narrow gaps, never onto unseen pixels', () => {
    const empty = '.................';
    const m = mask([
      empty,
      empty,
      '...####..####....',
      '...####..####...#',
      '...####..####....',
      '...####..####....',
      '........#........',
      empty,
      empty,
    ]);
    const seen = new Uint8Array(m.length).fill(1);
    seen[3 * 17 + 7] = 0;
    const tidy = tidyMask(m, seen, 17, 9, { open: 1, grow: 1, close: 1 });
    expect(drawn(tidy, 17)).toEqual([
      empty,
      empty,
      '...##########....',
      '...####.#####....',
      '...##########....',
      '...##########....',
      '........#........',
      empty,
      empty,
    ]);
  });
});

describe('refineEdge', () => {
  it('gives back what opening took from a square with a clear edge', () => {
    const width = 40;
    const truth = new Uint8Array(width * width);
    const eaten = new Uint8Array(width * width);
    const vegAfter = new Int16Array(width * width).fill(600);
    const brightAfter = new Int16Array(width * width).fill(900);
    for (let y = 10; y < 30; y++) {
      for (let x = 10; x < 30; x++) {
        const i = y * width + x;
        truth[i] = 1;
        vegAfter[i] = 80;
        brightAfter[i] = 2200;
        if (x >= 11 && x < 28 && y >= 12 && y < 29) eaten[i] = 1;
      }
    }
    const seen = new Uint8Array(width * width).fill(1);
    expect(refineEdge(eaten, seen, { vegAfter, brightAfter }, width, width, 3)).toEqual(truth);
    expect(refineEdge(eaten, seen, { vegAfter, brightAfter }, width, width, 0)).toBe(eaten);
  });
});
