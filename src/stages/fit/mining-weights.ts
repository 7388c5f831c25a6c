/** mining-weights: which weights serve which imagery. */
import type { MiningSpectrum, MiningWeights } from '../../model/mining.js';

/** Fine imagery has pixels under 5 m: an excavation has hundreds to thousands of them; in coarse imagery it has tens. */
export function miningWeights(spectrum: MiningSpectrum, fine: boolean): MiningWeights {
  return plainRule(spectrum, fine);
}

/**
 * The plain rule, written in the terms of the pixel model: little vegetation now, brighter than most of the scene or brighter than
 * before, and changed beyond the pair's own spread. Set by hand from the recipe "mine-like now and (loss or gain)".
 */
export function plainRule(spectrum: MiningSpectrum, fine: boolean): MiningWeights {
  const veg = spectrum === 'rgb' ? -8 : -12;
  return {
    spectrum,
    // one vegAfter loss lossCapped brightAfter gain |gain| lossZ gainZ bareAfter bareGain swirAfter swirGain redAfter redGain loss×bright
    pixel: [-2, veg, 0, 12, 6, 6, 0, 2, 2, 0, spectrum === 'swir' ? 4 : 0, 0, 0, 0, 0, 0],
    threshold: 0,
    shape: fine ? { open: 2, grow: 3, close: 2, edge: 3, ring: 12 } : { open: 0, grow: 0, close: 1, edge: 0, ring: 8 },
    object: null,
    keepFrom: 0.6,
    minPixels: fine ? 200 : 12,
  };
}
