/** mask-moves: small masks (0 and 1, row by row) shrunk, widened and spread. Nothing beyond the edge belongs to a mask. */

/** Pixels whose four neighbours belong to the mask as well. */
export function erodeCross(mask: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let r = 1; r + 1 < height; r++) {
    for (let c = 1; c + 1 < width; c++) {
      const i = r * width + c;
      out[i] = mask[i]! & mask[i - 1]! & mask[i + 1]! & mask[i - width]! & mask[i + width]!;
    }
  }
  return out;
}

/** What is left of a mask when everything narrower than a square of 2 · radius + 1 is gone. */
export function opened(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const rest = mask.map((one) => 1 - one);
  const core = dilateSquare(rest, width, height, radius).map((one) => 1 - one);
  return dilateSquare(core, width, height, radius);
}

/** Pixels with one of the mask in the square of `radius` around them. */
export function dilateSquare(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const rows = new Uint8Array(mask.length);
  const out = new Uint8Array(mask.length);
  for (let r = 0; r < height; r++) spreadLine(mask, rows, r * width, 1, width, radius);
  for (let c = 0; c < width; c++) spreadLine(rows, out, c, width, height, radius);
  return out;
}

function spreadLine(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  count: number,
  radius: number,
): void {
  let last = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count + radius; k++) {
    if (k < count && from[start + k * step] === 1) last = k;
    const at = k - radius;
    if (at >= 0 && at < count && last >= at - radius) to[start + at * step] = 1;
  }
}

export interface Spread {
  readonly width: number;
  readonly height: number;
  readonly from: Uint8Array;
  readonly through: Uint8Array;
}

/** Pixels of `through` that a chain of 4-neighbours in `through` joins to `from` (itself not in the answer). */
export function spreadWithin({ width, height, from, through }: Spread): Uint8Array {
  const out = new Uint8Array(from.length);
  const open: number[] = [];
  const visit = (i: number): void => {
    if (out[i] === 1 || through[i] === 0 || from[i] === 1) return;
    out[i] = 1;
    open.push(i);
  };
  const around = (i: number): void => {
    const c = i % width;
    if (c > 0) visit(i - 1);
    if (c + 1 < width) visit(i + 1);
    if (i >= width) visit(i - width);
    if (i < width * (height - 1)) visit(i + width);
  };
  for (let i = 0; i < from.length; i++) if (from[i] === 1) around(i);
  for (let i = open.pop(); i !== undefined; i = open.pop()) around(i);
  return out;
}
