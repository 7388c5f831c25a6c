import { describe, expect, it } from 'vitest';
import { labelComponents, planeMeasures } from '../../kernels/components.js';
import type { BlockPatch } from '../../model/change.js';
import { assemble } from './assemble.js';
import { fillHoles, shapeOf } from './shape.js';

const WIDTH = 60;
const HEIGHT = 47;

function randomMask(seed: number, share: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: WIDTH * HEIGHT }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff < share ? 1 : 0;
  });
}

function blocksOf(mask: Uint8Array, measure: Int32Array, size: number): BlockPatch[] {
  const parts: BlockPatch[] = [];
  for (let row = 0; row < HEIGHT; row += size) {
    for (let col = 0; col < WIDTH; col += size) {
      const core = { col, row, width: Math.min(size, WIDTH - col), height: Math.min(size, HEIGHT - row) };
      parts.push(...labelComponents(mask, WIDTH, core, { col: 0, row: 0 }, planeMeasures([measure])));
    }
  }
  return parts;
}

describe('assemble', () => {
  it('gives the same components for every block size and order', () => {
    const measure = Int32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 7919) % 1000);
    for (const seed of [1, 2, 3, 4, 5]) {
      const mask = randomMask(seed, 0.35 + seed * 0.06);
      const whole = labelComponents(
        mask,
        WIDTH,
        { col: 0, row: 0, width: WIDTH, height: HEIGHT },
        { col: 0, row: 0 },
        planeMeasures([measure]),
      );
      for (const size of [1, 5, 8, 16, 64]) {
        const parts = blocksOf(mask, measure, size);
        const joined = assemble(parts);
        expect(joined).toEqual(assemble([...parts].reverse()));
        expect(joined).toEqual(whole);
      }
    }
  });

  it('counts a pixel that two parts share once', () => {
    const parts: BlockPatch[] = [
      { runs: Int32Array.of(0, 0, 5), pixels: 6, sums: [] },
      { runs: Int32Array.of(0, 4, 9), pixels: 6, sums: [] },
    ];
    expect(assemble(parts)).toEqual([{ runs: Int32Array.of(0, 0, 9), pixels: 10, sums: [] }]);
  });
});

describe('shape', () => {
  it('places corners with the transform', () => {
    const rings = shapeOf({ runs: Int32Array.of(1, 2, 2), pixels: 1, sums: [] }, [100, 10, 0, 500, 0, -10]);
    expect(rings).toEqual([
      [
        [120, 490],
        [130, 490],
        [130, 480],
        [120, 480],
        [120, 490],
      ],
    ]);
  });

  it('fills small holes and swallows what lies in them', () => {
    const ring: BlockPatch[] = [
      {
        runs: Int32Array.of(0, 0, 4, 1, 0, 0, 1, 4, 4, 2, 0, 0, 2, 4, 4, 3, 0, 0, 3, 4, 4, 4, 0, 4),
        pixels: 16,
        sums: [],
      },
    ];
    const island: BlockPatch[] = [{ runs: Int32Array.of(2, 2, 2), pixels: 1, sums: [] }];
    const whole = assemble([...ring, ...island]);
    expect(fillHoles(whole, 8)).toHaveLength(2);
    const filled = fillHoles(whole, 9);
    expect(filled).toHaveLength(1);
    expect(filled[0]?.pixels).toBe(25);
    expect(filled[0]?.runs).toEqual(Int32Array.of(0, 0, 4, 1, 0, 4, 2, 0, 4, 3, 0, 4, 4, 0, 4));
  });
});
