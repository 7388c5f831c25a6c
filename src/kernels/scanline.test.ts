import { expect, it } from 'vitest';
import { scanline } from './scanline.js';

const unit = { x0: 0.5, y0: 0.5, step: 1 };
const box = (x: number, y: number, w: number, h: number) =>
  [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
    [x, y],
  ] as [number, number][];
const count = (runs: Int32Array) => {
  let n = 0;
  for (let k = 0; k < runs.length; k += 3) n += (runs[k + 2] ?? 0) - (runs[k + 1] ?? 0) + 1;
  return n;
};

it('takes the points whose centres lie inside, holes left out', () => {
  expect([...scanline([[box(1, 1, 3, 2)]], unit)]).toEqual([1, 1, 3, 2, 1, 3]);
  expect([...scanline([[box(0, 0, 3, 3), box(1, 1, 1, 1)]], unit)]).toEqual([0, 0, 2, 1, 0, 0, 1, 2, 2, 2, 0, 2]);
  expect(scanline([[box(0.6, 0.6, 0.3, 0.3)]], unit)).toHaveLength(0);
});

it('gives every point of a plane cut into triangles to exactly one of them, also on the edges', () => {
  const seen = new Map<string, number>();
  // Fan of triangles around a lattice point: edges run through many centres.
  const rim = [
    [0, 0],
    [8, 0],
    [16, 0],
    [16, 8],
    [16, 16],
    [8, 16],
    [0, 16],
    [0, 8],
    [0, 0],
  ] as [number, number][];
  for (let i = 0; i + 1 < rim.length; i++) {
    const [a, b] = [rim[i] as [number, number], rim[i + 1] as [number, number]];
    const runs = scanline([[[[8.5, 8.5], a, b, [8.5, 8.5]]]], unit);
    for (let k = 0; k < runs.length; k += 3) {
      for (let c = runs[k + 1] ?? 0; c <= (runs[k + 2] ?? -1); c++) {
        const key = `${runs[k]},${c}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
    }
  }
  expect(seen.size).toBe(256);
  expect(new Set(seen.values())).toEqual(new Set([1]));
});

it('does not depend on the direction or the start of a ring', () => {
  const ring = [
    [0.2, 0.1],
    [9.7, 2.3],
    [6.1, 9.9],
    [1.3, 7.7],
    [0.2, 0.1],
  ] as [number, number][];
  const turned = [...ring.slice(2), ...ring.slice(1, 3)];
  const reference = scanline([[ring]], unit);
  expect(count(reference)).toBeGreaterThan(40);
  expect(scanline([[[...ring].reverse()]], unit)).toEqual(reference);
  expect(scanline([[turned]], unit)).toEqual(reference);
});
