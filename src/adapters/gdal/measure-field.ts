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
import { fitShiftField, type Lattice, latticeOf, nodeWindow, type Vector } from '../../kernels/shift-field.js';
import type { Shift } from '../../model/change.js';
import type { Window } from '../../model/grid.js';
import type { BandRole, PairUse } from '../../model/raster.js';
import { openPair, type PairReader } from './pair-reader.js';

/** Different parts of the spectrum: what one season hides from one of them, another may show. */
const GUIDES: readonly (readonly BandRole[])[] = [['pan'], ['red', 'green', 'blue'], ['nir'], ['swir1', 'swir2']];
/** The second measurement starts from the first: it need not look far. */
const REFINE_PX = 4;

/** `whole` itself where one shift serves everywhere. Residuals over `limitPx` refuse their part of the extent. */
export function measureField(pair: PairUse, extent: Window, whole: Shift, limitPx: number): Shift {
  const lattice = latticeOf(extent);
  if (lattice === null) return whole;
  const measures = measureNodes(pair, extent, lattice, whole);
  return fitShiftField(lattice, measures, whole, limitPx, extent);
}

/** What each node's window says, null where nothing stands out. */
export function measureNodes(pair: PairUse, extent: Window, lattice: Lattice, whole: Vector): (Vector | null)[] {
  const reader = openPair(guided(pair));
  const kit = windowKit(lattice.windowPx);
  const start = { x: Math.round(whole.x), y: Math.round(whole.y) };
  return Array.from({ length: lattice.cols * lattice.rows }, (_, node) => {
    const window = nodeWindow(lattice, node, extent);
    if (window === null) return null;
    const coarse = measureAt(reader, kit, window, start, Math.min(REACH_PX, lattice.windowPx / 4));
    if (coarse === null) return null;
    const nearest = { x: Math.round(coarse.x), y: Math.round(coarse.y) };
    if (nearest.x === start.x && nearest.y === start.y) return coarse;
    return measureAt(reader, kit, window, nearest, REFINE_PX);
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

function measureAt(reader: PairReader, kit: WindowKit, window: Window, offset: Vector, reach: number): Vector | null {
  const wide = {
    col: window.col - 1,
    row: window.row - 1,
    width: window.width + 2,
    height: window.height + 2,
  };
  const { before, after, seen } = reader.read(wide, offset);
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
  return found && { x: found.x + offset.x, y: found.y + offset.y };
}
