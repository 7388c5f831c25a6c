/**
 * radar: made pairs of one radar band: smooth backscatter with sharp fields, speckle of L looks (a mean of L exponentials, spatially
 * correlated where asked), patches that rise or fall by a known number of decibels. Amplitude in 8 bit.
 */
import { randomOf } from '../train-mining/random.mjs';
import { softNoise } from './deceivers/noise.mjs';

const SIDE = 300;
export const RADAR_SCENES = [
  { id: 'radar-1-look', looks: 1, decibel: 9, share: 0.06, correlated: false, seed: 401 },
  { id: 'radar-3-looks', looks: 3, decibel: 6, share: 0.03, correlated: false, seed: 402 },
  { id: 'radar-4-looks-correlated', looks: 4, decibel: 7, share: 0.08, correlated: true, seed: 403 },
  { id: 'radar-5-looks', looks: 5, decibel: 4, share: 0.15, correlated: false, seed: 404 },
  { id: 'radar-8-looks-correlated', looks: 8, decibel: 4, share: 0.02, correlated: true, seed: 405 },
  { id: 'radar-4-looks-unchanged', looks: 4, decibel: 0, share: 0, correlated: true, seed: 406 },
].map((scene) => ({
  ...scene,
  text: `${scene.looks} look${scene.looks > 1 ? 's' : ''}${scene.correlated ? ', correlated' : ''}, ${
    scene.share === 0 ? 'nothing changed' : `±${scene.decibel} dB on ${Math.round(100 * scene.share)} %`
  }`,
}));

export function makeRadar({ looks, decibel, share, correlated, seed }) {
  const random = randomOf(seed);
  const size = SIDE * SIDE;
  const slow = softNoise(random, SIDE, SIDE, 50);
  const fields = softNoise(random, SIDE, SIDE, 24);
  const where = softNoise(random, SIDE, SIDE, 16);
  const sign = softNoise(random, SIDE, SIDE, 60);
  const order = Float64Array.from(where).sort();
  const from = share === 0 ? Number.POSITIVE_INFINITY : order[Math.floor(size * (1 - share))];
  const truth = Uint8Array.from(where, (v) => (v > from ? 2 : 1));
  const power = Float64Array.from(
    slow,
    (v, i) => 10 ** ((2 * v + (fields[i] > 0.4 ? 4 : fields[i] < -0.9 ? -5 : 0)) / 10),
  );
  const changed = power.map((p, i) => (truth[i] === 2 ? p * 10 ** ((Math.sign(sign[i] + 1e-9) * decibel) / 10) : p));
  const [t1, t2] = [power, changed].map((plane) => {
    const speckle = speckleOf(random, looks, correlated);
    return Float32Array.from(plane, (p, i) => Math.max(1, Math.min(255, 60 * Math.sqrt(p * speckle[i]))));
  });
  return {
    width: SIDE,
    height: SIDE,
    before: [t1],
    after: [t2],
    truth,
    files: { before: { type: 'uint8', block: 1 }, after: { type: 'uint8', block: 1 } },
  };
}

/** Mean of `looks` intensities of complex noise; correlated: each part under a small kernel, as oversampled images are. */
function speckleOf(random, looks, correlated) {
  const out = new Float64Array(SIDE * SIDE);
  for (let part = 0; part < 2 * looks; part++) {
    const noise = Float64Array.from(out, () => random.normal());
    const seen = correlated ? kernelled(noise) : noise;
    for (let i = 0; i < out.length; i++) out[i] += seen[i] ** 2 / (2 * looks);
  }
  return out;
}

/** Weights 1 2 1 in both directions, brought back to unit variance. */
function kernelled(noise) {
  const out = new Float64Array(noise.length);
  const clamp = (v) => Math.max(0, Math.min(SIDE - 1, v));
  const weights = [0.25, 0.5, 0.25];
  const norm = Math.sqrt(weights.reduce((s, w) => s + w * w, 0));
  for (let i = 0; i < out.length; i++) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        out[i] += (weights[dx + 1] * weights[dy + 1] * noise[clamp(y + dy) * SIDE + clamp(x + dx)]) / norm ** 2;
      }
    }
  }
  return out;
}
