/**
 * train: the weights of the mining detector for imagery finer than 5 m, from synthetic 2 m pairs (10 to 30 m: train-coarse.mjs).
 *
 *   npm run build && node scripts/train-mining/train.mjs [--fine PAIR…] [--made N] [--hold PAIR] [--only nir-fine,…] [--out FILE]
 *
 * Every PAIR holds t0.tif, t1.tif, truth.geojson; --made adds N pairs of scripts/accuracy/fine-pair.mjs (seeds 101, 102, …). Everything
 * is seeded: the same data give the same file. Kinds that are not trained stay in FILE as they are. With --hold nothing is written: the
 * pair is left out of the training and the figures on it are printed.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { indexPlanes } from '../../dist/src/kernels/mining-index.js';
import { PIXEL_TERMS, pixelTerms, TERM_ROOM } from '../../dist/src/kernels/mining-score.js';
import { writeFinePair } from '../accuracy/fine-pair.mjs';
import { trainLogistic } from './logistic.mjs';
import { findLevels, findPatches, fitPair, scorePatches, touching, withWeights } from './objects.mjs';
import { randomOf } from './random.mjs';
import { pairOf, readFinePair, SIX } from './scene.mjs';
import { writeWeights } from './weights-file.mjs';

const SPECTRA = { nir: SIX.slice(0, 4), rgb: SIX.slice(0, 3) };
const KINDS = {
  'nir-fine': { spectrum: 'nir' },
  'rgb-fine': { spectrum: 'rgb' },
};
/** Overlap with a pit (intersection over union) from which an object is its outline, and under which it is not. */
const GOOD_IOU = 0.8;
const POOR_IOU = 0.65;
/** Chosen on scenes left out, see docs/accuracy.md. */
const SETTINGS = {
  fine: {
    candidateShare: 0.2,
    lowestScore: -50,
    stricterScores: [100, 200, 350],
    shape: { smooth: 0, open: 2, grow: 3, close: 2, edge: 3, ring: 12 },
    keepFrom: 0.5,
    calibration: { slope: 1, shift: 0 },
    minPixels: 225,
    crowd: null,
    pixelPenalty: 10,
    objectPenalty: 3,
  },
};

function fineSets(folders, spectrum) {
  return folders.flatMap((name) =>
    readFinePair(name, 1536, 4).map(({ truth, ...window }) => {
      const pair = pairOf(window, window.after, SPECTRA[spectrum]);
      return {
        name,
        on: 'synthetic',
        direction: 0,
        pair,
        truth,
        model: fitPair(pair, 2),
        perPit: 60,
        background: 3000,
      };
    }),
  );
}

/** No short-wave infrared; and water, roofs and soil become pits too: vegetation gained must not speak against one, only joint loss for one. */
const UNUSED = new Set(['one', 'bareAfterZ', 'bareGainZ', 'loss', 'lossZ']);
/** Log-odds given to "was not before": ground that was bright before is not lost to the pit that opens on it. */
const CHANGED_EASE = 1.5;
/** Terms of AFTER alone: what says "is opened ground now". */
const NOW_TERMS = new Set(['vegAfterZ', 'brightAfterZ', 'bareAfterZ', 'swirAfterZ', 'redAfterZ', 'vegAfter']);

/** Fine imagery: two models, see MiningWeights.pixelNow. The second learns against background that the first takes for open ground. */
function trainPixelPair(sets, penalty) {
  const samples = sets.map((set, s) => samplePixels(set, s));
  const now = fitPixels(samples, penalty, (j) => NOW_TERMS.has(PIXEL_TERMS[j]) && !UNUSED.has(PIXEL_TERMS[j]));
  const hard = samples.map((sample) => {
    const open = sample.rows.map((row) => row.reduce((sum, v, j) => sum + v * now[j], 0) > -1);
    return { ...sample, share: (k) => (sample.labels[k] || open[k] ? 1 : 0.05) };
  });
  const pixel = fitPixels(hard, penalty, (j) => !UNUSED.has(PIXEL_TERMS[j]));
  pixel[0] = rounded(pixel[0] + CHANGED_EASE);
  return { pixel, pixelNow: now };
}

/** Sampled pixels of a set: pits and background. */
function samplePixels(set, s) {
  const random = randomOf(77 + s);
  const planes = indexPlanes(set.pair, set.model.detector);
  const room = new Float64Array(TERM_ROOM);
  const size = new Map();
  for (const t of set.truth) if (t > 0) size.set(t, (size.get(t) ?? 0) + 1);
  const rows = [];
  const labels = [];
  for (let i = 0; i < set.truth.length; i++) {
    const t = set.truth[i];
    const chance = t > 0 ? set.perPit / size.get(t) : set.background / set.truth.length;
    if (random.uniform() >= chance || set.pair.seen[i] === 0) continue;
    pixelTerms(planes, set.model.detector, i, room);
    rows.push(room.slice(0, PIXEL_TERMS.length));
    labels.push(t > 0 ? 1 : 0);
  }
  return { rows, labels, share: () => 1 };
}

/** Raw weights of the pixel terms: each set counts the same, its pits and its background half each. */
function fitPixels(samples, penalty, use) {
  const rows = samples.flatMap((sample) => sample.rows);
  const labels = samples.flatMap((sample) => sample.labels);
  const rowWeights = samples.flatMap(({ labels: own, share }) => {
    const total = [0, 0];
    own.forEach((label, k) => {
      total[label] += share(k);
    });
    return own.map((label, k) => (500 * share(k)) / Math.max(1e-9, total[label]));
  });
  const model = trainLogistic(rows, labels, rowWeights, { penalty, use });
  const pixel = model.weight.map((w, j) => w / model.scale[j]);
  pixel[0] = model.bias - pixel.reduce((sum, w, j) => sum + w * model.mean[j], 0);
  return pixel.map(rounded);
}

/** 1 = the outline of a pit, 0 = something else or a pit with much around it, null = neither. */
function labelOf(component, truth, sizes, width) {
  let best = 0;
  for (const [pit, hit] of touching(component, truth, width)) {
    best = Math.max(best, hit / (component.pixels + sizes.get(pit) - hit));
  }
  return best >= GOOD_IOU ? 1 : best < POOR_IOU ? 0 : null;
}

function trainObjects(sets, weights, penalty) {
  const rows = [];
  const labels = [];
  const rowWeights = [];
  let names = [];
  for (const set of sets) {
    const sizes = new Map();
    for (const t of set.truth) if (t > 0) sizes.set(t, (sizes.get(t) ?? 0) + 1);
    for (const { component, numbers } of findLevels(set.pair, withWeights(set.pair, set.model, weights)).flat()) {
      if (component.pixels < weights.minPixels) continue;
      const label = labelOf(component, set.truth, sizes, set.pair.width);
      if (label === null) continue;
      names = Object.keys(numbers);
      rows.push(Object.values(numbers));
      labels.push(label);
      rowWeights.push(1);
    }
  }
  const { mean, scale, weight, bias } = trainLogistic(rows, labels, rowWeights, { penalty });
  console.error(`  ${rows.length} objects, ${labels.reduce((a, b) => a + b, 0)} pits`);
  const used = names.map((_, j) => j).filter((j) => weight[j] !== 0);
  const take = (list) => used.map((j) => rounded(list[j]));
  return {
    names: used.map((j) => names[j]),
    mean: take(mean),
    scale: take(scale),
    weight: take(weight),
    bias: rounded(bias),
  };
}

function rounded(value) {
  return Number(value.toPrecision(6));
}

function report(sets, weights) {
  for (const set of sets) {
    const model = withWeights(set.pair, set.model, weights);
    const kept = findPatches(set.pair, model);
    const { mines, found, falseCount, iou } = scorePatches(kept, set.truth, set.pair.width);
    const mpx = (set.pair.width * set.pair.height) / 1e6;
    console.log(
      `${set.name} ${set.direction} ${set.on}: found ${found}/${mines}, false ${falseCount} (${(falseCount / mpx).toFixed(1)} per Mpx), IoU ${iou.toFixed(3)}`,
    );
  }
}

const { values } = parseArgs({
  options: {
    fine: { type: 'string', multiple: true, default: [] },
    made: { type: 'string', default: '0' },
    hold: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string', default: 'src/stages/fit/mining-weights-data.ts' },
  },
});
const folders = [...values.fine];
for (let n = 1; n <= Number(values.made); n++) {
  const folder = mkdtempSync(join(tmpdir(), 'fine-pair-'));
  writeFinePair(folder, { size: 2560, seed: 100 + n, mines: 16, shift: (n % 4) * 0.2 });
  folders.push(folder);
}
const trained = {};
for (const [kind, { spectrum }] of Object.entries(KINDS)) {
  if (values.only && !values.only.split(',').includes(kind)) continue;
  console.error(kind);
  const settings = SETTINGS.fine;
  const sets = fineSets(folders, spectrum);
  const train = sets.filter((set) => set.name !== values.hold);
  const { pixelPenalty, objectPenalty, ...rest } = settings;
  const start = { spectrum, ...trainPixelPair(train, pixelPenalty), ...rest, object: null };
  const weights = { ...start, object: trainObjects(train, start, objectPenalty) };
  trained[kind] = weights;
  if (values.hold)
    report(
      sets.filter((set) => set.name === values.hold),
      weights,
    );
}
if (!values.hold) writeWeights(values.out, trained);
