/** queue-reading: who looked at places in a span of time, with what is unusual about it. For supervisors and administrators of everywhere. */
import { foundThere, namesOf, placeReads, readersOfEverywhere } from './adapters/postgres/place-reads.js';
import type { Actor } from './model/person.js';
import type { Desk } from './ports/desk.js';
import { refuseUnlessReadsAll } from './queue-audit.js';
import { type ReadWatch, watchReading } from './stages/read-watch/read-watch.js';

export interface NamedWatch extends ReadWatch {
  readonly names: ReadonlyMap<string, string>;
}

/** UTC days, the second not in it. Faults audit.role, audit.area. */
export function watchedReading(desk: Desk, actor: Actor, from: string, until: string): Promise<NamedWatch> {
  return desk.as(actor, async (turn) => {
    refuseUnlessReadsAll(turn.member);
    const { sql } = turn;
    const [reads, found] = [await placeReads(sql, from, until), await foundThere(sql, from, until)];
    turn.record({ action: 'reading.watch', subject: `reading:${from}`, body: { until } });
    return { ...watchReading(reads, found, await readersOfEverywhere(sql)), names: await namesOf(sql) };
  });
}
