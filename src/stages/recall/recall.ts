/**
 * recall: was the ground of a patch before as it is now? What comes every year is season, what is new and stays is a pit.
 * Method: each earlier date is told to look like BEFORE or like AFTER (state.ts). AFTER's look in the same season (± 46 days) of earlier
 * years, gone again before the next of them: seasonal. From a date on without a gap: since. Never: new. Else recurring.
 * Season needs AFTER's look back in every number, brightness as well, in more earlier years than not; from `dropFromYears` such years
 * the patch is dropped. A pit in a field that lies bare every autumn is brighter or barer than the field was, and stays.
 * In:  readings of all dates, BEFORE's and AFTER's days. Dates after AFTER never come in: a later run must not see the future.
 * Out: PatchHistory, whether the patch is dropped, and its confidence with that known.
 */
import type { DatedState, GroundReading, PatchHistory } from '../../model/history.js';
import { judgeState } from './state.js';

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
}

export function recall({ before, after, earlier, dropFromYears }: RecallInput): Recalled {
  const own = new Set([before.id, after.id]);
  const days = bestOfDays(earlier.filter(({ id, on }) => !own.has(id) && on < after.on && on !== before.on));
  const all = [before, after, ...days];
  const told = days.map((day): Told => {
    const { state, repeats } = judgeState(day, { before, after }, all);
    return { on: day.on, state, repeats };
  });
  const dates = told.map(({ on, state }) => ({ on, state }));
  const seen = dates.filter(({ state }) => state === 'before' || state === 'after').map(({ on }) => on);
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
  // BEFORE looks like BEFORE, whatever else: it is what the others are held against.
  const line = [...told, { on: before.on, state: 'before' as const, repeats: false }].sort(byDay);
  const season = seasonOf(line, after.on);
  if (season.years > 0 && season.years > season.otherYears) {
    const dropped = dropFromYears > 0 && season.years >= dropFromYears;
    return { history: { verdict: 'seasonal', ...facts, seasonYears: season.years }, dropped };
  }
  const clear = line.filter(({ state }) => state === 'before' || state === 'after');
  const lastBefore = clear.findLastIndex(({ state }) => state === 'before');
  const since = clear[lastBefore + 1]?.on ?? null;
  if (since !== null) return { history: { verdict: 'since', ...facts, since }, dropped: false };
  const verdict = clear.some(({ state }) => state === 'after') ? 'recurring' : 'new';
  return { history: { verdict, ...facts }, dropped: false };
}

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
  /** Earlier years whose season repeated AFTER's look in every number and after which the ground was again as BEFORE. */
  readonly years: number;
  /** Earlier years whose season looked like BEFORE only. */
  readonly otherYears: number;
}

/** Which earlier year's season a day belongs to, counted back from AFTER; null where it is in none. */
function seasonYear(on: string, afterOn: string): number | null {
  const days = (Date.parse(afterOn) - Date.parse(on)) / DAY_MS;
  const years = Math.round(days / YEAR_DAYS);
  return years >= 1 && Math.abs(days - years * YEAR_DAYS) <= SEASON_DAYS ? years : null;
}

function seasonOf(line: readonly Told[], afterOn: string): Season {
  const looks = new Map<number, 'repeats' | 'resembles' | 'before'>();
  let goneAgain = false;
  // From AFTER backwards: a season counts when the ground was as BEFORE between it and the season after it.
  for (const { on, state, repeats } of [...line].reverse()) {
    const year = seasonYear(on, afterOn);
    if (state === 'before') {
      goneAgain = true;
      if (year !== null && !looks.has(year)) looks.set(year, 'before');
    } else if (state === 'after') {
      const known = year === null ? undefined : looks.get(year);
      const sameSeason = known === 'repeats' || known === 'resembles';
      if (year !== null && (goneAgain || sameSeason)) {
        looks.set(year, repeats || known === 'repeats' ? 'repeats' : 'resembles');
      }
      goneAgain = false;
    }
  }
  const count = (look: string): number => [...looks.values()].filter((one) => one === look).length;
  return { years: count('repeats'), otherYears: count('before') };
}
