/**
 * calendar-file: a year of the official calendar as people type it: CSV lines `2027-01-01,休` and `2027-01-09,班`, a head line allowed. Every line
 * is looked at, and all that is wrong is told at once.
 */
import { Fault } from './fault.js';
import { type CalendarYear, isWorkingDay } from './working-days.js';

const OFF = /^(休|放假|休息|off|rest)$/i;
const WORKED = /^(班|上班|调休|补班|work|worked)$/i;

/** Fault calendar.file, with every wrong line. */
export function parseCalendarFile(text: string, source: string): CalendarYear[] {
  const years = new Map<number, { off: string[]; worked: string[] }>();
  const wrong: string[] = [];
  const seen = new Map<string, number>();
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((line, i) => {
      const [day = '', kind = ''] = line.split(/[,，\t]/).map((cell) => cell.trim());
      if (line.trim() === '' || (i === 0 && !/\d/.test(day))) return;
      const why = wrongWith(day, kind, seen.get(day));
      if (why !== null) {
        wrong.push(`  第 ${i + 1} 行 (line ${i + 1}) “${line.trim()}”：${why}`);
        return;
      }
      seen.set(day, i + 1);
      const year = Number(day.slice(0, 4));
      const entry = years.get(year) ?? { off: [], worked: [] };
      (OFF.test(kind) ? entry.off : entry.worked).push(day);
      years.set(year, entry);
    });
  if (years.size === 0 && wrong.length === 0) wrong.push('  没有任何日期 (no day in it)');
  if (wrong.length > 0) {
    throw new Fault(
      'calendar.file',
      `节假日文件有误；每行应为“2027-01-01,休”或“2027-01-09,班” (expected lines of a day and 休 or 班):\n${wrong.join('\n')}`,
    );
  }
  return [...years]
    .sort(([a], [b]) => a - b)
    .map(([year, { off, worked }]) => ({ year, off: off.sort(), worked: worked.sort(), source }));
}

function wrongWith(day: string, kind: string, line: number | undefined): string | null {
  const moment = Date.parse(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 10) !== day) {
    return '日期应写作 2027-01-01 (expected a day like 2027-01-01)';
  }
  if (line !== undefined) return `与第 ${line} 行重复 (repeats line ${line})`;
  if (!OFF.test(kind) && !WORKED.test(kind)) return '应为 休 或 班 (expected 休 or 班)';
  if (WORKED.test(kind) && isWorkingDay(new Map(), day)) {
    return '调休上班日应为周六或周日 (a worked day off must be a Saturday or Sunday)';
  }
  return null;
}

export function calendarFileText({ off, worked }: CalendarYear): string {
  const lines = [...off.map((day) => `${day},休`), ...worked.map((day) => `${day},班`)].sort();
  return `日期,类型\n${lines.map((line) => `${line}\n`).join('')}`;
}
