/**
 * mining-window: what mining-change makes of a window of a strip, by SIMD kernels (assembly/window.ts), for detectors that have a sieve.
 * Same masks, same measures, bit for bit; mining-change is the reference that the tests hold it against.
 * In:  a strip in kernel memory and a rectangle of it. Out: a mask with its measures for each strictness, widest first; none where nothing
 * is found. They are valid until the next call.
 */
import type { AlignedPair, Measures } from '../model/change.js';
import type { MiningDetector } from '../model/mining.js';
import type { Rectangle } from './islands.js';
import { FEWEST } from './mining-edge.js';
import { type IndexPlanes, indexBands } from './mining-index.js';
import { miningMeasures } from './mining-measure.js';
import { LEAST_MAGNITUDE } from './mining-score.js';
import { NOW_TERMS, SIEVE_TERMS, WAS_TERMS } from './mining-sieve.js';
import { KernelMemory } from './wasm.js';

/** Frame around masks: as wide as a vector, wider than any radius. */
const FRAME = 16;

export interface WindowMask {
  readonly change: Uint8Array;
  readonly measures: Measures;
}

export class MiningWindows {
  readonly #memory: KernelMemory;
  readonly #capacity: number;
  readonly #detector: MiningDetector;
  readonly #bandCount: number;
  readonly #bands: Int32Array;
  readonly #lines: { readonly before: Float64Array; readonly after: Float64Array };
  readonly #medians: Float64Array;
  readonly #model: { readonly terms: Float64Array; readonly was: Float64Array; readonly now: Float64Array };
  readonly #limits: Float64Array;
  readonly #planes: { readonly before: Float32Array; readonly after: Float32Array };
  readonly #index: { readonly before: Int16Array; readonly after: Int16Array };
  readonly #scores: Int16Array;
  readonly #seen: Uint8Array;
  readonly #candidates: Uint8Array;
  readonly #tidy: Uint8Array;
  readonly #framed: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  readonly #columns: Int32Array;
  readonly #out: Uint8Array;
  readonly #zeros: Int16Array;

  /** `capacity`: pixels of the largest window. */
  constructor(detector: MiningDetector, bandCount: number, capacity: number) {
    const framed = 4 * capacity + 65536;
    this.#capacity = capacity;
    const memory = new KernelMemory(capacity * (8 * bandCount + 8 * 4 + 6 + 2 + 24) + 4 * framed + 65536);
    this.#memory = memory;
    this.#detector = detector;
    this.#bandCount = bandCount;
    const { weights } = detector;
    const { visible, vegHigh, red, blue, long } = indexBands(detector);
    const seven = [visible[0]!, visible[1]!, visible[2] ?? visible[0]!, vegHigh, red, blue, long];
    this.#bands = memory.int32([visible.length, ...seven]);
    this.#lines = {
      before: memory.doubles(seven.flatMap(() => [1, 0])),
      after: memory.doubles(seven.flatMap((b) => [detector.gain[b]!, detector.offset[b]!])),
    };
    this.#medians = memory.doubles([detector.brightMedian, detector.swirMedian]);
    this.#model = {
      terms: memory.doubles(SIEVE_TERMS.flatMap((t) => [detector.termCentre[t]!, detector.termSpread[t]!])),
      was: memory.doubles(WAS_TERMS.map((t) => weights.pixel[t] ?? 0)),
      now: memory.doubles(NOW_TERMS.map((t) => weights.pixelNow?.[t] ?? 0)),
    };
    this.#limits = memory.doubles([LEAST_MAGNITUDE]);
    const room = [0, 1, 2, 3].map(() => memory.bytes(framed));
    this.#framed = room as unknown as readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    this.#planes = { before: memory.float32(bandCount * capacity), after: memory.float32(bandCount * capacity) };
    this.#index = { before: memory.int16(4 * capacity), after: memory.int16(4 * capacity) };
    this.#scores = memory.int16(capacity);
    this.#seen = memory.bytes(capacity);
    this.#candidates = memory.bytes(capacity);
    this.#tidy = memory.bytes(capacity);
    this.#columns = memory.counters(6 * (capacity + 64));
    this.#out = memory.bytes(capacity);
    this.#zeros = new Int16Array(capacity);
  }

  masks(pair: AlignedPair, at: Rectangle): WindowMask[] {
    const { width, height } = at;
    const count = width * height;
    if (count + 1 > this.#capacity) throw new RangeError(`window of ${count} pixels, room for ${this.#capacity - 1}`);
    this.#load(pair, at);
    const { run } = this.#memory;
    const even = count + (count & 1);
    for (const date of ['before', 'after'] as const) {
      run.indexDate(
        this.#planes[date].byteOffset,
        4 * this.#capacity,
        this.#bands.byteOffset,
        this.#lines[date].byteOffset,
        this.#medians.byteOffset,
        this.#seen.byteOffset,
        even,
        this.#index[date].byteOffset,
        2 * this.#capacity,
      );
    }
    const { terms, was, now } = this.#model;
    run.scorePixels(
      this.#index.before.byteOffset,
      this.#index.after.byteOffset,
      2 * this.#capacity,
      terms.byteOffset,
      was.byteOffset,
      now.byteOffset,
      this.#limits.byteOffset,
      this.#seen.byteOffset,
      even,
      this.#scores.byteOffset,
    );
    const planes = this.#planesOf(count);
    const found: WindowMask[] = [];
    for (const threshold of [this.#detector.threshold, ...this.#detector.stricter]) {
      const mask = this.#maskAt(threshold, planes, width, height);
      if (mask === null) break;
      found.push(mask);
    }
    return found;
  }

  #load(pair: AlignedPair, { col, row, width, height }: Rectangle): void {
    const copy = (from: Float32Array | Uint8Array, to: Float32Array | Uint8Array, start: number) => {
      for (let r = 0; r < height; r++) {
        const line = (row + r) * pair.width + col;
        to.set(from.subarray(line, line + width), start + r * width);
      }
    };
    for (let b = 0; b < this.#bandCount; b++) {
      copy(pair.before[b]!, this.#planes.before, b * this.#capacity);
      copy(pair.after[b]!, this.#planes.after, b * this.#capacity);
    }
    copy(pair.seen, this.#seen, 0);
    this.#seen[width * height] = 0;
  }

  #planesOf(count: number): IndexPlanes {
    const plane = (date: 'before' | 'after', k: number) =>
      this.#index[date].subarray(k * this.#capacity, k * this.#capacity + count);
    const none = this.#zeros;
    return {
      vegBefore: plane('before', 0),
      vegAfter: plane('after', 0),
      brightBefore: plane('before', 1),
      brightAfter: plane('after', 1),
      swirBefore: plane('before', 2),
      swirAfter: plane('after', 2),
      redBefore: plane('before', 3),
      redAfter: plane('after', 3),
      bareBefore: none,
      bareAfter: none,
      odd: none,
      lossKind: none,
      gainKind: none,
      bareKind: none,
      swirKind: none,
    };
  }

  /** null where no pixel reaches the threshold; the mask may be empty all the same. */
  #maskAt(threshold: number, planes: IndexPlanes, width: number, height: number): WindowMask | null {
    const { run } = this.#memory;
    const { open, grow, close, edge, ring } = this.#detector.weights.shape;
    const wide = Math.ceil((width + 2 * FRAME) / 16) * 16;
    const [a, b, c, d] = this.#framed;
    const found = run.tidyMask(
      this.#scores.byteOffset,
      this.#seen.byteOffset,
      width,
      height,
      threshold,
      open,
      grow,
      close,
      a.byteOffset,
      b.byteOffset,
      c.byteOffset,
      FRAME,
      wide,
      this.#candidates.byteOffset,
      this.#tidy.byteOffset,
    );
    if (found === 0) return null;
    const count = width * height;
    if (edge > 0) {
      run.refineEdge(
        this.#tidy.byteOffset,
        this.#seen.byteOffset,
        planes.vegAfter.byteOffset,
        planes.brightAfter.byteOffset,
        width,
        height,
        edge,
        FEWEST,
        a.byteOffset,
        b.byteOffset,
        c.byteOffset,
        d.byteOffset,
        FRAME,
        wide,
        this.#columns.byteOffset,
        this.#out.byteOffset,
      );
    }
    // masks of several thresholds are held at once
    const change = (edge > 0 ? this.#out : this.#tidy).slice(0, count);
    const candidates = this.#candidates.slice(0, count);
    const [seen, scores] = [this.#seen.subarray(0, count), this.#scores.subarray(0, count)];
    const measures = miningMeasures({ mask: change, candidates, seen, scores, planes, width, height, ring });
    return { change, measures };
  }
}
