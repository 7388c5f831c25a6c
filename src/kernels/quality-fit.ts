/**
 * quality-fit: the numbers by which clouds, shadows, snow and saturation are told from ground, from the sample of a pair.
 * Method: each date is put on the other's scale by two low quantiles of paired pixels; where much of the sample then looks covered,
 * once more without that part. Limits of brightness and colour come from the other date's ground.
 * In: AlignedPairs. Out: QualityNumbers, or null where the bands for it (blue, green, red, near infrared) are missing.
 */
import type { AlignedPair } from '../model/change.js';
import type { BandRole } from '../model/raster.js';
import { type Bands, type DateQuality, type Line, markBright, markDark, OTHER, type Side } from './quality-marks.js';
import { quantileOfSorted } from './robust.js';

const LOW = 0.1;
const HIGH = 0.4;
const BRIGHTEST = 0.995;
const BEYOND = 1.25;
/** A veil lifts blue by this share of the way from middling ground to the limit of brightness. */
const VEIL_SHARE = 0.35;
const BRIGHT = 0.9;
const SAMPLE_PIXELS = 120_000;
/** Share of the sample that looks covered from which the scales are fitted again without it. */
const COVERED_SHARE = 0.03;
const ROUNDS = 3;

export interface FittedQuality extends Bands {
  readonly before: DateQuality;
  readonly after: DateQuality;
  /** Ceiling of each band on both dates; null where values do not pile up at one. */
  readonly ceilings: readonly (readonly [number | null, number | null])[];
}

type Columns = Readonly<Record<Side, readonly Float64Array[]>>;

export function fitNumbers(sample: readonly AlignedPair[]): FittedQuality | null {
  const roles = sample[0]?.roles ?? [];
  const at = (role: BandRole) => roles.indexOf(role);
  const bands: Bands = { blue: at('blue'), green: at('green'), red: at('red'), nir: at('nir'), swir: at('swir1') };
  if (Math.min(bands.blue, bands.green, bands.red, bands.nir) < 0) return null;
  const all = columnsOf(sample);
  let fitted = numbersOf(all, bands);
  for (let round = 1; round < ROUNDS; round++) {
    const clear = clearOf(all, bands, fitted);
    if (clear === null) break;
    fitted = numbersOf(clear, bands);
  }
  const sorted = (date: Side) => all[date].map((values) => values.slice().sort());
  const [before, after] = [sorted('before'), sorted('after')];
  return {
    ...bands,
    ...fitted,
    ceilings: roles.map((_, band) => [ceilingOf(before[band]!), ceilingOf(after[band]!)] as const),
  };
}

/** Every so-many-th seen pixel: the values of each band, both dates in the same order. */
function columnsOf(sample: readonly AlignedPair[]): Columns {
  const total = sample.reduce((sum, pair) => sum + pair.seen.length, 0);
  const step = Math.max(1, Math.ceil(total / SAMPLE_PIXELS));
  const column = (date: Side, band: number): Float64Array => {
    const values: number[] = [];
    for (const pair of sample) {
      const plane = pair[date][band]!;
      for (let i = 0; i < plane.length; i += step) if (pair.seen[i] !== 0) values.push(plane[i]!);
    }
    return Float64Array.from(values);
  };
  const both = (date: Side) => (sample[0]?.roles ?? []).map((_, band) => column(date, band));
  return { before: both('before'), after: both('after') };
}

function numbersOf(columns: Columns, bands: Bands): Record<Side, DateQuality> {
  const sorted = {
    before: columns.before.map((values) => values.slice().sort()),
    after: columns.after.map((values) => values.slice().sort()),
  };
  const numbers = (date: Side): DateQuality => {
    const [own, other] = [sorted[date], sorted[OTHER[date]]];
    const lines = own.map((values, band) => lineOf(other[band]!, values));
    const foretold = (band: number, q: number) => {
      const { gain, offset } = lines[band]!;
      return gain * quantileOfSorted(other[band]!, q) + offset;
    };
    const span = (band: number) => foretold(band, 0.95) - foretold(band, 0.05);
    const { blue, green, red } = bands;
    const blueLimit = BEYOND * foretold(blue, BRIGHTEST);
    return {
      lines,
      blueLimit,
      veilRise: VEIL_SHARE * (blueLimit - foretold(blue, 0.5)),
      veilBlue: foretold(blue, BRIGHT),
      snowGreen: foretold(green, BRIGHT),
      redPerBlue: span(blue) > 0 ? span(red) / span(blue) : 1,
      colourLimit: brightGroundColour(columns[OTHER[date]], lines, bands, quantileOfSorted(other[red]!, 0.95)),
      cloudy: false,
      shadow: null,
    };
  };
  return { before: numbers('before'), after: numbers('after') };
}

function lineOf(from: Float64Array, to: Float64Array): Line {
  const [fromLow, fromHigh] = [quantileOfSorted(from, LOW), quantileOfSorted(from, HIGH)];
  const [toLow, toHigh] = [quantileOfSorted(to, LOW), quantileOfSorted(to, HIGH)];
  const gain = fromHigh > fromLow && toHigh > toLow ? (toHigh - toLow) / (fromHigh - fromLow) : 1;
  return { gain, offset: toLow - gain * fromLow };
}

function brightGroundColour(
  columns: readonly Float64Array[],
  lines: readonly Line[],
  { blue, red }: Bands,
  from: number,
): number {
  let blueSum = 0;
  let redSum = 0;
  columns[red]!.forEach((value, i) => {
    if (value < from) return;
    blueSum += lines[blue]!.gain * columns[blue]![i]! + lines[blue]!.offset;
    redSum += lines[red]!.gain * value + lines[red]!.offset;
  });
  return redSum > 0 ? blueSum / redSum : 1;
}

/** The columns without what looks covered on either date; null where that is too little to matter, or nearly all. */
function clearOf(columns: Columns, bands: Bands, fitted: Record<Side, DateQuality>): Columns | null {
  const count = columns.before[0]?.length ?? 0;
  const planes = (date: Side) => columns[date].map((values) => Float32Array.from(values));
  const table: AlignedPair = {
    width: count,
    height: 1,
    roles: [],
    before: planes('before'),
    after: planes('after'),
    seen: new Uint8Array(count).fill(1),
  };
  const covered = new Uint8Array(count);
  for (const date of ['before', 'after'] as const) {
    const { solid, veil } = markBright(table, bands, fitted[date], date);
    const shade = new Uint8Array(count);
    markDark(table, bands, fitted[date], date, shade);
    for (let i = 0; i < count; i++) if (solid[i] === 1 || veil[i] === 2 || shade[i] === 2) covered[i] = 1;
  }
  const left = covered.reduce((sum, c) => sum + 1 - c, 0);
  if (left > (1 - COVERED_SHARE) * count || left < count / 4) return null;
  const kept = (values: Float64Array) => values.filter((_, i) => covered[i] === 0);
  return { before: columns.before.map(kept), after: columns.after.map(kept) };
}

/** A ceiling is the largest value if at least one pixel in a thousand has it exactly. */
function ceilingOf(ascending: Float64Array): number | null {
  const top = ascending[ascending.length - 1];
  if (top === undefined || top <= 0) return null;
  let equal = 0;
  while (equal < ascending.length && ascending[ascending.length - 1 - equal] === top) equal++;
  return equal > ascending.length / 1000 && equal < ascending.length / 2 ? top : null;
}
