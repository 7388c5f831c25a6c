/** Rounds against every possible round of small cases, and what holds of any round. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRound, type RoundCandidate, type RoundQuestion } from './round.js';

const travel = { detour: 1.4, speedKmh: 40, stopMinutes: 15 };
const START = [118.15, 36.18] as const;

/** A county of about 50 × 50 km. */
const candidate = (id: number) =>
  fc.record({
    taskId: fc.constant(`T${id}`),
    lon: fc.double({ min: 117.9, max: 118.45, noNaN: true }),
    lat: fc.double({ min: 35.95, max: 36.4, noNaN: true }),
    worth: fc.integer({ min: 5, max: 100 }),
    must: fc.constant(false),
  });
const county = (most: number) =>
  fc.integer({ min: 1, max: most }).chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => candidate(i))));

function ask(candidates: readonly RoundCandidate[], hours: number, more: Partial<RoundQuestion> = {}) {
  return planRound({
    candidates,
    start: START,
    end: START,
    budgetMinutes: hours * 60,
    travel,
    most: 100,
    ...more,
  });
}

/** Worth of the best of all rounds, by trying them. */
function bestWorth(candidates: readonly RoundCandidate[], budgetMinutes: number): number {
  const km = (a: readonly [number, number], b: readonly [number, number]) => {
    const rad = Math.PI / 180;
    const cos =
      Math.sin(a[1] * rad) * Math.sin(b[1] * rad) +
      Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.cos((a[0] - b[0]) * rad);
    return 6371.0088 * Math.acos(Math.min(1, cos));
  };
  const minutes = (a: readonly [number, number], b: readonly [number, number]) => ((km(a, b) * 1.4) / 40) * 60;
  let best = 0;
  const walk = (at: readonly [number, number], used: readonly number[], clock: number, worth: number) => {
    if (clock + minutes(at, START) > budgetMinutes + 1e-6) return;
    best = Math.max(best, worth);
    for (const [i, { lon, lat, worth: more }] of candidates.entries()) {
      if (used.includes(i)) continue;
      walk([lon, lat], [...used, i], clock + minutes(at, [lon, lat]) + 15, worth + more);
    }
  };
  walk(START, [], 0, 0);
  return best;
}

describe('planRound', () => {
  it('reaches at least 95 % of the best worth in the mean, and never more', () => {
    const cases = fc.sample(fc.tuple(county(7), fc.integer({ min: 2, max: 5 })), { numRuns: 200, seed: 6 });
    const shares = cases.flatMap(([candidates, hours]) => {
      const best = bestWorth(candidates, hours * 60);
      return best === 0 ? [] : [ask(candidates, hours).worth / best];
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(shares.length).toBeGreaterThan(150);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1 + 1e-9);
    expect(mean).toBeGreaterThanOrEqual(0.95);
    expect(Math.min(...shares)).toBeGreaterThan(0.75);
  });

  it('keeps the time, visits nothing twice, says of everything else why, and adds up', () => {
    fc.assert(
      fc.property(county(25), fc.double({ min: 0.5, max: 10, noNaN: true }), (candidates, hours) => {
        const plan = ask(candidates, hours);
        const visited = plan.stops.map(({ taskId }) => taskId);
        expect(plan.totalMinutes).toBeLessThanOrEqual(hours * 60 + 1e-3);
        expect(new Set(visited).size).toBe(visited.length);
        expect([...visited, ...plan.left.map(({ taskId }) => taskId)].sort()).toEqual(
          candidates.map(({ taskId }) => taskId).sort(),
        );
        const km = plan.stops.reduce((sum, { legKm }) => sum + legKm, plan.homeKm);
        expect(plan.totalKm).toBeCloseTo(km, 6);
        expect(plan.totalMinutes).toBeCloseTo((km / 40) * 60 + 15 * visited.length, 6);
        // Nothing that would still fit is left at home.
        for (const { why, extraMinutes } of plan.left) {
          expect(why).not.toBe('full');
          expect(plan.totalMinutes + extraMinutes).toBeGreaterThan(hours * 60);
        }
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('does not depend on the order in which tasks are given, and more time is never worth less by much', () => {
    fc.assert(
      fc.property(county(15), (candidates) => {
        expect(ask([...candidates].reverse(), 5)).toEqual(ask(candidates, 5));
        expect(ask(candidates, 8).worth).toBeGreaterThanOrEqual(0.95 * ask(candidates, 5).worth);
      }),
      { numRuns: 60, seed: 8 },
    );
  });

  const at = (taskId: string, lon: number, lat: number, worth: number, must = false) => ({
    taskId,
    lon,
    lat,
    worth,
    must,
  });

  it('sees what must be seen before what is worth more', () => {
    const near = [at('a', 118.16, 36.18, 90), at('b', 118.17, 36.18, 90), at('c', 118.18, 36.18, 90)];
    const plan = ask([...near, at('due', 118.4, 36.18, 1, true)], 2);
    expect(plan.stops.map(({ taskId }) => taskId)).toContain('due');
    expect(ask([...near, at('due', 118.4, 36.18, 1)], 1.2).left.map(({ taskId }) => taskId)).toContain('due');
  });

  it('says what is too far, what finds no time and what finds no place', () => {
    const plan = ask([at('a', 118.16, 36.18, 50), at('b', 118.17, 36.18, 40), at('far', 121, 36, 99, true)], 2, {
      most: 1,
    });
    expect(plan.stops.map(({ taskId }) => taskId)).toEqual(['a']);
    expect(plan.left.map(({ taskId, why }) => [taskId, why])).toEqual([
      ['far', 'too-far'],
      ['b', 'full'],
    ]);
    const tight = ask([at('a', 118.16, 36.18, 50), at('b', 118.17, 36.18, 40)], 0.5);
    expect(tight.left).toEqual([expect.objectContaining({ taskId: 'b', why: 'no-time' })]);
  });

  it('ends elsewhere, and makes no round of nothing', () => {
    const plan = ask([at('a', 118.2, 36.18, 50)], 2, { end: [118.25, 36.18] });
    expect(plan.homeKm).toBeCloseTo(1.4 * 111.195 * 0.05 * Math.cos((36.18 * Math.PI) / 180), 2);
    expect(ask([], 6)).toMatchObject({ stops: [], left: [], totalKm: 0, totalMinutes: 0, worth: 0 });
  });
});
