/**
 * object any: how sure, what became what, and why. Optical confidence follows the patch's size on the ground: on planted scenes left out
 * and on labelled cities larger patches are more often real, while strength above the threshold told real from false on neither
 * (measured: docs/accuracy.md). One band: strength, as nothing else was measured. Index limits: NDVI under .2 is bare ground, above
 * .35 vegetation; NDWI above .1 water (Tucker 1979, McFeeters 1996). Form: axes of the ellipse of the same moments.
 */
import { formOf } from '../../kernels/mining-numbers.js';
import type { ChangeType, Component, ObjectJudgement, PairModel } from '../../model/change.js';

/** Logistic in log2 of the area in units of 100 m² (pixels where the ground size is unknown), fitted on planted change at 10 m. */
const SIZE_BIAS = -4.278;
const SIZE_WEIGHT = 0.599;
/** Cut above: on planted scenes left out, patches that the curve gave more were real no more often. Below: prudence, not measured. */
const LEAST = 0.1;
const MOST = 0.6;
const UNIT_M2 = 100;
/** log2 of the ratio of the axes: 3 is 8 : 1. Planted pits end at 2. */
const ROAD_ELONGATION = 3;

interface Means {
  readonly ndviBefore: number;
  readonly ndviAfter: number;
  readonly ndwiBefore: number;
  readonly ndwiAfter: number;
}

interface Kind {
  readonly type: ChangeType;
  readonly why: string | null;
}

export function judgeAny(component: Component, model: PairModel): ObjectJudgement {
  const [strength = 0, ndviBefore = 0, ndviAfter = 0, ndwiBefore = 0, ndwiAfter = 0, brightness = 0] =
    component.sums.map((sum) => sum / component.pixels);
  const threshold = model.detector.threshold as number;
  const oneBand = model.method.startsWith('any-one-band/');
  const confidence = oneBand ? byStrength(strength, threshold) : bySize(component.pixels, model.facts.pixelAreaM2);
  const indices = model.roles.includes('nir') && model.roles.includes('red');
  const water = indices && model.roles.includes('green');
  const kind = kindOf(component, indices ? { ndviBefore, ndviAfter, ndwiBefore, ndwiAfter } : null, water);
  const reasons = [`变化强度 ${(strength / 100).toFixed(1)}，本对影像阈值 ${threshold.toFixed(1)}`];
  if (kind.why !== null) reasons.push(kind.why);
  if (indices) reasons.push(`植被指数由 ${(ndviBefore / 1000).toFixed(2)} 变为 ${(ndviAfter / 1000).toFixed(2)}`);
  if (Math.abs(brightness) >= 50) {
    reasons.push(`亮度${brightness > 0 ? '升高' : '降低'} ${Math.round(Math.abs(brightness) / 10)}%`);
  }
  return { keep: true, confidence, changeType: kind.type, reasons };
}

function byStrength(strength: number, threshold: number): number {
  const excess = strength / 100 / Math.max(threshold, 1e-6) - 1;
  return Math.round(1000 / (1 + Math.exp(-1.5 * (excess - 0.35)))) / 1000;
}

function bySize(pixels: number, pixelAreaM2: number | null): number {
  const size = Math.log2(Math.max(1, pixelAreaM2 === null ? pixels : (pixels * pixelAreaM2) / UNIT_M2));
  const sure = 1 / (1 + Math.exp(-(SIZE_BIAS + SIZE_WEIGHT * size)));
  return Math.round(1000 * Math.max(LEAST, Math.min(MOST, sure))) / 1000;
}

/** The first rule that holds. A canal is water before it is narrow; a new road through a wood is narrow before it is bare. */
function kindOf(component: Component, mean: Means | null, water: boolean): Kind {
  if (mean !== null && water && mean.ndwiAfter > 100 && mean.ndwiBefore < 0 && mean.ndviBefore < 350) {
    return { type: 'bare-to-water', why: '由裸露地表变为水面' };
  }
  const { elongation } = formOf(component.runs);
  if (elongation > ROAD_ELONGATION) {
    return { type: 'road-like', why: `形状狭长，长短轴比约 ${(2 ** elongation).toFixed(1)}，形似道路` };
  }
  if (mean === null) return { type: 'other', why: null };
  if (mean.ndviBefore - mean.ndviAfter > 120 && mean.ndviAfter < 300) {
    return { type: 'vegetation-to-bare', why: '植被减少，地表裸露' };
  }
  if (mean.ndviBefore < 200 && mean.ndviAfter > 350) return { type: 'other', why: '由裸露地表变为植被' };
  return { type: 'other', why: null };
}
