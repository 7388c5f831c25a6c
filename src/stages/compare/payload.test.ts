import { expect, it } from 'vitest';
import { packBlock, unpackBlock } from './payload.js';

it('brings a block back as it was, sums beyond 32 bits and negative ones too', () => {
  const block = {
    window: { col: 512, row: 0, width: 256, height: 100 },
    seenRuns: Int32Array.of(0, 512, 767, 1, 512, 600),
    seenPixels: 345,
    changedPixels: 3,
    patches: [
      { runs: Int32Array.of(0, 512, 513, 1, 512, 512), pixels: 3, sums: [2 ** 40 + 7, -5, -(2 ** 45) - 3, 2 ** 31] },
      { runs: Int32Array.of(9, 700, 700), pixels: 1, sums: [] },
    ],
  };
  expect(unpackBlock(packBlock(block))).toEqual(block);
  const empty = { ...block, seenRuns: new Int32Array(0), patches: [] };
  // From the database bytes come at any offset of a larger buffer.
  const moved = new Uint8Array(packBlock(empty).length + 3);
  moved.set(packBlock(empty), 3);
  expect(unpackBlock(moved.subarray(3))).toEqual(empty);
});
