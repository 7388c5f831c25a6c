/**
 * fine: accuracy of patches with licences on a 2 m pair: precision and recall at IoU ≥ 0.3 (each true patch takes the polygon of the
 * greatest IoU), whether inside / crossing / without licence is told right, and the relative error of the summed area outside.
 */
import { areaOf } from './geometry.mjs';

const MATCH_FROM = 0.3;

/** @param truths: { geometry, mode, outsideM2 }. @param patches: { geometry, kind, outsideM2 }. */
export function fineScores(truths, patches) {
  const boxes = patches.map(({ geometry }) => geometry.getEnvelope());
  const used = new Set();
  const ious = [];
  let [right, outside, trueOutside] = [0, 0, 0];
  for (const truth of truths) {
    const { geometry } = truth;
    const box = geometry.getEnvelope();
    let best = { iou: 0, k: -1 };
    boxes.forEach((other, k) => {
      if (other.minX > box.maxX || other.maxX < box.minX || other.minY > box.maxY || other.maxY < box.minY) return;
      if (!geometry.intersects(patches[k].geometry)) return;
      const iou = areaOf(geometry.intersection(patches[k].geometry)) / areaOf(geometry.union(patches[k].geometry));
      if (iou > best.iou || (iou === best.iou && k > best.k)) best = { iou, k };
    });
    if (best.iou < MATCH_FROM) continue;
    used.add(best.k);
    ious.push(best.iou);
    if (patches[best.k].kind === truth.mode) right++;
    outside += patches[best.k].outsideM2;
    trueOutside += truth.outsideM2;
  }
  const precision = used.size / Math.max(1, patches.length);
  const recall = ious.length / truths.length;
  return {
    truth: truths.length,
    patches: patches.length,
    matched: ious.length,
    precision,
    recall,
    f1: (2 * precision * recall) / Math.max(1e-9, precision + recall),
    meanIou: ious.reduce((a, b) => a + b, 0) / Math.max(1, ious.length),
    kindRight: right / Math.max(1, ious.length),
    outsideAreaError: outside / Math.max(trueOutside, 1e-9) - 1,
  };
}

/** inside / crossing / absent from the violation codes of a patch. */
export function kindOf(violation) {
  const codes = String(violation ?? '');
  if (codes.includes('beyond-boundary')) return 'crossing';
  return codes.includes('no-licence') ? 'absent' : 'inside';
}
