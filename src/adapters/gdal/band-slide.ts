/**
 * band-slide: windows of one image that move on, in kernel memory. Rows that the last window had are moved, not read again, so that a
 * tile is decoded once although neighbouring blocks share their context. Same values and validity as readBandWindow, of which this is
 * the fast form; windows of other columns begin anew.
 */
import type gdal from 'gdal-async';
import type { KernelMemory } from '../../kernels/wasm.js';
import type { Window } from '../../model/grid.js';
import {
  type BandWindow,
  declaredNoData,
  dropUnnamedFill,
  hasOwnMask,
  ownMask,
  readBands,
  readBandWindow,
} from './band-window.js';

/** The parts of a window that are wanted: disjoint, within it. */
export type Need = (window: Window) => readonly Window[];

export class BandSlide {
  readonly #memory: KernelMemory;
  readonly #dataset: gdal.Dataset;
  readonly #path: string;
  readonly #indices: readonly number[];
  readonly #planes: readonly Float32Array[];
  readonly #valid: Uint8Array;
  readonly #noData: Float32Array;
  readonly #declared: boolean;
  readonly #masked: boolean;
  #window: Window | null = null;
  /** The last window was read as a whole. */
  #whole = true;

  /** `capacity`: pixels of the largest window that will be asked for. */
  constructor(memory: KernelMemory, dataset: gdal.Dataset, path: string, indices: readonly number[], capacity: number) {
    this.#memory = memory;
    this.#dataset = dataset;
    this.#path = path;
    this.#indices = indices;
    this.#planes = memory.planes(indices.length, capacity);
    this.#valid = memory.bytes(capacity);
    const noData = declaredNoData(dataset, indices);
    this.#declared = noData.some((value) => value !== null);
    const [index] = indices;
    this.#masked = index !== undefined && hasOwnMask(dataset.bands.get(index));
    this.#noData = memory.numbers(noData.map((value) => value ?? Number.NaN));
  }

  /**
   * The arrays are valid until the next call and must not be written to. `need`: the only parts that are read; the rest is as if it were
   * beyond the raster. It must say the same of a pixel in every call that has one.
   */
  read(window: Window, need: Need | null = null): BandWindow {
    const { width, height } = window;
    const whole = need === null;
    // rows with holes are of no use to a window that is read as a whole
    const last = whole === this.#whole ? this.#window : null;
    this.#whole = whole;
    const [top, bottom] = [window.row, window.row + height];
    this.#window = null;
    if (last && last.col === window.col && last.width === width && last.row < bottom && last.row + last.height > top) {
      const from = Math.max(top, last.row);
      const to = Math.min(bottom, last.row + last.height);
      for (const plane of [...this.#planes, this.#valid])
        plane.copyWithin((from - top) * width, (from - last.row) * width, (to - last.row) * width);
      this.#readNeeded(window, top, from, need);
      this.#readNeeded(window, to, bottom, need);
    } else this.#readNeeded(window, top, bottom, need);
    this.#window = window;
    return {
      bands: this.#planes.map((plane) => plane.subarray(0, width * height)),
      valid: this.#valid.subarray(0, width * height),
    };
  }

  #readNeeded(window: Window, from: number, to: number, need: Need | null): void {
    if (to <= from) return;
    if (need === null) {
      this.#readRows(window, from, to);
      return;
    }
    const { col, row, width } = window;
    const [first, count] = [(from - row) * width, (to - from) * width];
    for (const plane of this.#planes) plane.fill(0, first, first + count);
    this.#valid.fill(0, first, first + count);
    for (const part of need({ col, row: from, width, height: to - from })) this.#readPart(window, part);
  }

  #readPart(window: Window, part: Window): void {
    const pixels = part.width * part.height;
    const bands = this.#planes.map(() => new Float32Array(pixels));
    const inside = readBands(this.#dataset, this.#path, this.#indices, part, bands);
    const plain = inside?.width === part.width && inside.height === part.height && this.#declared && !this.#masked;
    // borders and files with masks of their own are rare enough for the slow way
    const slow = plain ? null : readBandWindow(this.#dataset, this.#path, this.#indices, part);
    const { run } = this.#memory;
    const planes = this.#planes[0]?.byteOffset ?? 0;
    const stride = 4 * (this.#planes[0]?.length ?? 0);
    const n = this.#indices.length;
    for (let r = 0; r < part.height; r++) {
      const at = (part.row - window.row + r) * window.width + part.col - window.col;
      const line = r * part.width;
      const end = line + part.width;
      for (let b = 0; b < n; b++)
        this.#planes[b]?.set(((slow?.bands ?? bands)[b] as Float32Array).subarray(line, end), at);
      if (slow) this.#valid.set(slow.valid.subarray(line, end), at);
      else if (run.validate(planes, stride, n, this.#noData.byteOffset, this.#valid.byteOffset, at, part.width) > 0)
        run.clearInvalid(planes, stride, n, this.#valid.byteOffset, at, part.width);
    }
  }

  #readRows({ col, row, width }: Window, from: number, to: number): void {
    const [first, count] = [(from - row) * width, (to - from) * width];
    const part = { col, row: from, width, height: to - from };
    const bands = this.#planes.map((plane) => plane.subarray(first, first + count));
    const valid = this.#valid.subarray(first, first + count);
    const inside = readBands(this.#dataset, this.#path, this.#indices, part, bands);
    if (!inside) {
      valid.fill(0);
      return;
    }
    const { run } = this.#memory;
    const planes = this.#planes[0]?.byteOffset ?? 0;
    const stride = 4 * (this.#planes[0]?.length ?? 0);
    const n = this.#indices.length;
    let invalid = run.validate(planes, stride, n, this.#noData.byteOffset, this.#valid.byteOffset, first, count);
    if (inside.col > col || inside.row > from || inside.width < width || inside.height < to - from) {
      hideOutside(valid, part, inside);
      invalid++;
    }
    if (!this.#declared && n >= 3 && dropUnnamedFill(bands, valid)) invalid++;
    const own = ownMask(this.#dataset, this.#indices, inside);
    if (own) {
      for (let r = 0; r < inside.height; r++) {
        const line = (inside.row + r - from) * width + (inside.col - col);
        for (let c = 0; c < inside.width; c++) if (own[r * inside.width + c] === 0) valid[line + c] = 0;
      }
      invalid++;
    }
    if (invalid > 0) run.clearInvalid(planes, stride, n, this.#valid.byteOffset, first, count);
  }
}

function hideOutside(valid: Uint8Array, part: Window, inside: Window): void {
  for (let r = 0; r < part.height; r++) {
    const line = r * part.width;
    const there = part.row + r >= inside.row && part.row + r < inside.row + inside.height;
    const left = there ? inside.col - part.col : part.width;
    const right = there ? left + inside.width : part.width;
    valid.fill(0, line, line + left);
    valid.fill(0, line + right, line + part.width);
  }
}
