/**
 * quality: pixels of optical images that a cloud, its shadow, snow or saturation hides on either date, where no mask layer of the
 * sensor says so. Careful on purpose: a bright mine, a white roof or a flooded pit must stay seen, a small cloud may.
 * Method: the other date is put on this date's scale by two low quantiles (which clouds on up to half of the scene do not move).
 * Cloud: bluer and brighter than all but the brightest half per cent of the other date and a quarter beyond, not redder than bright
 * ground, over nearly all of a box some 200 m wide; then its rim (after Zhu & Woodcock 2012, without their thermal test).
 * Snow: the same with NDSI > 0.45 (Hall et al. 1995), colour aside. Shadow: darker than .55 of the other date in near infrared and
 * red, not water, and only where the pair has clouds. Saturated: all bands at their ceiling on both dates.
 * In: an AlignedPair, numbers fitted for the pair. Out: a new `seen`.
 */
import type { AlignedPair } from '../model/change.js';
import type { BandRole } from '../model/raster.js';
import { boxSum } from './box.js';
import { quantileOfSorted } from './robust.js';

/** Straight line that takes the other date's values to this date's. */
interface Line {
  readonly gain: number;
  readonly offset: number;
}

interface DateQuality {
  /** From the other date, per band index. */
  readonly lines: readonly Line[];
  /** Blue above this is brighter than ground gets. */
  readonly blueLimit: number;
  readonly greenLimit: number;
  /** Smallest blue-to-red ratio that is not the colour of bright ground. */
  readonly colourLimit: number;
  readonly cloudy: boolean;
}

export interface QualityNumbers {
  readonly blue: number;
  readonly green: number;
  readonly red: number;
  readonly nir: number;
  /** −1 where there is none. */
  readonly swir: number;
  readonly before: DateQuality;
  readonly after: DateQuality;
  /** Ceiling of each band on both dates; null where values do not pile up at one. */
  readonly ceilings: readonly (readonly [number | null, number | null])[];
  readonly coreRadiusPx: number;
}

const CORE_WIDTH_M = 200;
const CORE_SHARE = 0.9;
const LOW = 0.1;
const HIGH = 0.4;
const BRIGHTEST = 0.995;
const BEYOND = 1.25;
const RIM_SHARE = 0.3;
const SNOW_NDSI = 0.45;
const SHADOW_SHARE = 0.55;
/** Share of cloud in the sample from which its shadows are looked for. */
const CLOUDY_SHARE = 0.002;
const SAMPLE_PIXELS = 120_000;

export function qualityHaloPx(numbers: QualityNumbers): number {
  return 2 * numbers.coreRadiusPx;
}

type Date = 'before' | 'after';
const OTHER = { before: 'after', after: 'before' } as const;

/** null where the bands for it (blue, green, red, near infrared) are missing. */
export function fitQuality(sample: readonly AlignedPair[], gsdM: number | null): QualityNumbers | null {
  const roles = sample[0]?.roles ?? [];
  const at = (role: BandRole) => roles.indexOf(role);
  const [blue, green, red, nir] = [at('blue'), at('green'), at('red'), at('nir')] as [number, number, number, number];
  if (Math.min(blue, green, red, nir) < 0) return null;
  const columns = { before: sorted(sample, 'before'), after: sorted(sample, 'after') };
  const coreRadiusPx = Math.max(3, Math.min(20, Math.round(CORE_WIDTH_M / 2 / (gsdM ?? 10))));
  const dateQuality = (date: Date): DateQuality => {
    const own = columns[date];
    const other = columns[OTHER[date]];
    const lines = own.map((values, band) => lineOf(other[band]!, values));
    const limit = (band: number) => {
      const { gain, offset } = lines[band]!;
      return BEYOND * (gain * quantileOfSorted(other[band]!, BRIGHTEST) + offset);
    };
    return {
      lines,
      blueLimit: limit(blue),
      greenLimit: limit(green),
      colourLimit: brightGroundColour(sample, OTHER[date], lines, blue, red, quantileOfSorted(other[red]!, 0.95)),
      cloudy: false,
    };
  };
  const plain: QualityNumbers = {
    blue,
    green,
    red,
    nir,
    swir: at('swir1'),
    before: dateQuality('before'),
    after: dateQuality('after'),
    ceilings: roles.map((_, band) => [ceilingOf(columns.before[band]!), ceilingOf(columns.after[band]!)] as const),
    coreRadiusPx,
  };
  const cloudy = (date: Date) => {
    let hidden = 0;
    let seen = 0;
    for (const pair of sample) {
      const bright = new Uint8Array(pair.seen.length);
      markBright(pair, plain, date, bright);
      for (let i = 0; i < bright.length; i++) {
        hidden += bright[i]!;
        seen += pair.seen[i]!;
      }
    }
    return hidden > CLOUDY_SHARE * seen;
  };
  return {
    ...plain,
    before: { ...plain.before, cloudy: cloudy('before') },
    after: { ...plain.after, cloudy: cloudy('after') },
  };
}

/** Every so-many-th seen value of each band, ascending. */
function sorted(sample: readonly AlignedPair[], date: Date): Float64Array[] {
  const total = sample.reduce((sum, pair) => sum + pair.seen.length, 0);
  const step = Math.max(1, Math.ceil(total / SAMPLE_PIXELS));
  return (sample[0]?.roles ?? []).map((_, band) => {
    const values: number[] = [];
    for (const pair of sample) {
      const plane = pair[date][band]!;
      for (let i = 0; i < plane.length; i += step) if (pair.seen[i] !== 0) values.push(plane[i]!);
    }
    return Float64Array.from(values).sort();
  });
}

function lineOf(from: Float64Array, to: Float64Array): Line {
  const [fromLow, fromHigh] = [quantileOfSorted(from, LOW), quantileOfSorted(from, HIGH)];
  const [toLow, toHigh] = [quantileOfSorted(to, LOW), quantileOfSorted(to, HIGH)];
  const gain = fromHigh > fromLow && toHigh > toLow ? (toHigh - toLow) / (fromHigh - fromLow) : 1;
  return { gain, offset: toLow - gain * fromLow };
}

function brightGroundColour(
  sample: readonly AlignedPair[],
  date: Date,
  lines: readonly Line[],
  blue: number,
  red: number,
  from: number,
): number {
  let blueSum = 0;
  let redSum = 0;
  for (const pair of sample) {
    for (let i = 0; i < pair.seen.length; i++) {
      if (pair.seen[i] === 0 || pair[date][red]![i]! < from) continue;
      blueSum += lines[blue]!.gain * pair[date][blue]![i]! + lines[blue]!.offset;
      redSum += lines[red]!.gain * pair[date][red]![i]! + lines[red]!.offset;
    }
  }
  return redSum > 0 ? blueSum / redSum : 1;
}

/** A ceiling is the largest value if at least one pixel in a thousand has it exactly. */
function ceilingOf(ascending: Float64Array): number | null {
  const top = ascending[ascending.length - 1];
  if (top === undefined || top <= 0) return null;
  let equal = 0;
  while (equal < ascending.length && ascending[ascending.length - 1 - equal] === top) equal++;
  return equal > ascending.length / 1000 && equal < ascending.length / 2 ? top : null;
}

/** Marks what is too bright and too white for ground, or snow; true when anything was marked. */
function markBright(pair: AlignedPair, numbers: QualityNumbers, date: Date, out: Uint8Array): boolean {
  const { blueLimit, greenLimit, colourLimit } = numbers[date];
  const bands = pair[date];
  const blue = bands[numbers.blue]!;
  const green = bands[numbers.green]!;
  const red = bands[numbers.red]!;
  const swir = numbers.swir >= 0 ? bands[numbers.swir]! : null;
  let any = false;
  for (let i = 0; i < out.length; i++) {
    if (pair.seen[i] === 0) continue;
    const cloud = blue[i]! > blueLimit && blue[i]! >= colourLimit * red[i]!;
    const snow = swir !== null && green[i]! > greenLimit && green[i]! - swir[i]! > SNOW_NDSI * (green[i]! + swir[i]!);
    if (!cloud && !snow) continue;
    out[i] = 1;
    any = true;
  }
  return any;
}

/** Pixels near a solid core of marked ones: `core` pixels whose box is nearly full, widened by the box. */
function nearCores(pair: AlignedPair, marked: Uint8Array, radius: number): Int32Array | null {
  const { width, height, seen } = pair;
  const count = marked.length;
  const full = new Int32Array(count);
  const there = new Int32Array(count);
  const scratch = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    full[i] = marked[i]!;
    there[i] = seen[i]!;
  }
  boxSum(full, width, height, radius, scratch);
  boxSum(there, width, height, radius, scratch);
  const least = (2 * radius + 1) ** 2 / 2;
  let any = false;
  for (let i = 0; i < count; i++) {
    const core = marked[i] !== 0 && there[i]! >= least && full[i]! >= CORE_SHARE * there[i]!;
    full[i] = core ? 1 : 0;
    any ||= core;
  }
  if (!any) return null;
  boxSum(full, width, height, radius, scratch);
  return full;
}

/** `seen` without what is hidden; the very same array where nothing is. */
export function seenByQuality(pair: AlignedPair, numbers: QualityNumbers): Uint8Array {
  const out = Uint8Array.from(pair.seen);
  let changed = clearSaturated(pair, numbers, out);
  for (const date of ['before', 'after'] as const) {
    const marked = new Uint8Array(out.length);
    if (markBright(pair, numbers, date, marked)) {
      const near = nearCores(pair, marked, numbers.coreRadiusPx);
      if (near !== null) {
        const { lines, blueLimit } = numbers[date];
        const { gain, offset } = lines[numbers.blue]!;
        const own = pair[date][numbers.blue]!;
        const other = pair[OTHER[date]][numbers.blue]!;
        for (let i = 0; i < out.length; i++) {
          if (near[i] === 0) continue;
          const expected = gain * other[i]! + offset;
          if (marked[i] !== 0 || own[i]! - expected > RIM_SHARE * (blueLimit - expected)) out[i] = 0;
        }
        changed = true;
      }
    }
    if (numbers[date].cloudy && clearShadow(pair, numbers, date, out)) changed = true;
  }
  return changed ? out : pair.seen;
}

function clearShadow(pair: AlignedPair, numbers: QualityNumbers, date: Date, out: Uint8Array): boolean {
  const marked = new Uint8Array(out.length);
  const bands = pair[date];
  const others = pair[OTHER[date]];
  let any = false;
  for (let i = 0; i < out.length; i++) {
    if (pair.seen[i] === 0 || bands[numbers.green]![i]! > bands[numbers.nir]![i]!) continue;
    let dark = true;
    for (const band of [numbers.nir, numbers.red]) {
      const { gain, offset } = numbers[date].lines[band]!;
      if (!(bands[band]![i]! < SHADOW_SHARE * (gain * others[band]![i]! + offset))) dark = false;
    }
    if (!dark) continue;
    marked[i] = 1;
    any = true;
  }
  const near = any ? nearCores(pair, marked, Math.max(3, numbers.coreRadiusPx >> 1)) : null;
  if (near === null) return false;
  for (let i = 0; i < out.length; i++) if (near[i] !== 0 && marked[i] !== 0) out[i] = 0;
  return true;
}

function clearSaturated(pair: AlignedPair, numbers: QualityNumbers, out: Uint8Array): boolean {
  if (numbers.ceilings.some(([before, after]) => before === null || after === null)) return false;
  let any = false;
  for (let i = 0; i < out.length; i++) {
    if (out[i] === 0) continue;
    const full = numbers.ceilings.every(
      ([before, after], band) => pair.before[band]![i]! >= (before ?? 0) && pair.after[band]![i]! >= (after ?? 0),
    );
    if (!full) continue;
    out[i] = 0;
    any = true;
  }
  return any;
}
