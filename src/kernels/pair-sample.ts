/**
 * pair-sample: the seen pixels of a sample as one table, evenly thinned to at most `most` rows by their order in the tiles:
 * no randomness, so a fit is the same each time.
 */
import type { AlignedPair } from '../model/change.js';

export interface PixelTable {
  readonly count: number;
  /** count × bands, sample-major. */
  readonly before: Float64Array;
  readonly after: Float64Array;
}

export function pixelTable(sample: readonly AlignedPair[], bands: readonly number[], most: number): PixelTable {
  let seenCount = 0;
  for (const { seen } of sample) for (const s of seen) seenCount += s;
  const step = Math.max(1, Math.ceil(seenCount / most));
  const count = Math.ceil(seenCount / step);
  const before = new Float64Array(count * bands.length);
  const after = new Float64Array(count * bands.length);
  let met = 0;
  let row = 0;
  for (const pair of sample) {
    for (let i = 0; i < pair.seen.length; i++) {
      if (pair.seen[i] === 0 || met++ % step !== 0) continue;
      for (let k = 0; k < bands.length; k++) {
        before[row * bands.length + k] = pair.before[bands[k]!]![i]!;
        after[row * bands.length + k] = pair.after[bands[k]!]![i]!;
      }
      row++;
    }
  }
  return { count, before, after };
}

/** Bands that vary on both dates: a constant one says nothing and breaks a factorisation. */
export function varyingBands(sample: readonly AlignedPair[]): number[] {
  const bands = sample[0]?.before.length ?? 0;
  const all = Array.from({ length: bands }, (_, band) => band);
  return all.filter((band) => varies(sample, band, 'before') && varies(sample, band, 'after'));
}

function varies(sample: readonly AlignedPair[], band: number, date: 'before' | 'after'): boolean {
  let first: number | null = null;
  for (const pair of sample) {
    const values = pair[date][band]!;
    for (let i = 0; i < values.length; i++) {
      if (pair.seen[i] === 0) continue;
      if (first === null) first = values[i]!;
      else if (values[i] !== first) return true;
    }
  }
  return false;
}

/**
 * The sample itself while it holds at most `most` pixels; else windows of `side` pixels out of its tiles, every so many-th in
 * reading order, enough for statistics that do not mind the windows' edges.
 */
export function thinnedSample(sample: readonly AlignedPair[], most: number, side: number): readonly AlignedPair[] {
  const total = sample.reduce((sum, pair) => sum + pair.seen.length, 0);
  if (total <= most) return sample;
  const windows = sample.flatMap((pair) => {
    const list: { pair: AlignedPair; col: number; row: number }[] = [];
    for (let row = 0; row + side <= pair.height; row += side) {
      for (let col = 0; col + side <= pair.width; col += side) list.push({ pair, col, row });
    }
    return list;
  });
  const step = Math.ceil((windows.length * side * side) / most);
  if (windows.length < step) return sample;
  // One row farther, one window farther: else a step that divides the row's windows would take one column only.
  return windows
    .filter(({ row }, i) => (i + row / side) % step === 0)
    .map(({ pair, col, row }) => cropPair(pair, col, row, side));
}

function cropPair(pair: AlignedPair, col: number, row: number, side: number): AlignedPair {
  const cut = <T extends Float32Array | Uint8Array>(plane: T, out: T): T => {
    for (let r = 0; r < side; r++) {
      const from = (row + r) * pair.width + col;
      out.set(plane.subarray(from, from + side), r * side);
    }
    return out;
  };
  const band = (plane: Float32Array) => cut(plane, new Float32Array(side * side));
  return {
    width: side,
    height: side,
    roles: pair.roles,
    before: pair.before.map(band),
    after: pair.after.map(band),
    seen: cut(pair.seen, new Uint8Array(side * side)),
  };
}
