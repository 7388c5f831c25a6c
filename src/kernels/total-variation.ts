/**
 * total-variation: an image without its speckle, edges kept.
 * Method: Chambolle 2004, the dual projection for min TV(u) + |u − f|² / 2λ, a fixed number of iterations: each carries a
 * value one pixel, so a pixel farther than `iterations + 1` from a block's edge is exact. Nothing flows over pixels not seen.
 * In: `source` (finite everywhere), seen. Out: `out`, the denoised image.
 */
const STEP = 0.25;

export function denoiseTotalVariation(
  source: Float32Array,
  seen: Uint8Array,
  width: number,
  height: number,
  lambda: number,
  iterations: number,
  out: Float32Array,
): void {
  const count = width * height;
  const px = new Float32Array(count);
  const py = new Float32Array(count);
  const scale = STEP / lambda;
  for (let iteration = 0; iteration < iterations; iteration++) {
    addDivergence(source, px, py, width, height, out);
    for (let row = 0; row < height; row++) {
      for (let col = 0; col < width; col++) {
        const i = row * width + col;
        if (seen[i] === 0) continue;
        const gx = col + 1 < width && seen[i + 1] !== 0 ? out[i + 1]! - out[i]! : 0;
        const gy = row + 1 < height && seen[i + width] !== 0 ? out[i + width]! - out[i]! : 0;
        const norm = 1 + scale * Math.sqrt(gx * gx + gy * gy);
        px[i] = (px[i]! - STEP * gx) / norm;
        py[i] = (py[i]! - STEP * gy) / norm;
      }
    }
  }
  addDivergence(source, px, py, width, height, out);
}

/** out = source − div p, the sign of p as in the loop above. */
function addDivergence(
  source: Float32Array,
  px: Float32Array,
  py: Float32Array,
  width: number,
  height: number,
  out: Float32Array,
): void {
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) {
      const i = row * width + col;
      const fromLeft = col > 0 ? px[i - 1]! : 0;
      const fromAbove = row > 0 ? py[i - width]! : 0;
      out[i] = source[i]! - px[i]! - py[i]! + fromLeft + fromAbove;
    }
  }
}
