/**
 * open-ground: what of an outline is open ground (dug, stripped, heaped) on one image, and what was newly opened next to it.
 * Method: within one image, surroundings S = medians of the ring around the outline, open ground O = medians of the outline's core where
 * these lie three scatters from S towards "less vegetation, barer" (and brighter or darker, as the core is), else of that quarter of it
 * that differs most, where it lies five away; else the place cannot be told from its surroundings. A pixel is open from halfway between S and O on,
 * after a 3 × 3 majority. With a reference image on the same grid, a pixel is newly opened where it is open now and was clearly
 * not then (its position between S and O rose by a third or more); without one, where it is open now. Newly opened ground counts
 * as far as it hangs together with the outline and is wider than a road; whether it passes the tolerance is measured on the ellipsoid afterwards.
 * Where the outline cannot be told from its surroundings on the newest image alone, the dates are held against each other, less what the
 * ring changed: changed since a reference of before the digging = still dug; as on it = gone back; as on a reference of HSX = the same.
 * Scatters are those of recall's state: how far unchanged ground differs between dates of a season.
 * In: bands of a window of the newest image and, aligned, of the reference; the outline, other issued outlines, a tolerance in pixels.
 * Out: counts and the mask of open ground that belongs to the outline. Nothing depends on where the window begins.
 */
import type { BandRole } from '../model/raster.js';
import { type GroundFeatures, type GroundMedians, groundFeatures, mediansOf } from './ground-features.js';
import { dilateSquare, erodeCross, opened, spreadWithin } from './mask-moves.js';

export interface DatedWindow {
  readonly roles: readonly BandRole[];
  readonly bands: readonly Float32Array[];
  readonly seen: Uint8Array;
}

export interface OpenGroundInput {
  readonly width: number;
  readonly height: number;
  readonly now: DatedWindow;
  readonly past: DatedWindow | null;
  /** What the reference shows, by its date: before QSX, from HSX on, or between the two, where it says neither. */
  readonly pastIs: 'before' | 'after' | 'between';
  readonly outline: Uint8Array;
  /** Pixels of other outlines: neither surroundings nor growth. */
  readonly others: Uint8Array;
  readonly ringPx: number;
  readonly tolerancePx: number;
  /** What is no wider than 2 × this is a road or a track, not growth. */
  readonly stripPx: number;
}

export type Telling = 'open' | 'changed' | 'same' | 'back' | 'vegetated' | 'alike' | 'too-few';

export interface OpenGround {
  /**
   * open: told from its surroundings. changed, same, back: only by the reference: not as before the digging, as at HSX, as before the
   * digging. vegetated: like vegetated surroundings; alike: like bare ones, cannot be told; too-few: not seen enough.
   */
  readonly telling: Telling;
  readonly outlinePixels: number;
  readonly seenPixels: number;
  readonly openPixels: number;
  /** Of the pixels seen on both dates, open on the reference; null without a reference that can be told. */
  readonly openThenShare: number | null;
  /** Newly opened beside the outline and hanging together with it. */
  readonly grownPixels: number;
  /** Growth reaches the edge of the window: there may be more. */
  readonly cut: boolean;
  /** 1 = open ground that belongs to the outline: within it, or newly opened next to it. */
  readonly mask: Uint8Array;
  readonly core: { readonly inside: GroundMedians; readonly around: GroundMedians } | null;
}

/** Thousandths; see stages/recall/state. */
const SCATTER = { veg: 60, bright: 120, bare: 50 } as const;
const LEAST_APART = 3;
/** Part of an outline only: natural ground of fields and trees differs by four scatters within itself. */
const QUARTER_APART = 5;
/** Less than this between the dates is no difference. */
const NEARLY_SAME = 2;
const HALFWAY = 0.5;
/** Rise of the position between S and O from which a pixel was opened between the dates; a mixed edge pixel moves less. */
const LEAST_RISE = 0.35;
/** NDVI from which ground is vegetated, thousandths (bare soil stays below; a judgement). */
const VEGETATED = 200;
const OPEN_QUARTER = 0.25;
const LEAST_CORE_PX = 9;
const LEAST_SEEN_PX = 3;
const LEAST_RING_PX = 12;
const SEEN_SHARE = 0.6;
const GAP_PX = 2;

/** Position of a pixel between surroundings (0) and open ground (1). */
type Axis = (i: number) => number;

export function openGround(input: OpenGroundInput): OpenGround {
  const { width, height, now, outline } = input;
  const places = placesOf(input);
  const seenPixels = places.outline.filter((i) => now.seen[i] === 1).length;
  const nothing = {
    outlinePixels: places.outline.length,
    seenPixels,
    openPixels: 0,
    openThenShare: null,
    grownPixels: 0,
    cut: false,
    mask: new Uint8Array(outline.length),
    core: null,
  };
  const told = tell(now, places);
  if (!told) return { telling: 'too-few', ...nothing };
  const { features, around, inside, open } = told;
  const core = { inside, around };
  if (!open) {
    const green = features.ndvi && around.veg >= VEGETATED && inside.veg >= VEGETATED;
    const greener = inside.veg - around.veg >= LEAST_APART * SCATTER.veg;
    if (green || greener) return { telling: 'vegetated', ...nothing, core };
    return { ...nothing, ...byReference(input, places, told), core };
  }
  if (input.pastIs === 'before' && movedSince(input, places, told) < NEARLY_SAME) {
    return { telling: 'back', ...nothing, core };
  }
  const isOpen = openMask(axisOf(features, around, open), now.seen, width, height);
  const fresh = freshMask(input, places, told, isOpen);
  const { openThenShare } = fresh;
  return { telling: 'open', ...nothing, ...gathered(input, isOpen, fresh.mask), openThenShare, core };
}

type Gathered = Pick<OpenGround, 'openPixels' | 'grownPixels' | 'cut' | 'mask'>;

/** Open ground within the outline, and fresh ground beside it as far as it hangs together with it and is wider than a road. */
function gathered(
  { width, height, outline, tolerancePx, stripPx }: OpenGroundInput,
  isOpen: Uint8Array,
  fresh: Uint8Array,
): Gathered {
  const tolerated = dilateSquare(outline, width, height, tolerancePx);
  // An outline drawn a little tight leaves a rim that was open before: growth hangs together with the outline through it.
  const through = fresh.map((one, i) => (one === 1 || (isOpen[i] === 1 && tolerated[i] === 1) ? 1 : 0));
  const reached = spreadWithin({ width, height, from: outline, through });
  const inside = isOpen.map((one, i) => (one === 1 && outline[i] === 1 ? 1 : 0));
  const wide = opened(
    inside.map((one, i) => (one === 1 || reached[i] === 1 ? 1 : 0)),
    width,
    height,
    stripPx,
  );
  const mask = Uint8Array.from(inside);
  let [openPixels, grownPixels, cut] = [0, 0, false];
  for (let i = 0; i < mask.length; i++) {
    if (inside[i] === 1) openPixels++;
    if (outline[i] === 1 || reached[i] === 0 || wide[i] === 0 || fresh[i] === 0) continue;
    grownPixels++;
    mask[i] = 1;
    const [r, c] = [Math.floor(i / width), i % width];
    if (r === 0 || c === 0 || r === height - 1 || c === width - 1) cut = true;
  }
  return { openPixels, grownPixels, cut, mask };
}

/** How far the core, less its surroundings, has moved since the reference, in scatters; Infinity where the reference does not tell. */
function movedSince({ past }: OpenGroundInput, places: Places, told: Told): number {
  const before = past && tell(past, places);
  if (!before) return Number.POSITIVE_INFINITY;
  return length(minus(scaled(told.inside, told.around), scaled(before.inside, before.around)));
}

/** Both dates, each less its surroundings: how far a pixel, or the outline's core, has moved between them, in scatters. */
function byReference(input: OpenGroundInput, places: Places, told: Told): Partial<OpenGround> & { telling: Telling } {
  const { width, height, now, past, pastIs, outline, others } = input;
  const before = past && pastIs !== 'between' ? tell(past, places) : null;
  if (!past || !before) return { telling: 'alike' };
  const core = movedSince(input, places, told);
  const ofNow = (i: number): Vector => scaled(at(told.features, i), told.around);
  const likeCore = scaled(told.inside, told.around);
  const both = Uint8Array.from(now.seen, (one, i) => (one === 1 && past.seen[i] === 1 ? 1 : 0));
  const moved = (i: number): number =>
    length(minus(ofNow(i), scaled(at(before.features, i), before.around))) / LEAST_APART;
  const changed = openMask((i) => HALFWAY * moved(i), both, width, height);
  const beside = (i: number): boolean => changed[i] === 1 && others[i] === 0 && outline[i] === 0;
  if (pastIs === 'before') {
    if (core < LEAST_APART) return { telling: core < NEARLY_SAME ? 'back' : 'alike' };
    const fresh = changed.map((_, i) => (beside(i) ? 1 : 0));
    return { telling: 'changed', ...gathered(input, changed, fresh) };
  }
  if (core >= NEARLY_SAME)
    return { telling: before.open && core >= LEAST_APART && movedItself(told, before) ? 'back' : 'alike' };
  const still = both.map((one, i) => (one === 1 && changed[i] === 0 ? 1 : 0));
  const fresh = changed.map((_, i) => (beside(i) && length(minus(ofNow(i), likeCore)) < LEAST_APART ? 1 : 0));
  return { telling: 'same', ...gathered(input, still, fresh) };
}

/** The outline came to look like its surroundings, not these like it: harvest around a pit is no recovery. */
function movedItself(now: Told, before: Told): boolean {
  const way = (a: GroundMedians, b: GroundMedians): number =>
    Math.hypot((a.veg - b.veg) / SCATTER.veg, (a.bare - b.bare) / SCATTER.bare);
  return way(now.inside, before.inside) > way(now.around, before.around);
}

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

interface Places {
  readonly outline: readonly number[];
  readonly core: readonly number[];
  readonly ring: readonly number[];
}

function placesOf({ width, height, outline, others, ringPx }: OpenGroundInput): Places {
  const eroded = erodeCross(outline, width, height);
  const near = dilateSquare(outline, width, height, GAP_PX);
  const far = dilateSquare(outline, width, height, GAP_PX + ringPx);
  const found = { outline: [] as number[], core: [] as number[], ring: [] as number[] };
  for (let i = 0; i < outline.length; i++) {
    if (outline[i] === 1) found.outline.push(i);
    if (eroded[i] === 1) found.core.push(i);
    if (far[i] === 1 && near[i] === 0 && others[i] === 0) found.ring.push(i);
  }
  return found.core.length >= LEAST_CORE_PX ? found : { ...found, core: found.outline };
}

interface Told {
  readonly features: GroundFeatures;
  readonly inside: GroundMedians;
  readonly around: GroundMedians;
  /** null where the outline cannot be told from its surroundings. */
  readonly open: GroundMedians | null;
}

function tell({ roles, bands, seen }: DatedWindow, places: Places): Told | null {
  const core = places.core.filter((i) => seen[i] === 1);
  const ring = places.ring.filter((i) => seen[i] === 1);
  const enough =
    core.length >= Math.max(LEAST_SEEN_PX, SEEN_SHARE * places.core.length) && ring.length >= LEAST_RING_PX;
  if (!enough) return null;
  const features = groundFeatures(roles, bands);
  const inside = mediansOf(features, core);
  const around = mediansOf(features, ring);
  if (!inside || !around) return null;
  return { features, inside, around, open: openOf(features, core, inside, around) };
}

/** The core as a whole where it differs from its surroundings; else that quarter of it that differs most, where it does so by far. */
function openOf(
  features: GroundFeatures,
  core: readonly number[],
  inside: GroundMedians,
  around: GroundMedians,
): GroundMedians | null {
  const brighter = (inside.bright - around.bright) / SCATTER.bright;
  const side = Math.abs(brighter) >= 1 ? Math.sign(brighter) : 0;
  const openness = ({ veg, bare, bright }: GroundMedians): number =>
    (around.veg - veg) / SCATTER.veg +
    (bare - around.bare) / SCATTER.bare +
    (side * (bright - around.bright)) / SCATTER.bright;
  const apart = (one: GroundMedians): number => (openness(one) > 0 ? length(scaled(one, around)) : 0);
  if (apart(inside) >= LEAST_APART) return inside;
  const ranked = core.map((i) => [openness(at(features, i)), i] as const).sort(([a, i], [b, j]) => b - a || i - j);
  const most = ranked.slice(0, Math.max(LEAST_SEEN_PX, Math.ceil(OPEN_QUARTER * core.length))).map(([, i]) => i);
  const open = mediansOf(features, most);
  return open && apart(open) >= QUARTER_APART ? open : null;
}

function at({ veg, bare, bright }: GroundFeatures, i: number): GroundMedians {
  return { veg: veg[i]!, bare: bare[i]!, bright: bright[i]! };
}

type Vector = readonly [number, number, number];

function scaled(a: GroundMedians, b: GroundMedians): Vector {
  return [(a.veg - b.veg) / SCATTER.veg, (a.bare - b.bare) / SCATTER.bare, (a.bright - b.bright) / SCATTER.bright];
}

const length = (v: Vector): number => Math.hypot(...v);

function axisOf({ veg, bare, bright }: GroundFeatures, from: GroundMedians, to: GroundMedians): Axis {
  const way = scaled(to, from);
  const long2 = way[0] ** 2 + way[1] ** 2 + way[2] ** 2;
  return (i) =>
    ((way[0] * (veg[i]! - from.veg)) / SCATTER.veg +
      (way[1] * (bare[i]! - from.bare)) / SCATTER.bare +
      (way[2] * (bright[i]! - from.bright)) / SCATTER.bright) /
    long2;
}

/** Open by itself, and so are at least five of the nine pixels around and in it. */
function openMask(position: Axis, seen: Uint8Array, width: number, height: number): Uint8Array {
  const alone = new Uint8Array(seen.length);
  for (let i = 0; i < alone.length; i++) alone[i] = seen[i] === 1 && position(i) >= HALFWAY ? 1 : 0;
  const out = new Uint8Array(alone.length);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      let votes = 0;
      let asked = 0;
      for (let dr = -1; dr <= 1; dr++) {
        for (let dc = -1; dc <= 1; dc++) {
          if (r + dr < 0 || c + dc < 0 || r + dr >= height || c + dc >= width) continue;
          const i = (r + dr) * width + c + dc;
          if (seen[i] === 0) continue;
          asked++;
          votes += alone[i]!;
        }
      }
      const i = r * width + c;
      out[i] = seen[i] === 1 && 2 * votes > asked ? 1 : 0;
    }
  }
  return out;
}

function freshMask(
  { past, outline, others }: OpenGroundInput,
  places: Places,
  told: Told,
  isOpen: Uint8Array,
): { readonly mask: Uint8Array; readonly openThenShare: number | null } {
  const mask = new Uint8Array(outline.length);
  const before = past && tell(past, places);
  const { open } = told;
  if (!past) {
    for (let i = 0; i < mask.length; i++) mask[i] = isOpen[i] === 1 && others[i] === 0 && outline[i] === 0 ? 1 : 0;
    return { mask, openThenShare: null };
  }
  if (!before || !open) return { mask, openThenShare: null };
  const { around } = before;
  // Ground that was not yet open then is held against what open ground would have looked like: as far from its surroundings as now.
  const openThen = before.open ?? {
    veg: around.veg + open.veg - told.around.veg,
    bare: around.bare + open.bare - told.around.bare,
    bright: around.bright + open.bright - told.around.bright,
  };
  const nowAt = axisOf(told.features, told.around, open);
  const thenAt = axisOf(before.features, around, openThen);
  let [asked, openThenPixels] = [0, 0];
  for (let i = 0; i < mask.length; i++) {
    if (past.seen[i] === 0) continue;
    const position = thenAt(i);
    if (outline[i] === 1) {
      asked++;
      if (position >= HALFWAY) openThenPixels++;
    } else if (isOpen[i] === 1 && others[i] === 0 && position < HALFWAY && nowAt(i) - position >= LEAST_RISE) {
      mask[i] = 1;
    }
  }
  return { mask, openThenShare: asked === 0 ? null : openThenPixels / asked };
}
