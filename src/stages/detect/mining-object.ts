/**
 * judgeMiningObject: is this component a piece of ground opened by mining, how sure is that, and what changed into what?
 * Method: logistic regression (Cox 1958) on the object's numbers, trained on planted excavations; where a pair's weights have none,
 * a plain rule on the mean score. A suspicion in words: people decide.
 */
import { type Mean, meansOf } from '../../kernels/mining-numbers.js';
import { miningLogOdds } from '../../kernels/mining-odds.js';
import type { Component, ObjectJudgement, PairModel } from '../../model/change.js';
import type { MiningDetector } from '../../model/mining.js';
import { changeTypeOf, TYPE_NAMES } from './mining-type.js';

export function judgeMiningObject(component: Component, model: PairModel): ObjectJudgement {
  const detector = model.detector as unknown as MiningDetector;
  const { keepFrom, minPixels, lowestScore, calibration } = detector.weights;
  const mean = meansOf(component);
  const logOdds = miningLogOdds(component, detector) ?? (mean('score') - lowestScore) / 150;
  const confidence = rounded(calibration.slope * logOdds + calibration.shift);
  const { type, why } = changeTypeOf(component, mean, detector.bands);
  return {
    rank: Math.round(1000 * logOdds),
    keep: component.pixels >= minPixels && rounded(logOdds) >= keepFrom,
    confidence,
    changeType: type,
    reasons: reasonsOf(mean, detector, `${TYPE_NAMES[type]}（${why}）`, confidence),
  };
}

/** Probability of log-odds, to three places: what is compared and shown does not hang on the last bit. */
function rounded(logOdds: number): number {
  return Math.round(1000 / (1 + Math.exp(-logOdds))) / 1000;
}

function reasonsOf(mean: Mean, detector: MiningDetector, type: string, confidence: number): string[] {
  const index = detector.bands.nir === null ? '绿红植被指数' : '植被指数';
  const before = mean('vegBefore') / 1000;
  const after = mean('vegAfter') / 1000;
  const percent = Math.round(100 * (mean('brightAfter') / Math.max(1, mean('brightBefore')) - 1));
  const brightness = percent > 4 ? `亮度升高 ${percent}%` : percent < -4 ? `亮度降低 ${-percent}%` : '亮度基本不变';
  const change =
    after < before
      ? `由 ${before.toFixed(2)} 降至 ${after.toFixed(2)}`
      : `由 ${before.toFixed(2)} 变为 ${after.toFixed(2)}`;
  const reasons = [`${index}${change}，${brightness}`, `${type}，判断把握 ${confidence.toFixed(2)}`];
  if (detector.bands.swir1 !== null && mean('bareAfter') > mean('bareBefore') + 50) {
    reasons.push(`裸土指数由 ${(mean('bareBefore') / 1000).toFixed(2)} 升至 ${(mean('bareAfter') / 1000).toFixed(2)}`);
  }
  if (detector.kinds !== null) {
    reasons.push(`变化强度是同类地物通常变化的 ${Math.exp(mean('odd') / 1000).toFixed(1)} 倍`);
  }
  if (detector.degraded) reasons.push(detector.degraded);
  return reasons;
}

/** Share of an old outline from which doubt begins, and what a wholly old one takes from the log-odds. Measured: docs/accuracy.md. */
const OLD_FROM = 0.4;
const OLD_COST = 8;

/** An outline that was an edge before speaks for a plot: harvested or built on, as it was parcelled. `oldShare` 0–1. */
export function doubtOldOutline(judgement: ObjectJudgement, oldShare: number, model: PairModel): ObjectJudgement {
  if (oldShare <= OLD_FROM) return judgement;
  const { keepFrom } = (model.detector as unknown as MiningDetector).weights;
  const said = Math.min(0.999, Math.max(0.001, judgement.confidence));
  const confidence = rounded(Math.log(said / (1 - said)) - (OLD_COST * (oldShare - OLD_FROM)) / (1 - OLD_FROM));
  const reason = `轮廓有 ${Math.round(100 * oldShare)}% 在前期已是地块边界，把握降为 ${confidence.toFixed(2)}`;
  return { ...judgement, keep: confidence >= keepFrom, confidence, reasons: [...judgement.reasons, reason] };
}
