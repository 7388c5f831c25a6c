import { describe, expect, it } from 'vitest';
import { commonBands } from './common-bands.js';
import type { BandRole, BandUse } from './raster.js';

function bands(...roles: BandRole[]): BandUse[] {
  return roles.map((role, i) => ({ role, index: i + 1 }));
}
const show = (uses: readonly BandUse[]): string => uses.map((b) => `${b.role}@${b.index}`).join(' ');

describe('commonBands', () => {
  it('pairs by role, in one order whatever the order of the files', () => {
    const common = commonBands(bands('nir', 'red', 'green'), bands('blue', 'green', 'red', 'nir'));
    expect(show(common.before)).toBe('green@3 red@2 nir@1');
    expect(show(common.after)).toBe('green@2 red@3 nir@4');
    expect(common.assumptions).toEqual([expect.stringContaining('blue')]);
  });

  it('pairs by index when nothing is known on either side and the counts agree', () => {
    const common = commonBands(bands('b1', 'b2'), [
      { role: 'b2', index: 2 },
      { role: 'b3', index: 3 },
    ]);
    expect(show(common.before)).toBe('b1@1 b2@2');
    expect(show(common.after)).toBe('b1@2 b2@3');
  });

  it('uses bands of unknown role too when both files are laid out alike', () => {
    expect(show(commonBands(bands('red', 'b2'), bands('red', 'b2')).after)).toBe('red@1 b2@2');
    expect(show(commonBands(bands('red', 'b2'), bands('red', 'nir', 'b3')).after)).toBe('red@1');
  });

  it('pairs wide with narrow near infrared when that is all there is', () => {
    const common = commonBands(bands('red', 'nir'), bands('red', 'nir2'));
    expect(show(common.before)).toBe('red@1 nir@2');
    expect(show(common.after)).toBe('red@1 nir@2');
    expect(common.assumptions).toHaveLength(1);
    expect(show(commonBands(bands('nir', 'nir2'), bands('nir', 'nir2')).after)).toBe('nir@1 nir2@2');
    expect(show(commonBands(bands('red', 'nir2'), bands('red', 'nir2')).after)).toBe('red@1 nir2@2');
  });

  it('refuses what has nothing in common, naming both sides', () => {
    expect(() => commonBands(bands('b1', 'b2'), bands('b1', 'b2', 'b3'))).toThrow(/前 2，后 3/);
    expect(() => commonBands(bands('red', 'nir'), bands('b1', 'b2'))).toThrow(/前期 red, nir；后期 b1, b2/);
    expect(() => commonBands([], [])).toThrow(/pair|波段/);
  });
});
