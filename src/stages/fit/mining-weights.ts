/** mining-weights: which weights serve which imagery. */
import type { MiningSpectrum, MiningWeights } from '../../model/mining.js';
import { TRAINED } from './mining-weights-data.js';

/** Fine imagery has pixels under 5 m: an excavation has hundreds to thousands of them; in coarse imagery it has tens. */
export function miningWeights(spectrum: MiningSpectrum, fine: boolean): MiningWeights {
  const wanted = `${spectrum}-${fine ? 'fine' : 'coarse'}`;
  // fine imagery with short-wave infrared is rare: its near infrared serves
  const served = wanted === 'swir-fine' ? 'nir-fine' : wanted;
  return TRAINED[served] ?? plainRule(spectrum, fine);
}

/**
 * The plain rule, written in the terms of the pixel model, for imagery without trained weights and as the reference that training
 * must beat: little vegetation now, vegetation loss together with brightness, change beyond the pair's own spread. Set by hand.
 */
export function plainRule(spectrum: MiningSpectrum, fine: boolean): MiningWeights {
  const vegAfter = spectrum === 'rgb' ? -8 : -12;
  return {
    spectrum,
    // in the order of PIXEL_TERMS
    pixel: [-3.5, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, vegAfter, 12, 1, 1, 1],
    candidateShare: 0.1,
    lowestScore: 0,
    shape: fine
      ? { smooth: 0, open: 2, grow: 3, close: 2, edge: 3, ring: 12 }
      : { smooth: 0, open: 0, grow: 0, close: 1, edge: 0, ring: 8 },
    object: null,
    keepFrom: 0.6,
    calibration: { slope: 1, shift: 0 },
    minPixels: fine ? 200 : 12,
    crowd: null,
  };
}
