/**
 * fine-pair: a seeded 2 m pair (blue, green, red, near infrared; EPSG:4528) with known mines, for training and measuring where no other
 * data are at hand. Forest on hills, farmland in parcels with crops and seasons of their own, plots that are bright in one or both dates
 * (building, greenhouses, ploughing), ponds; mines opened inside, across and outside licences, every third on ground that was bright or
 * wet before; a light field, gains and haze of AFTER, grain, a sub-pixel shift, a border without data.
 *   node scripts/accuracy/fine-pair.mjs --out DIR [--size 2048] [--seed 1] [--mines 8] [--shift 0.5]
 * writes t0.tif t1.tif truth.geojson (id, mode, area, inside, outside in m²) licences.geojson. The same arguments give the same pixels.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { randomOf, smoothNoise } from '../train-mining/random.mjs';
import { createImage, writeTruth } from './fine-pair-files.mjs';

/** Reflectance × 10,000: blue, green, red, near infrared; after the ranges of the ECOSTRESS library. */
const GROUND = {
  forest: [320, 520, 380, 2700],
  crop: [480, 780, 600, 3200],
  thin: [720, 960, 980, 2150],
  soil: [900, 1180, 1480, 2200],
  roof: [1420, 1580, 1760, 2250],
  pond: [480, 580, 420, 260],
  gravel: [1400, 1720, 2020, 2500],
};
const ROCKS = [
  [1500, 1880, 2250, 2650],
  [1250, 1450, 1700, 2150],
  [1750, 2050, 2300, 2550],
  [1150, 1500, 2050, 2600],
];
/** What a parcel is before and after, and how often. */
const SEASONS = [
  ['crop', 'crop', 0.42],
  ['thin', 'thin', 0.1],
  ['crop', 'soil', 0.14],
  ['soil', 'crop', 0.12],
  ['crop', 'thin', 0.07],
  ['roof', 'roof', 0.07],
  ['pond', 'pond', 0.04],
  ['gravel', 'gravel', 0.02],
  ['crop', 'gravel', 0.01],
  ['soil', 'roof', 0.01],
];
const GAIN = [1.06, 1.04, 0.98, 0.94];
const HAZE = [80, 55, 30, 12];
/** Where the first pit of three is looked for: any ground, forest, ground that was bright or wet before. */
const WHERE = [() => true, (cell) => cell === null, (cell) => cell !== null && cell.before[3] < 2600];

/** @param border false: data everywhere, for a square inside a larger picture. */
export function finePair({ size, seed, mines, shift, border = true }) {
  const random = randomOf(seed);
  const field = (cell) => smoothNoise(random, size, size, cell);
  const hill = field(400);
  const grain = [field(3), field(12), field(60)];
  const warp = [field(250), field(250)];
  const parcels = parcelsOf(random);
  const texture = (i) => 0.5 * grain[0][i] + 0.4 * grain[1][i] + 0.4 * grain[2][i];
  const cellAt = (x, y) => {
    const i = Math.min(size - 1, Math.max(0, Math.round(y))) * size + Math.min(size - 1, Math.max(0, Math.round(x)));
    return hill[i] > 0 ? null : parcels(x + 24 * warp[0][i], y + 24 * warp[1][i]);
  };
  const pits = placePits(random, { size, mines, cellAt });
  const owner = ownersOf(pits, size);
  const light = field(700);
  const moist = field(300);
  const date = (d) =>
    GAIN.map((gain, b) => {
      const plane = new Uint16Array(size * size);
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const i = y * size + x;
          if (border && (x + 0.05 * y < 0.02 * size || y + 0.03 * x > 0.98 * size)) continue;
          // BEFORE lies `shift` pixels aside: it is sampled there
          const cell = cellAt(x + (d === 0 ? shift : 0), y + (d === 0 ? shift : 0));
          const pit = d === 1 ? pits[owner[i] - 1] : undefined;
          let value;
          if (pit) value = pit.rock[b] * (1 + 0.1 * texture(i));
          else if (cell === null)
            value = GROUND.forest[b] * (1 + 0.15 * texture(i)) * (b === 3 ? 1 + 0.06 * moist[i] : 1);
          else value = (d === 0 ? cell.before : cell.after)[b] * (1 + 0.05 * texture(i));
          value *= 1 + 0.013 * random.normal();
          if (d === 1) value = value * gain * (1 + 0.04 * light[i]) + HAZE[b];
          plane[i] = Math.max(1, Math.min(10_000, Math.round(value + 10 * random.normal())));
        }
      }
      return plane;
    });
  return { before: date(0), after: date(1), pits, licences: licencesOf(random, pits, size) };
}

/** Rows of parcels about 90 m wide, cut at unequal lengths, each with its own ground on both dates. */
function parcelsOf(random) {
  const known = new Map();
  const salt = random.whole(1e9);
  return (x, y) => {
    const row = Math.floor((0.9 * y - 0.43 * x) / 44);
    const own = randomOf(salt + row * 7919);
    const col = Math.floor((0.9 * x + 0.43 * y + own.between(0, 80)) / own.between(45, 100));
    const key = `${row}/${col}`;
    let cell = known.get(key);
    if (!cell) {
      cell = season(randomOf(salt ^ Math.imul(row + 5000, 0x9e3779b1) ^ Math.imul(col + 5000, 0x85ebca77)));
      known.set(key, cell);
    }
    return cell;
  };
}

function season(random) {
  let left = random.uniform() * SEASONS.reduce((sum, [, , share]) => sum + share, 0);
  const found = SEASONS.find(([, , share]) => {
    left -= share;
    return left < 0;
  });
  const [first, second] = found ?? SEASONS[0];
  const bright = Math.exp(0.1 * random.normal());
  const tint = [0, 1, 2, 3].map((b) => Math.exp((b === 3 ? 0.08 : 0.02) * random.normal()));
  const at = (name) => {
    const wet = Math.exp(0.05 * random.normal());
    return GROUND[name].map((v, b) => v * bright * tint[b] * wet);
  };
  return { before: at(first), after: at(second) };
}

function placePits(random, { size, mines, cellAt }) {
  const side = Math.ceil(Math.sqrt(mines * 1.2));
  const cell = (0.88 * size) / side;
  return Array.from({ length: mines }, (_, n) => {
    const radius = Math.min(0.3 * cell, 14 * 10 ** random.between(0, 0.95));
    const middle = () => ({
      x: 0.06 * size + ((n % side) + random.between(0.38, 0.62)) * cell,
      y: 0.06 * size + (Math.floor(n / side) + random.between(0.38, 0.62)) * cell,
    });
    let at = middle();
    for (let attempt = 0; attempt < 60 && !WHERE[n % 3](cellAt(at.x, at.y)); attempt++) at = middle();
    const waves = [2, 3, 4, 5, 6].map((k) => [k, (0.25 * random.normal()) / k, random.between(0, 6.28)]);
    const ring = Array.from({ length: 90 }, (_, k) => {
      const angle = (k * Math.PI) / 45;
      const bend = waves.reduce((sum, [f, a, p]) => sum + a * Math.cos(f * angle + p), 1);
      const r = radius * Math.min(1.7, Math.max(0.5, bend));
      return [at.x + r * Math.cos(angle), at.y + r * Math.sin(angle)];
    });
    const tone = Math.exp(0.08 * random.normal());
    const rock = random.pick(ROCKS).map((v) => v * tone * Math.exp(0.03 * random.normal()));
    return { id: n + 1, ring: [...ring, ring[0]], rock, mode: ['inside', 'crossing', 'absent'][random.whole(3)] };
  });
}

/** Number of the pit that holds each pixel's middle, 0 = none (even-odd rule along rows). */
function ownersOf(pits, size) {
  const owner = new Uint16Array(size * size);
  for (const { id, ring } of pits) {
    const ys = ring.map(([, y]) => y);
    for (let row = Math.max(0, Math.floor(Math.min(...ys))); row < Math.min(size, Math.max(...ys)); row++) {
      const cuts = [];
      for (let k = 0; k + 1 < ring.length; k++) {
        const [[xa, ya], [xb, yb]] = [ring[k], ring[k + 1]];
        if (ya <= row + 0.5 !== yb <= row + 0.5) cuts.push(xa + ((row + 0.5 - ya) / (yb - ya)) * (xb - xa));
      }
      cuts.sort((a, b) => a - b);
      for (let k = 0; k + 1 < cuts.length; k += 2) {
        const [from, to] = [Math.max(0, Math.ceil(cuts[k] - 0.5)), Math.min(size, Math.ceil(cuts[k + 1] - 0.5))];
        if (to > from) owner.fill(id, row * size + from, row * size + to);
      }
    }
  }
  return owner;
}

const boxOf = (ring) => [0, 1].flatMap((k) => [Math.min(...ring.map((p) => p[k])), Math.max(...ring.map((p) => p[k]))]);
const boxRing = (a, b, c, d) => [
  [a, c],
  [b, c],
  [b, d],
  [a, d],
  [a, c],
];

function licencesOf(random, pits, size) {
  const licences = pits.flatMap(({ ring, mode }) => {
    const [a, b, c, d] = boxOf(ring);
    if (mode === 'absent') return [];
    return [boxRing(a - 25, mode === 'inside' ? b + 25 : a + (b - a) * random.between(0.3, 0.7), c - 25, d + 25)];
  });
  for (let n = 0; n < pits.length / 3; n++) {
    const [x, y, w] = [random.between(0.1, 0.8) * size, random.between(0.1, 0.8) * size, random.between(60, 200)];
    const apart = pits.every(({ ring }) => {
      const [a, b, c, d] = boxOf(ring);
      return b < x || a > x + w || d < y || c > y + w;
    });
    if (apart) licences.push(boxRing(x, x + w, y, y + w));
  }
  return licences;
}

export function writeFinePair(folder, options) {
  const { size } = options;
  const { before, after, pits, licences } = finePair(options);
  mkdirSync(folder, { recursive: true });
  for (const [name, bands] of [
    ['t0.tif', before],
    ['t1.tif', after],
  ]) {
    const file = createImage(join(folder, name), size);
    bands.forEach((plane, b) => {
      file.bands.get(b + 1).pixels.write(0, 0, size, size, plane);
    });
    file.close();
  }
  writeTruth(folder, pits, licences);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { out: text, size: text, seed: text, mines: text, shift: text } });
  const { out = 'fine-pair', size = '2048', seed = '1', mines = '8', shift = '0' } = values;
  writeFinePair(out, { size: Number(size), seed: Number(seed), mines: Number(mines), shift: Number(shift) });
}
