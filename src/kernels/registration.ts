/**
 * registration: how far the content of BEFORE lies from that of AFTER, sub-pixel.
 * Method: phase correlation of overlapping windows (phase-correlation.ts). Twice: at no offset, then with AFTER's window moved by
 * the whole pixels found, so that the window function does not pull the result towards zero.
 * Median over the windows whose peak stands out, spread by the median absolute deviation. Season changes grey values and
 * moves few edges: the gradient's magnitude is what is left of both dates.
 * In: tiles of one band of both dates. Out: one Shift (one that varies over the scene: shift-field.ts). Where too few windows
 * agree: x = y = residualPx = 0, tiles = 0.
 */
import type { Shift } from '../model/change.js';
import {
  addSpectrum,
  clearSpectrum,
  findPeak,
  gradientMagnitude,
  load,
  type Peak,
  REACH_PX,
  type WindowKit,
  windowKit,
} from './phase-correlation.js';
import { median } from './robust.js';

export interface RegistrationTile {
  readonly before: Float32Array;
  readonly after: Float32Array;
  readonly seen: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const MIN_WINDOWS = 3;
/** Of more tiles than this, windows that do not overlap say enough. */
const FEW_TILES = 6;
/** Local measurements farther apart than this do not describe one shift, pixels. */
const MAX_SPREAD_PX = 1.5;
/** Shifts under this are within the measurement's own error: moving pixels by them would only blur. */
const DEAD_BAND_PX = 0.04;

function measure(
  gradients: readonly { before: Float32Array; after: Float32Array; width: number; height: number }[],
  kit: WindowKit,
  offsetX: number,
  offsetY: number,
): Peak[] {
  const { size } = kit;
  const step = gradients.length > FEW_TILES ? size : size / 2;
  const peaks: Peak[] = [];
  for (const { before, after, width, height } of gradients) {
    for (let row = Math.max(0, offsetY); row + size + Math.max(0, -offsetY) <= height; row += step) {
      for (let col = Math.max(0, offsetX); col + size + Math.max(0, -offsetX) <= width; col += step) {
        if (!load(kit, before, width, col, row, kit.re)) continue;
        if (!load(kit, after, width, col - offsetX, row - offsetY, kit.im)) continue;
        clearSpectrum(kit);
        addSpectrum(kit);
        const found = findPeak(kit, Math.min(REACH_PX, size / 4));
        if (found) peaks.push({ ...found, x: found.x + offsetX, y: found.y + offsetY });
      }
    }
  }
  return peaks;
}

interface Agreement {
  readonly x: number;
  readonly y: number;
  readonly spread: number;
  readonly count: number;
}

/** The shift most windows agree on: median, then median of those within 3 spreads (at least ½ px) of it. */
function agree(peaks: readonly Peak[]): Agreement | null {
  if (peaks.length < MIN_WINDOWS) return null;
  let inner = peaks;
  for (let round = 0; round < 3; round++) {
    const x = median(inner.map((p) => p.x));
    const y = median(inner.map((p) => p.y));
    const spread = 1.4826 * median(inner.map((p) => Math.hypot(p.x - x, p.y - y)));
    const limit = Math.max(0.5, 3 * spread);
    if (round === 2) return { x, y, spread, count: inner.length };
    inner = inner.filter((p) => Math.hypot(p.x - x, p.y - y) <= limit);
    if (inner.length < MIN_WINDOWS || inner.length < peaks.length / 4) return null;
  }
  return null;
}

/** Shift of the content of `before` against that of `after`, in pixels; see the model's Shift for the sign. */
export function measureShift(tiles: readonly RegistrationTile[]): Shift {
  const unmeasured: Shift = { x: 0, y: 0, residualPx: 0, tiles: 0 };
  if (tiles.length === 0) return unmeasured;
  if (tiles.every(({ before, after }) => before.every((v, i) => v === after[i]))) {
    return { x: 0, y: 0, residualPx: 0, tiles: tiles.length };
  }
  // tiles cut by the extent's edge may be slivers: they hold no window, and do not make the others' smaller
  const side = Math.max(...tiles.map((t) => Math.min(t.width, t.height)));
  const size = side >= 384 ? 256 : side >= 128 ? 128 : side >= 64 ? 64 : 0;
  if (size === 0) return unmeasured;
  const kit = windowKit(size);
  const gradients = tiles.map(({ before, after, seen, width, height }) => ({
    before: gradientMagnitude(before, seen, width, height),
    after: gradientMagnitude(after, seen, width, height),
    width,
    height,
  }));
  const coarse = agree(measure(gradients, kit, 0, 0));
  if (coarse === null || coarse.spread > MAX_SPREAD_PX) return unmeasured;
  const offsetX = Math.round(coarse.x);
  const offsetY = Math.round(coarse.y);
  const fine = offsetX === 0 && offsetY === 0 ? coarse : (agree(measure(gradients, kit, offsetX, offsetY)) ?? coarse);
  const still = Math.hypot(fine.x, fine.y) < DEAD_BAND_PX;
  const round = (v: number) => (still ? 0 : Math.round(v * 1000) / 1000);
  return { x: round(fine.x), y: round(fine.y), residualPx: Math.round(fine.spread * 1000) / 1000, tiles: fine.count };
}
