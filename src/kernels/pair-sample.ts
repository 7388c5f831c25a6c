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
