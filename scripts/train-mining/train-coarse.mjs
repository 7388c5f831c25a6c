/**
 * train-coarse: the weights of the mining detector for imagery of 10 to 30 m, from excavations planted into real pairs.
 *
 *   npm run build && node scripts/train-mining/train-coarse.mjs --data DIR [--without SCENE] [--only swir-coarse,…] [--out FILE]
 *
 * DIR holds the folders of SCENES (coarse.mjs) with t1.tif and t2.tif: Sentinel-2, contains modified Copernicus Sentinel data 2015–2018.
 * Each scene serves in both orders of its dates. Everything is seeded: the same data give the same file. Kinds that are not trained stay
 * in FILE as they are. --without leaves a scene out altogether, for measuring on it.
 */
import { parseArgs } from 'node:util';
import { plantedSets, SCENES, trainCoarse, trainingFor } from './coarse.mjs';
import { writeWeights } from './weights-file.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    without: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string', default: 'src/stages/fit/mining-weights-data.ts' },
  },
});
const trained = {};
for (const spectrum of ['swir', 'nir', 'rgb']) {
  const kind = `${spectrum}-coarse`;
  if (values.only && !values.only.split(',').includes(kind)) continue;
  console.error(kind);
  const names = Object.keys(SCENES).filter((name) => name !== values.without);
  const sets = plantedSets({
    dataFolder: values.data,
    names,
    plantings: trainingFor(spectrum),
    spectrum,
    without: values.without,
  });
  trained[kind] = trainCoarse([...sets], spectrum);
}
writeWeights(values.out, trained);
