/**
 * strip: a wide block in kernel memory, looked at coarsely by the sieves and closely only where they let something through. Gives what
 * the whole-block kernels give (quality, mining-change), at the cost of the little that may be hidden or may be a candidate.
 * In:  an AlignedPair whose planes and `seen` lie in kernel memory. Out: what is seen; rectangles that may hold changed pixels.
 */
import type { AlignedPair } from '../model/change.js';
import type { MiningDetector } from '../model/mining.js';
import { islandsOf, type Rectangle, widened } from './islands.js';
import { type MiningSieve, sieveOf } from './mining-sieve.js';
import {
  CORE_SHARE,
  cloudsOf,
  FULL_SHARE,
  type QualityNumbers,
  qualityHaloPx,
  saturatedOf,
  shadeOf,
} from './quality.js';
import { OTHER, type Side } from './quality-marks.js';
import { qualitySieve, SIEVE_BIT } from './quality-sieve.js';
import type { KernelMemory } from './wasm.js';

const CELL = 16;
/** No box of marks is narrower, pixels. */
const LEAST_SIDE = 7;
/** Close looks are taken in pieces of at most this side: bounds their memory. */
export const PIECE_PX = 1024;

/** Bytes of kernel memory for strips of up to `capacity` pixels. */
export function stripBytes(capacity: number): number {
  return 9 * capacity + 131072;
}

export class StripKernels {
  readonly #memory: KernelMemory;
  readonly #seen: Uint8Array;
  readonly #marks: Uint8Array;
  readonly #room: readonly [Uint8Array, Uint8Array, Uint8Array];
  readonly #cells: Uint8Array;
  readonly #counts: Int32Array;
  readonly #quality: QualityNumbers | null;
  readonly #qualityNumbers: Readonly<Record<Side, Float32Array>> | null;
  readonly #detector: MiningDetector;
  readonly #sieve: { readonly bands: Int32Array; readonly numbers: Float32Array };

  constructor(
    memory: KernelMemory,
    capacity: number,
    detector: MiningDetector,
    sieve: MiningSieve,
    quality: QualityNumbers | null,
  ) {
    this.#memory = memory;
    this.#seen = memory.bytes(capacity);
    this.#marks = memory.bytes(capacity);
    const padded = Math.ceil(1.25 * capacity) + 32768;
    this.#room = [memory.bytes(padded), memory.bytes(padded), memory.bytes(padded)];
    this.#cells = memory.bytes(Math.ceil(padded / CELL));
    this.#counts = memory.counters(Math.ceil(capacity / LEAST_SIDE) + 4096);
    this.#detector = detector;
    this.#sieve = { bands: memory.int32(sieve.bands), numbers: memory.numbers([...sieve.numbers]) };
    this.#quality = quality;
    this.#qualityNumbers = quality && {
      before: memory.numbers([...qualitySieve(quality, quality.before, quality.radius.veil > 0)]),
      after: memory.numbers([...qualitySieve(quality, quality.after, quality.radius.veil > 0)]),
    };
  }

  /** `seen` without what a cloud, its shadow, snow or saturation hides. */
  seen(pair: AlignedPair): Uint8Array {
    const quality = this.#quality;
    if (quality === null || this.#qualityNumbers === null) return pair.seen;
    const seen = this.#seen.subarray(0, pair.seen.length);
    const marks = this.#marks.subarray(0, pair.seen.length);
    marks.fill(0);
    seen.set(pair.seen);
    let changed = false;
    const count = (bit: number, side: number, across: number, down: number) => {
      const counts = this.#counts.subarray(0, across * down).fill(0);
      const { width, height } = pair;
      this.#memory.run.countMarks(marks.byteOffset, bit, width, height, side, across, counts.byteOffset);
      return counts;
    };
    for (const date of ['before', 'after'] as const) {
      const any = this.#markDate(pair, date, SIEVE_BIT[date], marks);
      const saturated = saturatedOf(pair, quality, date);
      if (saturated) for (let i = 0; i < seen.length; i++) if (saturated[i] === 1) seen[i] = 0;
      changed ||= saturated !== null;
      for (const look of looksOf(quality, date)) {
        if ((any & look.bit) === 0) continue;
        if (hideIslands(pair, look, count, seen)) changed = true;
      }
    }
    return changed ? seen : pair.seen;
  }

  #markDate(pair: AlignedPair, date: Side, bit: number, marks: Uint8Array): number {
    const { blue, red, nir } = this.#quality!;
    const planes = planesIn(this.#memory, pair);
    return this.#memory.run.sieveQuality(
      planes[date],
      planes[OTHER[date]],
      planes.stride,
      blue,
      red,
      nir,
      this.#qualityNumbers![date].byteOffset,
      pair.seen.byteOffset,
      marks.byteOffset,
      bit,
      0,
      padded4(pair.seen),
    );
  }

  /** Where pixels of the mask may lie that `miningChange` makes: disjoint rectangles, beyond which every mask is empty. */
  candidates(pair: AlignedPair): Rectangle[] {
    const { width, height, seen } = pair;
    const { run } = this.#memory;
    const { before, after, stride } = planesIn(this.#memory, pair);
    const [maybe, rows, opened] = this.#room;
    const { bands, numbers } = this.#sieve;
    const may = this.#marks;
    const any = run.sieveMining(
      before,
      after,
      stride,
      bands.byteOffset,
      numbers.byteOffset,
      seen.byteOffset,
      may.byteOffset,
      0,
      padded4(seen),
    );
    if (any === 0) return [];
    const { open, grow, close, edge } = this.#detector.weights.shape;
    const wide = Math.ceil((width + 2 * open) / CELL) * CELL;
    const tall = height + 2 * open;
    run.framed(may.byteOffset, width, height, open, maybe.byteOffset, wide);
    run.erodeInside(maybe.byteOffset, wide, tall, open, rows.byteOffset, opened.byteOffset);
    run.cellsAny(opened.byteOffset, wide, tall, this.#cells.byteOffset);
    const across = wide / CELL;
    const cells = this.#cells.subarray(0, across * Math.ceil(tall / CELL));
    // opening gives back what erosion took, then the mask grows, closes and has its edge drawn again
    const reach = 2 * open + grow + 2 * close + edge + 1;
    return islandsOf(cells, across, CELL, reach, width, height);
  }
}

export function stripKernels(
  memory: KernelMemory,
  capacity: number,
  detector: MiningDetector,
  quality: QualityNumbers | null,
): StripKernels | null {
  const sieve = sieveOf(detector);
  return sieve && new StripKernels(memory, capacity, detector, sieve, quality);
}

/** Where the planes of each date begin: one after the other, `stride` bytes apart, the same for both dates. */
function planesIn(memory: KernelMemory, { before, after }: AlignedPair): Record<Side | 'stride', number> {
  const stride = after[1]!.byteOffset - after[0]!.byteOffset;
  for (const bands of [before, after]) {
    const at = bands[0]!.byteOffset;
    if (bands.every((band, b) => band.buffer === memory.buffer && band.byteOffset === at + b * stride)) continue;
    throw new RangeError('the bands do not lie in kernel memory one after the other');
  }
  return { before: before[0]!.byteOffset, after: after[0]!.byteOffset, stride };
}

/** Vectors of four pixels: those beyond the end are not seen. */
function padded4(seen: Uint8Array): number {
  const count = Math.ceil(seen.length / 4) * 4;
  if (count > seen.length) new Uint8Array(seen.buffer, seen.byteOffset + seen.length, count - seen.length).fill(0);
  return count;
}

/**
 * Cells of `side` pixels that may touch a box of that side with `least` marks: a box lies in two by two of them. null where none may.
 */
function crowdedCells(counts: Int32Array, across: number, down: number, least: number): Uint8Array | null {
  const cells = new Uint8Array(counts.length);
  let any = false;
  const at = (x: number, y: number) => (x < across && y < down ? counts[y * across + x]! : 0);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      if (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1) < least) continue;
      any = true;
      for (const [dx, dy] of [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ] as const)
        if (x + dx < across && y + dy < down) cells[(y + dy) * across + x + dx] = 1;
    }
  }
  return any ? cells : null;
}

interface Look {
  readonly bit: number;
  /** Radii of the boxes that make cores. */
  readonly radii: readonly number[];
  /** How far from the cell of a core pixels may be hidden, and context beyond that. */
  readonly reach: number;
  readonly context: number;
  hidden(pair: AlignedPair): (Uint8Array | null)[];
}

/** Clouds and shade apart, as they reach less far than both together; where clouds cast shadows, together. */
function looksOf(quality: QualityNumbers, date: Side): Look[] {
  const { solid, veil, around, shade } = quality.radius;
  const { cloudy, shadow } = quality[date];
  const bit = SIEVE_BIT[date];
  const dark = cloudy ? Math.max(3, shade >> 1) : shade;
  const clouds = (pair: AlignedPair) => cloudsOf(pair, quality, date);
  if (shadow !== null) {
    const halo = qualityHaloPx(quality);
    const both = (pair: AlignedPair) => {
      const cloud = clouds(pair);
      return [cloud, shadeOf(pair, quality, date, cloud)];
    };
    return [{ bit: 3 * bit, radii: [solid, veil, dark], reach: halo, context: halo, hidden: both }];
  }
  const wide = Math.max(solid, veil);
  return [
    { bit, radii: [solid, veil], reach: wide + around, context: wide, hidden: (pair) => [clouds(pair)] },
    {
      bit: 2 * bit,
      radii: [dark],
      reach: shade,
      context: shade,
      hidden: (pair) => [shadeOf(pair, quality, date, null)],
    },
  ];
}

/** Looks closely where cells are crowded with marks; true where anything was hidden. */
function hideIslands(
  pair: AlignedPair,
  look: Look,
  count: (bit: number, side: number, across: number, down: number) => Int32Array,
  seen: Uint8Array,
): boolean {
  const { width, height } = pair;
  let any = false;
  for (const radius of look.radii) {
    if (radius === 0) continue;
    const side = 2 * radius + 1;
    const [across, down] = [Math.ceil(width / side), Math.ceil(height / side)];
    const crowded = crowdedCells(
      count(look.bit, side, across, down),
      across,
      down,
      CORE_SHARE * FULL_SHARE * side * side,
    );
    if (crowded === null) continue;
    for (const piece of islandsOf(crowded, across, side, look.reach, width, height).flatMap(piecesOf)) {
      const around = widened(piece, look.reach + look.context, width, height);
      for (const hidden of look.hidden(cutPair(pair, around))) {
        if (hidden === null) continue;
        any = true;
        for (let r = 0; r < piece.height; r++) {
          const from = (piece.row - around.row + r) * around.width + piece.col - around.col;
          const at = (piece.row + r) * width + piece.col;
          for (let c = 0; c < piece.width; c++) if (hidden[from + c] === 1) seen[at + c] = 0;
        }
      }
    }
  }
  return any;
}

export function piecesOf({ col, row, width, height }: Rectangle): Rectangle[] {
  const pieces: Rectangle[] = [];
  for (let y = 0; y < height; y += PIECE_PX)
    for (let x = 0; x < width; x += PIECE_PX)
      pieces.push({
        col: col + x,
        row: row + y,
        width: Math.min(PIECE_PX, width - x),
        height: Math.min(PIECE_PX, height - y),
      });
  return pieces;
}

export function intersection(a: Rectangle, b: Rectangle): Rectangle | null {
  const col = Math.max(a.col, b.col);
  const row = Math.max(a.row, b.row);
  const width = Math.min(a.col + a.width, b.col + b.width) - col;
  const height = Math.min(a.row + a.height, b.row + b.height) - row;
  return width > 0 && height > 0 ? { col, row, width, height } : null;
}

/** A part of a pair, in arrays of its own. */
export function cutPair(pair: AlignedPair, { col, row, width, height }: Rectangle): AlignedPair {
  const cut = <T extends Float32Array | Uint8Array>(plane: T, out: T): T => {
    for (let r = 0; r < height; r++) {
      const from = (row + r) * pair.width + col;
      out.set(plane.subarray(from, from + width), r * width);
    }
    return out;
  };
  const size = width * height;
  const band = (plane: Float32Array) => cut(plane, new Float32Array(size));
  return {
    width,
    height,
    roles: pair.roles,
    before: pair.before.map(band),
    after: pair.after.map(band),
    seen: cut(pair.seen, new Uint8Array(size)),
  };
}
