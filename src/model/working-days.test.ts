import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { officialDays } from '../adapters/calendar/official-days.js';
import {
  chinaDay,
  dayAfter,
  isDay,
  isWorkingDay,
  movedToWorkingDay,
  type WorkCalendar,
  workingDaysAfter,
  workingDaysLeft,
} from './working-days.js';

const calendar: WorkCalendar = new Map(officialDays().map((year) => [year.year, year]));
const moved = (day: string) => movedToWorkingDay(calendar, day).day;

describe('working days by the official calendar', () => {
  it('moves the 24th of the month as the official calendars of 2024 to 2026 do', () => {
    const expected: Record<string, string> = {
      '2024-02-24': '2024-02-26',
      '2024-03-24': '2024-03-25',
      '2024-08-24': '2024-08-26',
      '2024-11-24': '2024-11-25',
      '2025-05-24': '2025-05-26',
      '2025-08-24': '2025-08-25',
      '2026-01-24': '2026-01-26',
      '2026-05-24': '2026-05-25',
      '2026-10-24': '2026-10-26',
    };
    for (const year of [2024, 2025, 2026]) {
      for (let month = 1; month <= 12; month += 1) {
        const day = `${year}-${String(month).padStart(2, '0')}-24`;
        expect(moved(day)).toBe(expected[day] ?? day);
      }
    }
  });

  it('knows the days off of Fridays and the worked Saturdays and Sundays of 2026', () => {
    const fridays = { '2026-01-02': '2026-01-04', '2026-02-20': '2026-02-24', '2026-05-01': '2026-05-06' };
    for (const [day, next] of Object.entries(fridays)) expect(moved(day)).toBe(next);
    expect(moved('2026-06-19')).toBe('2026-06-22');
    expect(moved('2026-09-25')).toBe('2026-09-28');
    expect(moved('2026-10-02')).toBe('2026-10-08');
    const worked = ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'];
    for (const day of worked) expect([day, isWorkingDay(calendar, day)]).toEqual([day, true]);
    expect(calendar.get(2026)?.worked).toEqual(worked);
  });

  it('does not count the day of receipt, and counts make-up days', () => {
    // Friday 13 February 2026: Saturday 14 is worked, then off until the 23rd; the 24th and 25th are days 2 and 3.
    expect(workingDaysAfter(calendar, '2026-02-13', 1)).toEqual({ day: '2026-02-14', provisional: false });
    expect(workingDaysAfter(calendar, '2026-02-13', 3)).toEqual({ day: '2026-02-25', provisional: false });
    expect(workingDaysAfter(calendar, '2026-11-27', 10)).toEqual({ day: '2026-12-11', provisional: false });
  });

  it('calls provisional what a year without an official calendar decides', () => {
    expect(calendar.has(2027)).toBe(false);
    expect(workingDaysAfter(calendar, '2026-12-25', 5)).toEqual({ day: '2027-01-01', provisional: true });
    expect(movedToWorkingDay(calendar, '2026-12-31')).toEqual({ day: '2026-12-31', provisional: false });
    expect(movedToWorkingDay(calendar, '2027-01-24')).toEqual({ day: '2027-01-25', provisional: true });
  });

  it('reads the day in China from an instant', () => {
    expect(chinaDay('2026-11-27T15:59:59.999Z')).toBe('2026-11-27');
    expect(chinaDay('2026-11-27T16:00:00.000Z')).toBe('2026-11-28');
  });

  it('counts back what it counted forward', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 60 }), (offset, count) => {
        const start = dayAfter('2024-01-01', offset);
        const { day } = workingDaysAfter(calendar, start, count);
        expect(workingDaysLeft(calendar, start, day)).toBe(count);
        expect(workingDaysLeft(calendar, day, start)).toBeLessThanOrEqual(0);
        expect(isWorkingDay(calendar, day)).toBe(true);
      }),
    );
  });
});

it('knows which days there are', () => {
  expect(['2026-02-28', '2028-02-29'].every(isDay)).toBe(true);
  expect(['2026-02-29', '2026-02-30', '2026-13-01', '2026-1-1', '二〇二六', ''].some(isDay)).toBe(false);
});
