/**
 * spectral-measures: what a pixel looked like before and after, as integers whose sums over a patch are exact.
 * Planes: NDVI × 1000 before, after (Tucker 1979); NDWI × 1000 before, after (McFeeters 1996); brightness change in
 * thousandths of the brightness before. A plane is 0 where its bands are missing, and off the changed pixels: nobody sums those.
 */
import { type AlignedPair, CHANGE } from '../model/change.js';
import type { BandRole } from '../model/raster.js';

export const SPECTRAL_MEASURES = ['ndviBefore', 'ndviAfter', 'ndwiBefore', 'ndwiAfter', 'brightnessChange'] as const;

const LIMIT = 2000;

function ratio(high: Float32Array, low: Float32Array, change: Uint8Array): Int32Array {
  const out = new Int32Array(change.length);
  for (let i = 0; i < out.length; i++) {
    if (change[i] !== CHANGE.changed) continue;
    const sum = high[i]! + low[i]!;
    if (!(sum > 0)) continue;
    out[i] = Math.max(-LIMIT, Math.min(LIMIT, Math.round((1000 * (high[i]! - low[i]!)) / sum)));
  }
  return out;
}

export function spectralMeasures(pair: AlignedPair, change: Uint8Array): Int32Array[] {
  const { roles } = pair;
  const index = (role: BandRole, bands: readonly Float32Array[]) => bands[roles.indexOf(role)];
  const contrast = (bands: readonly Float32Array[], high: BandRole, low: BandRole) => {
    const top = index(high, bands);
    const bottom = index(low, bands);
    return top && bottom ? ratio(top, bottom, change) : new Int32Array(change.length);
  };
  return [
    contrast(pair.before, 'nir', 'red'),
    contrast(pair.after, 'nir', 'red'),
    contrast(pair.before, 'green', 'nir'),
    contrast(pair.after, 'green', 'nir'),
    brightnessChange(pair, change),
  ];
}

function brightnessChange({ before, after }: AlignedPair, change: Uint8Array): Int32Array {
  const out = new Int32Array(change.length);
  for (let i = 0; i < out.length; i++) {
    if (change[i] !== CHANGE.changed) continue;
    let b = 0;
    let a = 0;
    for (let k = 0; k < before.length; k++) {
      b += before[k]![i]!;
      a += after[k]![i]!;
    }
    if (b > 0) out[i] = Math.max(-LIMIT, Math.min(LIMIT, Math.round((1000 * (a - b)) / b)));
  }
  return out;
}
