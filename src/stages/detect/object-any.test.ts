import { describe, expect, it } from 'vitest';
import type { Component, PairModel } from '../../model/change.js';
import type { BandRole } from '../../model/raster.js';
import { judgeAny } from './object-any.js';

function modelOf(pixelAreaM2: number | null, roles: readonly BandRole[], method = 'any-optical/3'): PairModel {
  return {
    facts: {
      kind: 'any',
      gsdM: pixelAreaM2 === null ? null : Math.sqrt(pixelAreaM2),
      pixelAreaM2,
      minAreaM2: 0,
      sensorBefore: '',
      sensorAfter: '',
      dateBefore: null,
      dateAfter: null,
    },
    roles,
    shift: { x: 0, y: 0, residualPx: 0, tiles: 9 },
    method,
    detector: { threshold: 3 },
    haloPx: 0,
  };
}

/** `means`: score × 100, NDVI before, after, NDWI before, after, brightness; in thousandths. */
function block(width: number, height: number, means: readonly number[]): Component {
  const runs = Array.from({ length: height }, (_, row) => [row, 0, width - 1]).flat();
  const pixels = width * height;
  return { runs: Int32Array.from(runs), pixels, sums: means.map((mean) => mean * pixels) };
}

const BANDS: readonly BandRole[] = ['green', 'red', 'nir'];
const PLAIN = [450, 100, 100, -200, -200, 0];

describe('judgeAny', () => {
  it('is surer of larger patches, by their area on the ground', () => {
    const sure = (pixels: number, area: number | null) =>
      judgeAny(block(pixels, 1, PLAIN), modelOf(area, BANDS)).confidence;
    expect([1, 64, 128, 256, 4096].map((pixels) => sure(pixels, 100))).toEqual([0.1, 0.335, 0.479, 0.6, 0.6]);
    expect(sure(16, 400)).toBe(sure(64, 100));
    expect(sure(64, null)).toBe(sure(64, 100));
  });

  it('is as sure of a weak patch as of a strong one, except in one band', () => {
    const weak = block(8, 8, PLAIN);
    const strong = block(8, 8, [900, ...PLAIN.slice(1)]);
    const optical = modelOf(100, BANDS);
    expect(judgeAny(strong, optical).confidence).toBe(judgeAny(weak, optical).confidence);
    const radar = modelOf(100, ['sar'], 'any-one-band/3');
    expect(judgeAny(weak, radar).confidence).toBe(0.556);
    expect(judgeAny(strong, radar).confidence).toBe(0.922);
  });

  it.each([
    ['bare ground to water', block(10, 10, [450, 100, -300, -100, 300, 0]), 'bare-to-water', '由裸露地表变为水面'],
    ['a canal', block(40, 2, [450, 100, -300, -100, 300, 0]), 'bare-to-water', '由裸露地表变为水面'],
    ['a road through a wood', block(40, 2, [450, 700, 100, -600, -200, 0]), 'road-like', '长短轴比约 20.0'],
    ['vegetation to bare ground', block(10, 10, [450, 700, 100, -600, -200, 0]), 'vegetation-to-bare', '地表裸露'],
    ['bare ground to vegetation', block(10, 10, [450, 100, 600, -200, -600, 0]), 'other', '由裸露地表变为植被'],
  ])('names %s', (_, component, type, why) => {
    const judged = judgeAny(component, modelOf(100, BANDS));
    expect(judged.changeType).toBe(type);
    expect(judged.reasons.join()).toContain(why);
  });

  it('says nothing of water or vegetation without the bands for them', () => {
    const grey = judgeAny(block(10, 10, PLAIN), modelOf(100, ['pan']));
    expect(grey.changeType).toBe('other');
    expect(grey.reasons).toEqual(['变化强度 4.5，本对影像阈值 3.0']);
    expect(judgeAny(block(40, 2, PLAIN), modelOf(100, ['pan'])).changeType).toBe('road-like');
  });
});
