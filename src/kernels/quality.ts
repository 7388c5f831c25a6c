/**
 * quality: pixels of optical images that a cloud, its shadow, snow or saturation hides on either date, where no mask layer of the
 * sensor says so. A bright mine, a white roof or a flooded pit must stay seen; a cloud smaller than some 100 m may.
 * Method (after Zhu & Woodcock 2012, with the other date in place of their thermal test): marks (quality-marks.ts) count only
 * around a solid core, a box full of them. Cloud and snow: brighter than ground gets over a small box, or a white veil over a wide
 * one; then every veiled pixel around. Shadow: dark as shade is, over a box in which the ground's own pattern goes on (dark new
 * ground brings its own); near clouds a smaller box will do. Saturated: two bands at their ceiling where the other date foretells
 * bright ground; from dark ground a rise to the ceiling is change whatever its size.
 * In: an AlignedPair, numbers fitted for the pair. Out: a new `seen`.
 */
import type { AlignedPair } from '../model/change.js';
import { boxSum } from './box.js';
import { castShadow, shadowOffset } from './cloud-shadow.js';
import { type FittedQuality, fitNumbers } from './quality-fit.js';
import { markBright, markDark, OTHER, type Side } from './quality-marks.js';

export interface QualityNumbers extends FittedQuality {
  /** Half widths of the boxes, pixels. */
  readonly radius: { readonly solid: number; readonly veil: number; readonly around: number; readonly shade: number };
}

/** Half widths in metres, then least and most pixels. */
const SOLID = [60, 4, 20] as const;
const VEIL = [160, 8, 24] as const;
const AROUND = [240, 10, 30] as const;
const SHADE = [60, 4, 12] as const;
/** A core is a box of which this share is marked, and this share seen. */
export const CORE_SHARE = 0.85;
export const FULL_SHARE = 0.5;
/** Share of cloud in the sample from which its shadows are looked for with less care. */
const CLOUDY_SHARE = 0.002;
/** Spread of the darkening against that of the ground below from which the ground's pattern no longer shows. */
const PATTERN_SHARE = 0.3;
/** Of the ceiling: ground that the other date foretells under this was truly dark. */
const SURELY_DARKER = 0.7;

export function qualityHaloPx({ radius, before, after }: QualityNumbers): number {
  const cast = [before.shadow, after.shadow].map((s) => (s ? Math.max(Math.abs(s.x), Math.abs(s.y)) + s.slack : 0));
  const cloud = 2 * Math.max(radius.veil, radius.solid) + radius.around + Math.max(...cast);
  return Math.max(cloud, 2 * radius.shade);
}

/** null where the bands for it (blue, green, red, near infrared) are missing. */
export function fitQuality(sample: readonly AlignedPair[], gsdM: number | null): QualityNumbers | null {
  const fitted = fitNumbers(sample);
  if (fitted === null) return null;
  const pixels = ([metres, least, most]: readonly [number, number, number]) =>
    Math.max(least, Math.min(most, Math.round(metres / (gsdM ?? 10))));
  const radius = { solid: pixels(SOLID), veil: pixels(VEIL), around: pixels(AROUND), shade: pixels(SHADE) };
  const numbers = { ...fitted, radius };
  const withShadows = (date: Side) => {
    const clouds = sample.map((pair) => cloudsOf(pair, numbers, date));
    let hidden = 0;
    let seen = 0;
    for (const [t, pair] of sample.entries()) {
      for (const s of pair.seen) seen += s;
      for (const c of clouds[t] ?? []) hidden += c;
    }
    // white rock makes veils of its own: without a single solid cloud there are none
    const solidOnly = { ...numbers, radius: { ...radius, veil: 0 } };
    const anySolid = () => sample.some((pair) => cloudsOf(pair, solidOnly, date) !== null);
    const cloudy = hidden > CLOUDY_SHARE * seen && anySolid();
    return { ...numbers[date], cloudy, shadow: cloudy ? shadowOffset(sample, clouds, numbers, date) : null };
  };
  const [before, after] = [withShadows('before'), withShadows('after')];
  // wide veils are looked for only where the sample has clouds: their box is context that every block has to read
  const veil = before.cloudy || after.cloudy ? radius.veil : 0;
  return { ...numbers, radius: { ...radius, veil }, before, after };
}

/** `seen` without what is hidden; the very same array where nothing is. */
export function seenByQuality(pair: AlignedPair, numbers: QualityNumbers): Uint8Array {
  const out = Uint8Array.from(pair.seen);
  let changed = false;
  for (const date of ['before', 'after'] as const) {
    const clouds = cloudsOf(pair, numbers, date);
    const shade = shadeOf(pair, numbers, date, clouds);
    for (const hidden of [saturatedOf(pair, numbers, date), clouds, shade]) {
      if (hidden === null) continue;
      for (let i = 0; i < out.length; i++) if (hidden[i] === 1) out[i] = 0;
      changed = true;
    }
  }
  return changed ? out : pair.seen;
}

/** Cloud and snow; null where there is none. */
export function cloudsOf(pair: AlignedPair, numbers: QualityNumbers, date: Side): Uint8Array | null {
  const { solid, veil, any } = markBright(pair, numbers, numbers[date], date);
  if (!any) return null;
  const { radius } = numbers;
  const wide = veil.map((v) => (v === 2 ? 1 : 0));
  const cores = coresOf(pair, solid, radius.solid);
  const veiled = radius.veil > 0 ? coresOf(pair, wide, radius.veil) : null;
  if (cores === null && veiled === null) return null;
  const near = new Int32Array(veil.length);
  for (const [core, reach] of [
    [cores, radius.solid],
    [veiled, radius.veil],
  ] as const) {
    if (core === null) continue;
    boxSum(core, pair.width, pair.height, reach, new Int32Array(veil.length));
    for (let i = 0; i < near.length; i++) if (core[i]! > 0) near[i] = 1;
  }
  boxSum(near, pair.width, pair.height, radius.around, new Int32Array(veil.length));
  return veil.map((v, i) => (v > 0 && near[i]! > 0 ? 1 : 0));
}

/** 1 where the box around a marked pixel is nearly full of marked ones; null where nowhere. */
function coresOf(pair: AlignedPair, marked: Uint8Array, radius: number): Int32Array | null {
  if (!marked.includes(1)) return null;
  const { width, height, seen } = pair;
  const count = marked.length;
  const full = Int32Array.from(marked);
  const there = Int32Array.from(seen);
  const scratch = new Int32Array(count);
  boxSum(full, width, height, radius, scratch);
  boxSum(there, width, height, radius, scratch);
  const least = (2 * radius + 1) ** 2 * FULL_SHARE;
  let any = false;
  for (let i = 0; i < count; i++) {
    const core = marked[i] !== 0 && there[i]! >= least && full[i]! >= CORE_SHARE * there[i]!;
    full[i] = core ? 1 : 0;
    any ||= core;
  }
  return any ? full : null;
}

export function shadeOf(
  pair: AlignedPair,
  numbers: QualityNumbers,
  date: Side,
  clouds: Uint8Array | null,
): Uint8Array | null {
  const dark = new Uint8Array(pair.seen.length);
  if (!markDark(pair, numbers, numbers[date], date, dark)) return null;
  const { cloudy, shadow } = numbers[date];
  const deep = dark.map((v) => (v === 2 ? 1 : 0));
  const wide = numbers.radius.shade;
  const radius = cloudy ? Math.max(3, wide >> 1) : wide;
  const out = new Uint8Array(dark.length);
  let any = false;
  const core = coresOf(pair, deep, radius);
  if (core !== null) {
    if (!cloudy) keepPatterned(pair, numbers, date, deep, core, radius);
    boxSum(core, pair.width, pair.height, wide, new Int32Array(out.length));
    for (let i = 0; i < out.length; i++) if (core[i]! > 0 && dark[i] !== 0) out[i] = 1;
    any = true;
  }
  if (shadow !== null && clouds !== null) {
    const cast = castShadow(clouds, pair.width, pair.height, shadow);
    for (let i = 0; i < out.length; i++) if (cast[i]! > 0 && dark[i] !== 0) out[i] = 1;
    any = true;
  }
  return any ? out : null;
}

/** Drops cores in whose box the darkening varies as much as the ground: a new surface, not shade over the old one. */
function keepPatterned(
  pair: AlignedPair,
  numbers: QualityNumbers,
  date: Side,
  marked: Uint8Array,
  core: Int32Array,
  radius: number,
): void {
  const { nir } = numbers;
  const [own, other] = [pair[date][nir]!, pair[OTHER[date]][nir]!];
  const { gain, offset } = numbers[date].lines[nir]!;
  // keeps the numbers small, so that their sums stay whole numbers under 2^31
  const middle = numbers[date].snowGreen;
  const count = marked.length;
  const [n, g, gg, d, dd] = [0, 1, 2, 3, 4].map(() => new Int32Array(count)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let i = 0; i < count; i++) {
    if (marked[i] === 0) continue;
    const foretold = gain * other[i]! + offset;
    const ground = Math.round(64 * Math.log(foretold / middle));
    const darkening = Math.round(64 * Math.log(own[i]! / foretold));
    n[i] = 1;
    g[i] = ground;
    gg[i] = ground * ground;
    d[i] = darkening;
    dd[i] = darkening * darkening;
  }
  const scratch = new Int32Array(count);
  for (const plane of [n, g, gg, d, dd]) boxSum(plane, pair.width, pair.height, radius, scratch);
  for (let i = 0; i < count; i++) {
    if (core[i] === 0) continue;
    const ofGround = gg[i]! * n[i]! - g[i]! * g[i]!;
    const ofDarkening = dd[i]! * n[i]! - d[i]! * d[i]!;
    if (ofDarkening > PATTERN_SHARE * ofGround) core[i] = 0;
  }
}

export function saturatedOf(pair: AlignedPair, numbers: QualityNumbers, date: Side): Uint8Array | null {
  const side = date === 'before' ? 0 : 1;
  const full = numbers.ceilings.flatMap((ceiling, band) => {
    const top = ceiling[side];
    return top === null ? [] : [{ top, band, line: numbers[date].lines[band]! }];
  });
  if (full.length < 2) return null;
  const out = new Uint8Array(pair.seen.length);
  let any = false;
  for (let i = 0; i < out.length; i++) {
    if (pair.seen[i] === 0) continue;
    let atCeiling = 0;
    let darker = false;
    for (const { top, band, line } of full) {
      if (pair[date][band]![i]! < top) continue;
      atCeiling++;
      if (line.gain * pair[OTHER[date]][band]![i]! + line.offset < SURELY_DARKER * top) darker = true;
    }
    if (atCeiling < 2 || darker) continue;
    out[i] = 1;
    any = true;
  }
  return any ? out : null;
}
