/** works: real changes of the ground that are not mining: water level, construction, solar farms, greenhouses. */
import { smoothNoise } from '../../train-mining/random.mjs';
import { mix, nearPits, vegetationOf } from './base.mjs';

const MUD = [1180, 1120, 1160, 1450, 1500, 1120];
const PAVED = [1750, 1750, 1850, 2150, 2350, 2150];
const ROOFS = [
  [3600, 3600, 3700, 3900, 3600, 3300],
  [2350, 1950, 1500, 2200, 2300, 2050],
  [1350, 1300, 1750, 2200, 2500, 2200],
  [1900, 1880, 1950, 2150, 2300, 2150],
];
const PANEL = [1180, 960, 830, 980, 1250, 1050];
const PLASTIC = [2500, 2550, 2650, 3400, 3000, 2350];

/** Water falls and leaves mud, or rises over the bank. Reaches 3 to 9 px. */
export function waterLevel(pair, random, variant) {
  const { width, height } = pair;
  const size = width * height;
  const water = Uint8Array.from({ length: size }, (_, i) => {
    const [, green, , nir, swir] = pair.before.map((band) => band[i]);
    return nir < 0.8 * green && swir < 0.8 * green ? 1 : 0;
  });
  const calm = smaller(water, width, height);
  const distance = reachFrom(calm, width, height, 10);
  const field = smoothNoise(random, width, height, 40);
  const keep = nearPits(pair);
  const spectra = { before: meanWhere(pair.before, calm), after: meanWhere(pair.after, calm) };
  const tone = smoothNoise(random, width, height, 3);
  for (let i = 0; i < size; i++) {
    if (calm[i] || keep[i] || distance[i] > 6 + 3 * field[i]) continue;
    if (variant === 'fall') {
      pair.before.forEach((band, b) => {
        band[i] = spectra.before[b] * (1 + 0.03 * tone[i]);
      });
      mix(pair, i, MUD, 0.75, 1 + 0.08 * tone[i]);
    } else mix(pair, i, spectra.after, 0.95, 1 + 0.03 * tone[i]);
  }
}

/** Water of which the whole 5 × 5 neighbourhood is water too: no roofs, no shadows. */
function smaller(water, width, height) {
  const out = new Uint8Array(water.length);
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      let all = 1;
      for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) all &= water[(y + dy) * width + x + dx];
      out[y * width + x] = all;
    }
  }
  return out;
}

/** Chessboard distance to the marked pixels, up to `most`. */
function reachFrom(marked, width, height, most) {
  const distance = new Uint8Array(marked.length).fill(255);
  marked.forEach((m, i) => {
    if (m) distance[i] = 0;
  });
  for (let step = 1; step <= most; step++) {
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const i = y * width + x;
        if (distance[i] !== 255) continue;
        for (let dy = -1; dy <= 1 && distance[i] === 255; dy++) {
          for (let dx = -1; dx <= 1; dx++) if (distance[i + dy * width + dx] === step - 1) distance[i] = step;
        }
      }
    }
  }
  return distance;
}

function meanWhere(bands, marked) {
  return bands.map((band) => {
    let [sum, n] = [0, 0];
    band.forEach((v, i) => {
      if (marked[i]) {
        sum += v;
        n++;
      }
    });
    return sum / Math.max(1, n);
  });
}

/** Middles of squares of (2·half)² on fields or woods that keep away from pits and from each other. */
function sites(pair, random, count, half) {
  const { width, height } = pair;
  const taken = nearPits(pair, 6);
  const out = [];
  for (let attempt = 0; attempt < 4000 && out.length < count; attempt++) {
    const h = Math.round(random.between(...half));
    const x = h + 2 + random.whole(width - 2 * h - 4);
    const y = h + 2 + random.whole(height - 2 * h - 4);
    let [free, open, all] = [true, 0, 0];
    for (let v = y - h; v <= y + h && free; v++) {
      for (let u = x - h; u <= x + h; u++) {
        const i = v * width + u;
        if (taken[i]) {
          free = false;
          break;
        }
        all++;
        if (vegetationOf(pair.before, i) > 0.14) open++;
      }
    }
    if (!free || open < 0.6 * all) continue;
    for (let v = y - h - 4; v <= y + h + 4; v++) {
      for (let u = x - h - 4; u <= x + h + 4; u++) {
        if (u >= 0 && v >= 0 && u < width && v < height) taken[v * width + u] = 1;
      }
    }
    out.push({ x, y, h, turn: random.between(0, Math.PI / 2) });
  }
  return out;
}

/** Calls visit(i, u, v) for the pixels of a turned square, u and v along its sides in pixels from its middle. */
function eachOf({ x, y, h, turn }, width, visit) {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  for (let dy = -h; dy <= h; dy++) {
    for (let dx = -h; dx <= h; dx++) {
      const [u, v] = [dx * cos + dy * sin, -dx * sin + dy * cos];
      if (Math.max(Math.abs(u), Math.abs(v)) <= 0.72 * h) visit((y + dy) * width + x + dx, u, v);
    }
  }
}

export function construction(pair, random) {
  const tone = smoothNoise(random, pair.width, pair.height, 2);
  for (const site of sites(pair, random, 10, [14, 30])) {
    const [wide, deep] = [random.between(7, 15), random.between(5, 10)];
    const colours = Array.from({ length: 64 }, () => random.pick(ROOFS));
    eachOf(site, pair.width, (i, u, v) => {
      const [p, q] = [Math.floor(u / wide + 50), Math.floor(v / deep + 50)];
      const roof = u / wide + 50 - p > 0.25 && v / deep + 50 - q > 0.3;
      mix(pair, i, roof ? colours[(p * 7 + q * 13) % 64] : PAVED, 0.93, 1 + 0.07 * tone[i]);
    });
  }
}

/** Rows of panels with ground between them, at 10 m a mixture with a faint pattern. */
export function solarFarm(pair, random) {
  const tone = smoothNoise(random, pair.width, pair.height, 2);
  for (const site of sites(pair, random, 6, [16, 34])) {
    const period = random.between(2.2, 3.4);
    eachOf(site, pair.width, (i, _, v) => {
      mix(pair, i, PANEL, 0.66 + 0.22 * Math.cos((2 * Math.PI * v) / period), 1 + 0.05 * tone[i]);
    });
  }
}

export function greenhouses(pair, random) {
  const tone = smoothNoise(random, pair.width, pair.height, 2);
  for (const site of sites(pair, random, 9, [12, 26])) {
    const [long, deep] = [random.between(9, 16), random.between(3, 5)];
    eachOf(site, pair.width, (i, u, v) => {
      const [p, q] = [u / long + 50, v / deep + 50];
      const gap = p - Math.floor(p) < 0.12 || q - Math.floor(q) < 0.25;
      mix(pair, i, PLASTIC, gap ? 0.3 : 0.9, 1 + 0.08 * tone[i]);
    });
  }
}
