import { describe, expect, it } from 'vitest';
import { treesLogOdds } from './mining-trees.js';

describe('treesLogOdds', () => {
  const model = {
    names: ['size', 'loss'],
    bias: -1,
    trees: [
      // size ≤ 4 ? (loss ≤ 0.5 ? 0.1 : 0.2) : 0.4
      { feature: [0, 1, -1, -1, -1], value: [4, 0.5, 0.1, 0.2, 0.4], right: [4, 3, 0, 0, 0] },
      { feature: [-1], value: [0.05], right: [0] },
    ],
  };

  it('walks every tree and adds its leaf to the bias; a value on the cut goes left, a missing number is 0', () => {
    const at = (numbers: Record<string, number>) => treesLogOdds(model, numbers);
    expect(at({ size: 4, loss: 0.5 })).toBeCloseTo(-0.85, 12);
    expect(at({ size: 4, loss: 0.6 })).toBeCloseTo(-0.75, 12);
    expect(at({ size: 4.1, loss: 0.6 })).toBeCloseTo(-0.55, 12);
    expect(at({})).toBeCloseTo(-0.85, 12);
  });
});
