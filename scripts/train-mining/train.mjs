/**
 * train: the weights of the mining detector, from planted excavations on real pairs and from synthetic 2 m pairs.
 *
 *   npm run build && node scripts/train-mining/train.mjs --data DIR --fine PAIR… [--hold SCENE] [--only swir-coarse,…] [--out FILE]
 *
 * DIR holds the folders of SCENES with t1.tif and t2.tif (Sentinel-2, Copernicus; Landsat); every PAIR holds t0.tif, t1.tif,
 * truth.geojson. Each scene serves in both orders of its dates. Everything is seeded: the same data give the same file.
 * Kinds that --only leaves out stay in FILE as they are. With --hold nothing is written: the scene is left out of the training and the
 * figures on it are printed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { indexPlanes } from '../../dist/src/kernels/mining-index.js';
import { PIXEL_TERMS, pixelTerms, TERM_ROOM } from '../../dist/src/kernels/mining-score.js';
import { judgeMiningObject } from '../../dist/src/stages/detect/mining-object.js';
import { trainLogistic } from './logistic.mjs';
import { findObjects, fitPair, scorePatches, touching, withWeights } from './objects.mjs';
import { donors, plant } from './plant.mjs';
import { randomOf } from './random.mjs';
import { flipped, pairOf, readFinePair, readScene, SIX } from './scene.mjs';

const SCENES = {
  dubai: 'oscd_dubai',
  valencia: 'oscd_valencia',
  brasilia: 'oscd_brasilia',
  chongqing: 'oscd_chongqing',
  taizhou: 'taizhou',
};
/** Metres; taizhou is Landsat. */
const GSD = { taizhou: 30 };
const SPECTRA = { swir: SIX, nir: SIX.slice(0, 4), rgb: SIX.slice(0, 3) };
const PLANTINGS = [
  { seed: 1, on: 'green' },
  { seed: 11, on: 'green' },
  { seed: 21, on: 'green' },
  { seed: 7, on: 'dry' },
];
const KINDS = {
  'swir-coarse': { spectrum: 'swir', fine: false },
  'nir-coarse': { spectrum: 'nir', fine: false },
  'rgb-coarse': { spectrum: 'rgb', fine: false },
  'nir-fine': { spectrum: 'nir', fine: true },
  'rgb-fine': { spectrum: 'rgb', fine: true },
};
/** Chosen on scenes left out, see docs/accuracy.md. */
const SETTINGS = {
  coarse: {
    candidateShare: 0.06,
    lowestScore: -300,
    shape: { smooth: 0, open: 0, grow: 0, close: 1, edge: 0, ring: 8 },
    keepFrom: 0.3,
    // of objects said .33 / .53 / .75 / .87 / .98 on scenes left out, .11 / .29 / .60 / .52 / .88 were planted pits
    calibration: { slope: 0.85, shift: -1.2 },
    minPixels: 14,
    crowd: 40,
    pixelPenalty: 30,
    objectPenalty: 10,
  },
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

function coarseSets(dataFolder, spectrum) {
  const base = Object.fromEntries(
    Object.entries(SCENES).map(([name, folder]) => [name, readScene(join(dataFolder, folder))]),
  );
  const donorsOf = Object.fromEntries(
    Object.entries(base).map(([name, scene]) => [name, donors(scene, randomOf(5), 40)]),
  );
  const sets = [];
  Object.entries(base).forEach(([name, scene], s) => {
    // ground of another sensor is not mixed in
    const others = Object.keys(base)
      .filter((other) => other !== name && GSD[other] === undefined)
      .map((other) => donorsOf[other]);
    for (const [direction, view] of [scene, flipped(scene)].entries()) {
      for (const { seed, on } of PLANTINGS) {
        const ways = GSD[name] === undefined ? undefined : ['own'];
        const planted = plant(view, GSD[name] === undefined ? others : [], {
          seed: seed * 1000 + 2 * s + direction,
          count: 10,
          on,
          ways,
        });
        const pair = pairOf(view, planted.after, SPECTRA[spectrum]);
        sets.push({
          name,
          on,
          direction,
          pair,
          truth: planted.truth,
          model: fitPair(pair, GSD[name] ?? 10),
          perPit: 60,
          background: 3000,
        });
      }
    }
  });
  return sets;
}

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

/** Terms of AFTER alone: what says "is opened ground now". */
const NOW_TERMS = new Set(['vegAfterZ', 'brightAfterZ', 'bareAfterZ', 'swirAfterZ', 'redAfterZ', 'vegAfter']);

/** Fine imagery: two models, see MiningWeights.pixelNow. The second learns against background that the first takes for open ground. */
function trainPixelPair(sets, penalty, spectrum) {
  const samples = sets.map((set, s) => samplePixels(set, s));
  const unused = unusedTerms(spectrum, true);
  const now = fitPixels(samples, penalty, (j) => NOW_TERMS.has(PIXEL_TERMS[j]) && !unused.has(PIXEL_TERMS[j]));
  const hard = samples.map((sample) => {
    const open = sample.rows.map((row) => row.reduce((sum, v, j) => sum + v * now[j], 0) > -1);
    return { ...sample, share: (k) => (sample.labels[k] || open[k] ? 1 : 0.05) };
  });
  const pixel = fitPixels(hard, penalty, (j) => !unused.has(PIXEL_TERMS[j]));
  pixel[0] = rounded(pixel[0] + Number(process.env.EASE ?? 0));
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

function unusedTerms(spectrum, fine) {
  const unused = new Set(spectrum === 'swir' ? ['one'] : ['one', 'bareAfterZ', 'bareGainZ']);
  // in fine imagery water, roofs and soil become pits too: vegetation gained must not speak against one, only joint loss for one
  if (fine) for (const term of ['loss', 'lossZ']) unused.add(term);
  return unused;
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

function trainPixels(sets, penalty, spectrum, fine) {
  if (fine) return trainPixelPair(sets, penalty, spectrum);
  const unused = unusedTerms(spectrum, fine);
  return { pixel: fitPixels(sets.map(samplePixels), penalty, (j) => !unused.has(PIXEL_TERMS[j])) };
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
    data: { type: 'string' },
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
  const settings = fine ? SETTINGS.fine : SETTINGS.coarse;
  const sets = fine ? fineSets(values.fine, spectrum) : coarseSets(values.data, spectrum);
  const train = sets.filter((set) => set.name !== values.hold);
  const { pixelPenalty, objectPenalty, ...rest } = settings;
  const start = { spectrum, ...trainPixels(train, pixelPenalty, spectrum, fine), ...rest, object: null };
  const weights = { ...start, object: trainObjects(train, start, objectPenalty) };
  trained[kind] = weights;
  if (values.hold)
    report(
      sets.filter((set) => set.name === values.hold),
      weights,
    );
}
/** One field a line: a diff of the file says what moved. */
function fields(weights) {
  const { object, ...rest } = weights;
  const lines = Object.entries(rest).map(([key, value]) => `    ${key}: ${JSON.stringify(value)},`);
  const model = Object.entries(object).map(([key, value]) => `      ${key}: ${JSON.stringify(value)},`);
  return [...lines, '    object: {', ...model, '    },'].join('\n');
}

/** The text of each kind's entry as it stands in the file: kinds that were not trained stay byte for byte. */
function entriesOf(path) {
  if (!existsSync(path)) return {};
  const entries = {};
  let kind = null;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const opens = /^ {2}'([a-z-]+)': \{$/.exec(line);
    if (opens) {
      kind = opens[1];
      entries[kind] = [];
    } else if (line === '  },') kind = null;
    else if (kind !== null) entries[kind].push(line);
  }
  return Object.fromEntries(Object.entries(entries).map(([name, lines]) => [name, lines.join('\n')]));
}

if (!values.hold) {
  const kept = entriesOf(values.out);
  const kinds = Object.keys(KINDS)
    .map((kind) => [kind, trained[kind] ? fields(trained[kind]) : kept[kind]])
    .filter(([, text]) => text !== undefined)
    .map(([kind, text]) => `  '${kind}': {\n${text}\n  },`);
  writeFileSync(
    values.out,
    `// biome-ignore-all format: generated, one field a line
/** Weights of the mining detector. Written by scripts/train-mining/train.mjs; not edited by hand. */
import type { MiningWeights } from '../../model/mining.js';

export const TRAINED: Readonly<Record<string, MiningWeights>> = {
${kinds.join('\n')}
};
`,
  );
}
