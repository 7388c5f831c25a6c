/** pictures: one strip a scene, before | after | score | patches, at most 900 px wide and 60 KB. */
import sharp from 'sharp';

const PANEL = 221;
const GAP = 4;
const MOST_BYTES = 60_000;
const RED = [255, 40, 40];
const YELLOW = [255, 225, 0];
const CYAN = [0, 235, 255];
const UNSEEN = [70, 90, 140];

/**
 * @param pair before and after on one grid. @param score plane, NaN not seen.
 * @param outlines { change, mining, truth }: planes of 0/1 drawn in red, yellow and cyan over the later image; any may be missing.
 */
export async function strip(pair, score, outlines) {
  const { width, height } = pair;
  const panelHeight = Math.round((PANEL * height) / width);
  const source = new Int32Array(PANEL * panelHeight);
  for (let y = 0; y < panelHeight; y++) {
    for (let x = 0; x < PANEL; x++) {
      const [col, row] = [Math.floor(((x + 0.5) * width) / PANEL), Math.floor(((y + 0.5) * height) / panelHeight)];
      source[y * PANEL + x] = row * width + col;
    }
  }
  const after = coloured(pair.after, source);
  const panels = [coloured(pair.before, source), after, heat(score, source), outlined(after, source, outlines)];
  const total = 4 * PANEL + 3 * GAP;
  const canvas = Buffer.alloc(total * panelHeight * 3, 255);
  panels.forEach((panel, k) => {
    for (let y = 0; y < panelHeight; y++) {
      for (let x = 0; x < PANEL; x++) {
        const at = (y * total + k * (PANEL + GAP) + x) * 3;
        for (let c = 0; c < 3; c++) canvas[at + c] = panel[(y * PANEL + x) * 3 + c];
      }
    }
  });
  const raw = { raw: { width: total, height: panelHeight, channels: 3 } };
  for (let quality = 84; ; quality -= 6) {
    const jpeg = await sharp(canvas, raw).jpeg({ quality, chromaSubsampling: '4:2:0' }).toBuffer();
    if (jpeg.length <= MOST_BYTES || quality <= 40) return jpeg;
  }
}

/** Red, green, blue (or one grey band), each from its 1st to its 98.5th percentile, a little brightened. */
function coloured(bands, source) {
  const shown = bands.length >= 3 ? [bands[2], bands[1], bands[0]] : [bands[0], bands[0], bands[0]];
  const out = new Uint8Array(source.length * 3);
  shown.forEach((band, c) => {
    const [low, high] = range(
      band.filter((v) => v > 0),
      0.01,
      0.985,
    );
    source.forEach((i, k) => {
      out[k * 3 + c] = 255 * Math.max(0, Math.min(1, (band[i] - low) / (high - low))) ** 0.75;
    });
  });
  return out;
}

function heat(score, source) {
  const finite = score.filter((v) => Number.isFinite(v));
  const [low, high] = finite.length > 0 ? range(finite, 0.05, 0.995) : [0, 1];
  const out = new Uint8Array(source.length * 3);
  source.forEach((i, k) => {
    const t = Math.max(0, Math.min(1, (score[i] - low) / (high - low || 1)));
    const colour = Number.isFinite(score[i])
      ? [255 * Math.min(1, 2 * t), 255 * t * t, 255 * Math.max(0, 3 * t - 2)]
      : UNSEEN;
    for (let c = 0; c < 3; c++) out[k * 3 + c] = colour[c];
  });
  return out;
}

function range(values, from, to) {
  const sorted = Float64Array.from(values).sort();
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
  return [at(from), at(to)];
}

function outlined(picture, source, { change, mining, truth }) {
  const out = Uint8Array.from(picture);
  for (const [plane, colour] of [
    [truth, CYAN],
    [change, RED],
    [mining, YELLOW],
  ]) {
    if (!plane) continue;
    const set = (k) => (plane[source[k]] === 1 ? 1 : 0);
    source.forEach((_, k) => {
      const [left, up] = [k % PANEL > 0 ? k - 1 : k, k >= PANEL ? k - PANEL : k];
      if (set(k) === set(left) && set(k) === set(up)) return;
      for (let c = 0; c < 3; c++) out[k * 3 + c] = colour[c];
    });
  }
  return out;
}
