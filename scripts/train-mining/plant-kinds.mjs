/**
 * plant-kinds: changes whose kind is known, drawn into the later image of a real pair: vegetation opened, bare ground deepened (darker,
 * with shadowed walls), bare ground drowned, spoil heaped on bare ground, buildings (roofs in rows on asphalt), roads. For measuring what
 * the detector says of a change; nothing is trained on them.
 */
import { blob, donors, ground, place, quantileOf, vegetation } from './plant.mjs';
import { randomOf } from './random.mjs';

export const KINDS = ['vegetation-to-bare', 'bare-deeper', 'bare-to-water', 'spoil', 'building-like', 'road-like'];

/** Roofs and asphalt, top-of-atmosphere reflectance × 10,000: sheet metal, tile, concrete; asphalt. */
const ROOFS = [
  [2700, 2750, 2800, 2900, 2700, 2400],
  [1900, 1850, 1850, 1950, 1900, 1750],
  [1500, 1350, 1650, 1900, 1900, 1750],
];
const ASPHALT = [1250, 1130, 1080, 1180, 1250, 1150];

export function plantKinds(scene, { seed, each }) {
  const random = randomOf(seed);
  const { width, height, before } = scene;
  const after = scene.after.map((band) => band.slice());
  const truth = new Int32Array(width * height);
  const taken = new Uint8Array(width * height);
  const veg = Float32Array.from(before[0], (_, i) => vegetation(before, i));
  const green = Math.max(0.2, quantileOf(veg, 0.6));
  const middle = quantileOf(veg, 0.5);
  const own = donors(scene, random, 40);
  const planted = [];
  for (const kind of KINDS) {
    for (let k = 0; k < each; k++) {
      const form = kind === 'road-like' ? road(random) : blob(random, 2 ** random.between(5.6, 8.6));
      const onGreen = kind === 'vegetation-to-bare' || (kind.endsWith('-like') && random.uniform() < 0.6);
      const dry = (i) => veg[i] < middle && veg[i] > 0.02 && before[4][i] > 0.8 * before[3][i];
      const spot = place(random, scene, form, taken, onGreen ? (i) => veg[i] > green : dry);
      if (!spot) continue;
      const n = planted.length + 1;
      planted.push({ n, kind });
      draw({ scene, after, truth, taken, form, spot, n, value: valueFor(kind, scene, random, own, form) });
    }
  }
  return { after, truth, planted };
}

/** What stands at a pixel: (band, x, y in the form, x, y in the scene, what was there) → value. */
function valueFor(kind, scene, random, own, form) {
  const at = ground('own', scene, [], random, own);
  const light = Math.exp(random.normal() * 0.08);
  const scaled = (spectrum) => spectrum.map((v) => v * light);
  if (kind === 'bare-deeper') {
    const dark = random.between(0.62, 0.8);
    return (b, fx, fy, x, y) => at(b, x, y) * dark * (fx + fy > form.side * 1.15 ? 0.75 : 1);
  }
  if (kind === 'bare-to-water') return (b) => scene.darkest[b] * 1.2 * light;
  if (kind === 'spoil') {
    const bright = random.between(1.3, 1.6);
    return (b, _fx, _fy, x, y) => at(b, x, y) * bright;
  }
  if (kind === 'building-like') {
    const roof = scaled(random.pick(ROOFS));
    const asphalt = scaled(ASPHALT);
    return (b, fx, fy) => (fx % 6 < 4 && fy % 5 < 4 ? roof[b] : asphalt[b]);
  }
  if (kind === 'road-like') {
    const asphalt = scaled(random.uniform() < 0.5 ? ASPHALT : ROOFS[1]);
    return (b) => asphalt[b];
  }
  return (b, _fx, _fy, x, y) => at(b, x, y);
}

/** A winding strip two to three pixels wide. */
function road(random) {
  const half = 34;
  const side = 2 * half + 1;
  const cover = new Float32Array(side * side);
  let angle = random.between(0, 6.28);
  let x = half - Math.cos(angle) * half * 0.9;
  let y = half - Math.sin(angle) * half * 0.9;
  const reach = random.between(0.9, 1.5);
  for (let s = 0; s < 1.7 * half; s += 0.4) {
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        const col = Math.round(x) + dx;
        const row = Math.round(y) + dy;
        if (col < 0 || row < 0 || col >= side || row >= side) continue;
        const d = Math.hypot(col - x, row - y);
        if (d < reach) cover[row * side + col] = 1;
      }
    }
    angle += random.normal() * 0.03;
    x += 0.4 * Math.cos(angle);
    y += 0.4 * Math.sin(angle);
  }
  return { half, side, cover };
}

function draw({ scene, after, truth, taken, form, spot, n, value }) {
  const { width, roles } = scene;
  const { half, side } = form;
  for (let fy = 0; fy < side; fy++) {
    for (let fx = 0; fx < side; fx++) {
      const i = (spot.y + fy - half) * width + spot.x + fx - half;
      taken[i] = 1;
      const share = form.cover[fy * side + fx];
      if (share <= 0) continue;
      for (let b = 0; b < roles.length; b++) {
        const old = after[b][i];
        after[b][i] = Math.round(
          old * (1 - share) + share * Math.max(1, value(b, fx, fy, spot.x + fx, spot.y + fy, old)),
        );
      }
      if (share >= 0.5) truth[i] = n;
    }
  }
}
