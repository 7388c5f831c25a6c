/** sensor: the ground stays, the picture of it differs: shift, other sensors, other number types, stripes, gaps, saturation. */
import { smoothNoise } from '../../train-mining/random.mjs';

/** The earlier date read at (x + dx, y + dy), bicubic (Keys 1981); the truth stays on the grid of the later date. */
function moveBefore(pair, dx, dy) {
  const { width, height } = pair;
  const weights = (t) => [
    ((-0.5 * t + 1) * t - 0.5) * t,
    (1.5 * t - 2.5) * t * t + 1,
    ((-1.5 * t + 2) * t + 0.5) * t,
    (0.5 * t - 0.5) * t * t,
  ];
  const clamp = (v, n) => Math.max(0, Math.min(n - 1, v));
  pair.before = pair.before.map((band) => {
    const out = new Float32Array(band.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        const [u, v] = [x + dx(i), y + dy(i)];
        const [u0, v0] = [Math.floor(u), Math.floor(v)];
        const [wu, wv] = [weights(u - u0), weights(v - v0)];
        let sum = 0;
        for (let q = 0; q < 4; q++) {
          const row = clamp(v0 + q - 1, height) * width;
          for (let p = 0; p < 4; p++) sum += wv[q] * wu[p] * band[row + clamp(u0 + p - 1, width)];
        }
        out[i] = Math.max(1, sum);
      }
    }
    return out;
  });
  pair.cause.fill(1);
}

export function globalShift(lengthPx) {
  return (pair, random) => {
    const angle = random.between(0, 2 * Math.PI);
    const [dx, dy] = [lengthPx * Math.cos(angle), lengthPx * Math.sin(angle)];
    moveBefore(
      pair,
      () => dx,
      () => dy,
    );
  };
}

/** A warped field: shifts of up to 3 px that change over some 100 px. */
export function localShift(pair, random) {
  const fields = [0, 1].map(() => smoothNoise(random, pair.width, pair.height, 110));
  const reach = (v) => 3 * Math.tanh(0.9 * v);
  moveBefore(
    pair,
    (i) => reach(fields[0][i]),
    (i) => reach(fields[1][i]),
  );
}

/** The earlier date as a Landsat would have it: 30 m, its own band edges, 8 bit. */
export function otherSensor(pair) {
  const gain = [0.96, 1.02, 1.01, 0.95, 0.98, 1.04];
  pair.before = pair.before.map((band, b) => band.map((v) => eightBit((v * gain[b] + 40) * (255 / 6400))));
  pair.files.before = { type: 'uint8', block: 3 };
  pair.cause.fill(1);
}

function eightBit(value) {
  return Math.max(1, Math.min(255, value));
}

function share(band, part) {
  return Float32Array.from(band).sort()[Math.floor(part * (band.length - 1))];
}

/** The later date stretched to 8 bit, band by band, as pictures often arrive. */
export function eightAgainstSixteen(pair) {
  pair.after = pair.after.map((band) => {
    const [low, high] = [share(band, 0.002), share(band, 0.998)];
    return band.map((v) => eightBit(((v - low) / (high - low)) * 254 + 1));
  });
  pair.files.after = { type: 'uint8', block: 1 };
  pair.cause.fill(1);
}

/** Both dates 8 bit; on the later one the gain is so high that the brightest 7 % of every band are 255. */
export function saturated(pair) {
  const scaled = (bands, part) =>
    bands.map((band) => {
      const high = share(band, part);
      return band.map((v) => eightBit((v / high) * 255));
    });
  pair.before = scaled(pair.before, 0.999);
  pair.after = scaled(pair.after, 0.93);
  pair.files = { before: { type: 'uint8', block: 1 }, after: { type: 'uint8', block: 1 } };
  for (let i = 0; i < pair.cause.length; i++) {
    const full = pair.after.filter((band) => band[i] >= 255).length;
    if (full > 0) pair.cause[i] = 1;
    if (full >= 2) pair.hidden[i] = 1;
  }
}

/** Sixteen detectors, each with its own gain in each band: lines that repeat every 16 rows. */
export function stripes(pair, random) {
  pair.after = pair.after.map((band) => {
    const gains = Array.from({ length: 16 }, () => 1 + 0.045 * random.normal());
    return band.map((v, i) => Math.max(1, v * gains[Math.floor(i / pair.width) % 16]));
  });
  pair.cause.fill(1);
}

/** Wedges without data that widen to the sides, as after the loss of a scan-line corrector. */
export function scanGaps(pair) {
  const { width, height } = pair;
  const period = 33;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const half = (Math.abs(x / width - 0.5) * 2 * 13) / 2;
      const from = (((y + 0.18 * x) % period) + period) % period;
      if (from >= half * 2) continue;
      const i = y * width + x;
      for (const band of pair.after) band[i] = 0;
      pair.cause[i] = 1;
      pair.hidden[i] = 1;
    }
  }
}
