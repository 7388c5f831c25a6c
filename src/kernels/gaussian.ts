/**
 * gaussian: smoothing that counts seen pixels only. Separable, taps in fixed order and no running sums, so that a pixel's value
 * does not depend on where its block begins; beyond the array nothing is seen.
 */

export interface GaussianKernel {
  readonly radius: number;
  /** weights[d] is the weight of the pixels at distance d; weights[0] + 2·Σ weights[1…] = 1. */
  readonly weights: readonly number[];
}

export function gaussianKernel(sigmaPx: number): GaussianKernel {
  const radius = Math.max(1, Math.ceil(3 * sigmaPx));
  const weights = Array.from({ length: radius + 1 }, (_, d) => Math.exp((-d * d) / (2 * sigmaPx * sigmaPx)));
  const sum = weights.reduce((total, w, d) => total + (d === 0 ? w : 2 * w), 0);
  return { radius, weights: weights.map((w) => w / sum) };
}

/** Convolution with zeros outside. `out` may be `source`; `scratch` holds as many values. */
export function convolve(
  source: Float32Array,
  width: number,
  height: number,
  kernel: GaussianKernel,
  out: Float32Array,
  scratch: Float32Array,
): void {
  const { radius, weights } = kernel;
  const line = new Float64Array(width + 2 * radius);
  for (let row = 0; row < height; row++) {
    const at = row * width;
    for (let col = 0; col < width; col++) line[col + radius] = source[at + col]!;
    for (let col = 0; col < width; col++) {
      const middle = col + radius;
      let sum = weights[0]! * line[middle]!;
      for (let d = 1; d <= radius; d++) sum += weights[d]! * (line[middle - d]! + line[middle + d]!);
      scratch[at + col] = sum;
    }
  }
  const sums = line.subarray(0, width);
  for (let row = 0; row < height; row++) {
    const at = row * width;
    for (let col = 0; col < width; col++) sums[col] = weights[0]! * scratch[at + col]!;
    for (let d = 1; d <= radius; d++) {
      const weight = weights[d]!;
      const up = row - d >= 0 ? at - d * width : -1;
      const down = row + d < height ? at + d * width : -1;
      if (up >= 0 && down >= 0) {
        for (let col = 0; col < width; col++) sums[col]! += weight * (scratch[up + col]! + scratch[down + col]!);
      } else if (up >= 0 || down >= 0) {
        const one = up >= 0 ? up : down;
        for (let col = 0; col < width; col++) sums[col]! += weight * scratch[one + col]!;
      }
    }
    for (let col = 0; col < width; col++) out[at + col] = sums[col]!;
  }
}

/** Share of the kernel's weight that lies on seen pixels, for dividing a convolution of zero-filled values by. */
export function seenWeight(
  seen: Uint8Array,
  width: number,
  height: number,
  kernel: GaussianKernel,
  out: Float32Array,
  scratch: Float32Array,
): void {
  for (let i = 0; i < seen.length; i++) out[i] = seen[i]!;
  convolve(out, width, height, kernel, out, scratch);
}
