import { describe, expect, it } from 'vitest';
import { noise } from '../testing/texture.js';
import { histogramOf, otsu } from './histogram.js';
import { noiseCut } from './noise-cut.js';

const COUNT = 40_000;

/** |normal noise of deviation .1|, with `changed` of the values raised by `rise`; before denoising it was four times as strong. */
const NOISE = 0.4;
function strengths(changed: number, rise: number): Float32Array {
  const a = noise(COUNT, 11);
  return Float32Array.from({ length: COUNT }, (_, i) => Math.abs(0.1 * (a[i] ?? 0) + (i < changed ? rise : 0)));
}

function cuts(values: Float32Array): { plain: number; cut: number; above: number } {
  const histogram = histogramOf(values, new Uint8Array(values.length).fill(1), 0, 8, 4096);
  const cut = noiseCut(histogram, 1, NOISE);
  return { plain: otsu(histogram), cut, above: values.filter((v) => v > cut).length };
}

describe('noiseCut', () => {
  it('finds next to nothing where nothing changed, although Otsu cuts off a quarter', () => {
    const values = strengths(0, 0);
    const { plain, above } = cuts(values);
    expect(values.filter((v) => v > plain).length).toBeGreaterThan(COUNT / 5);
    expect(above).toBeLessThan(COUNT / 2000);
  });

  it('finds rare change and little else', () => {
    const values = strengths(300, 0.6);
    const { plain, cut, above } = cuts(values);
    expect(plain).toBeLessThan(0.2);
    expect(cut).toBeGreaterThan(0.25);
    expect(cut).toBeLessThan(0.45);
    expect(above).toBeGreaterThan(290);
    expect(above).toBeLessThan(340);
  });

  it("is Otsu's cut where it lies above half of the noise: much weak change is no tail", () => {
    const values = strengths(0, 0);
    const histogram = histogramOf(values, new Uint8Array(values.length).fill(1), 0, 8, 4096);
    expect(noiseCut(histogram, 1, 0.19)).toBe(otsu(histogram));
  });

  it("is Otsu's cut where there are two classes, few or many", () => {
    for (const changed of [4000, 16_000]) {
      const { plain, cut } = cuts(strengths(changed, 0.9));
      expect(cut).toBe(plain);
    }
  });
});
