/** recut: whole objects are read once more, each with its surroundings, and their outlines drawn again (kernel recut). */
import { runsOf } from '../../kernels/components.js';
import { type QualityNumbers, seenByQuality } from '../../kernels/quality.js';
import { recut } from '../../kernels/recut.js';
import type { AlignedPair } from '../../model/change.js';
import type { Window } from '../../model/grid.js';
import type { BandRole } from '../../model/raster.js';
import type { WorkCatalogue } from '../../model/work.js';
import { openPair } from './pair-reader.js';

type Outline = WorkCatalogue['recut']['output'][number];

/** Larger windows are left as they are: 1 Gb of planes. */
const MOST_PIXELS = 16e6;

export function recutObjects(input: WorkCatalogue['recut']['input']): WorkCatalogue['recut']['output'] {
  const { model, extent, marginPx } = input;
  const reader = openPair(input.pair);
  return input.objects.map((runs) => {
    const window = recutWindow(runs, marginPx, extent);
    if (window === null) return { runs, oldShare: 0 };
    const pair = reader.read(window, model.shift);
    // what detection hid stays hidden
    const seen = model.quality ? seenByQuality(pair, model.quality as unknown as QualityNumbers) : pair.seen;
    return drawOutline({ ...pair, seen }, window, runs);
  });
}

/** An object's outline drawn again in a window that reaches beyond it. */
export function drawOutline(pair: AlignedPair, window: Window, runs: Int32Array): Outline {
  const { width, height, seen, before, after } = pair;
  const mask = new Uint8Array(width * height);
  for (let k = 0; k + 2 < runs.length; k += 3) {
    const from = ((runs[k] ?? 0) - window.row) * width - window.col;
    mask.fill(1, from + (runs[k + 1] ?? 0), from + (runs[k + 2] ?? 0) + 1);
  }
  const bands = opticalFour(pair.roles);
  const { mask: drawn, oldShare } = recut({
    mask,
    seen,
    before: bands.map((band) => before[band] ?? new Float32Array()),
    after: bands.map((band) => after[band] ?? new Float32Array()),
    width,
    height,
  });
  return {
    runs: drawn === mask ? runs : runsOf(drawn, width, { col: 0, row: 0, width, height }, window),
    oldShare,
  };
}

const ROLES: readonly BandRole[] = ['blue', 'green', 'red', 'nir'];

/** Positions of blue, green, red and near infrared; where bands are not named, the first four. */
function opticalFour(roles: readonly BandRole[]): readonly number[] {
  const named = ROLES.flatMap((role) => (roles.includes(role) ? [roles.indexOf(role)] : []));
  return named.length >= 3 ? named : roles.slice(0, 4).map((_, band) => band);
}

/** The object with its surroundings; null where that is more than a child may hold. */
export function recutWindow(runs: Int32Array, margin: number, extent: Window): Window | null {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (let k = 0; k + 2 < runs.length; k += 3) {
    left = Math.min(left, runs[k + 1] ?? 0);
    right = Math.max(right, runs[k + 2] ?? 0);
  }
  const col = Math.max(extent.col, left - margin);
  const row = Math.max(extent.row, (runs[0] ?? 0) - margin);
  const end = Math.min(extent.col + extent.width, right + 1 + margin);
  const bottom = Math.min(extent.row + extent.height, (runs[runs.length - 3] ?? 0) + 1 + margin);
  const window = { col, row, width: end - col, height: bottom - row };
  return window.width * window.height > MOST_PIXELS ? null : window;
}
