/**
 * train: the weights of the mining detector for imagery finer than 5 m, from synthetic 2 m pairs (10 to 30 m: train-coarse.mjs).
 *
 *   npm run build && node scripts/train-mining/train.mjs --fine PAIR… [--hold PAIR] [--only nir-fine,…] [--out FILE]
 *
 * Every PAIR holds t0.tif, t1.tif, truth.geojson. Everything is seeded: the same data give the same file. Kinds that are not trained
 * stay in FILE as they are. With --hold nothing is written: the pair is left out of the training and the figures on it are printed.
 */
import { parseArgs } from 'node:util';
import { indexPlanes } from '../../dist/src/kernels/mining-index.js';
import { PIXEL_TERMS, pixelTerms, TERM_ROOM } from '../../dist/src/kernels/mining-score.js';
import { judgeMiningObject } from '../../dist/src/stages/detect/mining-object.js';
import { trainLogistic } from './logistic.mjs';
import { findObjects, fitPair, scorePatches, touching, withWeights } from './objects.mjs';
import { randomOf } from './random.mjs';
import { pairOf, readFinePair, SIX } from './scene.mjs';
import { writeWeights } from './weights-file.mjs';

const SPECTRA = { nir: SIX.slice(0, 4), rgb: SIX.slice(0, 3) };
const KINDS = {
  'nir-fine': { spectrum: 'nir', fine: true },
  'rgb-fine': { spectrum: 'rgb', fine: true },
};
/** Chosen on scenes left out, see docs/accuracy.md. */
const SETTINGS = {
  fine: {
    candidateShare: 0.2,
    lowestScore: -50,
    shape: { smooth: 0, open: 2, grow: 3, close: 2, edge: 3, ring: 12 },
    keepFrom: 0.3,
    calibration: { slope: 1, shift: 0 },
    minPixels: 225,
    crowd: null,
    pixelPenalty: 10,
    objectPenalty: 3,
  },
};

function fineSets(folders, spectrum) {
  return folders.flatMap((name) =>
    readFinePair(name, 1536, 3).map(({ truth, ...window }) => {
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

/** Raw weights of the pixel terms: each scene counts the same, pits and background half each. */
function trainPixels(sets, penalty, spectrum, fine) {
  const rows = [];
  const labels = [];
  const rowWeights = [];
  sets.forEach((set, s) => {
    const random = randomOf(77 + s);
    const planes = indexPlanes(set.pair, set.model.detector);
    const room = new Float64Array(TERM_ROOM);
    const size = new Map();
    for (const t of set.truth) if (t > 0) size.set(t, (size.get(t) ?? 0) + 1);
    const from = rows.length;
    let pits = 0;
    for (let i = 0; i < set.truth.length; i++) {
      const t = set.truth[i];
      const chance = t > 0 ? set.perPit / size.get(t) : set.background / set.truth.length;
      if (random.uniform() >= chance || set.pair.seen[i] === 0) continue;
      pixelTerms(planes, set.model.detector, i, room);
      rows.push(room.slice(0, PIXEL_TERMS.length));
      labels.push(t > 0 ? 1 : 0);
      if (t > 0) pits++;
    }
    for (let k = from; k < rows.length; k++)
      rowWeights.push(labels[k] ? 500 / Math.max(1, pits) : 500 / (rows.length - from - pits));
  });
  const unused = new Set(spectrum === 'swir' ? ['one'] : ['one', 'bareAfterZ', 'bareGainZ']);
  // in fine imagery water, roofs and soil become pits too: vegetation gained must not speak against one, only joint loss for one
  if (fine) for (const term of ['loss', 'lossZ']) unused.add(term);
  const model = trainLogistic(rows, labels, rowWeights, { penalty, use: (j) => !unused.has(PIXEL_TERMS[j]) });
  const pixel = model.weight.map((w, j) => w / model.scale[j]);
  pixel[0] = model.bias - pixel.reduce((sum, w, j) => sum + w * model.mean[j], 0);
  return pixel.map(rounded);
}

function trainObjects(sets, weights, penalty) {
  const rows = [];
  const labels = [];
  const rowWeights = [];
  let names = [];
  for (const set of sets) {
    for (const { component, numbers } of findObjects(set.pair, withWeights(set.pair, set.model, weights))) {
      if (component.pixels < weights.minPixels) continue;
      let hit = 0;
      for (const count of touching(component, set.truth, set.pair.width).values()) hit += count;
      const share = hit / component.pixels;
      // neither pit nor background
      if (share > 0 && share < 0.3) continue;
      names = Object.keys(numbers);
      rows.push(Object.values(numbers));
      labels.push(share > 0 ? 1 : 0);
      rowWeights.push(share > 0 && set.on === 'green' ? 3 : 1);
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
    const kept = findObjects(set.pair, model).filter(({ component }) => judgeMiningObject(component, model).keep);
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
    hold: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string', default: 'src/stages/fit/mining-weights-data.ts' },
  },
});
const trained = {};
for (const [kind, { spectrum, fine }] of Object.entries(KINDS)) {
  if (values.only && !values.only.split(',').includes(kind)) continue;
  console.error(kind);
  const settings = SETTINGS.fine;
  const sets = fineSets(values.fine, spectrum);
  const train = sets.filter((set) => set.name !== values.hold);
  const { pixelPenalty, objectPenalty, ...rest } = settings;
  const start = { spectrum, pixel: trainPixels(train, pixelPenalty, spectrum, fine), ...rest, object: null };
  const weights = { ...start, object: trainObjects(train, start, objectPenalty) };
  trained[kind] = weights;
  if (values.hold)
    report(
      sets.filter((set) => set.name === values.hold),
      weights,
    );
}
if (!values.hold) writeWeights(values.out, trained);
