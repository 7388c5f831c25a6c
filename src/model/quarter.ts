/** Quarters of the calendar in China (UTC+8): pure date arithmetic on ISO dates. */
import { Fault } from './fault.js';
import type { Quarter } from './scene.js';

export function quarterOf(isoDate: string): Quarter {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(isoDate);
  const month = Number(match?.[2]);
  if (!match || month < 1 || month > 12) {
    throw new Fault('quarter.date', `日期应为 YYYY-MM-DD，得到的是“${isoDate}” (expected a date like 2026-08-15)`);
  }
  return `${Number(match[1])}Q${(Math.floor((month - 1) / 3) + 1) as 1 | 2 | 3 | 4}`;
}

export function parseQuarter(text: string): Quarter {
  const match = /^(\d{4})[qQ]([1-4])$/.exec(text);
  if (!match) {
    throw new Fault('quarter.form', `季度应写作 2026Q3，得到的是“${text}” (expected a quarter like 2026Q3)`);
  }
  return `${Number(match[1])}Q${Number(match[2]) as 1 | 2 | 3 | 4}`;
}

/** Quarters since year 0: orders and subtracts. */
export function quarterIndex(quarter: Quarter): number {
  const [year, q] = quarter.split('Q');
  return Number(year) * 4 + Number(q) - 1;
}

/** First and last day, ISO. */
export function quarterDays(quarter: Quarter): { readonly first: string; readonly last: string } {
  const [year, q] = quarter.split('Q');
  const ends = ['03-31', '06-30', '09-30', '12-31'] as const;
  const starts = ['01-01', '04-01', '07-01', '10-01'] as const;
  const i = Number(q) - 1;
  return { first: `${year}-${starts[i] ?? '01-01'}`, last: `${year}-${ends[i] ?? '12-31'}` };
}

/** The quarter that many quarters later. */
export function quarterAfter(quarter: Quarter, quarters: number): Quarter {
  const index = quarterIndex(quarter) + quarters;
  return `${Math.floor(index / 4)}Q${((index % 4) + 1) as 1 | 2 | 3 | 4}`;
}
