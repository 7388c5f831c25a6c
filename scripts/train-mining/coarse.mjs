/**
 * coarse: training of the weights for 10–30 m imagery, on excavations planted into real pairs.
 * Pixel terms: logistic regression, each planting counts the same. Objects: boosted trees over the components of every strictness; one
 * that fits a pit (intersection over union from GOOD_FIT) is a yes, one that merely touches a pit is no example, all others are a no.
 */
import { join } from 'node:path';
import { indexPlanes } from '../../dist/src/kernels/mining-index.js';
import { PIXEL_TERMS, pixelTerms, TERM_ROOM } from '../../dist/src/kernels/mining-score.js';
import { trainTrees } from './boost.mjs';
import { trainLogistic } from './logistic.mjs';
import { findLevels, fitPair, touching, withWeights } from './objects.mjs';
import { donors, plant } from './plant.mjs';
import { randomOf } from './random.mjs';
import { flipped, pairOf, readScene, SIX } from './scene.mjs';

/** Trained on; with the folder under the data folder. */
export const SCENES = {
  dubai: 'oscd_dubai',
  valencia: 'oscd_valencia',
  brasilia: 'oscd_brasilia',
  chongqing: 'oscd_chongqing',
};
/** For measuring only: never in training, nothing of them goes into the weights. */
export const MEASURED = {
  bordeaux: 'oscd_bordeaux',
  aguasclaras: 'oscd_aguasclaras',
  bercy: 'oscd_bercy',
};
export const SPECTRA = { swir: SIX, nir: SIX.slice(0, 4), rgb: SIX.slice(0, 3) };
const TRAINING = [
  { seed: 1, on: 'green' },
  { seed: 11, on: 'green' },
  { seed: 21, on: 'green' },
  { seed: 7, on: 'dry' },
  { seed: 17, on: 'dry' },
];
/** Wide floors of one tone, as quarries of one rock have: without short-wave infrared what is large and smooth is taken for a field. */
const FLOORS = {
  seed: 31,
  on: 'green',
  ways: ['library', 'mosaic'],
  features: [],
  areaPx: [300, 2000],
  roughness: [0, 0.05],
};
/** With short-wave infrared the floors gave nothing (docs/accuracy.md). */
export const trainingFor = (spectrum) => (spectrum === 'swir' ? TRAINING : [...TRAINING, FLOORS]);
/** Chosen on scenes left out, see docs/accuracy.md. */
const SETTINGS = {
  candidateShare: 0.06,
  stricterShares: [0.03, 0.015],
  lowestScore: -300,
  shape: { smooth: 0, open: 0, grow: 0, close: 1, edge: 0, ring: 8 },
  keepFrom: 0.55,
  // fitted on the seven scenes of evaluate.mjs --hold, weights without the scene, the number of objects limited
  calibration: { slope: 1.55, shift: -2.59 },
  minPixels: 12,
  crowd: 50,
};
const PITS = 14;
const PIXELS_A_PIT = 60;
const BACKGROUND_PIXELS = 3000;
const PIXEL_PENALTY = 30;
const TREES = { trees: 150, leaves: 8, rate: 0.07, penalty: 10, fewest: 30 };
const GOOD_FIT = 0.35;
/** A component mostly inside a pit that is too small to stand for it is a no; one that is largely a pit but more is no example. */
const WITHIN = 0.9;
const HARDLY = 0.1;
/** A pit on vegetated ground counts like this many others: there the rest of the field is won or lost. */
const GREEN_WEIGHT = 3;

/** Planted pairs of the named scenes, in both orders of their dates. Foreign ground comes from scenes of SCENES only, never from `without`. */
export function* plantedSets({ dataFolder, names, plantings, spectrum, without = null, count = PITS }) {
  const folders = { ...SCENES, ...MEASURED };
  const lenders = Object.keys(SCENES).filter((name) => name !== without);
  const read = new Map();
  const sceneOf = (name) => {
    if (!read.has(name)) read.set(name, readScene(join(dataFolder, folders[name])));
    return read.get(name);
  };
  const lent = new Map(lenders.map((name) => [name, donors(sceneOf(name), randomOf(5), 40)]));
  for (const name of names) {
    const number = Object.keys(folders).indexOf(name);
    const others = [...lent].filter(([lender]) => lender !== name).map(([, list]) => list);
    for (const [direction, view] of [sceneOf(name), flipped(sceneOf(name))].entries()) {
      for (const { seed, on, ...more } of plantings) {
        const { after, truth, pits } = plant(view, others, {
          seed: seed * 1000 + 2 * number + direction,
          count,
          on,
          ...more,
        });
        const pair = pairOf(view, after, SPECTRA[spectrum]);
        yield { name, direction, on, seed, pair, truth, pits, size: sizesOf(truth), model: fitPair(pair, 10) };
      }
    }
  }
}

function sizesOf(truth) {
  const size = new Map();
  for (const t of truth) if (t > 0) size.set(t, (size.get(t) ?? 0) + 1);
  return size;
}

export function trainCoarse(sets, spectrum) {
  const start = { spectrum, pixel: trainPixels(sets, spectrum), ...SETTINGS, object: null };
  return { ...start, trees: trainObjects(sets, start) };
}

function rounded(value) {
  return Number(value.toPrecision(6));
}

/** Raw weights of the pixel terms: pits and background of a planting count half each. */
function trainPixels(sets, spectrum) {
  const rows = [];
  const labels = [];
  const rowWeights = [];
  sets.forEach((set, s) => {
    const random = randomOf(77 + s);
    const planes = indexPlanes(set.pair, set.model.detector);
    const room = new Float64Array(TERM_ROOM);
    const from = rows.length;
    let pits = 0;
    for (let i = 0; i < set.truth.length; i++) {
      const t = set.truth[i];
      const chance = t > 0 ? PIXELS_A_PIT / set.size.get(t) : BACKGROUND_PIXELS / set.truth.length;
      if (random.uniform() >= chance || set.pair.seen[i] === 0) continue;
      pixelTerms(planes, set.model.detector, i, room);
      rows.push(room.slice(0, PIXEL_TERMS.length));
      labels.push(t > 0 ? 1 : 0);
      if (t > 0) pits++;
    }
    for (let k = from; k < rows.length; k++)
      rowWeights.push(labels[k] ? 500 / Math.max(1, pits) : 500 / (rows.length - from - pits));
  });
  const unused = new Set(spectrum === 'swir' ? ['one'] : ['one', 'bareAfterZ', 'bareGainZ', 'bareKind']);
  const model = trainLogistic(rows, labels, rowWeights, {
    penalty: PIXEL_PENALTY,
    use: (j) => !unused.has(PIXEL_TERMS[j]),
  });
  const pixel = model.weight.map((w, j) => w / model.scale[j]);
  pixel[0] = model.bias - pixel.reduce((sum, w, j) => sum + w * model.mean[j], 0);
  return pixel.map(rounded);
}

/** How a component lies to the planted pits: 1 = fits one, 0 = is none, null = no example. */
export function labelOf(component, set) {
  const hits = touching(component, set.truth, set.pair.width);
  if (hits.size === 0) return 0;
  let fit = 0;
  let inside = 0;
  for (const [pit, count] of hits) {
    inside += count;
    fit = Math.max(fit, count / (set.size.get(pit) + component.pixels - count));
  }
  if (fit >= GOOD_FIT) return 1;
  return inside < WITHIN * component.pixels && fit > HARDLY ? null : 0;
}

function trainObjects(sets, weights) {
  const rows = [];
  const labels = [];
  const rowWeights = [];
  let names = [];
  for (const set of sets) {
    for (const { component, numbers } of findLevels(set.pair, withWeights(set.pair, set.model, weights)).flat()) {
      if (component.pixels < weights.minPixels) continue;
      const label = labelOf(component, set);
      if (label === null) continue;
      names = Object.keys(numbers);
      rows.push(Object.values(numbers));
      labels.push(label);
      rowWeights.push(label === 1 && set.on === 'green' ? GREEN_WEIGHT : 1);
    }
  }
  console.error(`  ${rows.length} objects, ${labels.reduce((a, b) => a + b, 0)} pits`);
  return { names, ...trainTrees(rows, labels, rowWeights, TREES) };
}
