/** segments: plots of ground with the image's own edges, by simple linear iterative clustering (SLIC: Achanta et al. 2012). */
import { vegetationOf } from './base.mjs';

const ROUNDS = 5;
const COMPACTNESS = 0.35;

/** @returns {{ label: Int32Array, count: number, mean: (plane) => Float64Array }} */
export function segments(bands, width, height, step) {
  const planes = [vegetationPlane(bands), logPlane(bands[2]), logPlane(bands[4])].map(standardised);
  const centres = [];
  for (let y = Math.floor(step / 2); y < height; y += step) {
    for (let x = Math.floor(step / 2); x < width; x += step) {
      centres.push({ x, y, f: planes.map((plane) => plane[y * width + x]) });
    }
  }
  const label = new Int32Array(width * height);
  for (let round = 0; round < ROUNDS; round++) {
    assign(label, planes, centres, width, height, step);
    recentre(label, planes, centres, width);
  }
  const mean = (plane) => {
    const sum = new Float64Array(centres.length);
    const n = new Float64Array(centres.length);
    label.forEach((k, i) => {
      sum[k] += plane[i];
      n[k]++;
    });
    return sum.map((s, k) => s / Math.max(1, n[k]));
  };
  return { label, count: centres.length, mean };
}

function assign(label, planes, centres, width, height, step) {
  const best = new Float64Array(label.length).fill(Number.POSITIVE_INFINITY);
  const scale = COMPACTNESS / step;
  centres.forEach(({ x, y, f }, k) => {
    for (let v = Math.max(0, Math.round(y) - step); v <= Math.min(height - 1, Math.round(y) + step); v++) {
      for (let u = Math.max(0, Math.round(x) - step); u <= Math.min(width - 1, Math.round(x) + step); u++) {
        const i = v * width + u;
        let d = ((u - x) * scale) ** 2 + ((v - y) * scale) ** 2;
        for (let p = 0; p < planes.length; p++) d += (planes[p][i] - f[p]) ** 2;
        if (d < best[i]) {
          best[i] = d;
          label[i] = k;
        }
      }
    }
  });
}

function recentre(label, planes, centres, width) {
  const sums = centres.map(() => ({ n: 0, x: 0, y: 0, f: planes.map(() => 0) }));
  label.forEach((k, i) => {
    const s = sums[k];
    s.n++;
    s.x += i % width;
    s.y += Math.floor(i / width);
    for (let p = 0; p < planes.length; p++) s.f[p] += planes[p][i];
  });
  sums.forEach((s, k) => {
    if (s.n > 0) centres[k] = { x: s.x / s.n, y: s.y / s.n, f: s.f.map((v) => v / s.n) };
  });
}

export function vegetationPlane(bands) {
  return Float64Array.from(bands[0], (_, i) => vegetationOf(bands, i));
}

function logPlane(band) {
  return Float64Array.from(band, (v) => Math.log(v + 1));
}

function standardised(plane) {
  const mean = plane.reduce((a, b) => a + b, 0) / plane.length;
  const spread = Math.sqrt(plane.reduce((a, b) => a + (b - mean) ** 2, 0) / plane.length) + 1e-9;
  return plane.map((v) => (v - mean) / spread);
}
