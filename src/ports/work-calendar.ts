/** The official calendar as the workspace keeps it. */
import type { Actor } from '../model/person.js';
import type { CalendarYear } from '../model/working-days.js';

export interface KnownYear extends CalendarYear {
  /** Who entered it, and when (UTC); null: it is the program's own. */
  readonly entered: {
    readonly personId: string | null;
    readonly personName: string | null;
    readonly at: string;
  } | null;
}

export interface Calendars {
  /** Official years with the bureau's own in their place, by year. Every other year knows weekends only: its deadlines are provisional. */
  years(actor: Actor): Promise<KnownYear[]>;
  /**
   * Puts the years of a file (`2027-01-01,休`, `2027-01-09,班`) on record, all or none; administrators of everywhere only. `source`: the document that says
   * so. Faults calendar.role, calendar.source, calendar.file (every wrong line).
   */
  enter(actor: Actor, text: string, source: string): Promise<CalendarYear[]>;
}
