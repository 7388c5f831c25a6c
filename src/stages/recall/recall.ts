/**
 * recall: was the ground of a patch before as it is now? What comes every year is season, what is new and stays is a pit.
 * Method: each earlier date is told to look like BEFORE or like AFTER (state.ts). AFTER's look in the same season (± 46 days) of earlier
 * years, gone on most dates between one such season and the next: seasonal. From a date on without a gap: since. Never: new. Else recurring.
 * Season needs AFTER's look back in every number, brightness as well, in more earlier years than not; from `dropFromYears` such years
 * the patch is dropped. A pit in a field that lies bare every autumn is brighter or barer than the field was, and stays.
 * In:  readings of all dates, BEFORE's and AFTER's days. Dates after AFTER never come in: a later run must not see the future.
 * Out: PatchHistory, whether the patch is dropped, and its confidence with that known.
 */
import type { DatedState, GroundReading, PatchHistory } from '../../model/history.js';
import { doubtedDate, judgeState } from './state.js';

export interface DatedReading {
  readonly id: string;
  readonly on: string;
  readonly sensor: string;
  readonly reading: GroundReading;
}

export interface RecallInput {
  /** Of the images that the patch was found between. */
  readonly before: DatedReading;
  readonly after: DatedReading;
  /** Of earlier images that reach the place; the two above and anything not older than AFTER are left out. */
  readonly earlier: readonly DatedReading[];
  readonly dropFromYears: number;
}

export interface Recalled {
  readonly history: PatchHistory;
  readonly dropped: boolean;
}

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365.25;
const SEASON_DAYS = 46;

export const NO_HISTORY: PatchHistory = {
  verdict: 'unknown',
  available: 0,
  seen: 0,
  earliest: null,
  latest: null,
  since: null,
  seasonYears: 0,
  dates: [],
};

interface Told extends DatedState {
  readonly repeats: boolean;
  /** BEFORE itself. */
  readonly given: boolean;
}

/** A date that both its neighbours, at most this far away, contradict was misread (thin cloud, wet ground): ground does not change so. */
const MISREAD_DAYS = 60;

export function recall({ before, after, earlier, dropFromYears }: RecallInput): Recalled {
  const own = new Set([before.id, after.id]);
  const days = bestOfDays(earlier.filter(({ id, on }) => !own.has(id) && on < after.on && on !== before.on));
  const all = [before, after, ...days];
  const doubted = doubtedDate({ before, after }, all);
  if (doubted) {
    const dates = days.map(({ on }) => ({ on, state: 'unclear' as const }));
    return { history: { ...NO_HISTORY, available: days.length, doubted, dates }, dropped: false };
  }
  const told = days.map((day): Told => {
    const { state, repeats } = judgeState(day, { before, after }, all);
    return { on: day.on, state, repeats, given: false };
  });
  // BEFORE looks like BEFORE, whatever else: it is what the others are held against.
  const line = settled([...told, { on: before.on, state: 'before' as const, repeats: false, given: true }].sort(byDay));
  const dates = line.filter(({ given }) => !given).map(({ on, state }) => ({ on, state }));
  const seen = dates.filter(isClear).map(({ on }) => on);
  const facts = {
    available: days.length,
    seen: seen.length,
    earliest: seen[0] ?? null,
    latest: seen.at(-1) ?? null,
    since: null,
    seasonYears: 0,
    dates,
  };
  if (seen.length === 0) return { history: { verdict: 'unknown', ...facts }, dropped: false };
  const season = seasonOf(line, after.on);
  if (season.years > 0 && season.years > season.otherYears) {
    const dropped = dropFromYears > 0 && season.years >= dropFromYears;
    return { history: { verdict: 'seasonal', ...facts, seasonYears: season.years }, dropped };
  }
  const clear = line.filter(isClear);
  const lastBefore = clear.findLastIndex(({ state }) => state === 'before');
  const since = clear[lastBefore + 1]?.on ?? null;
  if (since !== null) return { history: { verdict: 'since', ...facts, since }, dropped: false };
  const verdict = clear.some(({ state }) => state === 'after') ? 'recurring' : 'new';
  return { history: { verdict, ...facts }, dropped: false };
}

function settled(line: readonly Told[]): Told[] {
  const clear = line.filter(isClear);
  const days = (a: Told, b: Told): number => Math.abs(Date.parse(a.on) - Date.parse(b.on)) / DAY_MS;
  return line.map((one) => {
    const at = clear.indexOf(one);
    const [last, next] = [clear[at - 1], clear[at + 1]];
    if (at < 0 || one.given || !last || !next) return one;
    const alone = last.state !== one.state && next.state !== one.state;
    const near = days(one, last) <= MISREAD_DAYS && days(one, next) <= MISREAD_DAYS;
    return alone && near ? { ...one, state: 'unclear', repeats: false } : one;
  });
}

const isClear = ({ state }: DatedState): boolean => state === 'before' || state === 'after';

const byDay = (a: { readonly on: string }, b: { readonly on: string }): number =>
  a.on < b.on ? -1 : a.on > b.on ? 1 : 0;

/** One reading a day: the image that saw more of the patch, then the smaller id. Sorted by day. */
function bestOfDays(readings: readonly DatedReading[]): DatedReading[] {
  const best = new Map<string, DatedReading>();
  const usable = ({ reading }: DatedReading): number => (reading.numbers ? reading.seenPixels : -1);
  for (const one of [...readings].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const known = best.get(one.on);
    if (!known || usable(one) > usable(known)) best.set(one.on, one);
  }
  return [...best.values()].sort(byDay);
}

interface Season {
  /** Earlier years whose season repeated AFTER's look in every number, while between it and the next season most dates were as BEFORE. */
  readonly years: number;
  /** Earlier years whose season looked like BEFORE on most dates. */
  readonly otherYears: number;
}

/**
 * The season of the year that a day belongs to, counted back from AFTER's (0); else the year whose season comes next.
 */
function seasonAt(on: string, afterOn: string): { year: number; inside: boolean } {
  const years = (Date.parse(afterOn) - Date.parse(on)) / DAY_MS / YEAR_DAYS;
  const nearest = Math.round(years);
  const inside = Math.abs(years - nearest) * YEAR_DAYS <= SEASON_DAYS;
  return { year: inside ? nearest : Math.floor(years), inside };
}

function seasonOf(line: readonly Told[], afterOn: string): Season {
  const inSeason = new Map<number, { after: number; repeats: number; before: number }>();
  /** By the year whose season comes next. */
  const between = new Map<number, { after: number; before: number }>();
  for (const { on, state, repeats } of line) {
    if (state !== 'before' && state !== 'after') continue;
    const { year, inside } = seasonAt(on, afterOn);
    if (inside) {
      const counts = inSeason.get(year) ?? { after: 0, repeats: 0, before: 0 };
      counts[state] += 1;
      if (repeats) counts.repeats += 1;
      inSeason.set(year, counts);
    } else {
      const counts = between.get(year) ?? { after: 0, before: 0 };
      counts[state] += 1;
      between.set(year, counts);
    }
  }
  let years = 0;
  let otherYears = 0;
  for (const [year, { after, repeats, before }] of inSeason) {
    if (year === 0) continue;
    const gone = between.get(year - 1) ?? { after: 0, before: 0 };
    if (before > after) otherYears += 1;
    else if (repeats > 0 && gone.before > gone.after) years += 1;
  }
  return { years, otherYears };
}
