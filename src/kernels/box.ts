/**
 * box: means over square windows of any size at the cost of a few additions per pixel. Values are rounded to 64ths first and the
 * running sums are whole numbers under 2^31, hence exact: a pixel's mean does not depend on where its block begins, which
 * running float sums would break. Beyond the array nothing is seen.
 */

/** Values beyond ± this are cut before rounding, so that 25² × 25² of them stay under 2^31. */
const CUT = 32;
const STEPS = 64;

/** Whole 64ths of `source` on seen pixels, 0 elsewhere. */
export function toSteps(source: Float32Array, seen: Uint8Array, out: Int32Array): void {
  for (let i = 0; i < source.length; i++) {
    out[i] = seen[i] === 0 ? 0 : Math.round(Math.max(-CUT, Math.min(CUT, source[i]!)) * STEPS);
  }
}

export const STEP = 1 / STEPS;

/** Sum over (2·radius + 1)² pixels of whole numbers, in place; `scratch` holds as many values. */
export function boxSum(values: Int32Array, width: number, height: number, radius: number, scratch: Int32Array): void {
  for (let row = 0; row < height; row++) {
    const at = row * width;
    let sum = 0;
    for (let col = 0; col < Math.min(radius, width); col++) sum += values[at + col]!;
    for (let col = 0; col < width; col++) {
      if (col + radius < width) sum += values[at + col + radius]!;
      scratch[at + col] = sum;
      if (col - radius >= 0) sum -= values[at + col - radius]!;
    }
  }
  const sums = new Int32Array(width);
  for (let row = 0; row < Math.min(radius, height); row++) {
    for (let col = 0; col < width; col++) sums[col]! += scratch[row * width + col]!;
  }
  for (let row = 0; row < height; row++) {
    const at = row * width;
    const enter = row + radius < height ? (row + radius) * width : -1;
    const leave = row - radius >= 0 ? (row - radius) * width : -1;
    if (enter >= 0) for (let col = 0; col < width; col++) sums[col]! += scratch[enter + col]!;
    for (let col = 0; col < width; col++) values[at + col] = sums[col]!;
    if (leave >= 0) for (let col = 0; col < width; col++) sums[col]! -= scratch[leave + col]!;
  }
}
