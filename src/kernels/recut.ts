/**
 * recut: an object's outline is drawn again once the whole object is known.
 * Method: what the object is made of is learnt from its inner pixels in the later image (core-likeness). A piece inside that is unlike
 * it and whose outline was there before (a plot that the pit ran into) is cut off; a piece outside that is like it and whose outline was
 * not there before (the pit goes on over ground that was bright or wet already) is added. The outline in the earlier image is what tells
 * a plot from a pit: spoil or water of a pit has none, and stays.
 * In:  mask of one object in a window that reaches beyond it, both dates' bands. Out: its new mask (the same array when nothing changes), and
 * how much of its outline is old.
 */
import { labelComponents } from './components.js';
import { coreDistances, logPlanes } from './core-likeness.js';
import { dilate, erode } from './mining-shape.js';

/** Squared distances: unlike the core beyond the first (χ², 4 degrees: 5·10⁻⁵), like it up to the second (.3 %). Tried on 2 m pairs: ADR 0074. */
const UNLIKE = 25;
const ALIKE = 16;
/** Narrower strips are edges, not ground: radius in pixels. */
const STRIP = 2;
/** Pieces under this many pixels are left as they are: outlines of fewer say little. */
const LEAST_PIECE = 100;
/** Places along an outline that a share is told from. */
const FEWEST_STEPS = 12;
/** The object keeps at least this share of its pixels, and grows by this share at most. */
const LEAST_LEFT = 0.5;
const MOST_GROWTH = 0.5;
/** A step across the outline is looked for between these distances inside and outside, pixels. */
const INSIDE = 2;
const OUTSIDE = 3;
/** Share of the outline that must show a step in BEFORE; without any edge a tenth does. */
const OLD_SHARE = 0.45;
/** Steps under this (logarithm of light) are never one. */
const LEAST_STEP = 0.03;

export interface RecutInput {
  readonly mask: Uint8Array;
  readonly seen: Uint8Array;
  readonly before: readonly Float32Array[];
  readonly after: readonly Float32Array[];
  readonly width: number;
  readonly height: number;
}

export interface RecutResult {
  readonly mask: Uint8Array;
  /** Share of the new outline that was an edge in BEFORE already; 0 where it cannot be told. */
  readonly oldShare: number;
}

export function recut(input: RecutInput): RecutResult {
  const { mask, seen, width, height } = input;
  const before = logPlanes(input.before, seen, width, height);
  const after = logPlanes(input.after, seen, width, height);
  const distances = coreDistances(after, mask, seen, width, height);
  if (distances === null) return { mask, oldShare: oldShare(mask, mask, before, seen, width, height) };
  const size = count(mask);
  const cut = cutForeign(mask, distances, before, input, size);
  const drawn = grow(cut, distances, before, input, size);
  return { mask: drawn, oldShare: oldShare(drawn, drawn, before, seen, width, height) };
}

function cutForeign(
  mask: Uint8Array,
  distances: Float32Array,
  before: readonly Float32Array[],
  { seen, width, height }: RecutInput,
  size: number,
): Uint8Array {
  const unlike = mask.map((m, i) => (m === 1 && seen[i] === 1 && distances[i]! > UNLIKE ? 1 : 0));
  let left = size;
  let out = mask;
  for (const piece of piecesOf(unlike, width, height)) {
    const own = paint(piece.runs, width, mask.length);
    if (left - piece.pixels < LEAST_LEFT * size) continue;
    if (oldShare(own, mask, before, seen, width, height) < OLD_SHARE) continue;
    if (out === mask) out = mask.slice();
    // what is left between the piece and the object's outline is its mixed edge
    const strip = dilate(own, width, height, STRIP + 1);
    for (let i = 0; i < out.length; i++) if (own[i] === 1) out[i] = 0;
    const solid = opened(out, width, height, STRIP);
    for (let i = 0; i < out.length; i++) if (strip[i] === 1 && solid[i] === 0) out[i] = 0;
    left = count(out);
  }
  return out === mask ? mask : largest(out, width, height);
}

function grow(
  mask: Uint8Array,
  distances: Float32Array,
  before: readonly Float32Array[],
  { seen, width, height }: RecutInput,
  size: number,
): Uint8Array {
  const alike = mask.map((m, i) => (m === 0 && seen[i] === 1 && distances[i]! < ALIKE ? 1 : 0));
  const pieces = piecesOf(alike, width, height);
  if (pieces.length === 0) return mask;
  const near = dilate(mask, width, height, STRIP);
  let added = 0;
  let out = mask;
  for (const piece of pieces) {
    let touches = false;
    let ends = true;
    for (let k = 0; k + 2 < piece.runs.length; k += 3) {
      const [row, from, to] = [piece.runs[k]!, piece.runs[k + 1]!, piece.runs[k + 2]!];
      if (row === 0 || row === height - 1 || from === 0 || to === width - 1) ends = false;
      if (!touches) touches = near.subarray(row * width + from, row * width + to + 1).includes(1);
    }
    if (!touches || !ends || added + piece.pixels > MOST_GROWTH * size) continue;
    const own = paint(piece.runs, width, mask.length);
    if (oldShare(own, mask, before, seen, width, height) >= OLD_SHARE) continue;
    if (out === mask) out = mask.slice();
    for (let i = 0; i < out.length; i++) if (own[i] === 1) out[i] = 1;
    added += piece.pixels;
  }
  if (out === mask) return mask;
  // the narrow seam between the object and what was added
  const joined = erode(dilate(out, width, height, STRIP), width, height, STRIP);
  for (let i = 0; i < out.length; i++) if (joined[i] === 1 && seen[i] === 1 && distances[i]! < UNLIKE) out[i] = 1;
  return largest(out, width, height);
}

/** Share of the piece's outline towards the ground around (not towards the rest of the object) that was an edge in BEFORE already. */
function oldShare(
  piece: Uint8Array,
  object: Uint8Array,
  before: readonly Float32Array[],
  seen: Uint8Array,
  width: number,
  height: number,
): number {
  const border: number[] = [];
  const control: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (piece[i] === 0) continue;
      for (const [dx, dy] of DIRECTIONS) {
        const xi = x - INSIDE * dx;
        const yi = y - INSIDE * dy;
        const xo = x + OUTSIDE * dx;
        const yo = y + OUTSIDE * dy;
        if (Math.min(xi, yi, xo, yo) < 0 || Math.max(xi, xo) >= width || Math.max(yi, yo) >= height) continue;
        const inner = yi * width + xi;
        const outer = yo * width + xo;
        if (piece[inner] === 0 || seen[inner] === 0 || seen[outer] === 0) continue;
        if (piece[outer] === 1) {
          if ((x + y) % 3 === 0) control.push(step(before, inner, outer));
          continue;
        }
        const next = i + dy * width + dx;
        if (piece[next] === 0 && object[next] === 0 && object[outer] === 0) border.push(step(before, inner, outer));
      }
    }
  }
  if (border.length < FEWEST_STEPS || control.length < FEWEST_STEPS) return 0;
  control.sort((a, b) => a - b);
  const limit = Math.max(LEAST_STEP, control[Math.floor(0.9 * control.length)]!);
  return border.filter((value) => value > limit).length / border.length;
}

const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** The greatest difference of any band, in logarithms. */
function step(planes: readonly Float32Array[], a: number, b: number): number {
  let most = 0;
  for (const plane of planes) {
    const d = Math.abs(plane[a]! - plane[b]!);
    if (d > most) most = d;
  }
  return most;
}

/** Solid pieces with the ragged pixels next to them, large enough to matter, in order of their first pixel. */
function piecesOf(mask: Uint8Array, width: number, height: number) {
  if (count(mask) < LEAST_PIECE) return [];
  const solid = opened(mask, width, height, STRIP);
  const round = dilate(solid, width, height, 1);
  for (let i = 0; i < round.length; i++) if (mask[i] === 0) round[i] = 0;
  return labelled(round, width, height).filter(({ pixels }) => pixels >= LEAST_PIECE);
}

function opened(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  return dilate(erode(mask, width, height, radius), width, height, radius);
}

function labelled(mask: Uint8Array, width: number, height: number) {
  return labelComponents(mask, width, { col: 0, row: 0, width, height }, { col: 0, row: 0 });
}

function largest(mask: Uint8Array, width: number, height: number): Uint8Array {
  let best: { runs: Int32Array; pixels: number } | undefined;
  for (const part of labelled(mask, width, height)) if (!best || part.pixels > best.pixels) best = part;
  return best ? paint(best.runs, width, mask.length) : mask;
}

function paint(runs: Int32Array, width: number, size: number): Uint8Array {
  const out = new Uint8Array(size);
  for (let k = 0; k + 2 < runs.length; k += 3) {
    out.fill(1, runs[k]! * width + runs[k + 1]!, runs[k]! * width + runs[k + 2]! + 1);
  }
  return out;
}

function count(mask: Uint8Array): number {
  let sum = 0;
  for (const m of mask) sum += m;
  return sum;
}
