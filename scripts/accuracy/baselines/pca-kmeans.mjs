/**
 * pca-kmeans: PCA and k-means on blocks of a difference image (Celik 2009): eigenvectors of h × h blocks, the h × h surroundings of
 * every pixel projected on the first three, two clusters by Lloyd's algorithm begun from Otsu's split of the first feature; the cluster of the
 * greater mean difference is change. Difference image: change vector length, or |log ratio| for one band.
 */
import { changeVector, logRatio } from './simple.mjs';
import { otsu, symmetricEigen } from './statistics.mjs';

const BLOCK = 5;
const FEATURES = 3;

export function pcaKMeans(pair) {
  const { width, height, use } = pair;
  const image = pair.before.length === 1 ? logRatio(pair) : changeVector(pair);
  for (let i = 0; i < image.length; i++) if (!use[i]) image[i] = 0;
  const around = blockReader(image, width, height);
  const { mean, vectors } = principal(width, height, around);
  const features = vectors.map(() => new Float64Array(image.length));
  const block = new Float64Array(BLOCK * BLOCK);
  for (let i = 0; i < image.length; i++) {
    around(i % width, Math.floor(i / width), -(BLOCK >> 1), block);
    vectors.forEach((vector, k) => {
      let sum = 0;
      for (let j = 0; j < block.length; j++) sum += vector[j] * (block[j] - mean[j]);
      features[k][i] = sum;
    });
  }
  return cluster(features, image, use);
}

/** Values of the block whose corner is (x + from, y + from), the border repeated. */
function blockReader(image, width, height) {
  const clamp = (v, n) => Math.max(0, Math.min(n - 1, v));
  return (x, y, from, out) => {
    for (let k = 0; k < BLOCK * BLOCK; k++) {
      const [u, v] = [clamp(x + from + (k % BLOCK), width), clamp(y + from + Math.floor(k / BLOCK), height)];
      out[k] = image[v * width + u];
    }
    return out;
  };
}

function principal(width, height, around) {
  const n = BLOCK * BLOCK;
  const blocks = [];
  for (let y = 0; y + BLOCK <= height; y += BLOCK) {
    for (let x = 0; x + BLOCK <= width; x += BLOCK)
      blocks.push(Float64Array.from(around(x, y, 0, new Float64Array(n))));
  }
  const mean = Array.from({ length: n }, (_, j) => blocks.reduce((s, block) => s + block[j], 0) / blocks.length);
  const matrix = mean.map((_, a) =>
    mean.map(
      (__, b) => blocks.reduce((s, block) => s + (block[a] - mean[a]) * (block[b] - mean[b]), 0) / blocks.length,
    ),
  );
  const { vectors } = symmetricEigen(matrix);
  return { mean, vectors: vectors.reverse().slice(0, FEATURES) };
}

function cluster(features, image, use) {
  const used = [];
  use.forEach((u, i) => {
    if (u) used.push(i);
  });
  const first = features[0];
  const split = otsu(first, use);
  const centreOf = (members) => features.map((plane) => members.reduce((t, i) => t + plane[i], 0) / members.length);
  let centres = [used.filter((i) => first[i] <= split), used.filter((i) => first[i] > split)].map(centreOf);
  const distance = (i, centre) => features.reduce((s, plane, k) => s + (plane[i] - centre[k]) ** 2, 0);
  const label = new Uint8Array(image.length);
  for (let round = 0; round < 100; round++) {
    let moved = round === 0 ? 1 : 0;
    for (const i of used) {
      const next = distance(i, centres[1]) < distance(i, centres[0]) ? 1 : 0;
      if (next !== label[i]) moved++;
      label[i] = next;
    }
    if (moved === 0) break;
    centres = centres.map((centre, which) => {
      const members = used.filter((i) => label[i] === which);
      return members.length === 0 ? centre : centreOf(members);
    });
  }
  const meanOf = (which) => {
    const members = used.filter((i) => label[i] === which);
    return members.reduce((s, i) => s + image[i], 0) / Math.max(1, members.length);
  };
  const changed = meanOf(1) >= meanOf(0) ? 1 : 0;
  const score = new Float64Array(image.length).fill(Number.NaN);
  const change = new Uint8Array(image.length).fill(255);
  for (const i of used) {
    score[i] = Math.sqrt(distance(i, centres[1 - changed])) - Math.sqrt(distance(i, centres[changed]));
    change[i] = label[i] === changed ? 1 : 0;
  }
  return { score, change };
}
