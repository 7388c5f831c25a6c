import { describe, expect, it } from 'vitest';
import type { AlignedPair } from '../../model/change.js';
import type { MiningDetector } from '../../model/mining.js';
import { fractal } from '../../testing/texture.js';
import { crowdingOf } from './crowding.js';
import { fitMining } from './mining.js';

const SIDE = 240;
const ROLES = ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'] as const;
const GREEN = [400, 650, 450, 3000, 1700, 900];
const OPEN = [1400, 1700, 2100, 2500, 3000, 2700];

/** Green ground; in AFTER `pits` squares of 7 × 7 pixels lie open. */
function pairOf(pits: number): AlignedPair {
  const texture = fractal(SIDE, SIDE, 3);
  const bands = (open: (i: number) => boolean) =>
    ROLES.map((_, band) =>
      Float32Array.from(texture, (t, i) => ((open(i) ? OPEN : GREEN)[band] ?? 0) * (1 + t / 1500)),
    );
  const dug = (i: number) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const cell = Math.floor(y / 20) * 12 + Math.floor(x / 20);
    return cell < pits && x % 20 > 5 && x % 20 < 13 && y % 20 > 5 && y % 20 < 13;
  };
  return {
    width: SIDE,
    height: SIDE,
    roles: ROLES,
    before: bands(() => false),
    after: bands(dug),
    seen: new Uint8Array(SIDE * SIDE).fill(1),
  };
}

function crowding(pits: number, crowd: number | null): number {
  const pair = pairOf(pits);
  const facts = {
    kind: 'mining' as const,
    gsdM: 10,
    pixelAreaM2: 100,
    minAreaM2: 900,
    sensorBefore: '',
    sensorAfter: '',
    dateBefore: null,
    dateAfter: null,
  };
  const detector = fitMining([pair], facts, { x: 0, y: 0, residualPx: 0, tiles: 1 })
    .detector as unknown as MiningDetector;
  return crowdingOf([pair], { ...detector, crowding: 0, weights: { ...detector.weights, crowd } });
}

describe('crowdingOf', () => {
  it('lets a dozen through in however small a scene, and lowers more than that', () => {
    expect(crowding(10, 50)).toBe(0);
    expect(crowding(60, 50)).toBeGreaterThan(0.3);
  });

  it('lets as many through as the scene is large for, and all without a limit', () => {
    expect(crowding(60, 2000)).toBe(0);
    expect(crowding(60, null)).toBe(0);
  });
});
