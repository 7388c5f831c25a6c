/** The official calendar as the workspace keeps it. */
import type { Actor } from '../model/person.js';
import type { CalendarYear, WorkCalendar } from '../model/working-days.js';

export interface Calendars {
  /** Official years with the bureau's own in their place. */
  calendar(): Promise<WorkCalendar>;
  /** Puts a year on record; only administrators. */
  record(actor: Actor, year: CalendarYear): Promise<void>;
}
