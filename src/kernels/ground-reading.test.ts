import { describe, expect, it } from 'vitest';
import { marginPx, readGround, ringWidthPx } from './ground-reading.js';

const SIDE = 40;
/** A square patch of `half` around the middle on a window of `SIDE`, one value inside and one outside, per band. */
function ground(half: number, inside: readonly number[], outside: readonly number[]) {
  const patch = new Uint8Array(SIDE * SIDE);
  const middle = SIDE / 2;
  for (let r = 0; r < SIDE; r++) {
    for (let c = 0; c < SIDE; c++)
      if (Math.abs(r - middle) <= half && Math.abs(c - middle) <= half) patch[r * SIDE + c] = 1;
  }
  const bands = inside.map((value, b) => Float32Array.from(patch, (p) => (p === 1 ? value : (outside[b] ?? 0))));
  const valid = new Uint8Array(SIDE * SIDE).fill(1);
  const roles = (['blue', 'green', 'red', 'nir', 'swir1'] as const).slice(0, inside.length);
  return { patch, window: { width: SIDE, height: SIDE, roles, bands, valid } };
}
const none = new Uint8Array(SIDE * SIDE);

describe('readGround', () => {
  it('gives exact medians of patch and ring', () => {
    const { patch, window } = ground(4, [1000, 1500, 2000, 3000, 4000], [400, 600, 500, 3500, 1500]);
    expect(readGround(window, patch, none, 10)).toEqual({
      // 9 × 9 pixels less their rim.
      seenPixels: 49,
      numbers: {
        patch: { veg: 200, bright: 7467, bare: 200, white: -693 },
        ring: { veg: 750, bright: 6310, bare: -322, white: -223 },
      },
    });
  });

  it('bears a shift of a pixel: the outermost pixels and the gap are not read', () => {
    const { patch, window } = ground(4, [1000, 1500, 2000, 3000], [400, 600, 500, 3500]);
    const moved = ground(4, [1000, 1500, 2000, 3000], [400, 600, 500, 3500]).window.bands.map((band) =>
      Float32Array.from(band, (_, i) => band[i - SIDE - 1] ?? band[i] ?? 0),
    );
    const shifted = readGround({ ...window, bands: moved }, patch, none, 10);
    expect(shifted).toEqual(readGround(window, patch, none, 10));
  });

  it('leaves other patches out of the ring, and says nothing where too little was seen', () => {
    const { patch, window } = ground(2, [1000, 1500, 2000, 3000], [400, 600, 500, 3500]);
    const west = Uint8Array.from(none, (_, i) => (i % SIDE < 16 ? 1 : 0));
    for (let i = 0; i < west.length; i++) if (west[i] === 1) (window.bands[3] as Float32Array)[i] = 100;
    expect(readGround(window, patch, west, 10).numbers?.ring.veg).toBe(750);
    const clouded = { ...window, valid: Uint8Array.from(window.valid, (_, i) => (i % SIDE > 19 ? 0 : 1)) };
    expect(readGround(clouded, patch, none, 10)).toEqual({ seenPixels: 3, numbers: null });
    const alone = { ...window, valid: patch };
    expect(readGround(alone, patch, none, 10)).toEqual({ seenPixels: 9, numbers: null });
  });

  it('has numbers for what the bands allow', () => {
    const { patch, window } = ground(3, [100], [50]);
    const { numbers } = readGround({ ...window, roles: ['pan'] }, patch, none, 10);
    expect(numbers?.patch).toEqual({ veg: null, bright: 4605, bare: null, white: null });
  });

  it('is 60 m wide, within bounds', () => {
    expect([0.5, 2, 10, 30].map(ringWidthPx)).toEqual([30, 30, 6, 5]);
    expect(marginPx(10)).toBe(8);
  });
});
