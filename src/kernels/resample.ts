/**
 * resample: an image moved by a fraction of a pixel.
 * Method: separable cubic convolution, a = −0.5 (Keys 1981), the same four weights for every pixel of a row or column, so a
 * pixel's value does not depend on where the array begins; or weights looked up for each pixel where the distance varies. Near the edge of what is valid, values are
 * extended outward first, so that a pixel is lost only where its own place holds nothing.
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

/**
 * Validity (1/0) moved likewise: an output pixel is as valid as the source pixel nearest to its place. `source` has the same
 * margins as in moveBand; values beyond the edge of what is valid must have been extended (extendEdges).
 */
export function moveMask(
  source: Uint8Array,
  width: number,
  height: number,
  tx: number,
  ty: number,
  out: Uint8Array,
): void {
  const wide = width + 3;
  const dc = 1 + Math.round(tx);
  const dr = 1 + Math.round(ty);
  for (let r = 0; r < height; r++) {
    const from = (r + dr) * wide + dc;
    out.set(source.subarray(from, from + width), r * width);
  }
}

/** Where each output pixel is found in its source: the sample before it (−1 of four) and the places in tables of weights. */
export interface Places {
  /** Index in the source of the upper left sample of the 4 × 4 support. */
  readonly corner: Int32Array;
  readonly phaseX: Uint8Array;
  readonly phaseY: Uint8Array;
}

/** Four cubic weights for each phase, one after the other. */
export type WeightTable = Float64Array;

export function weightTable(parts: readonly number[]): WeightTable {
  return Float64Array.from(parts.flatMap((t) => [...cubicWeights(t)]));
}

/** A band moved by another distance at every pixel; `wide` = pixels of a row of the source. */
export function moveBandBy(
  source: Float32Array,
  wide: number,
  places: Places,
  tableX: WeightTable,
  tableY: WeightTable,
  out: Float32Array,
): void {
  const { corner, phaseX, phaseY } = places;
  for (let i = 0; i < out.length; i++) {
    const x = 4 * phaseX[i]!;
    const y = 4 * phaseY[i]!;
    const [x0, x1, x2, x3] = [tableX[x]!, tableX[x + 1]!, tableX[x + 2]!, tableX[x + 3]!];
    let sum = 0;
    for (let r = 0, at = corner[i]!; r < 4; r++, at += wide) {
      sum += tableY[y + r]! * (x0 * source[at]! + x1 * source[at + 1]! + x2 * source[at + 2]! + x3 * source[at + 3]!);
    }
    out[i] = sum;
  }
}

/** Steps by which edges must be extended for the 4 × 4 support of any pixel whose nearest source pixel is valid. */
export const EDGE_STEPS = 2;

/**
 * Gives invalid pixels beside valid ones the mean of their valid neighbours (of eight), `EDGE_STEPS` times over, in place. The
 * array's outermost EDGE_STEPS pixels may lack neighbours: the caller reads that much more and does not use it.
 */
export function extendEdges(bands: readonly Float32Array[], valid: Uint8Array, width: number, height: number): void {
  let filled = valid;
  for (let step = 0; step < EDGE_STEPS; step++) {
    const next = filled.slice();
    for (let r = 0; r < height; r++) {
      for (let c = 0; c < width; c++) {
        const i = r * width + c;
        if (filled[i]! === 1) continue;
        const around: number[] = [];
        for (let y = Math.max(0, r - 1); y <= Math.min(height - 1, r + 1); y++) {
          for (let x = Math.max(0, c - 1); x <= Math.min(width - 1, c + 1); x++) {
            if (filled[y * width + x]! === 1) around.push(y * width + x);
          }
        }
        if (around.length === 0) continue;
        for (const band of bands) {
          let sum = 0;
          for (const j of around) sum += band[j]!;
          band[i] = sum / around.length;
        }
        next[i] = 1;
      }
    }
    filled = next;
  }
}
