/**
 * any-optical: how strongly the ground changed between two optical images, in robust standard deviations of the pair's own
 * background. Method: the eight views of any-features, each centred by its median and divided by its MAD, cut at ±3…5 so
 * that no single view decides alone, added and standardised again (a sum of robust z). Weights are round numbers, measured in
 * docs/accuracy.md. Invariant to gain and offset of any band of either date.
 * In: an AlignedPair and the numbers fitted for the pair. Out: `score`, `own`; pixels not seen hold 0.
 */
import type { AlignedPair } from '../model/change.js';
import type { BandRole } from '../model/raster.js';
import {
  anyFeatures,
  type BandScale,
  FEATURE_COUNT,
  FEATURE_HALO_PX,
  type FeatureNumbers,
  seenShares,
  smoothedVariate,
} from './any-features.js';
import { fitIrMad, noChangeWeights } from './irmad.js';
import { type PixelTable, pixelTable, thinnedSample, varyingBands } from './pair-sample.js';
import { centreSpread } from './robust.js';

export interface AnyOpticalNumbers {
  readonly features: FeatureNumbers;
  readonly centres: readonly number[];
  readonly spreads: readonly number[];
  readonly centre: number;
  readonly spread: number;
  /** The pixel's own change vector below this is context's change, not its own. */
  readonly ownLimit: number;
}

/** In the order of any-features. */
const WEIGHTS = [1, 1, 1, 1.5, 1, 1, 1, 1];
const CUT_LOW = -3;
const CUT_HIGH = 5;
const FIT_PIXELS = 200_000;
/** Seen pixels whose features describe the background. */
const STATISTICS_PIXELS = 60_000;
/** Pixels whose features are computed for it, at most, and the side of the windows they come from. */
const STATISTICS_SAMPLE = 1_200_000;
const STATISTICS_SIDE = 256;
/** A change vector shorter than this share of the ground's own contrast is no change, however calm the pair is. */
const MIN_STRENGTH = 0.2;
/** Robust deviations of the logarithm of a pixel's own change vector that a changed pixel needs: keeps edges where they are. */
const OWN_DEVIATIONS = 1.5;

export const ANY_OPTICAL_HALO_PX = FEATURE_HALO_PX;

/** The six bands that all land sensors share; where fewer than three of them are known, every band is used. */
const MAIN_ROLES: readonly BandRole[] = ['blue', 'green', 'red', 'nir', 'swir1', 'swir2'];
/** Coarse or atmospheric bands: no change of the ground at the pixel's size. */
const NOT_GROUND: readonly BandRole[] = ['coastal', 'watervapour', 'cirrus', 'thermal'];

export function groundBands(roles: readonly BandRole[]): number[] {
  const all = roles.map((_, i) => i);
  const main = all.filter((i) => MAIN_ROLES.includes(roles[i]!));
  if (main.length >= 3) return main;
  const ground = all.filter((i) => !NOT_GROUND.includes(roles[i]!));
  return ground.length > 0 ? ground : all;
}

function positions(roles: readonly BandRole[], bands: readonly number[], wanted: readonly BandRole[], usual: number[]) {
  const named = bands.flatMap((band, i) => (wanted.includes(roles[band]!) ? [i] : []));
  if (named.length > 0) return named;
  const there = usual.filter((i) => i < bands.length);
  return there.length > 0 ? there : [0];
}

/** `own` gets 1 where the pixel's own change vector is strong, not only its surroundings'. */
export function anyOpticalScore(
  pair: AlignedPair,
  numbers: AnyOpticalNumbers,
  score: Float32Array,
  own: Uint8Array,
): void {
  const planes = anyFeatures(pair, numbers.features);
  fuse(planes, numbers, score);
  const strength = planes[FEATURE_COUNT]!;
  for (let i = 0; i < score.length; i++) {
    const seen = pair.seen[i] !== 0;
    score[i] = seen ? (score[i]! - numbers.centre) / numbers.spread : 0;
    own[i] = seen && Math.round(strength[i]! * 1024) > Math.round(numbers.ownLimit * 1024) ? 1 : 0;
  }
}

function fuse(
  planes: readonly Float32Array[],
  numbers: Pick<AnyOpticalNumbers, 'centres' | 'spreads'>,
  score: Float32Array,
): void {
  score.fill(0);
  for (let f = 0; f < FEATURE_COUNT; f++) {
    const plane = planes[f]!;
    const centre = numbers.centres[f]!;
    const perSpread = 1 / numbers.spreads[f]!;
    const weight = WEIGHTS[f]!;
    for (let i = 0; i < score.length; i++) {
      score[i]! += weight * Math.max(CUT_LOW, Math.min(CUT_HIGH, (plane[i]! - centre) * perSpread));
    }
  }
  const strength = planes[FEATURE_COUNT]!;
  for (let i = 0; i < score.length; i++) {
    if (strength[i]! < MIN_STRENGTH && score[i]! > 0) score[i]! *= strength[i]! / MIN_STRENGTH;
  }
}

/** null where nothing can be fitted: too few pixels seen, or no band that varies. */
export function fitAnyOptical(sample: readonly AlignedPair[]): AnyOpticalNumbers | null {
  const roles = sample[0]?.roles ?? [];
  const varying = varyingBands(sample);
  const ground = groundBands(roles).filter((band) => varying.includes(band));
  const bands = ground.length > 0 ? ground : varying;
  if (bands.length === 0) return null;
  const table = pixelTable(sample, bands, FIT_PIXELS);
  const mad = fitIrMad(table.before, table.after, bands.length);
  if (mad === null) return null;
  const weights = noChangeWeights(mad, table.before, table.after);
  const partial = {
    bands,
    visible: positions(roles, bands, ['blue', 'green', 'red'], [0, 1, 2]),
    patterned: positions(roles, bands, ['green', 'nir', 'swir1'], [1, 3, 4]),
    mad,
    scales: bandScales(table, weights, bands.length),
  };
  const thinned = thinnedSample(sample, STATISTICS_SAMPLE, STATISTICS_SIDE);
  const step = statisticsStep(thinned);
  const spreads = variateSpreads(thinned, partial, step);
  return standardise(thinned, { ...partial, ...spreads }, step);
}

function bandScales(table: PixelTable, weights: Float64Array, bands: number): BandScale[] {
  const moments = (values: Float64Array, k: number) => {
    let total = 0;
    let sum = 0;
    for (let s = 0; s < weights.length; s++) {
      total += weights[s]!;
      sum += weights[s]! * values[s * bands + k]!;
    }
    const mean = sum / total;
    let squares = 0;
    for (let s = 0; s < weights.length; s++) squares += weights[s]! * (values[s * bands + k]! - mean) ** 2;
    return { mean, deviation: Math.max(Math.sqrt(squares / total), 1e-9 * Math.max(1, Math.abs(mean))) };
  };
  return Array.from({ length: bands }, (_, k) => {
    const before = moments(table.before, k);
    const after = moments(table.after, k);
    return {
      meanBefore: before.mean,
      deviationBefore: before.deviation,
      meanAfter: after.mean,
      deviationAfter: after.deviation,
    };
  });
}

function statisticsStep(sample: readonly AlignedPair[]): number {
  let seen = 0;
  for (const pair of sample) for (const s of pair.seen) seen += s;
  return Math.max(1, Math.ceil(seen / STATISTICS_PIXELS));
}

/** Every `step`-th seen pixel of a plane, appended. */
function gather(plane: Float32Array, seen: Uint8Array, step: number, into: number[]): void {
  let met = 0;
  for (let i = 0; i < plane.length; i++) if (seen[i] !== 0 && met++ % step === 0) into.push(plane[i]!);
}

function variateSpreads(
  sample: readonly AlignedPair[],
  numbers: Pick<FeatureNumbers, 'bands' | 'mad'>,
  step: number,
): Pick<FeatureNumbers, 'spreadFine' | 'spreadWide'> {
  const fine: number[][] = numbers.bands.map(() => []);
  const wide: number[][] = numbers.bands.map(() => []);
  for (const pair of sample) {
    const planes = [0, 1, 2].map(() => new Float32Array(pair.seen.length));
    const [finePlane, widePlane, scratch] = planes as [Float32Array, Float32Array, Float32Array];
    const shares = seenShares(pair, scratch);
    for (let v = 0; v < numbers.bands.length; v++) {
      smoothedVariate(pair, numbers, v, shares, finePlane, widePlane, scratch);
      gather(finePlane, pair.seen, step, fine[v]!);
      gather(widePlane, pair.seen, step, wide[v]!);
    }
  }
  const spread = (values: number[]) => Math.max(centreSpread(values).spread, 1e-6);
  return { spreadFine: fine.map(spread), spreadWide: wide.map(spread) };
}

function standardise(sample: readonly AlignedPair[], features: FeatureNumbers, step: number): AnyOpticalNumbers {
  const columns: number[][] = Array.from({ length: FEATURE_COUNT + 1 }, () => []);
  for (const pair of sample) {
    for (const [f, plane] of anyFeatures(pair, features).entries()) gather(plane, pair.seen, step, columns[f]!);
  }
  const each = columns.slice(0, FEATURE_COUNT).map(centreSpread);
  const centres = each.map(({ centre }) => centre);
  const spreads = each.map(({ spread }) => Math.max(spread, 1e-6));
  const sums = new Float32Array(columns[0]!.length);
  fuse(
    columns.map((column) => Float32Array.from(column)),
    { centres, spreads },
    sums,
  );
  const { centre, spread } = centreSpread(sums);
  const own = centreSpread(columns[FEATURE_COUNT]!.map((strength) => Math.log(strength + 1e-3)));
  const ownLimit = Math.exp(own.centre + OWN_DEVIATIONS * own.spread) - 1e-3;
  return { features, centres, spreads, centre, spread: Math.max(spread, 1e-6), ownLimit };
}
