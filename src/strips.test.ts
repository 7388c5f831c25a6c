import { describe, expect, it } from 'vitest';
import { planStrips, rowsFor } from './strips.js';

const covered = (blocks: readonly { col: number; row: number; width: number; height: number }[]) => {
  const cells = new Map<string, number>();
  for (const { col, row, width, height } of blocks)
    for (let y = row; y < row + height; y += 1)
      for (let x = col; x < col + width; x += 1) cells.set(`${x},${y}`, (cells.get(`${x},${y}`) ?? 0) + 1);
  return cells;
};

describe('planStrips', () => {
  it('covers every pixel once, each lane from the top to the bottom of its columns', () => {
    const extent = { col: 3, row: 70, width: 700, height: 900 };
    const { strips } = planStrips(extent, { haloPx: 20, rows: rowsFor(128), lanes: 2, mostPixels: 200_000 });
    const cells = covered(strips.map(({ block }) => block));
    expect(cells.size).toBe(700 * 900);
    expect([...cells.values()].every((times) => times === 1)).toBe(true);
    expect(new Set(strips.map(({ lane }) => lane))).toEqual(new Set([0, 1]));
    for (const [i, { block, lane }] of strips.entries()) {
      const next = strips[i + 1];
      if (next?.lane === lane && next.block.col === block.col) expect(next.block.row).toBe(block.row + block.height);
    }
  });

  it('ends strips where their context ends with a row of tiles', () => {
    const extent = { col: 0, row: 0, width: 3000, height: 5000 };
    const { strips } = planStrips(extent, { haloPx: 107, rows: rowsFor(256), lanes: 2, mostPixels: 4e6 });
    const bottoms = strips.map(({ block }) => block.row + block.height).filter((bottom) => bottom < 5000);
    expect(bottoms.length).toBeGreaterThan(5);
    expect(bottoms.every((bottom) => (bottom + 107) % 256 === 0)).toBe(true);
  });

  it.each([1, 16, 512, 1024, 4096, 60_000])('keeps to its memory with %i rows a tile', (tileRows) => {
    const extent = { col: 0, row: 0, width: 30_000, height: 60_000 };
    const { strips, capacity } = planStrips(extent, {
      haloPx: 107,
      rows: rowsFor(tileRows),
      lanes: 2,
      mostPixels: 5e6,
    });
    expect(capacity).toBeLessThan(1.05 * 5e6);
    for (const { block } of strips) expect((block.width + 8) * (block.height + 8)).toBeLessThanOrEqual(capacity);
  });
});
