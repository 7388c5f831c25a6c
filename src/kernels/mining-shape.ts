/**
 * mining-shape: binary morphology with square windows (Serra 1982): local, integer, exact at any block border that has enough context.
 * Windows are cut at the array's edge: what lies outside neither keeps nor removes a pixel.
 * In:  masks of 0 and 1. Out: new masks.
 */
import type { MiningShape } from '../model/mining.js';

/** Pixels of context that a mask, its edge and its measures need. */
export function shapeHaloPx({ smooth, open, grow, close, edge, ring }: MiningShape): number {
  return smooth + 2 * open + grow + 2 * close + (edge > 0 ? 2 * edge + 5 : 0) + ring + 3;
}

/** Counts of ones in the (2r+1)² window, by two passes of running integer sums. */
function countOnes(mask: Uint8Array, width: number, height: number, radius: number): Int32Array {
  const rows = new Int32Array(mask.length);
  for (let y = 0; y < height; y++) {
    const from = y * width;
    let sum = 0;
    for (let x = 0; x < Math.min(radius, width); x++) sum += mask[from + x]!;
    for (let x = 0; x < width; x++) {
      if (x + radius < width) sum += mask[from + x + radius]!;
      if (x - radius - 1 >= 0) sum -= mask[from + x - radius - 1]!;
      rows[from + x] = sum;
    }
  }
  const counts = new Int32Array(mask.length);
  const column = new Int32Array(width);
  for (let y = 0; y < Math.min(radius, height); y++) {
    for (let x = 0; x < width; x++) column[x] = column[x]! + rows[y * width + x]!;
  }
  for (let y = 0; y < height; y++) {
    const enter = y + radius < height ? (y + radius) * width : -1;
    const leave = y - radius - 1 >= 0 ? (y - radius - 1) * width : -1;
    for (let x = 0; x < width; x++) {
      let sum = column[x]!;
      if (enter >= 0) sum += rows[enter + x]!;
      if (leave >= 0) sum -= rows[leave + x]!;
      column[x] = sum;
      counts[y * width + x] = sum;
    }
  }
  return counts;
}

/** A pixel stays when its whole window (as far as it lies in the array) is set. */
export function erode(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  if (radius <= 0) return mask.slice();
  const counts = countOnes(mask, width, height, radius);
  const out = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++) {
    const tall = Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1;
    for (let x = 0; x < width; x++) {
      const wide = Math.min(width - 1, x + radius) - Math.max(0, x - radius) + 1;
      const i = y * width + x;
      out[i] = counts[i] === tall * wide ? 1 : 0;
    }
  }
  return out;
}

/** A pixel is set when any pixel of its window is. */
export function dilate(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  if (radius <= 0) return mask.slice();
  const counts = countOnes(mask, width, height, radius);
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < mask.length; i++) out[i] = counts[i]! > 0 ? 1 : 0;
  return out;
}

/** Opening, growth back into the candidates, closing; never outside `seen`. Context needed: 2·open + grow + 2·close pixels. */
export function tidyMask(
  candidates: Uint8Array,
  seen: Uint8Array,
  width: number,
  height: number,
  shape: { readonly open: number; readonly grow: number; readonly close: number },
): Uint8Array {
  let mask = candidates;
  if (shape.open > 0) {
    mask = dilate(erode(mask, width, height, shape.open), width, height, shape.open);
    mask = dilate(mask, width, height, shape.grow);
    for (let i = 0; i < mask.length; i++) if (candidates[i] === 0) mask[i] = 0;
  }
  if (shape.close > 0) mask = erode(dilate(mask, width, height, shape.close), width, height, shape.close);
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < mask.length; i++) out[i] = mask[i] === 1 && seen[i] === 1 ? 1 : 0;
  return out;
}
