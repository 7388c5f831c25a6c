/**
 * openGround: what of each outline is open ground on the newest image, and what was newly opened beside it since the reference image.
 * Only the windows of the outlines are read, one at a time; the reference is moved onto the newest image's pixels by the fitted shift.
 */
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { quantise } from '../../geo/quantise.js';
import { labelComponents } from '../../kernels/components.js';
import { marginPx, ringWidthPx } from '../../kernels/ground-reading.js';
import { type DatedWindow, openGround as findOpenGround, type OpenGround } from '../../kernels/open-ground.js';
import { outlineOf } from '../../kernels/outline.js';
import { cloudsOf, type QualityNumbers, seenByQuality, shadeOf } from '../../kernels/quality.js';
import { type Grid, type MultiPolygonRings, pixelToMap, type Window } from '../../model/grid.js';
import type { GroundLook, WorkCatalogue } from '../../model/work.js';
import { readBandWindow } from './band-window.js';
import { type LaidOutline, layOn, meets, paint, touches, windowAround } from './laid-outline.js';
import { readSeenMask } from './mask.js';
import { pixelSize } from './meet.js';
import { openRaster } from './open.js';
import { gridOf, openPair, type PairReader } from './pair-reader.js';
import { toLonLat } from './to-lonlat.js';

type Input = WorkCatalogue['openGround']['input'];

/** How far around an outline growth is followed: as far as the outline is wide, within these bounds, metres. */
const REACH_M = [100, 500] as const;
/** Half the width of a haul road with its verges, metres (a judgement). */
const STRIP_M = 8;
/** A piece of fewer pixels is the staircase of an edge, not ground. */
const LEAST_PIECE_PX = 2;

export function openGround(input: Input): WorkCatalogue['openGround']['output'] {
  const { now, past, outlines } = input;
  const dataset = openRaster(now.use.path);
  const grid = gridOf(dataset);
  const { gsdM } = pixelSize(grid);
  if (gsdM === null) return input.asked.map(() => null);
  const pair = past && openPair({ before: past.use, after: now.use, masks: past.masks });
  const laid = outlines.map((outline) => layOn(grid, outline));
  return input.asked.map((at, k) => {
    const one = laid[at];
    if (!one || !touches(one.box, dataset.rasterSize)) return null;
    const reachPx = Math.ceil(
      Math.min(REACH_M[1], Math.max(REACH_M[0], gsdM * Math.max(one.box.width, one.box.height))) / gsdM,
    );
    const window = windowAround(one.box, Math.max(marginPx(gsdM), reachPx));
    const outline = maskOf(one, window);
    const { bands, valid } = readBandWindow(
      dataset,
      now.use.path,
      now.use.bands.map(({ index }) => index),
      window,
    );
    hide(valid, readSeenMask(now.masks, grid, window));
    const roles = now.use.bands.map(({ role }) => role);
    const aligned = pair && past ? earlier(pair, past.model, window, valid) : null;
    const found = findOpenGround({
      width: window.width,
      height: window.height,
      now: { roles, bands, seen: valid },
      past: aligned,
      pastIs: input.pastIs[k] ?? 'between',
      outline,
      others: othersOf(one, laid, outline, window),
      ringPx: ringWidthPx(gsdM),
      stripPx: Math.max(1, Math.round(STRIP_M / gsdM)),
      tolerancePx: Math.ceil(Math.max(input.toleranceM / gsdM, 1)),
    });
    return lookOf(found, grid, window, gsdM);
  });
}

function maskOf({ runs }: LaidOutline, window: Window): Uint8Array {
  const mask = new Uint8Array(window.width * window.height);
  paint(runs, window, mask);
  return mask;
}

/** Outlines beside this one; one that overlaps it is the same place, issued again. */
function othersOf(one: LaidOutline, laid: readonly LaidOutline[], outline: Uint8Array, window: Window): Uint8Array {
  const all = new Uint8Array(outline.length);
  for (const other of laid) {
    if (other === one || !meets(other.box, window)) continue;
    const mask = maskOf(other, window);
    if (mask.some((value, i) => value === 1 && outline[i] === 1)) continue;
    paint(other.runs, window, all);
  }
  return all;
}

/** The reference on the window, and what cloud or shadow hides on either date taken out, of the newest image as well. */
function earlier(
  reader: PairReader,
  model: NonNullable<Input['past']>['model'],
  window: Window,
  valid: Uint8Array,
): DatedWindow {
  const aligned = reader.read(window, model.shift);
  const numbers = model.quality as unknown as QualityNumbers | undefined;
  if (numbers) {
    const clouds = cloudsOf(aligned, numbers, 'after');
    for (const hidden of [clouds, shadeOf(aligned, numbers, 'after', clouds)]) {
      if (hidden) for (let i = 0; i < valid.length; i++) if (hidden[i] === 1) valid[i] = 0;
    }
  }
  const seen = numbers ? seenByQuality(aligned, numbers) : aligned.seen;
  return { roles: aligned.roles, bands: aligned.before, seen };
}

function hide(valid: Uint8Array, seen: Uint8Array | null): void {
  if (seen) for (let i = 0; i < valid.length; i++) if (seen[i] === 0) valid[i] = 0;
}

function lookOf({ mask, core, ...counts }: OpenGround, grid: Grid, window: Window, gsdM: number): GroundLook {
  const whole = { col: 0, row: 0, width: window.width, height: window.height };
  const pieces = labelComponents(mask, window.width, whole, window).filter(({ pixels }) => pixels >= LEAST_PIECE_PX);
  const onMap: MultiPolygonRings = pieces.map(({ runs }) =>
    outlineOf(runs).map((ring) => ring.map(([col, row]) => pixelToMap(grid.transform, col, row))),
  );
  const measured = onMap.length === 0 ? [] : quantise(toLonLat({ crs: grid.crs, polygons: [onMap] })[0] ?? []);
  const pixels = pieces.reduce((sum, piece) => sum + piece.pixels, 0);
  const measuredM2 = polygonAreaM2(measured);
  return {
    ...counts,
    gsdM,
    pixelM2: pixels === 0 ? gsdM * gsdM : measuredM2 / pixels,
    measured,
    measuredM2,
    vegInside: core?.inside.veg ?? null,
    vegAround: core?.around.veg ?? null,
  };
}
