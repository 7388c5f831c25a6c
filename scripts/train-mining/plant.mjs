/**
 * plant: excavations drawn into the later image of a real pair, in several ways, with the truth.
 * Ground: the scene's own bare ground copied with its texture, another scene's, a mosaic of all bare pixels of a scene in patches and
 * grains of light and dark, or a library of rock spectra (reflectance × 10,000, after the ranges in the ECOSTRESS library: limestone,
 * gravel, laterite, coal waste). Features, each with its own chance: wet floor, shadowed wall, spoil on the lower side, benches, water
 * in the pit, haul road. Edges are mixed as a sensor mixes them, half of them blurred by up to a pixel more.
 */
import { randomOf, smoothNoise } from './random.mjs';

const ROLES = ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'];
/** Top-of-atmosphere reflectance × 10,000 in the order of ROLES. */
const LIBRARY = {
  limestone: [1850, 2050, 2300, 2600, 3000, 2700],
  gravel: [1450, 1450, 1550, 1800, 2100, 1950],
  loess: [1250, 1350, 1750, 2300, 2850, 2400],
  laterite: [1050, 1080, 1600, 2050, 2750, 2200],
  coalWaste: [1120, 1000, 980, 1080, 1200, 1120],
};
export const WAYS = ['own', 'foreign', 'library', 'mosaic', 'foreignMosaic'];
/** Pixels of a pit, and how much the ground of the library varies within one (a share of its reflectance). */
const AREA_PX = [36, 650];
const ROUGHNESS = [0.05, 0.16];
export const FEATURES = ['wet', 'shadow', 'spoil', 'benches', 'water', 'road'];

export function median(values) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(sorted.length / 2)];
}

export function quantileOf(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export function vegetation(bands, i) {
  return (bands[3][i] - bands[2][i]) / (bands[3][i] + bands[2][i] + 1);
}

/** Where bare ground of the later image lies: low vegetation, no water, brighter than the median. */
export function bareGround(scene) {
  const { after, width, height } = scene;
  const bright = Float32Array.from(after[0], (_, i) => (after[0][i] + after[1][i] + after[2][i]) / 3);
  const dark = median(bright);
  const veg = Float32Array.from(bright, (_, i) => vegetation(after, i));
  const vegLimit = Math.min(0.22, quantileOf(veg, 0.35));
  const high = quantileOf(bright, 0.97);
  const bare = new Uint8Array(width * height);
  for (let i = 0; i < bare.length; i++) {
    const soil = after[4][i] > after[3][i] * 0.95 && after[2][i] > after[0][i] * 0.9;
    bare[i] = veg[i] < vegLimit && bright[i] > dark && bright[i] < high && soil ? 1 : 0;
  }
  return bare;
}

/** Windows of 13² with the most bare pixels: donors of texture. */
export function donors(scene, random, count) {
  const bare = bareGround(scene);
  const { width, height } = scene;
  const list = [];
  for (let n = 0; n < 4000; n++) {
    const x = 8 + random.whole(width - 16);
    const y = 8 + random.whole(height - 16);
    let sum = 0;
    for (let dy = -6; dy <= 6; dy++) for (let dx = -6; dx <= 6; dx++) sum += bare[(y + dy) * width + x + dx];
    list.push({ x, y, sum });
  }
  list.sort((a, b) => b.sum - a.sum || a.y - b.y || a.x - b.x);
  return list.slice(0, count).map(({ x, y }) => ({ x, y, scene, bare }));
}

/** A star-shaped blob with ragged edge: cover fraction 0–1 per pixel of a box around its middle. */
export function blob(random, areaPx) {
  const terms = Array.from({ length: 7 }, (_, k) => [
    k + 2,
    (random.normal() * 0.26) / (k + 1.2),
    random.between(0, 6.28),
  ]);
  // a third are deeply lobed, as pits that follow a seam or a valley are
  if (random.uniform() < 0.33) for (const term of terms.slice(0, 3)) term[1] *= 2;
  const blur = random.uniform() < 0.5 ? random.between(0.4, 1) : 0;
  const stretch = random.between(1, 1.9);
  const turn = random.between(0, Math.PI);
  const radiusAt = (angle) => {
    let r = 1;
    for (const [k, a, p] of terms) r += a * Math.cos(k * angle + p);
    return Math.min(1.9, Math.max(0.4, r));
  };
  let unit = 0;
  for (let k = 0; k < 360; k++) unit += (radiusAt((k * Math.PI) / 180) ** 2 * Math.PI) / 360;
  const size = Math.sqrt(areaPx / (unit * stretch));
  const half = Math.ceil(size * 1.9 * stretch) + 3;
  const side = 2 * half + 1;
  const ragged = smoothNoise(random, side, side, 3);
  const cover = new Float32Array(side * side);
  const depth = new Float32Array(side * side);
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let hits = 0;
      for (let s = 0; s < 9; s++) {
        const px = x - half + ((s % 3) - 1) / 3;
        const py = y - half + (Math.floor(s / 3) - 1) / 3;
        const u = (px * cos + py * sin) / stretch;
        const v = -px * sin + py * cos;
        const d = Math.hypot(u, v) / (size * radiusAt(Math.atan2(v, u)));
        if (d + 0.1 * ragged[y * side + x] < 1) hits++;
        if (s === 4) depth[y * side + x] = d;
      }
      cover[y * side + x] = hits / 9;
    }
  }
  return { half, side, cover: blur > 0 ? blurred(cover, side, blur) : cover, depth, cos, sin };
}

/** Gaussian of `sigma` pixels, in two passes. */
function blurred(values, side, sigma) {
  const kernel = [-2, -1, 0, 1, 2].map((d) => Math.exp((-d * d) / (2 * sigma * sigma)));
  const total = kernel.reduce((a, b) => a + b, 0);
  const pass = (source, stepX, stepY) =>
    source.map((_, i) => {
      const x = i % side;
      const y = (i - x) / side;
      let sum = 0;
      kernel.forEach((w, k) => {
        const xx = x + (k - 2) * stepX;
        const yy = y + (k - 2) * stepY;
        if (xx >= 0 && yy >= 0 && xx < side && yy < side) sum += w * source[yy * side + xx];
      });
      return sum / total;
    });
  return pass(pass(values, 1, 0), 0, 1);
}

/** Ground of an excavation: a function (band, x, y) → value in the scene's units. */
export function ground(way, scene, others, random, ownDonors, roughnessRange = ROUGHNESS) {
  const stretchBy = Math.exp(random.normal() * 0.08);
  if (way === 'library' && scene.roles.length >= 4) {
    const name = random.pick(Object.keys(LIBRARY));
    const spectrum = scene.roles.map(
      (role) => (LIBRARY[name][ROLES.indexOf(role)] ?? 1500) * stretchBy * Math.exp(random.normal() * 0.04),
    );
    const coarse = smoothNoise(random, 128, 128, 4);
    const fine = smoothNoise(random, 128, 128, 1);
    const roughness = random.between(...roughnessRange);
    return (b, x, y) => {
      const k = (((y % 128) + 128) % 128) * 128 + (((x % 128) + 128) % 128);
      return spectrum[b] * (1 + roughness * (0.7 * coarse[k] + 0.5 * fine[k]));
    };
  }
  const donor =
    way.startsWith('foreign') && others.length > 0 ? random.pick(random.pick(others)) : random.pick(ownDonors);
  const from = donor.scene;
  const mosaic = way === 'mosaic' || way === 'foreignMosaic';
  // half of the foreign ground is brought to the scene's light, half keeps its own reflectance
  const adapt = way.startsWith('foreign') && random.uniform() < 0.5;
  const factor = scene.roles.map((_, b) => {
    const light = adapt ? scene.medians[b] / from.medians[b] : 1;
    return light * stretchBy * Math.exp(random.normal() * 0.02);
  });
  const cells = [];
  if (mosaic) {
    // every bare pixel of the scene may serve, thinned to some 600
    const all = [];
    for (let i = 0; i < donor.bare.length; i++) if (donor.bare[i] === 1) all.push(i);
    const every = Math.max(1, Math.floor(all.length / 600));
    for (let k = random.whole(every); k < all.length; k += every) cells.push(all[k]);
  } else {
    for (let dy = -7; dy <= 7; dy++) {
      for (let dx = -7; dx <= 7; dx++) {
        const i = (donor.y + dy) * from.width + donor.x + dx;
        if (donor.bare[i] === 1) cells.push(i);
      }
    }
  }
  const field = smoothNoise(random, 128, 128, mosaic ? random.between(2, 5) : 2.5);
  if (mosaic) {
    const grain = random.between(0.2, 0.8);
    for (let k = 0; k < field.length; k++) field[k] = Math.sqrt(1 - grain * grain) * field[k] + grain * random.normal();
  }
  const order = cells.slice().sort((a, b) => from.after[2][a] - from.after[2][b] || a - b);
  return (b, x, y) => {
    const k = (((y % 128) + 128) % 128) * 128 + (((x % 128) + 128) % 128);
    const share = 1 / (1 + Math.exp(-1.7 * field[k]));
    const cell = order[Math.min(order.length - 1, Math.floor(share * order.length))];
    return from.after[b][cell] * factor[b];
  };
}

/**
 * Plants `count` excavations. `on`: 'green' (vegetated before), 'dry' (little vegetation before), 'mixed'.
 * Returns the later bands with the pits, the truth (0 or the pit's number per pixel) and what each pit is like.
 */
export function plant(scene, others, options) {
  const { seed, count, on, ways = WAYS, features = FEATURES, areaPx: [least, most] = AREA_PX, roughness } = options;
  const random = randomOf(seed);
  const { width, height, before } = scene;
  const after = scene.after.map((band) => band.slice());
  const truth = new Int32Array(width * height);
  const taken = new Uint8Array(width * height);
  const veg = Float32Array.from(before[0], (_, i) => vegetation(before, i));
  const vegAfter = Float32Array.from(before[0], (_, i) => vegetation(scene.after, i));
  const bright = Float32Array.from(before[0], (_, i) => (before[0][i] + before[1][i] + before[2][i]) / 3);
  const green = Math.max(0.2, quantileOf(veg, 0.6));
  const middle = quantileOf(veg, 0.5);
  const glare = quantileOf(bright, 0.75);
  const ownDonors = donors(scene, random, 40);
  const pits = [];
  for (let n = 1; n <= count; n++) {
    const want = on === 'mixed' ? (random.uniform() < 0.7 ? 'green' : 'dry') : on;
    const areaPx = 2 ** random.between(Math.log2(least), Math.log2(most));
    const form = blob(random, areaPx);
    const spot = place(random, scene, form, taken, (i) =>
      want === 'green'
        ? veg[i] > green && vegAfter[i] > 0.6 * green
        : veg[i] < middle && veg[i] > 0.02 && bright[i] < glare && before[4][i] > 0.8 * before[3][i],
    );
    if (!spot) continue;
    const way = random.pick(ways);
    const has = new Set(features.filter((f) => random.uniform() < (f === 'water' ? 0.15 : 0.3)));
    const at = ground(way, scene, others, random, ownDonors, roughness);
    draw({ random, scene, after, truth, taken, form, spot, n, has, at });
    pits.push({ n, way, on: want, has: [...has] });
  }
  return { after, truth, pits };
}

export function place(random, scene, form, taken, suits) {
  const { width, height } = scene;
  const margin = form.half + 4;
  if (2 * margin >= width || 2 * margin >= height) return null;
  for (let attempt = 0; attempt < 900; attempt++) {
    const x = margin + random.whole(width - 2 * margin);
    const y = margin + random.whole(height - 2 * margin);
    let inside = 0;
    let good = 0;
    let free = true;
    for (let dy = 0; dy < form.side && free; dy += 2) {
      for (let dx = 0; dx < form.side; dx += 2) {
        const i = (y + dy - form.half) * width + x + dx - form.half;
        if (taken[i]) {
          free = false;
          break;
        }
        if (form.cover[dy * form.side + dx] < 0.5) continue;
        inside++;
        if (suits(i)) good++;
      }
    }
    if (free && inside > 0 && good / inside > (attempt < 500 ? 0.8 : 0.65)) return { x, y };
  }
  return null;
}

function draw({ random, scene, after, truth, taken, form, spot, n, has, at }) {
  const { width, height, roles } = scene;
  const { half, side } = form;
  const down = random.between(0, 6.28);
  const put = (i, share, value) => {
    for (let b = 0; b < roles.length; b++) {
      const v = Math.max(1, value(b));
      after[b][i] = Math.round(after[b][i] * (1 - share) + v * share);
    }
  };
  const waterAt = has.has('water')
    ? [random.between(-0.3, 0.3), random.between(-0.3, 0.3), random.between(0.25, 0.45)]
    : null;
  const waterLight = [0.95, 0.85, 0.7, 0.4, 0.25, 0.2];
  const inner = smoothNoise(random, side, side, 5);
  for (let dy = 0; dy < side; dy++) {
    for (let dx = 0; dx < side; dx++) {
      const k = dy * side + dx;
      const x = spot.x + dx - half;
      const y = spot.y + dy - half;
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const i = y * width + x;
      if (Math.max(Math.abs(dx - half), Math.abs(dy - half)) <= half) taken[i] = 1;
      const share = form.cover[k];
      const d = form.depth[k];
      if (share > 0) {
        let light = 1;
        // the wall on the sunny side (north-west of the pit's south-east) lies in shadow
        if (has.has('shadow') && d > 0.7 && (dx - half) * 0.7 + (dy - half) * 0.7 > 0) light *= 0.62;
        if (has.has('benches')) light *= 1 + 0.14 * Math.sign(Math.sin(d * 14));
        const wet = has.has('wet') && d < 0.5 && inner[k] > -0.3;
        const pool =
          waterAt !== null &&
          Math.hypot((dx - half) / half - waterAt[0] * 0.4, (dy - half) / half - waterAt[1] * 0.4) < waterAt[2] * 0.5;
        put(i, share, (b) => {
          if (pool) return scene.darkest[b] * 1.25 + at(b, x, y) * 0.25 * waterLight[b];
          return at(b, x, y) * light * (wet ? 0.68 - 0.03 * b : 1);
        });
        if (share >= 0.5) truth[i] = n;
      }
      if (has.has('spoil') && share < 1 && d > 0.9 && d < 1.28) {
        const toward =
          ((dx - half) * Math.cos(down) + (dy - half) * Math.sin(down)) / (Math.hypot(dx - half, dy - half) + 1e-6);
        if (toward > 0.6 && inner[k] > -0.6) {
          put(i, 0.8, (b) => at(b, x + 31, y + 17) * 1.12);
          truth[i] = n;
        }
      }
    }
  }
  if (has.has('road')) road({ random, width, height, spot, half, put, at });
}

/** A haul road: one to two pixels wide, from the rim outward; not counted as part of the pit. */
function road({ random, width, height, spot, half, put, at }) {
  let angle = random.between(0, 6.28);
  let x = spot.x + Math.cos(angle) * half * 0.5;
  let y = spot.y + Math.sin(angle) * half * 0.5;
  const length = random.between(10, 40);
  for (let s = 0; s < length; s += 0.7) {
    x += Math.cos(angle) * 0.7;
    y += Math.sin(angle) * 0.7;
    angle += random.normal() * 0.06;
    const col = Math.round(x);
    const row = Math.round(y);
    if (col < 1 || row < 1 || col >= width - 1 || row >= height - 1) return;
    put(row * width + col, 0.45, (b) => at(b, col, row));
  }
}
