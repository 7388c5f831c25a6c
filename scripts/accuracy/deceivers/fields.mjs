/** fields: what seasons and farmers do, plot by plot (crops, leaves, snow; harvest, ploughing). Reflectance at the top of the atmosphere × 10,000. */
import { mix, nearPits, vegetationOf } from './base.mjs';
import { softNoise } from './noise.mjs';
import { segments, vegetationPlane } from './segments.mjs';

const CROP = [1130, 1060, 820, 3300, 1850, 1020];
const STUBBLE = [1200, 1210, 1360, 2150, 2500, 1900];
const MOIST_SOIL = [1090, 1000, 1040, 1380, 1850, 1550];
const SNOW = [6900, 6700, 6600, 6200, 900, 650];
const PLOT_PX = 11;

/** Turns the plots whose vegetation lies in [low, high] towards a spectrum, `chance` of them, each by its own share and light. */
function turnPlots(pair, random, { low, high, chance, spectrum, share, light }) {
  const plots = segments(pair.before, pair.width, pair.height, PLOT_PX);
  const green = plots.mean(vegetationPlane(pair.before));
  const means = pair.after.map((band) => plots.mean(band));
  const chosen = Array.from(green, (g) =>
    g >= low && g <= high && random.uniform() < chance
      ? { share: random.between(...share), light: random.between(...light) }
      : null,
  );
  const keep = nearPits(pair);
  plots.label.forEach((k, i) => {
    const plot = chosen[k];
    if (!plot || keep[i] || Math.abs(vegetationOf(pair.before, i) - green[k]) > 0.15) return;
    pair.after.forEach((band, b) => {
      const texture = 1 + 0.5 * (band[i] / means[b][k] - 1);
      band[i] = Math.max(1, band[i] * (1 - plot.share) + spectrum[b] * plot.light * texture * plot.share);
    });
    pair.cause[i] = 1;
  });
}

export function cropsGreenUp(pair, random) {
  const [low, high] = [0.02, 0.45];
  turnPlots(pair, random, { low, high, chance: 0.45, spectrum: CROP, share: [0.3, 0.85], light: [0.9, 1.1] });
}

export function harvest(pair, random) {
  const [low, high] = [0.22, 0.9];
  turnPlots(pair, random, { low, high, chance: 0.4, spectrum: STUBBLE, share: [0.7, 0.95], light: [0.9, 1.2] });
}

export function ploughing(pair, random) {
  const [low, high] = [0.1, 0.6];
  turnPlots(pair, random, { low, high, chance: 0.35, spectrum: MOIST_SOIL, share: [0.75, 0.97], light: [0.9, 1.5] });
}

/** Broad-leaved trees lose their leaves, more in some stands than in others. */
export function leafFall(pair, random) {
  const green = vegetationPlane(pair.before);
  const dense = Float64Array.from(green).sort()[Math.floor(green.length * 0.45)];
  const stand = softNoise(random, pair.width, pair.height, 30);
  const keep = nearPits(pair);
  const bare = [1.02, 1.03, 1.32, 0.62, 1.12, 1.3];
  green.forEach((g, i) => {
    if (keep[i] || g < dense) return;
    const share = Math.max(0.25, Math.min(1, 0.75 + 0.35 * stand[i])) * Math.min(1, (g - dense) / 0.06);
    pair.after.forEach((band, b) => {
      band[i] *= 1 + share * (bare[b] - 1);
    });
    if (share > 0.2) pair.cause[i] = 1;
  });
}

/** Snow with a ragged line; open water stays open. Where it is thick the ground is not seen. */
export function snow(pair, random) {
  const { width, height } = pair;
  const coarse = softNoise(random, width, height, 90);
  const middle = softNoise(random, width, height, 22);
  const fine = softNoise(random, width, height, 4);
  for (let i = 0; i < width * height; i++) {
    const water = pair.before[3][i] < 0.75 * pair.before[1][i];
    const depth = (coarse[i] + 0.5 * middle[i] + 0.3 * fine[i] - 0.8) * 1.4;
    if (water || depth <= 0) continue;
    const share = Math.min(0.97, depth);
    mix(pair, i, SNOW, share, 1 + 0.03 * fine[i]);
    if (share > 0.5) pair.hidden[i] = 1;
  }
}
