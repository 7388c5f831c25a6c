/**
 * quality-marks: what one date's pixels look like beside the other date's, one test each: cloud, snow, shadow, saturation. Marks
 * are candidates only; quality.ts asks for a solid core of them before anything is hidden.
 * In: an AlignedPair and the numbers fitted for the pair. Out: marks (1/0) for every pixel.
 */
import type { AlignedPair } from '../model/change.js';

/** Straight line that takes the other date's values to this date's. */
export interface Line {
  readonly gain: number;
  readonly offset: number;
}

export interface CastShadow {
  readonly x: number;
  readonly y: number;
  /** Clouds stand at different heights: how far a shadow may lie from where it is expected. */
  readonly slack: number;
}

export interface DateQuality {
  /** From the other date, per band index. */
  readonly lines: readonly Line[];
  /** Blue above this is brighter than ground gets. */
  readonly blueLimit: number;
  /** Blue's rise over what the other date foretells from which a wide white veil is a cloud. */
  readonly veilRise: number;
  /** Blue of the brightest tenth of the ground: a veil worth a core is brighter. */
  readonly veilBlue: number;
  /** Green of the brighter half of the ground: snow lies above it. */
  readonly snowGreen: number;
  /** Rise of red that goes with a rise of blue by one when ground brightens. */
  readonly redPerBlue: number;
  /** Smallest blue-to-red ratio that is not the colour of bright ground. */
  readonly colourLimit: number;
  readonly cloudy: boolean;
  /** Where the shadows of this date's clouds lie, pixels; null where none is known. */
  readonly shadow: CastShadow | null;
}

export interface Bands {
  readonly blue: number;
  readonly green: number;
  readonly red: number;
  readonly nir: number;
  /** −1 where there is none. */
  readonly swir: number;
}

export type Side = 'before' | 'after';
export const OTHER = { before: 'after', after: 'before' } as const;

const SNOW_NDSI = 0.4;
const SNOW_RISE = 1.5;
/** A cloud lifts blue by more, against red, than brightening ground does. */
const WHITER = 1.15;
/** Share of a band that a shadow leaves: at most this; half shade is looked for where a cloud's shadow is expected. */
export const SHADE = { nir: 0.65, swir: 0.65, red: 0.87, blue: 0.97 };
export const HALF_SHADE = { nir: 0.82, swir: 0.8, red: 0.95, blue: 0.99 };
/** Of blue's share, what shade leaves of the infrared and water does not. */
export const NOT_WATER = { nir: 0.28, swir: 0.2 };
/** Scattered light is blue: red may keep this much more of its light than blue, near infrared than red. */
export const ORDER_SLACK = 0.06;

/** Share of the veil's rise from which a pixel beside a cloud belongs to it. */
export const VEIL_FLOOR = 0.3;

export interface BrightMarks {
  /** Too bright and too white for ground, or snow. */
  readonly solid: Uint8Array;
  /** White veil: brighter than foretold, in blue most. */
  readonly veil: Uint8Array;
  readonly any: boolean;
}

export function markBright(pair: AlignedPair, bands: Bands, quality: DateQuality, date: Side): BrightMarks {
  const [own, other] = [pair[date], pair[OTHER[date]]];
  const [blue, green, red, nir] = [own[bands.blue]!, own[bands.green]!, own[bands.red]!, own[bands.nir]!];
  const [blue0, green0, red0] = [other[bands.blue]!, other[bands.green]!, other[bands.red]!];
  const swir = bands.swir >= 0 ? own[bands.swir]! : null;
  const swir0 = bands.swir >= 0 ? other[bands.swir]! : null;
  const { blueLimit, veilRise, veilBlue, snowGreen, redPerBlue, colourLimit, lines } = quality;
  const [b, g, r] = [lines[bands.blue]!, lines[bands.green]!, lines[bands.red]!];
  const s = bands.swir >= 0 ? lines[bands.swir]! : null;
  const solid = new Uint8Array(pair.seen.length);
  const veil = new Uint8Array(pair.seen.length);
  let any = false;
  for (let i = 0; i < solid.length; i++) {
    if (pair.seen[i] === 0) continue;
    const rise = blue[i]! - (b.gain * blue0[i]! + b.offset);
    if (rise <= VEIL_FLOOR * veilRise) continue;
    const redRise = red[i]! - (r.gain * red0[i]! + r.offset);
    const white = WHITER * redRise < redPerBlue * rise;
    const cloud = blue[i]! > blueLimit && blue[i]! >= colourLimit * red[i]!;
    let snow = false;
    if (swir !== null && swir0 !== null && s !== null && green[i]! > snowGreen && nir[i]! > 0.6 * green[i]!) {
      const green1 = g.gain * green0[i]! + g.offset;
      const swir1 = s.gain * swir0[i]! + s.offset;
      snow =
        green[i]! - swir[i]! > SNOW_NDSI * (green[i]! + swir[i]!) &&
        green[i]! > SNOW_RISE * green1 &&
        green1 - swir1 < SNOW_NDSI * (green1 + swir1);
    }
    if (cloud || snow) solid[i] = 1;
    if (cloud || snow) veil[i] = 2;
    else if (white) veil[i] = rise > veilRise && blue[i]! > veilBlue ? 2 : 1;
    if (veil[i] === 2) any = true;
  }
  return { solid, veil, any };
}

/** Darker in the way shade is, most in the infrared, least in blue, and not water: 2 = shade, 1 = half shade. True when any is 2 or 1. */
export function markDark(
  pair: AlignedPair,
  bands: Bands,
  { lines }: DateQuality,
  date: Side,
  out: Uint8Array,
): boolean {
  const [own, other] = [pair[date], pair[OTHER[date]]];
  const [blue, green, red, nir] = [own[bands.blue]!, own[bands.green]!, own[bands.red]!, own[bands.nir]!];
  const [blue0, red0, nir0] = [other[bands.blue]!, other[bands.red]!, other[bands.nir]!];
  const [b, r, n] = [lines[bands.blue]!, lines[bands.red]!, lines[bands.nir]!];
  const swir = bands.swir >= 0 ? own[bands.swir]! : null;
  const swir0 = bands.swir >= 0 ? other[bands.swir]! : null;
  const s = bands.swir >= 0 ? lines[bands.swir]! : null;
  let any = false;
  for (let i = 0; i < out.length; i++) {
    if (pair.seen[i] === 0) continue;
    const nirShare = nir[i]! / (n.gain * nir0[i]! + n.offset);
    if (!(nirShare < HALF_SHADE.nir && nirShare > 0)) continue;
    const redShare = red[i]! / (r.gain * red0[i]! + r.offset);
    const blueShare = blue[i]! / (b.gain * blue0[i]! + b.offset);
    if (!(redShare < HALF_SHADE.red && blueShare < HALF_SHADE.blue && blueShare > redShare - ORDER_SLACK)) continue;
    if (nirShare > redShare + ORDER_SLACK || nirShare < NOT_WATER.nir * blueShare) continue;
    // a flooded pit is dark too: what is greener than infrared is held for shade only where a cloud casts one
    let deep = green[i]! <= nir[i]! && nirShare < SHADE.nir && redShare < SHADE.red && blueShare < SHADE.blue;
    if (swir !== null && swir0 !== null && s !== null) {
      const swirShare = swir[i]! / (s.gain * swir0[i]! + s.offset);
      if (!(swirShare < HALF_SHADE.swir && swirShare > NOT_WATER.swir * blueShare)) continue;
      deep &&= swirShare < SHADE.swir;
    }
    out[i] = deep ? 2 : 1;
    any = true;
  }
  return any;
}
