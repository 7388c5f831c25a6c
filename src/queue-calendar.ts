/** queue-calendar: the official calendar, with the years that a bureau entered in the place of those of the package. */
import { officialDays } from './adapters/calendar/official-days.js';
import { enteredYears, recordedYears, recordYear } from './adapters/postgres/calendar-years.js';
import { parseCalendarFile } from './model/calendar-file.js';
import { Fault } from './model/fault.js';
import { hasRole } from './model/person.js';
import type { CalendarYear, WorkCalendar } from './model/working-days.js';
import type { Sql } from './ports/database.js';
import type { Desk } from './ports/desk.js';
import type { Calendars, KnownYear } from './ports/work-calendar.js';

let official: readonly CalendarYear[] | null = null;

export async function workCalendar(sql: Sql): Promise<WorkCalendar> {
  official ??= officialDays();
  const years = [...official, ...(await recordedYears(sql))];
  return new Map(years.map((year) => [year.year, year]));
}

export function createCalendars(desk: Desk): Calendars {
  return {
    years: (actor) =>
      desk.as(actor, async ({ sql }) => {
        const entered = new Map((await enteredYears(sql)).map(({ year, ...by }) => [year, by]));
        const years = [...(await workCalendar(sql)).values()].sort((a, b) => a.year - b.year);
        return years.map((year): KnownYear => ({ ...year, entered: entered.get(year.year) ?? null }));
      }),
    enter: (actor, text, source) =>
      desk.as(actor, async (turn) => {
        if (!hasRole(turn.member, 'administrator', [])) {
          throw new Fault(
            'calendar.role',
            '只有全域管理员可以修改节假日 (only administrators of everywhere change the calendar)',
          );
        }
        const document = source.trim();
        if (document === '') {
          throw new Fault(
            'calendar.source',
            '请写明依据的文件，如 国办发明电〔2026〕X号 (name the document that says so)',
          );
        }
        const years = parseCalendarFile(text, document);
        for (const year of years) {
          await recordYear(turn, year);
          turn.record({ action: 'calendar.record', subject: `year:${year.year}`, body: year });
        }
        return years;
      }),
  };
}
