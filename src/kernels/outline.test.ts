import { describe, expect, it } from 'vitest';
import { labelComponents } from './components.js';
import { outlineOf } from './outline.js';

function runsFrom(picture: readonly string[]): Int32Array {
  const width = picture[0]?.length ?? 0;
  const mask = Uint8Array.from(picture.join(''), (c) => (c === '#' ? 1 : 0));
  const found = labelComponents(mask, width, { col: 0, row: 0, width, height: picture.length }, { col: 0, row: 0 });
  expect(found).toHaveLength(1);
  return found[0]?.runs ?? new Int32Array();
}

function area(ring: readonly (readonly [number, number])[]): number {
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x0, y0] = ring[i] ?? [0, 0];
    const [x1, y1] = ring[i + 1] ?? [0, 0];
    sum += x0 * y1 - x1 * y0;
  }
  return sum / 2;
}

describe('outlineOf', () => {
  it('walks around one pixel clockwise on screen', () => {
    expect(outlineOf(Int32Array.of(5, 3, 3))).toEqual([
      [
        [3, 5],
        [4, 5],
        [4, 6],
        [3, 6],
        [3, 5],
      ],
    ]);
  });

  it('finds outer ring and hole', () => {
    const rings = outlineOf(runsFrom(['####', '#..#', '####']));
    expect(rings).toHaveLength(2);
    expect(area(rings[0] ?? [])).toBe(12);
    expect(area(rings[1] ?? [])).toBe(-2);
  });

  it('keeps rings simple where pixels meet diagonally', () => {
    for (const picture of [
      ['###', '#.#', '##.'],
      ['####', '#.##', '##.#', '####'],
      ['#####', '#.#.#', '#####', '#.#.#', '####.'],
      ['####', '#..#', '#.#.', '###.'],
    ]) {
      const rings = outlineOf(runsFrom(picture));
      const total = rings.reduce((sum, ring) => sum + area(ring), 0);
      expect(total).toBe(picture.join('').split('#').length - 1);
      for (const ring of rings) {
        const corners = ring.slice(1).map((p) => p.join(','));
        expect(new Set(corners).size).toBe(corners.length);
      }
    }
  });

  it('agrees in area with the pixels of random components', () => {
    let state = 12345;
    const random = (): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return state / 0x7fffffff;
    };
    for (let round = 0; round < 50; round++) {
      const width = 24;
      const mask = Uint8Array.from({ length: width * width }, () => (random() < 0.6 ? 1 : 0));
      for (const part of labelComponents(mask, width, { col: 0, row: 0, width, height: width }, { col: 0, row: 0 })) {
        const rings = outlineOf(part.runs);
        expect(rings.reduce((sum, ring) => sum + area(ring), 0)).toBe(part.pixels);
        expect(area(rings[0] ?? [])).toBeGreaterThan(0);
        for (const hole of rings.slice(1)) expect(area(hole)).toBeLessThan(0);
      }
    }
  });
});
