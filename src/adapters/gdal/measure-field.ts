/**
 * measure-field: the shift between the dates at each node of a lattice over the whole extent, for a shift that varies. Reads only
 * the bands that show structure on both dates, one window at a time, so that memory does not grow with the scene.
 */

import {
  addSpectrum,
  clearSpectrum,
  findPeak,
  gradientMagnitude,
  load,
  REACH_PX,
  type WindowKit,
  windowKit,
} from '../../kernels/phase-correlation.js';
import {
  fitShiftField,
  type Lattice,
  latticeOf,
  nodeWindow,
  refineShiftField,
  type Vector,
} from '../../kernels/shift-field.js';
import type { Shift, ShiftField } from '../../model/change.js';
import type { Window } from '../../model/grid.js';
import { type BandRole, type PairUse, radarLike } from '../../model/raster.js';
import { type Displacement, openPair, type PairReader } from './pair-reader.js';

/** Different parts of the spectrum: what one season hides from one of them, another may show. */
const GUIDES: readonly (readonly BandRole[])[] = [['pan'], ['red', 'green', 'blue'], ['nir'], ['swir1', 'swir2']];
/** A measurement that starts from another one need not look far. */
const REFINE_PX = 4;

/** Rounds of moving by the field and measuring what is left. */
const REFINEMENTS = 2;

/** `whole` itself where one shift serves everywhere. Residuals over `limitPx` refuse their part of the extent. */
export function measureField(pair: PairUse, extent: Window, whole: Shift, limitPx: number): Shift {
  // windows of speckle match by chance: they would contradict each other and refuse ground that lies well
  if (radarLike(pair.after.bands.map(({ role }) => role))) return whole;
  const lattice = latticeOf(extent);
  if (lattice === null) return whole;
  const reader = openPair(guided(pair));
  const measures = measureNodes(reader, extent, lattice, whole);
  const fitted = fitShiftField(lattice, measures, whole, limitPx, extent);
  let { shift } = fitted;
  for (let round = 0; fitted.local && round < REFINEMENTS && shift.field; round++) {
    const left = measureLeft(reader, extent, lattice, shift.field);
    shift = refineShiftField(lattice, measures, left, shift, limitPx, extent);
  }
  return shift;
}

/** What each node's window says, null where nothing stands out. */
function measureNodes(reader: PairReader, extent: Window, lattice: Lattice, whole: Vector): (Vector | null)[] {
  const kit = windowKit(lattice.windowPx);
  const start = { x: Math.round(whole.x), y: Math.round(whole.y) };
  return overNodes(lattice, extent, (window) => {
    const coarse = measureAt(reader, kit, window, start, Math.min(REACH_PX, lattice.windowPx / 4));
    if (coarse === null) return null;
    const found = { x: start.x + coarse.x, y: start.y + coarse.y };
    const nearest = { x: Math.round(found.x), y: Math.round(found.y) };
    if (nearest.x === start.x && nearest.y === start.y) return found;
    const fine = measureAt(reader, kit, window, nearest, REFINE_PX);
    return fine && { x: nearest.x + fine.x, y: nearest.y + fine.y };
  });
}

/** What is left at each node after BEFORE was moved by the field. */
function measureLeft(reader: PairReader, extent: Window, lattice: Lattice, found: ShiftField): (Vector | null)[] {
  const kit = windowKit(lattice.windowPx);
  // what was refused is looked at again
  const field = { ...found, refused: found.refused.map(() => 0) };
  const start = { x: (field.x[0] ?? 0) / 64, y: (field.y[0] ?? 0) / 64, field };
  return overNodes(lattice, extent, (window) =>
    measureAt(reader, kit, window, start, Math.min(REACH_PX, lattice.windowPx / 4)),
  );
}

function overNodes<T>(lattice: Lattice, extent: Window, measure: (window: Window) => T | null): (T | null)[] {
  return Array.from({ length: lattice.cols * lattice.rows }, (_, node) => {
    const window = nodeWindow(lattice, node, extent);
    return window && measure(window);
  });
}

/** The pair with its bands for measuring only: one of each part of the spectrum, or the first three. */
function guided(pair: PairUse): PairUse {
  const roles = pair.after.bands.map((band) => band.role);
  const chosen = GUIDES.flatMap((group) => {
    const at = group.map((role) => roles.indexOf(role)).find((i) => i >= 0);
    return at === undefined ? [] : [at];
  });
  const picked = chosen.length > 0 ? chosen : roles.map((_, i) => i).slice(0, 3);
  const only = (use: PairUse['after']) => ({ ...use, bands: use.bands.filter((_, i) => picked.includes(i)) });
  return { ...pair, before: only(pair.before), after: only(pair.after) };
}

function measureAt(
  reader: PairReader,
  kit: WindowKit,
  window: Window,
  shift: Displacement,
  reach: number,
): Vector | null {
  const wide = {
    col: window.col - 1,
    row: window.row - 1,
    width: window.width + 2,
    height: window.height + 2,
  };
  const { before, after, seen } = reader.read(wide, shift);
  clearSpectrum(kit);
  let bands = 0;
  before.forEach((earlier, b) => {
    const later = after[b];
    if (later === undefined) return;
    const from = gradientMagnitude(earlier, seen, wide.width, wide.height);
    const to = gradientMagnitude(later, seen, wide.width, wide.height);
    if (!load(kit, from, wide.width, 1, 1, kit.re) || !load(kit, to, wide.width, 1, 1, kit.im)) return;
    addSpectrum(kit);
    bands++;
  });
  if (bands === 0) return null;
  const found = findPeak(kit, reach);
  return found && { x: found.x, y: found.y };
}
