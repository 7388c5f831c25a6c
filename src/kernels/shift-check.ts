/**
 * shift-check: whether one shift serves everywhere, asked at places of a fixed lattice while their pixels are in memory anyway. Where it
 * does not, the shift is measured over the whole scene (shift-field) and the scene is read once more.
 * In: both dates, already moved by the one shift. Out: what is left at each place that could be measured.
 */
import type { Window } from '../model/grid.js';
import {
  addSpectrum,
  clearSpectrum,
  findPeak,
  gradientMagnitude,
  load,
  REACH_PX,
  windowKit,
} from './phase-correlation.js';
import type { RegistrationTile } from './registration.js';

const STEP_PX = 1024;
const WINDOW_PX = 128;
/** A measurement is off from this distance, pixels (shift-field, OFF_PX). */
const OFF_PX = 0.75;
/** Share of the places, and their number, from which one shift does not serve. */
const OFF_SHARE = 0.04;
const FEWEST_OFF = 2;

/**
 * `core`: the block in the tile's pixels; places lie on absolute multiples of the step, whose windows must lie within the tile. `reduced`: pixels
 * are so many times as large as the file's; the step and what is found are in pixels of the file.
 */
export function checkShift(
  tile: RegistrationTile,
  core: Window,
  corner: { col: number; row: number },
  reduced = 1,
): number[] {
  const found: number[] = [];
  const kit = windowKit(WINDOW_PX);
  const side = WINDOW_PX + 2;
  const step = Math.max(WINDOW_PX, STEP_PX / reduced);
  const places = (from: number, size: number) => {
    const first = Math.ceil((from - step / 2) / step) * step + step / 2;
    return Array.from({ length: Math.max(0, Math.ceil((from + size - first) / step)) }, (_, k) => first + k * step);
  };
  for (const row of places(corner.row + core.row, core.height)) {
    for (const col of places(corner.col + core.col, core.width)) {
      const [left, top] = [col - corner.col - side / 2, row - corner.row - side / 2];
      if (left < 0 || top < 0 || left + side > tile.width || top + side > tile.height) continue;
      const seen = cut(tile.seen, tile.width, left, top, new Uint8Array(side * side));
      const [before, after] = [tile.before, tile.after].map((band) =>
        gradientMagnitude(cut(band, tile.width, left, top, new Float32Array(side * side)), seen, side, side),
      ) as [Float32Array, Float32Array];
      if (!load(kit, before, side, 1, 1, kit.re) || !load(kit, after, side, 1, 1, kit.im)) continue;
      clearSpectrum(kit);
      addSpectrum(kit);
      const peak = findPeak(kit, REACH_PX);
      if (peak) found.push(peak.x * reduced, peak.y * reduced);
    }
  }
  return found;

  function cut<T extends Float32Array | Uint8Array>(plane: T, width: number, left: number, top: number, out: T): T {
    for (let r = 0; r < side; r++) {
      const from = (top + r) * width + left;
      out.set(plane.subarray(from, from + side), r * side);
    }
    return out;
  }
}

/** `checks` of all blocks: true where too many places say that the shift is another one there. */
export function shiftVaries(checks: readonly number[]): boolean {
  let off = 0;
  for (let i = 0; i + 1 < checks.length; i += 2) if (Math.hypot(checks[i]!, checks[i + 1]!) > OFF_PX) off++;
  return off >= FEWEST_OFF && off > (OFF_SHARE * checks.length) / 2;
}
