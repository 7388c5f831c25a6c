/**
 * resample: an image moved by a fraction of a pixel.
 * Method: separable cubic convolution, a = −0.5 (Keys 1981), the same four weights for every pixel of a row or column, so a
 * pixel's value does not depend on where the array begins. A pixel whose 4 × 4 support holds an invalid pixel is invalid.
 */

/** Weights of the samples at −1, 0, 1, 2 for a position `t` (0 ≤ t < 1) behind sample 0. */
export function cubicWeights(t: number): readonly [number, number, number, number] {
  const a = -0.5;
  const far = (d: number): number => a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a;
  const near = (d: number): number => (a + 2) * d * d * d - (a + 3) * d * d + 1;
  return [far(1 + t), near(t), near(1 - t), far(2 - t)];
}

/**
 * Source of `(width + 3) × (height + 3)`, whose pixel (1, 1) is the integer position of output (0, 0).
 * Output (c, r) = source at (c + 1 + tx, r + 1 + ty).
 */
export function moveBand(
  source: Float32Array,
  width: number,
  height: number,
  tx: number,
  ty: number,
  out: Float32Array,
): void {
  const wide = width + 3;
  const [x0, x1, x2, x3] = cubicWeights(tx);
  const [y0, y1, y2, y3] = cubicWeights(ty);
  const rows = new Float32Array(width * (height + 3));
  for (let r = 0; r < height + 3; r++) {
    const from = r * wide;
    const to = r * width;
    for (let c = 0; c < width; c++) {
      const i = from + c;
      rows[to + c] = x0 * source[i]! + x1 * source[i + 1]! + x2 * source[i + 2]! + x3 * source[i + 3]!;
    }
  }
  for (let r = 0; r < height; r++) {
    const a = r * width;
    const b = a + width;
    const d = b + width;
    const e = d + width;
    for (let c = 0; c < width; c++) {
      out[a + c] = y0 * rows[a + c]! + y1 * rows[b + c]! + y2 * rows[d + c]! + y3 * rows[e + c]!;
    }
  }
}

/** Validity (1/0) moved likewise: valid where the whole support is. Axes with a zero fraction use one sample only. */
export function moveMask(
  source: Uint8Array,
  width: number,
  height: number,
  tx: number,
  ty: number,
  out: Uint8Array,
): void {
  const wide = width + 3;
  const [cFrom, cTo] = tx === 0 ? [1, 1] : [0, 3];
  const [rFrom, rTo] = ty === 0 ? [1, 1] : [0, 3];
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      let valid = 1;
      for (let dr = rFrom; dr <= rTo && valid === 1; dr++) {
        const line = (r + dr) * wide + c;
        for (let dc = cFrom; dc <= cTo; dc++) {
          if (source[line + dc]! === 0) {
            valid = 0;
            break;
          }
        }
      }
      out[r * width + c] = valid;
    }
  }
}
