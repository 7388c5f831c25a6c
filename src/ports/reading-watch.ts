/** The report of reading: who looked at places, and what is unusual about it. For supervisors and administrators of everywhere. */
import type { Actor } from '../model/person.js';
import type { ReadWatch } from '../model/read-watch.js';

export interface NamedWatch extends ReadWatch {
  /** Of the readers, by id. */
  readonly names: Readonly<Record<string, string>>;
}

export interface ReadingWatch {
  /** Of a span of time: UTC instants, the second not in it. Itself on record. Faults audit.role, audit.area. */
  watch(actor: Actor, from: string, until: string): Promise<NamedWatch>;
}
