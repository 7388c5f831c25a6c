/**
 * evaluate: what the mining detector finds of planted excavations at 10 m, and how far its confidence can be trusted.
 *
 *   npm run build && node scripts/train-mining/evaluate.mjs --data DIR [--hold] [--scene NAME]… [--spectrum swir]
 *
 * With --hold each training scene is judged by weights trained without it; else by the shipped ones. Scenes that are for measuring only
 * are judged by weights of all training scenes. Seeds differ from the training's. "False" counts every patch that touches no planted
 * pit; the scenes' own real earthworks are not labelled and count too. Shares come with their 95 % Wilson interval.
 */
import { parseArgs } from 'node:util';
import { miningWeights } from '../../dist/src/stages/fit/mining-weights.js';
import { labelOf, MEASURED, plantedSets, SCENES, trainCoarse, trainingFor } from './coarse.mjs';
import { findPatches, scorePatches, withWeights } from './objects.mjs';

/** Ten pits a planting. */
const EVALUATION = [
  { seed: 301, on: 'green' },
  { seed: 302, on: 'green' },
  { seed: 303, on: 'dry' },
];
const SIZES = [60, 120, 250];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    hold: { type: 'boolean', default: false },
    scene: { type: 'string', multiple: true },
    spectrum: { type: 'string', default: 'swir' },
  },
});

const rows = [];
const pits = [];
const said = [];
for (const name of values.scene ?? [...Object.keys(SCENES), ...Object.keys(MEASURED)]) {
  const without = values.hold && name in SCENES ? name : null;
  const weights = without ? trainedWithout(without) : miningWeights(values.spectrum, false);
  for (const set of plantedSets(plan([name], EVALUATION, without, 10)))
    judgeSet(set, withWeights(set.pair, set.model, weights));
}
print();

function plan(names, plantings, without, count) {
  return { dataFolder: values.data, names, plantings, spectrum: values.spectrum, without, ...(count ? { count } : {}) };
}

function trainedWithout(name) {
  const names = Object.keys(SCENES).filter((other) => other !== name);
  console.error(`training without ${name}`);
  return trainCoarse([...plantedSets(plan(names, trainingFor(values.spectrum), name))], values.spectrum);
}

function judgeSet(set, model) {
  const kept = findPatches(set.pair, model);
  const { mines, found, foundPits, falseCount, iou } = scorePatches(kept, set.truth, set.pair.width);
  rows.push({ ...set, mines, found, falseCount, iou, km2: (set.pair.width * set.pair.height) / 1e4 });
  const foundSet = new Set(foundPits);
  for (const pit of set.pits) {
    const pixels = set.size.get(pit.n) ?? 0;
    if (pixels > 0) pits.push({ ...pit, pixels, found: foundSet.has(pit.n) });
  }
  for (const { component, judgement } of kept)
    said.push({ p: judgement.confidence, real: labelOf(component, set) !== 0 });
}

function wilson(hits, of) {
  if (of === 0) return '–';
  const z = 1.96;
  const p = hits / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return `${p.toFixed(2)} (${hits} of ${of}; ${(middle - half).toFixed(2)}–${(middle + half).toFixed(2)})`;
}

function print() {
  console.log('| scene | dates | ground | found of 10 | false per 100 km² | IoU |\n|---|---|---|---|---|---|');
  const groups = new Set(rows.map(({ name, direction, on }) => `${name} ${direction} ${on}`));
  for (const group of groups) {
    const list = rows.filter(({ name, direction, on }) => group === `${name} ${direction} ${on}`);
    const [{ name, direction, on }] = list;
    console.log(`| ${name} | ${direction ? 'reversed' : 'as taken'} | ${on} | ${summary(list)} |`);
  }
  for (const [title, of] of [
    ['training scenes', (row) => row.name in SCENES],
    ['measured only', (row) => row.name in MEASURED],
  ]) {
    for (const on of ['green', 'dry']) {
      const list = rows.filter((row) => of(row) && row.on === on);
      if (list.length > 0) console.log(`| ${title} | both | ${on} | ${summary(list)} |`);
    }
  }
  console.log('\n| pits | vegetated | dry |\n|---|---|---|');
  const share = (test) =>
    ['green', 'dry'].map((on) => {
      const list = pits.filter((pit) => pit.on === on && test(pit));
      return wilson(list.filter(({ found }) => found).length, list.length);
    });
  const line = (title, test) => console.log(`| ${title} | ${share(test).join(' | ')} |`);
  for (const way of new Set(pits.map((pit) => pit.way))) line(way, (pit) => pit.way === way);
  for (const feature of new Set(pits.flatMap((pit) => pit.has))) line(feature, (pit) => pit.has.includes(feature));
  [0, ...SIZES].forEach((from, i) => {
    const to = SIZES[i] ?? Number.POSITIVE_INFINITY;
    line(`${from}–${to} px`, ({ pixels }) => pixels >= from && pixels < to);
  });
  console.log('\n| said | patches | fit or touch a pit |\n|---|---|---|');
  for (let from = 0; from < 1; from += 0.1) {
    const list = said.filter(({ p }) => p >= from && p < from + 0.1 + (from > 0.85 ? 0.01 : 0));
    if (list.length === 0) continue;
    const mean = list.reduce((sum, { p }) => sum + p, 0) / list.length;
    console.log(
      `| ${mean.toFixed(2)} | ${list.length} | ${wilson(list.filter(({ real }) => real).length, list.length)} |`,
    );
  }
}

function summary(list) {
  const sum = (of) => list.reduce((total, row) => total + of(row), 0);
  const found = sum((row) => row.found);
  return [
    ((10 * found) / sum((row) => row.mines)).toFixed(1),
    ((100 * sum((row) => row.falseCount)) / sum((row) => row.km2)).toFixed(1),
    (sum((row) => row.iou * row.found) / Math.max(1, found)).toFixed(2),
  ].join(' | ');
}
