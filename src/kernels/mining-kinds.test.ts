import { describe, expect, it } from 'vitest';
import { flat, kindOf, kindReader, lengthOf, oddness } from './mining-class.js';
import { fitKinds } from './mining-kinds.js';

/** −1…1, the same for the same pixel and salt. */
function grain(i: number, salt: number): number {
  let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0xc2b2ae3d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  return ((h >>> 0) / 4294967296) * 2 - 1;
}

const LINES = { gain: [1, 1, 1], offset: [0, 0, 0] };

/** Half forest that stays, half fields of which a third is harvested: red up, infrared down. */
function groundOf(count: number): { before: Float32Array[]; after: Float32Array[] } {
  const before = [0, 1, 2].map(() => new Float32Array(count));
  const after = [0, 1, 2].map(() => new Float32Array(count));
  const FOREST = [400, 300, 3000];
  const FIELD = [600, 700, 2400];
  const STUBBLE = [900, 1300, 1900];
  for (let i = 0; i < count; i++) {
    const field = i % 2 === 1;
    const once = field ? FIELD : FOREST;
    const then = field && i % 6 === 1 ? STUBBLE : once;
    for (let b = 0; b < 3; b++) {
      before[b]![i] = once[b]! * (1 + 0.05 * grain(i, b));
      after[b]![i] = then[b]! * (1 + 0.05 * grain(i, b)) + 20 * grain(i, 10 + b);
    }
  }
  return { before, after };
}

describe('kinds of ground', () => {
  const { before, after } = groundOf(6000);
  const fitted = fitKinds(before, after, LINES, [0, 1, 2]);
  if (fitted === null) throw new Error('the sample is large enough');
  const kinds = fitted;

  function oddnessOf(once: readonly number[], then: readonly number[]): number {
    const pixel = kindReader(
      once.map((v) => Float32Array.of(v)),
      then.map((v) => Float32Array.of(v)),
      LINES,
      kinds,
    );
    pixel.read(0);
    const kind = kindOf(pixel.before, 0, 3, flat(kinds.centres));
    return oddness(lengthOf(pixel.change, 0, 3, kind, flat(kinds.mean), flat(kinds.whiten)), kinds.median[kind] ?? 1);
  }

  it('the same change is odd on forest and ordinary on fields', () => {
    const stubbleFromField = oddnessOf([600, 700, 2400], [900, 1300, 1900]);
    const stubbleFromForest = oddnessOf([400, 300, 3000], [900, 1300, 1900]);
    expect(stubbleFromForest).toBeGreaterThan(2500);
    expect(stubbleFromField).toBeLessThan(1200);
  });

  it('median pixels of a kind have oddness 0', () => {
    const pixel = kindReader(before, after, LINES, kinds);
    const all: number[] = [];
    for (let i = 0; i < 6000; i++) {
      pixel.read(i);
      const kind = kindOf(pixel.before, 0, 3, flat(kinds.centres));
      all.push(
        oddness(lengthOf(pixel.change, 0, 3, kind, flat(kinds.mean), flat(kinds.whiten)), kinds.median[kind] ?? 1),
      );
    }
    all.sort((a, b) => a - b);
    expect(Math.abs(all[3000] ?? 99)).toBeLessThan(30);
  });

  it('gives the same twice, and null for samples too small to tell kinds apart', () => {
    expect(fitKinds(before, after, LINES, [0, 1, 2])).toEqual(kinds);
    expect(
      fitKinds(
        before.map((b) => b.slice(0, 500)),
        after.map((b) => b.slice(0, 500)),
        LINES,
        [0, 1, 2],
      ),
    ).toBeNull();
  });

  it('survives bands that repeat each other and bands without any change', () => {
    const flatBand = new Float32Array(6000).fill(100);
    const found = fitKinds([before[0]!, before[0]!, flatBand], [after[0]!, after[0]!, flatBand], LINES, [0, 1, 2]);
    expect(found?.whiten.flat().every(Number.isFinite)).toBe(true);
    expect(found?.median.every((m) => m > 0)).toBe(true);
  });
});
