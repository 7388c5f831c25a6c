/** Which issued patches a command speaks of: options --source, --year, --quarter. */
import type { Command } from 'commander';
import { Fault } from '../model/fault.js';
import type { IssuedFilter } from '../ports/issued-register.js';

export interface FilterOptions {
  readonly source?: string;
  readonly year?: string;
  readonly quarter?: string;
}

export function filterOptions(command: Command): Command {
  return command
    .option('--source <NAME>', '下发单位，如 部、省厅 (issuer)')
    .option('--year <Y>', '下发年度 (year of issue)')
    .option('--quarter <Q>', '下发季度 1–4 (quarter of issue)');
}

/** Faults: issued.year, issued.quarter. */
export function filterOf({ source, year, quarter }: FilterOptions): IssuedFilter {
  return {
    ...(source === undefined ? {} : { source }),
    ...(year === undefined ? {} : { year: yearOf(year) }),
    ...(quarter === undefined ? {} : { quarter: quarterNumberOf(quarter) }),
  };
}

export function yearOf(text: string): number {
  const year = /^\d{4}$/.test(text) ? Number(text) : Number.NaN;
  if (year >= 1990 && year <= 2100) return year;
  throw new Fault('issued.year', `--year 应为 2025 这样的年份，得到“${text}” (expected a year)`);
}

export function quarterNumberOf(text: string): 1 | 2 | 3 | 4 {
  const match = /^[qQ]?([1-4])$/.exec(text.trim());
  if (match) return Number(match[1]) as 1 | 2 | 3 | 4;
  throw new Fault('issued.quarter', `--quarter 应为 1 到 4，得到“${text}” (expected 1 to 4)`);
}
