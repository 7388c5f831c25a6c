/**
 * detect any: the pair's fitted score and threshold applied to one block. Values within the model's halo of an inner edge may
 * differ from the whole image's; everything farther inside is the same whatever the block.
 * Measures per pixel (sums over a patch are exact): score × 100, NDVI × 1000 before and after, NDWI × 1000 before and after,
 * brightness change in thousandths of the brightness before; 0 where the bands for them are missing.
 */
import { type AnyOpticalNumbers, anyOpticalScore } from '../../kernels/any-optical.js';
import { planeMeasures } from '../../kernels/components.js';
import { type LogRatioNumbers, logRatioStrength } from '../../kernels/log-ratio.js';
import { majority3 } from '../../kernels/majority.js';
import { clearSmallPatches } from '../../kernels/small-patches.js';
import { spectralMeasures } from '../../kernels/spectral-measures.js';
import { type AlignedPair, type BlockChange, CHANGE, type PairModel } from '../../model/change.js';

interface AnyDetector {
  readonly threshold: number;
  readonly minPixels: number;
}

export function detectAny(pair: AlignedPair, model: PairModel): BlockChange {
  const { width, height, seen } = pair;
  const { threshold, minPixels } = model.detector as unknown as AnyDetector;
  const score = new Float32Array(width * height);
  let change: Uint8Array;
  if (model.method.startsWith('any-one-band/')) {
    logRatioStrength(pair, model.detector.numbers as LogRatioNumbers, score);
    change = majority3(cut(score, seen, threshold), width, height);
  } else {
    const own = new Uint8Array(score.length);
    anyOpticalScore(pair, model.detector.numbers as AnyOpticalNumbers, score, own);
    change = cut(score, seen, threshold);
    for (let i = 0; i < change.length; i++) if (change[i] === CHANGE.changed && own[i] === 0) change[i] = CHANGE.none;
  }
  clearSmallPatches(change, width, height, minPixels);
  const measures = planeMeasures([strengthMeasure(score, change), ...spectralMeasures(pair, change)]);
  for (let i = 0; i < score.length; i++) if (seen[i] === 0) score[i] = Number.NaN;
  return { score, change, measures };
}

/** Compared in whole 256ths, so that the last bits of the arithmetic decide nothing. */
function cut(score: Float32Array, seen: Uint8Array, threshold: number): Uint8Array {
  const limit = Math.round(threshold * 256);
  const change = new Uint8Array(score.length);
  for (let i = 0; i < change.length; i++) {
    if (seen[i] === 0) change[i] = CHANGE.notSeen;
    else if (Math.round((score[i] ?? 0) * 256) > limit) change[i] = CHANGE.changed;
  }
  return change;
}

function strengthMeasure(score: Float32Array, change: Uint8Array): Int32Array {
  const out = new Int32Array(score.length);
  for (let i = 0; i < out.length; i++) {
    if (change[i] === CHANGE.changed) out[i] = Math.round(Math.min(1e4, score[i] ?? 0) * 100);
  }
  return out;
}
