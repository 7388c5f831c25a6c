import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgementRecipeSchema } from '../../model/judgement-recipe.js';
import type { ScoreFacts } from '../../model/patch.js';
import { VIOLATION_CODES } from '../../model/violation.js';
import { score } from './score.js';

const recipe = judgementRecipeSchema.parse({});
const least: ScoreFacts = {
  violations: ['lawful'],
  doubts: [],
  areaM2: 100,
  beyondM2: 0,
  leastOutsideM: 0,
  confidence: 0,
  changeType: 'building-like',
  zones: [],
  dateAfter: '2026-07-15',
  site: { earlierQuarters: [], resumed: null, repeats: 0, grownM2: 0, lastVisit: '2026-07-15' },
};
const most: ScoreFacts = {
  violations: ['no-licence'],
  doubts: [],
  areaM2: 40_000,
  beyondM2: 40_000,
  leastOutsideM: 120,
  confidence: 1,
  changeType: 'bare-deeper',
  zones: [{ zone: 'red-line', name: '红线', inside: true, distanceM: 0 }],
  dateAfter: '2026-07-15',
  site: {
    earlierQuarters: ['2025Q2', '2025Q3', '2025Q4', '2026Q1'],
    resumed: { event: 'closed', on: '2025-12-01' },
    repeats: 2,
    grownM2: 40_000,
    lastVisit: null,
  },
};
const pointsOf = (facts: ScoreFacts): Record<string, number> =>
  Object.fromEntries(score(facts, recipe).parts.map(({ part, points }) => [part, points]));

it('gives every part its full points at the worst, but what nothing can fill yet', () => {
  const { score: total, parts } = score(most, recipe);
  for (const { part, points, most: full } of parts)
    expect([part, points]).toEqual([part, part === 'evidence' ? 0 : full]);
  expect(total).toBe(96);
  expect(parts.reduce((sum, { most: full }) => sum + full, 0)).toBeCloseTo(100, 9);
});

it('gives next to nothing for a lawful small roof', () => {
  expect(score(least, recipe).score).toBe(0.6);
});

it('counts days since the visit, quarters and growth of the place', () => {
  const site = {
    earlierQuarters: ['2026Q1' as const],
    resumed: null,
    repeats: 1,
    grownM2: 1_826,
    lastVisit: '2026-04-16',
  };
  const points = pointsOf({ ...most, site });
  // 90 of 180 days; one quarter of four; 1,826 m² is half of the way from 100 to 33,333 m² on a log scale
  expect(points).toMatchObject({ visit: 1, persistence: 1, repeat: 2, growth: 2.5, resumed: 0 });
  expect(pointsOf({ ...most, site: null })).toMatchObject({
    visit: 0,
    persistence: 0,
    repeat: 0,
    growth: 0,
    resumed: 0,
  });
});

it('takes off for what puts the suspicion itself in doubt, and says so', () => {
  const { parts } = score({ ...most, doubts: ['shifted', 'undated'] }, recipe);
  expect(parts[0]).toMatchObject({ part: 'violation', points: 15.6 });
  expect(parts[0]?.evidence).toMatch(/坐标有误，按 0.7 计.*日期未知，按 0.8 计/);
});

it('marks ten mu by the unrounded area', () => {
  expect(pointsOf({ ...most, areaM2: 6666.66 })['ten-mu']).toBe(0);
  expect(pointsOf({ ...most, areaM2: 20_000 / 3 })['ten-mu']).toBe(3);
});

it('lets the gravest zone count, half of it near', () => {
  const road = { zone: 'road', name: '路', inside: true, distanceM: 0 };
  const farm = { zone: 'farmland', name: '田', inside: false, distanceM: 40 };
  expect(pointsOf({ ...most, zones: [farm, road] }).keyzone).toBe(5);
  expect(pointsOf({ ...most, zones: [{ ...farm, inside: true }, road] }).keyzone).toBe(9);
  expect(pointsOf({ ...most, zones: [{ ...road, zone: '自定' }] }).keyzone).toBe(6);
});

it('adds up exactly, stays in 0–100, and says of each part what would change it, whatever the facts and weights', () => {
  const facts = fc.record({
    violations: fc.uniqueArray(fc.constantFrom(...VIOLATION_CODES), { minLength: 1 }),
    areaM2: fc.double({ min: 0, max: 1e7, noNaN: true }),
    beyondM2: fc.double({ min: 0, max: 1e7, noNaN: true }),
    leastOutsideM: fc.option(fc.double({ min: 0, max: 1e4, noNaN: true })),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const weights = fc.record({ violation: fc.nat(50), area: fc.nat(50), visit: fc.nat(50), keyzone: fc.nat(50) });
  fc.assert(
    fc.property(facts, weights, (own, weight) => {
      const rules = judgementRecipeSchema.parse({ weights: weight });
      const { score: total, parts } = score({ ...most, ...own }, rules);
      expect(total * 10).toBeCloseTo(
        parts.reduce((sum, { points }) => sum + Math.round(points * 10), 0),
        9,
      );
      expect(total).toBeGreaterThanOrEqual(0);
      expect(total).toBeLessThanOrEqual(100);
      for (const { evidence, change } of parts) expect(evidence.length * change.length).toBeGreaterThan(0);
    }),
  );
});
