/**
 * gaussian: smoothing that counts seen pixels only. Separable, taps in fixed order and no running sums, so that a pixel's value
 * does not depend on where its block begins; beyond the array nothing is seen.
 */

export interface GaussianKernel {
  /** A multiple of three. */
  readonly radius: number;
  /** weights[d] is the weight of the pixels at distance d; weights[0] + 2·Σ weights[1…] = 1. */
  readonly weights: readonly number[];
}

export function gaussianKernel(sigmaPx: number): GaussianKernel {
  const radius = 3 * Math.max(1, Math.ceil(sigmaPx));
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
  const { radius } = kernel;
  const line = new Float64Array(width + 2 * radius);
  const sums = new Float64Array(width);
  for (let row = 0; row < height; row++) {
    const at = row * width;
    for (let col = 0; col < width; col++) line[col + radius] = source[at + col]!;
    weigh(line, width, kernel, sums);
    for (let col = 0; col < width; col++) scratch[at + col] = sums[col]!;
  }
  const nothing = new Float32Array(width);
  const rowOf = (row: number) =>
    row < 0 || row >= height ? nothing : scratch.subarray(row * width, (row + 1) * width);
  for (let row = 0; row < height; row++) {
    const middle = rowOf(row);
    const w0 = kernel.weights[0]!;
    for (let col = 0; col < width; col++) sums[col] = w0 * middle[col]!;
    for (let d = 1; d <= radius; d += 3) {
      const [u1, u2, u3] = [rowOf(row - d), rowOf(row - d - 1), rowOf(row - d - 2)];
      const [l1, l2, l3] = [rowOf(row + d), rowOf(row + d + 1), rowOf(row + d + 2)];
      const w1 = kernel.weights[d]!;
      const w2 = kernel.weights[d + 1]!;
      const w3 = kernel.weights[d + 2]!;
      for (let col = 0; col < width; col++) {
        sums[col] = sums[col]! + w1 * (u1[col]! + l1[col]!) + w2 * (u2[col]! + l2[col]!) + w3 * (u3[col]! + l3[col]!);
      }
    }
    const at = row * width;
    for (let col = 0; col < width; col++) out[at + col] = sums[col]!;
  }
}

/** One line, three distances at a time: radii are multiples of three. */
function weigh(line: Float64Array, width: number, kernel: GaussianKernel, sums: Float64Array): void {
  const { radius, weights } = kernel;
  const w0 = weights[0]!;
  for (let d = 1; d <= radius; d += 3) {
    const w1 = weights[d]!;
    const w2 = weights[d + 1]!;
    const w3 = weights[d + 2]!;
    for (let col = 0; col < width; col++) {
      const m = col + radius;
      const start = d === 1 ? w0 * line[m]! : sums[col]!;
      sums[col] =
        start +
        w1 * (line[m - d]! + line[m + d]!) +
        w2 * (line[m - d - 1]! + line[m + d + 1]!) +
        w3 * (line[m - d - 2]! + line[m + d + 2]!);
    }
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
