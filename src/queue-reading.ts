/** queue-reading: who looked at places in a span of time, with what is unusual about it. For supervisors and administrators of everywhere. */
import {
  comparedThere,
  foundThere,
  namesOf,
  placeReads,
  readersOfEverywhere,
} from './adapters/postgres/place-reads.js';
import type { Desk } from './ports/desk.js';
import type { ReadingWatch } from './ports/reading-watch.js';
import { refuseUnlessReadsAll } from './queue-audit.js';
import { watchReading } from './stages/read-watch/read-watch.js';

export function createReadingWatch(desk: Desk): ReadingWatch {
  return {
    watch: (actor, from, until) =>
      desk.as(actor, async (turn) => {
        refuseUnlessReadsAll(turn.member);
        const { sql } = turn;
        const reads = await placeReads(sql, from, until);
        const found = [...(await foundThere(sql, from, until)), ...(await comparedThere(sql, from, until))];
        turn.record({ action: 'reading.watch', subject: `reading:${from}`, body: { until } });
        const watch = watchReading(reads, found, await readersOfEverywhere(sql));
        const names = await namesOf(sql);
        return {
          ...watch,
          names: Object.fromEntries(watch.readers.map(({ personId: id }) => [id, names.get(id) ?? id])),
        };
      }),
  };
}
