/** atmosphere: cloud, haze and shadow over the later date, and terrain shadow that moved with the sun. */
import { mix } from './base.mjs';
import { softNoise } from './noise.mjs';

const CLOUD = [6200, 6100, 6200, 6500, 4300, 3400];
const HAZE = [2500, 2200, 1950, 1800, 1250, 950];
/** Light that a cloud's shadow still gets from the sky, by band. */
const SKY = [0.56, 0.46, 0.4, 0.34, 0.28, 0.26];
/** Share of diffuse light on a clear day, by band. */
const DIFFUSE = [0.42, 0.32, 0.25, 0.18, 0.1, 0.08];

/** Thickness 0–1 of a field of clouds that covers about `share` of the scene, with thin rims. */
function clouds(random, width, height, share) {
  const parts = [
    [60, 1],
    [26, 0.6],
    [10, 0.3],
    [4, 0.15],
  ].map(([cell, weight]) => ({ weight, field: softNoise(random, width, height, cell) }));
  const sum = Float64Array.from({ length: width * height }, (_, i) =>
    parts.reduce((s, { weight, field }) => s + weight * field[i], 0),
  );
  const from = Float64Array.from(sum).sort()[Math.floor(sum.length * (1 - share))];
  return sum.map((v) => Math.max(0, Math.min(1, (v - from) * 2.2)));
}

export function cloud(pair, random) {
  const thickness = clouds(random, pair.width, pair.height, 0.18);
  const texture = softNoise(random, pair.width, pair.height, 3);
  thickness.forEach((t, i) => {
    if (t <= 0) return;
    mix(pair, i, CLOUD, Math.min(0.97, t), 1 + 0.06 * texture[i]);
    if (t > 0.35) pair.hidden[i] = 1;
  });
}

export function haze(pair, random) {
  const field = softNoise(random, pair.width, pair.height, 110);
  field.forEach((f, i) => {
    const share = 0.08 + 0.34 / (1 + Math.exp(-1.6 * f));
    mix(pair, i, HAZE, share);
  });
}

/** Shadows of clouds that stand outside the picture or were not recognised. */
export function cloudShadow(pair, random) {
  const depth = clouds(random, pair.width, pair.height, 0.18);
  depth.forEach((d, i) => {
    if (d <= 0) return;
    pair.after.forEach((band, b) => {
      band[i] *= 1 - Math.min(0.95, d) * (1 - SKY[b]);
    });
    pair.cause[i] = 1;
    if (d > 0.35) pair.hidden[i] = 1;
  });
}

/** Hills of about 300 m: light and cast shadow under a summer sun on the earlier date, a winter sun on the later one. */
export function terrainShadow(pair, random) {
  const { width, height } = pair;
  const relief = [
    [70, 110],
    [30, 40],
    [12, 12],
  ].map(([cell, metres]) => ({ metres, field: softNoise(random, width, height, cell) }));
  const ground = Float64Array.from({ length: width * height }, (_, i) =>
    relief.reduce((s, { metres, field }) => s + metres * field[i], 0),
  );
  const summer = sunlight(ground, width, height, 62, 125);
  const winter = sunlight(ground, width, height, 29, 163);
  for (let i = 0; i < ground.length; i++) {
    pair.before.forEach((band, b) => {
      band[i] = Math.max(1, band[i] * (DIFFUSE[b] + (1 - DIFFUSE[b]) * summer[i]));
    });
    pair.after.forEach((band, b) => {
      band[i] = Math.max(1, band[i] * (DIFFUSE[b] + (1 - DIFFUSE[b]) * winter[i]));
    });
    if (Math.abs(winter[i] - summer[i]) > 0.25) pair.cause[i] = 1;
    if (winter[i] < 0.1) pair.hidden[i] = 1;
  }
}

/** Direct light relative to flat ground (0 in shadow, at most 1.6) for the sun's elevation and azimuth in degrees; pixels of 10 m. */
function sunlight(ground, width, height, elevation, azimuth) {
  const [el, az] = [(elevation * Math.PI) / 180, (azimuth * Math.PI) / 180];
  const sun = { x: Math.sin(az) * Math.cos(el), y: -Math.cos(az) * Math.cos(el), z: Math.sin(el) };
  const rise = Math.tan(el) * 10;
  const [sx, sy] = [Math.sin(az), -Math.cos(az)];
  const at = (x, y) => ground[Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x))];
  const light = new Float64Array(ground.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const nx = -(at(x + 1, y) - at(x - 1, y)) / 20;
      const ny = -(at(x, y + 1) - at(x, y - 1)) / 20;
      let lit = Math.max(0, (nx * sun.x + ny * sun.y + sun.z) / Math.hypot(nx, ny, 1) / sun.z);
      for (let s = 1; s < 60 && lit > 0; s++) {
        if (at(Math.round(x + sx * s), Math.round(y + sy * s)) > at(x, y) + rise * s) lit = 0;
      }
      light[y * width + x] = Math.min(1.6, lit);
    }
  }
  return light;
}
