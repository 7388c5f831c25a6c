/** queue-calendar: the official calendar, with the years that a bureau entered in the place of those of the package. */
import { officialDays } from './adapters/calendar/official-days.js';
import { recordedYears, recordYear } from './adapters/postgres/calendar-years.js';
import { Fault } from './model/fault.js';
import { hasRole } from './model/person.js';
import type { CalendarYear, WorkCalendar } from './model/working-days.js';
import type { Sql } from './ports/database.js';
import type { Desk } from './ports/desk.js';
import type { Calendars } from './ports/work-calendar.js';

let official: readonly CalendarYear[] | null = null;

export async function workCalendar(sql: Sql): Promise<WorkCalendar> {
  official ??= officialDays();
  const years = [...official, ...(await recordedYears(sql))];
  return new Map(years.map((year) => [year.year, year]));
}

export function createCalendars(sql: Sql, desk: Desk): Calendars {
  return {
    calendar: () => workCalendar(sql),
    record: (actor, year) =>
      desk.as(actor, async (turn) => {
        if (!hasRole(turn.member, 'administrator', [])) {
          throw new Fault('calendar.role', '只有管理员可以修改节假日 (only administrators change the calendar)');
        }
        await recordYear(turn, year);
        turn.record({ action: 'calendar.record', subject: `year:${year.year}`, body: year });
      }),
  };
}
