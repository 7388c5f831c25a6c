/**
 * boost: gradient boosted regression trees for a yes/no answer (Friedman 2001; second-order leaves: Chen & Guestrin 2016; cuts from
 * quantile bins, leaves grown best first). No chance in it: the same rows give the same trees.
 */

const MOST_BINS = 48;

export function trainTrees(rows, labels, rowWeights, { trees, leaves, rate, penalty, fewest }) {
  const width = rows[0].length;
  const cuts = Array.from({ length: width }, (_, j) => cutsOf(rows.map((row) => row[j])));
  const bins = cuts.map((list, j) => Uint8Array.from(rows, (row) => binOf(list, row[j])));
  let positive = 0;
  let total = 0;
  labels.forEach((label, i) => {
    positive += label * rowWeights[i];
    total += rowWeights[i];
  });
  const bias = rounded(Math.log(positive / (total - positive)));
  const margin = new Float64Array(rows.length).fill(bias);
  const grown = [];
  for (let t = 0; t < trees; t++) {
    const gradient = new Float64Array(rows.length);
    const curvature = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const p = 1 / (1 + Math.exp(-margin[i]));
      gradient[i] = (p - labels[i]) * rowWeights[i];
      curvature[i] = Math.max(p * (1 - p), 1e-6) * rowWeights[i];
    }
    grown.push(grow({ bins, cuts, gradient, curvature, leaves, rate, penalty, fewest, margin }));
  }
  return { bias, trees: grown };
}

function rounded(value) {
  return Number(value.toPrecision(5));
}

/** Distinct cuts at evenly spaced ranks, midway between neighbouring values. */
function cutsOf(values) {
  const sorted = Float64Array.from(values).sort();
  const list = [];
  for (let b = 1; b < MOST_BINS; b++) {
    const at = Math.floor((b * sorted.length) / MOST_BINS);
    const cut = rounded((sorted[at - 1] + sorted[at]) / 2);
    if (sorted[at - 1] < sorted[at] && (list.length === 0 || cut > list[list.length - 1])) list.push(cut);
  }
  return list;
}

/** How many cuts lie under the value: a value equal to a cut stays on its left. */
function binOf(cuts, value) {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= cuts[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

function grow({ bins, cuts, gradient, curvature, leaves, rate, penalty, fewest, margin }) {
  const all = Int32Array.from(gradient, (_, i) => i);
  const root = { rows: all, ...bestSplit(all, { bins, cuts, gradient, curvature, penalty, fewest }) };
  const open = [root];
  for (let n = 1; n < leaves; n++) {
    let pick = null;
    for (const node of open) if (node.split && (pick === null || node.split.gain > pick.split.gain)) pick = node;
    if (pick === null) break;
    const { feature, bin } = pick.split;
    const side = (right) => {
      const rows = pick.rows.filter((i) => bins[feature][i] > bin === right);
      return { rows, ...bestSplit(rows, { bins, cuts, gradient, curvature, penalty, fewest }) };
    };
    pick.left = side(false);
    pick.right = side(true);
    open.splice(open.indexOf(pick), 1, pick.left, pick.right);
  }
  const tree = { feature: [], value: [], right: [] };
  const write = (node) => {
    const at = tree.feature.length;
    if (node.left) {
      tree.feature.push(node.split.feature);
      tree.value.push(cuts[node.split.feature][node.split.bin]);
      tree.right.push(0);
      write(node.left);
      tree.right[at] = tree.feature.length;
      write(node.right);
      return;
    }
    const leaf = rounded((-rate * node.g) / (node.h + penalty));
    tree.feature.push(-1);
    tree.value.push(leaf);
    tree.right.push(0);
    for (const i of node.rows) margin[i] += leaf;
  };
  write(root);
  return tree;
}

function bestSplit(rows, { bins, cuts, gradient, curvature, penalty, fewest }) {
  let g = 0;
  let h = 0;
  for (const i of rows) {
    g += gradient[i];
    h += curvature[i];
  }
  const whole = (g * g) / (h + penalty);
  let split = null;
  if (rows.length < 2 * fewest) return { g, h, split };
  const gs = new Float64Array(MOST_BINS);
  const hs = new Float64Array(MOST_BINS);
  const ns = new Int32Array(MOST_BINS);
  for (let feature = 0; feature < bins.length; feature++) {
    if (cuts[feature].length === 0) continue;
    gs.fill(0);
    hs.fill(0);
    ns.fill(0);
    const column = bins[feature];
    for (const i of rows) {
      const b = column[i];
      gs[b] += gradient[i];
      hs[b] += curvature[i];
      ns[b]++;
    }
    let gl = 0;
    let hl = 0;
    let nl = 0;
    for (let bin = 0; bin < cuts[feature].length; bin++) {
      gl += gs[bin];
      hl += hs[bin];
      nl += ns[bin];
      if (nl < fewest) continue;
      if (rows.length - nl < fewest) break;
      const gain = (gl * gl) / (hl + penalty) + ((g - gl) * (g - gl)) / (h - hl + penalty) - whole;
      if (gain > 1e-6 && (split === null || gain > split.gain)) split = { feature, bin, gain };
    }
  }
  return { g, h, split };
}

export function applyTrees({ bias, trees }, row) {
  let sum = bias;
  for (const { feature, value, right } of trees) {
    let at = 0;
    while (feature[at] >= 0) at = row[feature[at]] <= value[at] ? at + 1 : right[at];
    sum += value[at];
  }
  return sum;
}
