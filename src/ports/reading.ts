/**
 * Reading: what a person's pages read of quarters, tasks and the register, in one turn of the desk: what is not the person's is not there. As
 * long as no person was made (`serve` on this machine), everything is read, as before there were people.
 */
import type { Box } from '../model/grid.js';
import type { Actor } from '../model/person.js';
import type { ReadMeans } from '../model/place-read.js';
import type { QuarterRecord } from './quarter-record.js';

export interface Look {
  readonly record: QuarterRecord;
  /** On record: this person was shown where these tasks lie. */
  saw(means: ReadMeans, taskIds: readonly string[]): Promise<void>;
  /** Boxes that imagery is shown in; null = everywhere. */
  ground(): Promise<readonly Box[] | null>;
}

/** `actor` null: no person was made. */
export type Reading = <T>(actor: Actor | null, work: (look: Look) => Promise<T>) => Promise<T>;
