/**
 * wasm: the SIMD kernels of src/kernels/assembly and the one memory that they work on. Band planes are read straight into that memory, so
 * that nothing is copied between the file and the kernels. The memory has a fixed size: growing would detach every array made on it.
 */
import { WASM_BASE64 } from './wasm-bytes.js';

/** Pointers are byte offsets in the memory; see src/kernels/assembly for each. */
export interface KernelExports {
  validate(
    planes: number,
    stride: number,
    bands: number,
    noData: number,
    valid: number,
    from: number,
    count: number,
  ): number;
  clearInvalid(planes: number, stride: number, bands: number, valid: number, from: number, count: number): void;
  sieveQuality(
    own: number,
    other: number,
    stride: number,
    blue: number,
    red: number,
    nir: number,
    numbers: number,
    seen: number,
    out: number,
    bit: number,
    from: number,
    count: number,
  ): number;
  sieveMining(
    before: number,
    after: number,
    stride: number,
    bands: number,
    numbers: number,
    seen: number,
    out: number,
    from: number,
    count: number,
  ): number;
  countMarks(
    marks: number,
    mask: number,
    width: number,
    height: number,
    side: number,
    across: number,
    counts: number,
  ): void;
  erodeInside(mask: number, width: number, height: number, radius: number, rows: number, out: number): void;
  cellsAny(mask: number, width: number, height: number, cells: number): void;
  indexDate(
    planes: number,
    stride: number,
    bands: number,
    lines: number,
    medians: number,
    seen: number,
    count: number,
    out: number,
    outStride: number,
  ): void;
  scorePixels(
    before: number,
    after: number,
    stride: number,
    terms: number,
    was: number,
    now: number,
    limits: number,
    seen: number,
    count: number,
    out: number,
  ): void;
  tidyMask(
    scores: number,
    seen: number,
    width: number,
    height: number,
    threshold: number,
    open: number,
    grow: number,
    close: number,
    a: number,
    b: number,
    c: number,
    frame: number,
    wide: number,
    candidates: number,
    out: number,
  ): number;
  refineEdge(
    mask: number,
    seen: number,
    veg: number,
    bright: number,
    width: number,
    height: number,
    edge: number,
    fewest: number,
    a: number,
    core: number,
    outer: number,
    rows: number,
    frame: number,
    wide: number,
    columns: number,
    out: number,
  ): void;
  framed(from: number, width: number, height: number, frame: number, to: number, padded: number): void;
}

/** What of the WebAssembly interface is used here; Node's types have none. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

const PAGE = 65536;
/** Loads and stores of a whole vector may reach this far beyond an array; the first bytes stay unused so that they may begin before one. */
const SLACK = 4096;

let compiled: object | null = null;

export class KernelMemory {
  readonly buffer: ArrayBuffer;
  readonly run: KernelExports;
  #top = SLACK;

  /** `bytes`: all that `take` will ever be asked for; pages are touched only when they are used. */
  constructor(bytes: number) {
    const pages = Math.ceil((bytes + 64 * SLACK) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(WASM_BASE64.replace(/\s/g, '')), (c) => c.charCodeAt(0)));
    const env = { memory, abort: () => undefined };
    this.run = new WebAssembly.Instance(compiled, { env }).exports as unknown as KernelExports;
    this.buffer = memory.buffer;
  }

  float32(length: number): Float32Array {
    return new Float32Array(this.buffer, this.#take(4 * length), length);
  }

  /** Planes of `length` pixels one right after the other, as the kernels ask for the bands of a date. */
  planes(count: number, length: number): Float32Array[] {
    const all = this.float32(count * length);
    return Array.from({ length: count }, (_, b) => all.subarray(b * length, (b + 1) * length));
  }

  int32(values: readonly number[]): Int32Array {
    const array = new Int32Array(this.buffer, this.#take(4 * values.length), values.length);
    array.set(values);
    return array;
  }

  /** Zeros; to be cleared by the user before each use. */
  counters(length: number): Int32Array {
    return new Int32Array(this.buffer, this.#take(4 * length), length);
  }

  numbers(values: readonly number[]): Float32Array {
    const array = this.float32(values.length);
    array.set(values);
    return array;
  }

  doubles(values: readonly number[]): Float64Array {
    const array = new Float64Array(this.buffer, this.#take(8 * values.length), values.length);
    array.set(values);
    return array;
  }

  int16(length: number): Int16Array {
    return new Int16Array(this.buffer, this.#take(2 * length), length);
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(this.buffer, this.#take(length), length);
  }

  #take(bytes: number): number {
    const at = this.#top;
    this.#top += Math.ceil((bytes + 64) / 64) * 64;
    if (this.#top + SLACK > this.buffer.byteLength) throw new RangeError('kernel memory is full');
    return at;
  }
}
