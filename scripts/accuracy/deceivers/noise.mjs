/** noise: a field without the facets of a bilinear lattice: smooth noise under three box means (nearly Gaussian), zero mean, unit spread. */
import { smoothNoise } from '../../train-mining/random.mjs';

export function softNoise(random, width, height, cell) {
  const radius = Math.max(1, Math.round(cell / 3));
  let field = Float64Array.from(smoothNoise(random, width, height, cell));
  for (let pass = 0; pass < 3; pass++) {
    field = along(field, width, height, radius, 1, width);
    field = along(field, height, width, radius, width, 1);
  }
  const mean = field.reduce((a, b) => a + b, 0) / field.length;
  const spread = Math.sqrt(field.reduce((a, b) => a + (b - mean) ** 2, 0) / field.length);
  return field.map((v) => (v - mean) / spread);
}

/** Mean of 2·radius + 1 values along lines of `length` values `step` apart; lines begin `next` apart; the ends repeat. */
function along(field, length, lines, radius, step, next) {
  const out = new Float64Array(field.length);
  const at = (line, k) => field[line * next + Math.max(0, Math.min(length - 1, k)) * step];
  for (let line = 0; line < lines; line++) {
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += at(line, k);
    for (let k = 0; k < length; k++) {
      out[line * next + k * step] = sum / (2 * radius + 1);
      sum += at(line, k + radius + 1) - at(line, k - radius);
    }
  }
  return out;
}
