/**
 * mining-index: what two dates of one pixel say about ground being opened.
 * Vegetation index NDVI = (NIR − red) / (NIR + red) (Tucker 1979, doi:10.1016/0034-4257(79)90013-0), or (green − red) / (green + red)
 * where there is no NIR; bare-ground index (SWIR1 − NIR) / (SWIR1 + NIR) (Zha et al. 2003, NDBI, doi:10.1080/01431160304987);
 * brightness and SWIR as fractions of the scene's median, changes as normalised differences, so that sensor scale cancels.
 * AFTER is brought to BEFORE's radiometry first (gain, offset per band).
 * In:  planar bands of both dates. Out: Int16 planes in thousandths (every later window sum is exact), 0 where not seen.
 */
import type { AlignedPair } from '../model/change.js';
import type { MiningDetector, MiningKinds } from '../model/mining.js';
import { flat, kindOf, kindReader, lengthOf, oddness } from './mining-class.js';

/** All in thousandths. */
export interface IndexPlanes {
  readonly vegBefore: Int16Array;
  readonly vegAfter: Int16Array;
  /** 1000 = median brightness of BEFORE. */
  readonly brightBefore: Int16Array;
  readonly brightAfter: Int16Array;
  readonly swirBefore: Int16Array;
  readonly swirAfter: Int16Array;
  readonly bareBefore: Int16Array;
  readonly bareAfter: Int16Array;
  /** (red − blue) / (red + blue). */
  readonly redBefore: Int16Array;
  readonly redAfter: Int16Array;
  /** Zero without kinds: how unusual the change is for ground of this kind (mining-class) … */
  readonly odd: Int16Array;
  /** … and loss of vegetation, gain of brightness, bare index and long-wave level in quarter spreads of the kind. */
  readonly lossKind: Int16Array;
  readonly gainKind: Int16Array;
  readonly bareKind: Int16Array;
  readonly swirKind: Int16Array;
}

/** Changes that are held against the kind of ground, in the order of `MiningKinds.termCentre`. */
export const KIND_TERMS = ['lossKind', 'gainKind', 'bareKind', 'swirKind'] as const;

const LIMIT = 16000;
/** Keeps quotients of near-zero sums finite and out of harm's way. */
const TINY = 1e-6;

function ratio(high: number, low: number): number {
  const sum = high + low;
  if (sum <= TINY) return 0;
  const r = (1000 * (high - low)) / sum;
  return Math.round(r > 1000 ? 1000 : r < -1000 ? -1000 : r);
}

function level(value: number, median: number): number {
  const r = (1000 * value) / median;
  return Math.round(r > LIMIT ? LIMIT : r < 0 ? 0 : r);
}

/** The bands that each index reads, with fallbacks resolved. */
export interface IndexBands {
  readonly visible: readonly number[];
  readonly vegHigh: number;
  readonly red: number;
  readonly blue: number;
  /** SWIR2, SWIR1, NIR or red: the longest wavelength there is. */
  readonly long: number;
  /** SWIR1 and NIR, or −1 where the bare index cannot be computed. */
  readonly bareHigh: number;
  readonly bareLow: number;
}

export function indexBands(detector: Pick<MiningDetector, 'bands'>): IndexBands {
  const { blue, green, red, nir, swir1, swir2 } = detector.bands;
  const visible = [blue, green, red].filter((b): b is number => b !== null);
  const anyRed = red ?? visible[visible.length - 1] ?? 0;
  return {
    visible,
    vegHigh: nir ?? green ?? anyRed,
    red: anyRed,
    blue: blue ?? green ?? anyRed,
    long: swir2 ?? swir1 ?? nir ?? anyRed,
    bareHigh: swir1 !== null && nir !== null ? swir1 : -1,
    bareLow: swir1 !== null && nir !== null ? nir : -1,
  };
}

/** Computes all planes of a window. */
export function indexPlanes(pair: AlignedPair, detector: MiningDetector): IndexPlanes {
  const size = pair.width * pair.height;
  const make = () => new Int16Array(size);
  const none = detector.kinds === null ? make() : null;
  const planes: IndexPlanes = {
    vegBefore: make(),
    vegAfter: make(),
    brightBefore: make(),
    brightAfter: make(),
    swirBefore: make(),
    swirAfter: make(),
    bareBefore: make(),
    bareAfter: make(),
    redBefore: make(),
    redAfter: make(),
    odd: none ?? make(),
    lossKind: none ?? make(),
    gainKind: none ?? make(),
    bareKind: none ?? make(),
    swirKind: none ?? make(),
  };
  const bands = indexBands(detector);
  const same = { gain: pair.before.map(() => 1), offset: pair.before.map(() => 0) };
  const { vegBefore, brightBefore, swirBefore, bareBefore, redBefore } = planes;
  fillDate(pair.before, pair.seen, bands, same, detector, [vegBefore, brightBefore, swirBefore, bareBefore, redBefore]);
  const { vegAfter, brightAfter, swirAfter, bareAfter, redAfter } = planes;
  fillDate(pair.after, pair.seen, bands, detector, detector, [vegAfter, brightAfter, swirAfter, bareAfter, redAfter]);
  if (detector.kinds !== null) fillKinds(pair, detector, detector.kinds, planes);
  return planes;
}

/** Normalised difference of two levels in thousandths, −1…1. */
function difference(a: number, b: number): number {
  const sum = a + b;
  return sum <= 0 ? 0 : (a - b) / sum;
}

/** The changes of KIND_TERMS at a pixel, of order one. */
export function kindChanges(p: IndexPlanes, i: number, out: Float64Array): void {
  out[0] = (p.vegBefore[i]! - p.vegAfter[i]!) / 1000;
  out[1] = difference(p.brightAfter[i]!, p.brightBefore[i]!);
  out[2] = (p.bareAfter[i]! - p.bareBefore[i]!) / 1000;
  out[3] = difference(p.swirAfter[i]!, p.swirBefore[i]!);
}

function fillKinds(pair: AlignedPair, detector: MiningDetector, kinds: MiningKinds, planes: IndexPlanes): void {
  const pixel = kindReader(pair.before, pair.after, detector, kinds);
  const width = kinds.bands.length;
  const centres = flat(kinds.centres);
  const mean = flat(kinds.mean);
  const whiten = flat(kinds.whiten);
  const termCentre = flat(kinds.termCentre);
  const perSpread = flat(kinds.termSpread).map((spread) => 250 / spread);
  const targets = KIND_TERMS.map((term) => planes[term]);
  const changes = new Float64Array(KIND_TERMS.length);
  for (let i = 0; i < pair.seen.length; i++) {
    if (pair.seen[i] === 0) continue;
    pixel.read(i);
    const kind = kindOf(pixel.before, 0, width, centres);
    planes.odd[i] = oddness(lengthOf(pixel.change, 0, width, kind, mean, whiten), kinds.median[kind]!);
    kindChanges(planes, i, changes);
    const at = kind * changes.length;
    for (let t = 0; t < changes.length; t++) {
      const z = Math.round((changes[t]! - termCentre[at + t]!) * perSpread[at + t]!);
      targets[t]![i] = z > 2000 ? 2000 : z < -2000 ? -2000 : z;
    }
  }
}

type FivePlanes = readonly [Int16Array, Int16Array, Int16Array, Int16Array, Int16Array];

/** One date: each band read once through its line, negative values taken as 0. */
function fillDate(
  source: readonly Float32Array[],
  seen: Uint8Array,
  bands: IndexBands,
  line: { readonly gain: readonly number[]; readonly offset: readonly number[] },
  medians: Pick<MiningDetector, 'brightMedian' | 'swirMedian'>,
  [veg, bright, swir, bare, redness]: FivePlanes,
): void {
  const { visible, vegHigh, red, blue, long, bareHigh, bareLow } = bands;
  const { gain, offset } = line;
  const count = visible.length;
  for (let i = 0; i < seen.length; i++) {
    if (seen[i] === 0) continue;
    let sum = 0;
    for (let v = 0; v < count; v++) sum += through(source, gain, offset, visible[v]!, i);
    const redValue = through(source, gain, offset, red, i);
    veg[i] = ratio(through(source, gain, offset, vegHigh, i), redValue);
    bright[i] = level(sum / count, medians.brightMedian);
    swir[i] = level(through(source, gain, offset, long, i), medians.swirMedian);
    if (bareHigh >= 0) {
      bare[i] = ratio(through(source, gain, offset, bareHigh, i), through(source, gain, offset, bareLow, i));
    }
    redness[i] = ratio(redValue, through(source, gain, offset, blue, i));
  }
}

function through(
  source: readonly Float32Array[],
  gain: readonly number[],
  offset: readonly number[],
  band: number,
  i: number,
): number {
  const value = gain[band]! * source[band]![i]! + offset[band]!;
  return value > 0 ? value : 0;
}
