/**
 * evaluate-kinds: what the detector says of changes whose kind is known (plant-kinds.mjs), as a table planted × said.
 *
 *   npm run build && node scripts/train-mining/evaluate-kinds.mjs --data DIR [--spectrum swir]
 *
 * Each planted change is judged by the component that fits it best, whether the detector would keep it as mining or not.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeMiningObject } from '../../dist/src/stages/detect/mining-object.js';
import { miningWeights } from '../../dist/src/stages/fit/mining-weights.js';
import { MEASURED, SCENES, SPECTRA } from './coarse.mjs';
import { findLevels, fitPair, touching, withWeights } from './objects.mjs';
import { KINDS, plantKinds } from './plant-kinds.mjs';
import { pairOf, readScene } from './scene.mjs';

const SEED = 401;
const EACH = 4;
const LEAST_FIT = 0.3;

const { values } = parseArgs({ options: { data: { type: 'string' }, spectrum: { type: 'string', default: 'swir' } } });
const said = Object.fromEntries(KINDS.map((kind) => [kind, {}]));
Object.values({ ...SCENES, ...MEASURED }).forEach((folder, s) => {
  const scene = readScene(join(values.data, folder));
  const { after, truth, planted } = plantKinds(scene, { seed: SEED + s, each: EACH });
  const pair = pairOf(scene, after, SPECTRA[values.spectrum]);
  const model = withWeights(pair, fitPair(pair, 10), miningWeights(values.spectrum, false));
  const size = {};
  for (const t of truth) if (t > 0) size[t] = (size[t] ?? 0) + 1;
  const best = new Map();
  for (const { component } of findLevels(pair, model).flat()) {
    for (const [n, hits] of touching(component, truth, pair.width)) {
      const fit = hits / (size[n] + component.pixels - hits);
      if (fit >= LEAST_FIT && fit > (best.get(n)?.fit ?? 0)) best.set(n, { fit, component });
    }
  }
  for (const { n, kind } of planted) {
    const found = best.get(n);
    const answer = found ? judgeMiningObject(found.component, model).changeType : 'not outlined';
    said[kind][answer] = (said[kind][answer] ?? 0) + 1;
  }
});
const answers = [...KINDS, 'other', 'not outlined'];
console.log(`| planted | ${answers.join(' | ')} |\n|${'---|'.repeat(answers.length + 1)}`);
for (const kind of KINDS) console.log(`| ${kind} | ${answers.map((answer) => said[kind][answer] ?? 0).join(' | ')} |`);
