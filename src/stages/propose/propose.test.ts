import { describe, expect, it } from 'vitest';
import { MEASURES } from '../../kernels/mining-measure.js';
import type { Component, PairModel } from '../../model/change.js';
import { miningWeights } from '../fit/mining-weights.js';
import { clearModel, proposals, reducedModel } from './propose.js';

const facts = {
  kind: 'mining' as const,
  gsdM: 2,
  pixelAreaM2: 4,
  minAreaM2: 400,
  sensorBefore: 't',
  sensorAfter: 't',
  dateBefore: null,
  dateAfter: null,
};

function model(): PairModel {
  const side = { cloudy: false, shadow: { x: 40, y: -24, slack: 9 } };
  return {
    facts,
    roles: ['blue', 'green', 'red', 'nir'],
    shift: { x: 2, y: -1, residualPx: 0.2, tiles: 9 },
    method: 'm',
    detector: {
      weights: miningWeights('nir', true),
      termCentre: new Array(10).fill(0),
      termSpread: new Array(10).fill(0.1),
      threshold: 0,
      stricter: [100, 200, 350],
      crowding: 0,
    },
    haloPx: 107,
    recutMarginPx: 60,
    quality: { radius: { solid: 20, veil: 0, around: 30, shade: 12 }, before: side, after: { ...side, shadow: null } },
  };
}

/** A square of pixels whose measures are all 0 but the count. */
function square(col: number, row: number, side: number): Component {
  const runs = Int32Array.from(Array.from({ length: side }, (_, r) => [row + r, col, col + side - 1]).flat());
  return { runs, pixels: side * side, sums: MEASURES.map((name) => (name === 'count' ? side * side : 0)) };
}

describe('reducedModel', () => {
  it('keeps what is a colour and divides what is a length', () => {
    const { facts: reduced, shift, quality, detector, haloPx } = reducedModel(model(), 4);
    expect([reduced.gsdM, reduced.pixelAreaM2, reduced.minAreaM2]).toEqual([8, 64, 400]);
    expect([shift.x, shift.y, shift.residualPx]).toEqual([0.5, -0.25, 0.05]);
    expect(quality).toMatchObject({
      radius: { solid: 5, veil: 0, around: 8, shade: 3 },
      before: { shadow: { x: 10, y: -6, slack: 3 } },
      after: { shadow: null },
    });
    expect(detector).toMatchObject({ threshold: 0, weights: { shape: { open: 0, grow: 1, close: 1, edge: 1 } } });
    expect(haloPx).toBeLessThan(60);
  });

  it('needs less context where nothing is hidden', () => {
    const clear = clearModel(model());
    expect(clear.quality).toBeUndefined();
    expect(clear.haloPx).toBeLessThan(model().haloPx);
  });
});

describe('proposals', () => {
  const reduced = reducedModel(model(), 4);
  it('takes the widest object around a small strong one, and leaves specks and the weak', () => {
    const field = square(10, 10, 40);
    const strong = square(20, 20, 3);
    const within = [[field], [strong], [strong], [strong]];
    expect(proposals(within, reduced)).toEqual([{ col: 10, row: 10, width: 40, height: 40 }]);
    // a strictness less is enough for one that stands alone, not for one in a field
    expect(proposals(within.slice(0, 3), reduced)).toEqual([]);
    const alone = square(80, 80, 3);
    expect(proposals([[alone], [alone], [alone]], reduced)).toEqual([{ col: 80, row: 80, width: 3, height: 3 }]);
    expect(proposals([[alone], [alone]], reduced)).toEqual([]);
    // under half of the smallest patch that is asked for: 3.1 pixels of 64 m²
    const speck = square(90, 90, 1);
    expect(proposals([[speck], [speck], [speck], [speck]], reduced)).toEqual([]);
  });
});
