/**
 * Working days by the official calendar: the State Council's notice of each year says which weekdays are off and which Saturdays and Sundays are
 * worked (调休). A year without it knows weekends only: what depends on such a year is provisional, never silently final.
 * Days are ISO, in Asia/Shanghai.
 */

/** One year of the calendar; days that are neither listed are weekdays (worked) or weekends (off). */
export interface CalendarYear {
  readonly year: number;
  /** Days off, weekends among them included or not; sorted. */
  readonly off: readonly string[];
  /** Saturdays and Sundays that are worked; sorted. */
  readonly worked: readonly string[];
  /** The document that says so. */
  readonly source: string;
}

export type WorkCalendar = ReadonlyMap<number, CalendarYear>;

export interface DueDay {
  readonly day: string;
  /** A year that it depends on has no official calendar yet. */
  readonly provisional: boolean;
}

const DAY_MS = 86_400_000;

/** A day that there is, written 2026-11-27. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** The day in China (UTC+8; no daylight saving time since 1991) of an instant. */
export function chinaDay(at: string): string {
  return new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** Minutes since midnight in China of an instant. */
export function chinaMinutes(at: string): number {
  const local = new Date(Date.parse(at) + 8 * 3_600_000);
  return local.getUTCHours() * 60 + local.getUTCMinutes();
}

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function isWorkingDay(calendar: WorkCalendar, day: string): boolean {
  const known = calendar.get(yearOf(day));
  if (known?.worked.includes(day)) return true;
  if (known?.off.includes(day)) return false;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** The `count`-th working day after `received`, which is not counted itself (domain 5). count ≥ 1. */
export function workingDaysAfter(calendar: WorkCalendar, received: string, count: number): DueDay {
  let day = received;
  let provisional = false;
  for (let left = count; left > 0; ) {
    day = dayAfter(day);
    provisional ||= !calendar.has(yearOf(day));
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return { day, provisional };
}

/** A day that falls on a rest day moves to the first working day after it (顺延); a worked Saturday or Sunday does not move. */
export function movedToWorkingDay(calendar: WorkCalendar, day: string): DueDay {
  let moved = day;
  let provisional = !calendar.has(yearOf(day));
  while (!isWorkingDay(calendar, moved)) {
    moved = dayAfter(moved);
    provisional ||= !calendar.has(yearOf(moved));
  }
  return { day: moved, provisional };
}

/** Working days from `from` to `to`: 0 on the day itself, negative when `to` has passed. */
export function workingDaysLeft(calendar: WorkCalendar, from: string, to: string): number {
  const [first, last, sign] = from <= to ? [from, to, 1] : [to, from, -1];
  let count = 0;
  for (let day = dayAfter(first); day <= last; day = dayAfter(day)) if (isWorkingDay(calendar, day)) count += 1;
  return count === 0 ? 0 : sign * count;
}

function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}
