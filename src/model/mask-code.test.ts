import { describe, expect, it } from 'vitest';
import { MASK_READINGS } from './mask-code.js';

function seenValues(code: keyof typeof MASK_READINGS, values: readonly number[]): number[] {
  return values.filter((value) => MASK_READINGS[code].seen(value));
}

describe('mask codes', () => {
  it('SCL: dark, vegetation, bare, water and unclassified are seen', () => {
    expect(seenValues('scl', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])).toEqual([2, 4, 5, 6, 7]);
    expect(MASK_READINGS.scl.known(12)).toBe(false);
  });

  it('QA_PIXEL: real values of Landsat 8', () => {
    // clear, water, dilated cloud, cirrus (high), cloud, cloud + dilated, shadow, snow, fill
    const values = [21824, 21952, 21826, 54596, 22280, 22018, 23888, 30048, 1];
    expect(seenValues('qa_pixel', values)).toEqual([21824, 21952]);
  });

  it('Fmask: clear land and water are seen', () => {
    expect(seenValues('fmask', [0, 1, 2, 3, 4, 255])).toEqual([0, 1]);
    expect(MASK_READINGS.fmask.known(256)).toBe(false);
  });

  it('Fmask of HLS: water and aerosol are seen, every other bit hides', () => {
    // low, moderate and high aerosol, water with them; cloud, adjacent, shadow, snow, cirrus of old versions, fill
    const values = [64, 128, 192, 32, 96, 160, 224, 66, 68, 72, 80, 65, 194, 255];
    expect(seenValues('fmask', values)).toEqual([64, 128, 192, 32, 96, 160, 224]);
  });

  it('plain masks: only zero is seen, NaN is not', () => {
    expect(seenValues('nonzero', [0, -0, 1, -1, 255, Number.NaN])).toEqual([0, -0]);
  });

  it('what no layer covers is seen only for plain masks', () => {
    for (const [code, reading] of Object.entries(MASK_READINGS)) {
      expect(reading.seen(reading.outside), code).toBe(code === 'nonzero');
      expect(reading.known(reading.outside), code).toBe(true);
    }
  });
});
