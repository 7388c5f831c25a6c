/**
 * read-watch: what is unusual in who looked at places: hints, never an accusation. In: looks of a span, what officers found at the tasks. Out: a line
 * for each reader, with the hints and the figures they rest on.
 * Four of the hints compare a count with what the others' share lets expect, by the upper tail of the binomial distribution; a hint is given where
 * that is below 1 in 1000, divided by the number of readers and of tests, so that a quarter of ordinary reading gives one in some 1000 times.
 */
import type { FoundThere, PlaceRead } from '../../model/place-read.js';
import { MOST_QUIET, type ReaderLine, type ReadHint, type ReadWatch } from '../../model/read-watch.js';
import { binomialTail, median } from './tail.js';

const HOUR_MS = 3_600_000;
const CHINA_MS = 8 * HOUR_MS;
const ONE_IN = 1000;
const TESTS = 4;
const LEAST_READERS = 5;
/** Below these nothing is said, whatever the others do. */
const LEAST = { outside: 10, burst: 40, night: 10, quiet: 3 } as const;
/** Where no share can be compared: so many times what is usual. */
const TIMES = 4;
/** Some look at night everywhere. */
const LEAST_NIGHT_SHARE = 0.02;
/** A finding long after a look has nothing to do with it. */
const AFTER_MS = 92 * 24 * HOUR_MS;
const LISTS = ['list', 'export', 'round'];

/** `everywhere`: who has a role for every area; to them all tasks but their own are outside ones, so they are compared among themselves. */
export function watchReading(
  reads: readonly PlaceRead[],
  found: readonly FoundThere[],
  everywhere: ReadonlySet<string>,
): ReadWatch {
  const persons = [...new Set(reads.map(({ personId }) => personId))];
  const readers = persons.map((personId) => ({
    ...countsOf(
      personId,
      reads.filter((read) => read.personId === personId),
      found,
    ),
    everywhere: everywhere.has(personId),
  }));
  const tooFew = readers.length < LEAST_READERS;
  const lines = readers.map((reader) => ({
    ...reader,
    hints: tooFew
      ? []
      : hintsOf(
          reader,
          readers.filter((other) => other !== reader),
        ),
  }));
  lines.sort((a, b) => b.hints.length - a.hints.length || b.looks - a.looks || (a.personId < b.personId ? -1 : 1));
  return { readers: lines, tooFew };
}

type Counts = Omit<ReaderLine, 'hints'>;

function countsOf(
  personId: string,
  reads: readonly PlaceRead[],
  found: readonly FoundThere[],
): Omit<Counts, 'everywhere'> {
  const single = reads.filter(({ means }) => !LISTS.includes(means));
  const hours = new Map<string, PlaceRead>();
  for (const read of single) {
    for (const task of read.tasks) hours.set(`${task} ${Math.floor(Date.parse(read.at) / HOUR_MS)}`, read);
  }
  const looks = [...hours].map(([key, read]) => ({ task: key.split(' ')[0] ?? '', at: Date.parse(read.at), read }));
  const outside = new Set(looks.filter(({ read }) => read.own === 0 && read.inArea === 0).map(({ task }) => task));
  const strange = new Map<string, number>();
  for (const { task, at, read } of looks) {
    if (read.own === 0) strange.set(task, Math.min(at, strange.get(task) ?? Number.POSITIVE_INFINITY));
  }
  const after = found.filter(({ taskId, at }) => {
    const seen = strange.get(taskId);
    const when = Date.parse(at);
    return seen !== undefined && when > seen && when - seen <= AFTER_MS;
  });
  const those = (by: FoundThere['by'], quiet: boolean) =>
    new Set(after.filter((one) => one.by === by && (one.quiet || !quiet)).map(({ taskId }) => taskId));
  const [quiet, still] = [those('finding', true), those('comparison', true)];
  return {
    personId,
    looks: looks.length,
    tasks: new Set(looks.map(({ task }) => task)).size,
    outside: outside.size,
    busiest: busiestHour(looks),
    night: looks.filter(({ at }) => isNight(at)).length,
    foundAfter: those('finding', false).size,
    quietAfter: quiet.size,
    comparedAfter: those('comparison', false).size,
    stillAfter: still.size,
    quietTasks: [...new Set([...quiet, ...still])].sort().slice(0, MOST_QUIET),
    listed: reads.filter(({ means }) => LISTS.includes(means)).reduce((sum, { tasks }) => sum + tasks.length, 0),
  };
}

function hintsOf(reader: Counts, others: readonly Counts[]): ReaderLine['hints'] {
  const limit = 1 / ONE_IN / TESTS / (others.length + 1);
  const alike = others.filter((other) => other.everywhere === reader.everywhere);
  const share = (
    those: readonly Counts[],
    part: (one: Counts) => number,
    whole: (one: Counts) => number,
    least: number,
  ) => {
    const all = those.reduce((sum, one) => sum + whole(one), 0);
    return Math.max(least, all === 0 ? 0 : those.reduce((sum, one) => sum + part(one), 0) / all);
  };
  const hints: ReaderLine['hints'][number][] = [];
  const test = (hint: ReadHint, k: number, n: number, p: number, least: number) => {
    const chance = binomialTail(k, n, p);
    if (k >= least && chance < limit) hints.push({ hint, expected: n * p, chance });
  };
  if (reader.everywhere) {
    const like = median(alike.map(({ outside }) => outside));
    if (alike.length > 1 && reader.outside >= TIMES * Math.max(LEAST.outside, like)) {
      hints.push({ hint: 'outside', expected: like, chance: null });
    }
  } else {
    const aside = share(
      alike,
      ({ outside }) => outside,
      ({ tasks }) => tasks,
      0.01,
    );
    test('outside', reader.outside, reader.tasks, aside, LEAST.outside);
  }
  const usual = median(others.map(({ busiest }) => busiest));
  if (reader.busiest >= Math.max(LEAST.burst, TIMES * usual)) {
    hints.push({ hint: 'burst', expected: usual, chance: null });
  }
  const dark = share(
    others,
    ({ night }) => night,
    ({ looks }) => looks,
    LEAST_NIGHT_SHARE,
  );
  test('night', reader.night, reader.looks, dark, LEAST.night);
  const calm = share(
    others,
    ({ quietAfter }) => quietAfter,
    ({ foundAfter }) => foundAfter,
    0.05,
  );
  test('quiet-after', reader.quietAfter, reader.foundAfter, calm, LEAST.quiet);
  const still = share(
    others,
    ({ stillAfter }) => stillAfter,
    ({ comparedAfter }) => comparedAfter,
    0.05,
  );
  test('still-after', reader.stillAfter, reader.comparedAfter, still, LEAST.quiet);
  return hints;
}

/** Most tasks within 60 minutes. */
function busiestHour(looks: readonly { readonly task: string; readonly at: number }[]): number {
  const sorted = [...looks].sort((a, b) => a.at - b.at);
  const inside = new Map<string, number>();
  let [first, most] = [0, 0];
  for (const { task, at } of sorted) {
    inside.set(task, (inside.get(task) ?? 0) + 1);
    for (let early = sorted[first]; early && early.at <= at - HOUR_MS; early = sorted[first]) {
      const left = (inside.get(early.task) ?? 1) - 1;
      if (left === 0) inside.delete(early.task);
      else inside.set(early.task, left);
      first += 1;
    }
    most = Math.max(most, inside.size);
  }
  return most;
}

function isNight(at: number): boolean {
  const hour = new Date(at + CHINA_MS).getUTCHours();
  return hour >= 22 || hour < 5;
}
