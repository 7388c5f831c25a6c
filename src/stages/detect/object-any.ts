/**
 * object any: confidence from how far the patch's mean strength lies above the pair's threshold; what became what from its mean
 * indices before and after. Index limits: NDVI under .2 is bare ground, above .35 vegetation; NDWI above .1 water
 * (Tucker 1979, McFeeters 1996).
 */
import type { ChangeType, Component, ObjectJudgement, PairModel } from '../../model/change.js';

export function judgeAny(component: Component, model: PairModel): ObjectJudgement {
  const [strength = 0, ndviBefore = 0, ndviAfter = 0, ndwiBefore = 0, ndwiAfter = 0, brightness = 0] =
    component.sums.map((sum) => sum / component.pixels);
  const threshold = model.detector.threshold as number;
  const excess = strength / 100 / Math.max(threshold, 1e-6) - 1;
  const confidence = Math.round(1000 / (1 + Math.exp(-1.5 * (excess - 0.35)))) / 1000;
  const indices = model.roles.includes('nir') && model.roles.includes('red');
  const seen = { ndviBefore, ndviAfter, ndwiBefore, ndwiAfter };
  const reasons = [`变化强度 ${(strength / 100).toFixed(1)}，本对影像阈值 ${threshold.toFixed(1)}`];
  if (indices) reasons.push(`植被指数由 ${(ndviBefore / 1000).toFixed(2)} 变为 ${(ndviAfter / 1000).toFixed(2)}`);
  if (Math.abs(brightness) >= 50) {
    reasons.push(`亮度${brightness > 0 ? '升高' : '降低'} ${Math.round(Math.abs(brightness) / 10)}%`);
  }
  return { keep: true, confidence, changeType: indices ? changeType(seen) : 'other', reasons };
}

function changeType(mean: {
  ndviBefore: number;
  ndviAfter: number;
  ndwiBefore: number;
  ndwiAfter: number;
}): ChangeType {
  if (mean.ndwiAfter > 100 && mean.ndwiBefore < 0 && mean.ndviBefore < 350) return 'bare-to-water';
  if (mean.ndviBefore - mean.ndviAfter > 120 && mean.ndviAfter < 300) return 'vegetation-to-bare';
  return 'other';
}
