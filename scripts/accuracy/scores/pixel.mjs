/**
 * pixel: accuracy of a change map on labelled pixels only: overall accuracy, Cohen's kappa (1960), F1, precision, recall, area under the
 * ROC curve (by mid-ranks), average precision. A labelled pixel that was not seen counts as "no change" with the lowest score:
 * refusing to look must not raise a figure.
 */

/** @param truth 0 unlabelled, 1 unchanged, 2 changed. @param score NaN = not seen. @param change 1 change, 0 none, 255 not seen. */
export function pixelScores(truth, score, change) {
  let lowest = Number.POSITIVE_INFINITY;
  const labelled = [];
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === 0) continue;
    labelled.push(i);
    if (Number.isFinite(score[i]) && score[i] < lowest) lowest = score[i];
  }
  const unseen = (Number.isFinite(lowest) ? lowest : 0) - 1;
  const n = labelled.length;
  const values = new Float64Array(n);
  const real = new Uint8Array(n);
  const count = { tp: 0, fp: 0, fn: 0, tn: 0, seen: 0 };
  labelled.forEach((i, k) => {
    const finite = Number.isFinite(score[i]);
    values[k] = finite ? score[i] : unseen;
    real[k] = truth[i] === 2 ? 1 : 0;
    if (finite && change[i] !== 255) count.seen++;
    const said = change[i] === 1;
    count[real[k] ? (said ? 'tp' : 'fn') : said ? 'fp' : 'tn']++;
  });
  const { tp, fp, fn, tn } = count;
  const oa = (tp + tn) / n;
  const chance = ((tp + fp) * (tp + fn) + (fn + tn) * (fp + tn)) / n ** 2;
  return {
    oa,
    kappa: (oa - chance) / (1 - chance),
    f1: (2 * tp) / Math.max(2 * tp + fp + fn, 1),
    precision: tp / Math.max(tp + fp, 1),
    recall: tp / Math.max(tp + fn, 1),
    ...rankScores(values, real),
    seen: count.seen / n,
  };
}

function rankScores(values, real) {
  const n = values.length;
  const order = Uint32Array.from({ length: n }, (_, k) => k).sort((a, b) => values[b] - values[a] || a - b);
  let [positives, rankSum, precisionSum] = [0, 0, 0];
  for (let first = 0; first < n; ) {
    let end = first;
    while (end < n && values[order[end]] === values[order[first]]) end++;
    // ranks count from the lowest value upward, equal values share their middle rank
    const rank = n - (first + end - 1) / 2;
    for (let k = first; k < end; k++) {
      if (!real[order[k]]) continue;
      positives++;
      rankSum += rank;
      precisionSum += positives / (k + 1);
    }
    first = end;
  }
  return {
    auc: (rankSum - (positives * (positives + 1)) / 2) / (positives * (n - positives)),
    ap: precisionSum / positives,
  };
}
