/**
 * base: the same image twice, as two acquisitions of unchanged ground would show it, with a few planted pits.
 * The later date is the earlier one under another gain and offset per band, a slow drift over the scene and sensor noise on both. The
 * pits are there so that a method that sees nothing is not rewarded. A cause is then laid over the pair by one of the other modules.
 */
import { donors, FEATURES, median, plant } from '../../train-mining/plant.mjs';
import { randomOf, smoothNoise } from '../../train-mining/random.mjs';

const PITS = 5;
/** Haul roads are left out: they are change that the truth does not hold. */
const PARTS = FEATURES.filter((feature) => feature !== 'road');
/** Pixels around a pit that are not judged: mixed with it. */
const RIM_PX = 2;

/** @param crop, others: scenes as read by scripts/train-mining/scene.mjs; the others lend ground for foreign pits. */
export function basePair(crop, others, seed) {
  const random = randomOf(seed);
  const { width, height, roles } = crop;
  const drift = smoothNoise(random, width, height, 130);
  const before = crop.before.map((band) => band.map((v) => noisy(v, random)));
  const after = crop.before.map((band) => {
    const gain = random.between(0.92, 1.1);
    const offset = random.between(-60, 80);
    return band.map((v, i) => noisy(v * gain * (1 + 0.015 * drift[i]) + offset, random));
  });
  const scene = {
    ...crop,
    before,
    after,
    medians: after.map((band) => median(band)),
    darkest: after.map((band) => Float64Array.from(band).sort()[Math.floor(band.length * 0.004)]),
  };
  const lent = others.map((other, k) => donors(other, randomOf(5 + k), 40));
  const planted = plant(scene, lent, { seed: seed * 31 + 7, count: PITS, on: 'mixed', features: PARTS });
  const size = width * height;
  return {
    width,
    height,
    roles,
    before,
    after: planted.after,
    /** Number of the pit per pixel, 0 where none. */
    pits: planted.truth,
    /** 1 where the cause shows in the pair. */
    cause: new Uint8Array(size),
    /** 1 where the ground cannot be judged on one of the dates. */
    hidden: new Uint8Array(size),
    /** How each date is written: raster type and how many pixels of the pair make one of the file. */
    files: { before: { type: 'uint16', block: 1 }, after: { type: 'uint16', block: 1 } },
  };
}

function noisy(value, random) {
  return Math.max(1, value + random.normal() * (10 + 0.008 * value));
}

/**
 * 0 not judged, 1 unchanged, 2 planted pit. Pits of which 30 % are hidden are not asked for, nor is the rim of any pit. Other hidden
 * ground counts as unchanged: it must not be called changed.
 */
export function truthOf(pair) {
  const { pits, hidden } = pair;
  const size = new Map();
  const covered = new Map();
  pits.forEach((n, i) => {
    if (n === 0) return;
    size.set(n, (size.get(n) ?? 0) + 1);
    if (hidden[i]) covered.set(n, (covered.get(n) ?? 0) + 1);
  });
  const lost = new Set([...size].filter(([n, count]) => (covered.get(n) ?? 0) > 0.3 * count).map(([n]) => n));
  const rim = nearPits(pair, RIM_PX);
  return Uint8Array.from(pits, (n, i) => {
    if (n > 0) return lost.has(n) || hidden[i] ? 0 : 2;
    return rim[i] ? 0 : 1;
  });
}

/** 1 within `reach` pixels of a pit: where a cause that alters the ground keeps away. */
export function nearPits({ pits, width, height }, reach = 3) {
  const near = new Uint8Array(pits.length);
  pits.forEach((n, i) => {
    if (n === 0) return;
    const x = i % width;
    const y = (i - x) / width;
    for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
      for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++) near[v * width + u] = 1;
    }
  });
  return near;
}

/** Brings the pixel of the later date towards a spectrum by `share`, keeping `texture` (1 = the ground's mean light). */
export function mix(pair, i, spectrum, share, texture = 1) {
  pair.after.forEach((band, b) => {
    band[i] = Math.max(1, band[i] * (1 - share) + spectrum[b] * texture * share);
  });
  pair.cause[i] = 1;
}

export function vegetationOf(bands, i) {
  return (bands[3][i] - bands[2][i]) / (bands[3][i] + bands[2][i] + 1);
}
