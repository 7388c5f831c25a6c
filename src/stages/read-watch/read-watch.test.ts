/** Reading histories that were made: ordinary ones give next to no hint, each unusual one its own. */
import { describe, expect, it } from 'vitest';
import type { FoundThere, PlaceRead } from '../../model/place-read.js';
import { randomOf } from '../../testing/random.js';
import { watchReading } from './read-watch.js';
import { binomialTail } from './tail.js';

const DAY = 24 * 3_600_000;
const WIDE = new Set(['p12', 'p13', 'p14']);
const START = Date.parse('2026-07-01T00:00:00.000Z');

interface Made {
  readonly reads: PlaceRead[];
  readonly found: FoundThere[];
}

/** 12 officers, two analysts and a supervisor of everywhere; 120 tasks; 60 working days of some looks in China's working hours, 1 in 100 at night. */
function ordinary(seed: number): Made {
  const random = randomOf(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const reads: PlaceRead[] = [];
  for (let day = 0; day < 60; day++) {
    for (let reader = 0; reader < 15; reader++) {
      const wide = reader >= 12;
      for (let look = 0; look < pick(wide ? 8 : 5); look++) {
        // Officers look at tasks of their tenth, often at their own.
        const task = wide ? pick(120) : (reader % 12) * 10 + pick(10);
        const hour = random() < 0.01 ? 15 + pick(5) : 1 + pick(9);
        const own = !wide && random() < 0.6 ? 1 : 0;
        reads.push({
          personId: `p${reader}`,
          at: new Date(START + day * DAY + hour * 3_600_000 + pick(3_600_000)).toISOString(),
          means: 'file',
          tasks: [`T${task}`],
          own,
          inArea: wide ? 0 : 1 - own,
        });
      }
    }
  }
  const found = Array.from({ length: 120 }, (_, task) => ({
    taskId: `T${task}`,
    at: new Date(START + (20 + pick(40)) * DAY).toISOString(),
    quiet: random() < 0.3,
    by: 'finding' as const,
  }));
  // The next quarter's images, all of one day; half of the places show no new change.
  const at = new Date(START + 50 * DAY).toISOString();
  const compared = found.map(({ taskId }) => ({ taskId, at, quiet: random() < 0.5, by: 'comparison' as const }));
  return { reads, found: [...found, ...compared] };
}

const hintsFor = ({ reads, found }: Made, personId: string) =>
  watchReading(reads, found, WIDE)
    .readers.find((reader) => reader.personId === personId)
    ?.hints.map(({ hint }) => hint);

const look = (personId: string, task: string, at: number, own = 0, inArea = 1): PlaceRead => ({
  personId,
  at: new Date(at).toISOString(),
  means: 'file',
  tasks: [task],
  own,
  inArea,
});

describe('watchReading', () => {
  it('gives at most 2 hints in 100 quarters of ordinary reading', () => {
    const quarters = Array.from({ length: 100 }, (_, seed) => ordinary(seed + 1));
    const hints = quarters.flatMap(({ reads, found }) =>
      watchReading(reads, found, WIDE).readers.flatMap((one) => one.hints),
    );
    expect(hints.length).toBeLessThanOrEqual(2);
  });

  it('points at a reader of everywhere far above the others', () => {
    const made = ordinary(1);
    for (let i = 0; i < 900; i++)
      made.reads.push(look('p12', `X${i}`, START + (i % 60) * DAY + 3_600_000 + i * 1000, 0, 0));
    expect(hintsFor(made, 'p12')).toContain('outside');
    expect(hintsFor(made, 'p13')).toEqual([]);
  });

  it('points at an officer who looks outside of his area', () => {
    const made = ordinary(2);
    for (let i = 0; i < 90; i++) made.reads.push(look('p3', `T${i}`, START + (i % 60) * DAY + 7_200_000, 0, 0));
    expect(hintsFor(made, 'p3')).toEqual(['outside']);
  });

  it('points at many places in a short time, and at night', () => {
    const made = ordinary(3);
    for (let i = 0; i < 50; i++) made.reads.push(look('p4', `T${i}`, START + 5 * DAY + 3_600_000 + i * 60_000));
    expect(hintsFor(made, 'p4')).toEqual(['burst']);
    const nightly = ordinary(4);
    for (let i = 0; i < 25; i++)
      nightly.reads.push(look('p5', `T${50 + (i % 10)}`, START + (i + 2) * DAY + 17 * 3_600_000));
    expect(hintsFor(nightly, 'p5')).toEqual(['night']);
  });

  it('points at a stranger after whose looks nobody digs; not at one who looks afterwards', () => {
    const made = ordinary(5);
    const quiet = Array.from({ length: 20 }, (_, i) => `Q${i}`);
    for (const [i, taskId] of quiet.entries()) {
      made.reads.push(look('p6', taskId, START + (i + 5) * DAY + 7_200_000));
      made.reads.push(look('p7', taskId, START + (i + 9) * DAY + 7_200_000));
      made.found.push({ taskId, at: new Date(START + (i + 7) * DAY).toISOString(), quiet: true, by: 'finding' });
    }
    expect(hintsFor(made, 'p6')).toEqual(['quiet-after']);
    expect(hintsFor(made, 'p7')).toEqual([]);
  });

  it('points at a stranger after whose looks the next images show no new change, and names the tasks', () => {
    const made = ordinary(6);
    for (let i = 0; i < 30; i++) {
      const taskId = `Q${String(i).padStart(2, '0')}`;
      made.reads.push(look('p8', taskId, START + 20 * DAY + i * DAY + 7_200_000));
      made.found.push({ taskId, at: new Date(START + 51 * DAY).toISOString(), quiet: true, by: 'comparison' });
      // Seen again and dug on, or looked at after the image: no hint.
      made.reads.push(look('p9', `D${i}`, START + 20 * DAY + i * DAY + 7_200_000));
      made.found.push({
        taskId: `D${i}`,
        at: new Date(START + 51 * DAY).toISOString(),
        quiet: false,
        by: 'comparison',
      });
      made.reads.push(look('p10', taskId, START + 52 * DAY + i * 3_600_000));
    }
    expect(hintsFor(made, 'p8')).toEqual(['still-after']);
    expect([...(hintsFor(made, 'p9') ?? []), ...(hintsFor(made, 'p10') ?? [])]).not.toContain('still-after');
    const line = watchReading(made.reads, made.found, WIDE).readers.find(({ personId }) => personId === 'p8');
    expect(line?.quietTasks.filter((id) => id.startsWith('Q'))).toHaveLength(30);
  });

  it('says nothing of one against too few others, and counts lists apart', () => {
    const reads = [look('a', 'T1', START), { ...look('a', 'T1', START), means: 'list' as const, tasks: ['T1', 'T2'] }];
    expect(watchReading(reads, [], WIDE)).toMatchObject({
      tooFew: true,
      readers: [{ looks: 1, listed: 2, hints: [] }],
    });
  });
});

it('sums the tail of the binomial distribution', () => {
  expect(binomialTail(2, 3, 0.5)).toBeCloseTo(0.5, 12);
  expect(binomialTail(3, 10, 0.1)).toBeCloseTo(0.0701908264, 9);
  expect(binomialTail(900, 1000, 0.1)).toBeLessThan(1e-100);
  expect([binomialTail(0, 5, 0.2), binomialTail(6, 5, 0.2)]).toEqual([1, 0]);
});
