/**
 * state: does the ground on an earlier date look like BEFORE, like AFTER, or like neither?
 * Method: contrast of the patch against the ring around it (vegetation, brightness, bare soil), in which light, haze, season and the
 * sensor's scale largely cancel; its distance from the contrasts of BEFORE and AFTER in units of what they scatter by. Where patch
 * and ring changed alike the contrast is silent, and the patch's own indices are asked. A ring much brighter and whiter than on the
 * other dates is cloud or snow, a much darker one shadow: the date is not seen.
 * In: the readings of one place on all dates, BEFORE's and AFTER's among them. Out: a state per date.
 */
import type { GroundNumbers, GroundReading, GroundState } from '../../model/history.js';

export interface SensedReading {
  readonly sensor: string;
  readonly reading: GroundReading;
}

export interface Reference {
  readonly before: SensedReading;
  readonly after: SensedReading;
}

type Index = 'veg' | 'bright' | 'bare';
const INDICES: readonly Index[] = ['veg', 'bright', 'bare'];

/** How far contrasts of unchanged ground scatter between dates of one season, thousandths. */
const SCATTER: Readonly<Record<Index, number>> = { veg: 60, bright: 120, bare: 50 };
/** Own indices scatter more: light, haze and sensor do not cancel. Brightness in raw units says nothing across dates. */
const OWN_SCATTER: Readonly<Partial<Record<Index, number>>> = { veg: 120, bare: 100 };
/** BEFORE and AFTER must lie at least this far apart, in scatters, for a date to be told by it. */
const LEAST_APART = 3;
/** Clearly nearer to one than to the other. */
const NEARER = 0.5;
/** A date repeats AFTER when no contrast differs by more than this many scatters. */
const REPEATS = 2.5;
/** Change of the patch's own vegetation index from which a date must also show it by itself, thousandths. */
const OWN_VEG_CHANGE = 150;
/** Cloud and snow: brighter than the place's other dates by e^0.5, and blue at least 0.9 of red. Shadow: less than half as bright. */
const CLOUD_BRIGHTER = 500;
const CLOUD_WHITE = -100;
const SHADOW_DARKER = 700;

export interface JudgedState {
  readonly state: GroundState;
  /** AFTER's contrasts come back one by one, brightness as well: the same ground in the same condition, not a brighter one. */
  readonly repeats: boolean;
}

export function judgeState(one: SensedReading, reference: Reference, all: readonly SensedReading[]): JudgedState {
  const { numbers } = one.reading;
  const before = reference.before.reading.numbers;
  const after = reference.after.reading.numbers;
  if (!numbers || !before || !after || isHidden(one, reference, all)) return { state: 'not-seen', repeats: false };
  const contrast = (of: Shown): Values => difference(of.patch, of.ring);
  const by = [contrast(before), contrast(after), contrast(numbers)] as const;
  const apart = distance(by[0], by[1], SCATTER);
  if (apart !== null && apart >= LEAST_APART) {
    const state = nearer(by, SCATTER);
    const own = ownVegetation(before.patch, after.patch, numbers.patch);
    const contradicted = (state === 'after' && own === 'before') || (state === 'before' && own === 'after');
    return contradicted ? { state: 'unclear', repeats: false } : { state, repeats: state === 'after' && repeats(by) };
  }
  const own = [before.patch, after.patch, numbers.patch] as const;
  const ownApart = distance(own[0], own[1], OWN_SCATTER);
  if (ownApart === null || ownApart < LEAST_APART) return { state: 'unclear', repeats: false };
  const state = nearer(own, OWN_SCATTER);
  return { state, repeats: state === 'after' };
}

type Values = Readonly<Record<Index, number | null>>;
type Three = readonly [before: Values, after: Values, now: Values];

function difference(patch: GroundNumbers, ring: GroundNumbers): Values {
  const of = (index: Index): number | null => {
    const [inside, around] = [patch[index], ring[index]];
    return inside === null || around === null ? null : inside - around;
  };
  return { veg: of('veg'), bright: of('bright'), bare: of('bare') };
}

function nearer([before, after, now]: Three, scatter: Readonly<Partial<Record<Index, number>>>): GroundState {
  const toBefore = distance(before, now, scatter);
  const toAfter = distance(after, now, scatter);
  if (toBefore === null || toAfter === null) return 'unclear';
  if (toAfter <= NEARER * toBefore) return 'after';
  return toBefore <= NEARER * toAfter ? 'before' : 'unclear';
}

/** Euclidean, in scatters, over the indices that both have. */
function distance(a: Values, b: Values, scatter: Readonly<Partial<Record<Index, number>>>): number | null {
  let sum = 0;
  let used = 0;
  for (const index of INDICES) {
    const [x, y, unit] = [a[index], b[index], scatter[index]];
    if (x === null || y === null || unit === undefined) continue;
    sum += ((x - y) / unit) ** 2;
    used++;
  }
  return used === 0 ? null : Math.sqrt(sum);
}

function repeats([, after, now]: Three): boolean {
  return INDICES.every((index) => {
    const [x, y] = [after[index], now[index]];
    return x === null || y === null || Math.abs(x - y) <= REPEATS * SCATTER[index];
  });
}

/** Which side the patch's own vegetation index is on; null where it changed too little to say. */
function ownVegetation(before: GroundNumbers, after: GroundNumbers, now: GroundNumbers): 'before' | 'after' | null {
  if (before.veg === null || after.veg === null || now.veg === null) return null;
  const change = after.veg - before.veg;
  if (Math.abs(change) < OWN_VEG_CHANGE) return null;
  const position = (now.veg - before.veg) / change;
  if (position < 0.5) return 'before';
  return position > 0.7 ? 'after' : null;
}

function isHidden(
  { sensor, reading }: SensedReading,
  { before, after }: Reference,
  all: readonly SensedReading[],
): boolean {
  const { numbers } = reading;
  const alike = (of: readonly SensedReading[]): Shown[] =>
    of.flatMap((other) => (other.sensor === sensor && other.reading.numbers ? [other.reading.numbers] : []));
  const rings = alike(all);
  if (!numbers) return true;
  const { patch, ring } = numbers;
  // A median of fewer than three may be the cloud itself. The patch is held against the pair's own dates, which were judged clear.
  const usual = rings.length < 3 ? null : middle(rings.map((one) => one.ring.bright));
  const open = highest(alike([before, after]).map((one) => one.patch.bright));
  return (
    (isWhite(ring) && exceeds(ring.bright, usual, CLOUD_BRIGHTER)) ||
    (isWhite(patch) && exceeds(patch.bright, open, CLOUD_BRIGHTER)) ||
    exceeds(usual, ring.bright, SHADOW_DARKER)
  );
}

/** A date of the pair itself whose surroundings are bright and white as on no other: cloud or snow that no mask told of. */
export function doubtedDate({ before, after }: Reference, all: readonly SensedReading[]): 'before' | 'after' | null {
  const isDoubted = ({ sensor, reading }: SensedReading): boolean => {
    const rings = all.flatMap((one) =>
      one.sensor === sensor && one.reading.numbers ? [one.reading.numbers.ring.bright] : [],
    );
    const ring = reading.numbers?.ring;
    return (
      ring !== undefined && rings.length >= 3 && isWhite(ring) && exceeds(ring.bright, middle(rings), CLOUD_BRIGHTER)
    );
  };
  return isDoubted(after) ? 'after' : isDoubted(before) ? 'before' : null;
}

type Shown = NonNullable<GroundReading['numbers']>;

const isWhite = ({ white }: GroundNumbers): boolean => white !== null && white >= CLOUD_WHITE;

function exceeds(value: number | null, usual: number | null, by: number): boolean {
  return value !== null && usual !== null && value > usual + by;
}

const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value) => value !== null).sort((a, b) => a - b);
const middle = (values: readonly (number | null)[]): number | null => known(values)[known(values).length >> 1] ?? null;
const highest = (values: readonly (number | null)[]): number | null => known(values).at(-1) ?? null;
