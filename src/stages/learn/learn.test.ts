import { describe, expect, it } from 'vitest';
import type { LearnInput, Outcome } from '../../model/learning.js';
import { calibrated, fitWeights, oddsOf } from './fit-weights.js';
import { learn } from './learn.js';
import { areaUnderCurve, precisionsAt, reliability } from './measure.js';

const PARTS = ['violation', 'area', 'growth', 'keyzone', 'repeat'];
const PRESENT = [40, 20, 10, 20, 10];

/** Verdicts as a world with other weights would give them. */
function world(truth: readonly number[], bias: number, perQuarter: number, quarters: number, seed: number): Outcome[] {
  let state = seed;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return Array.from({ length: quarters * perQuarter }, (_, i) => {
    const shares = PARTS.map(() => next());
    const odds = 1 / (1 + Math.exp(-(bias + shares.reduce((sum, x, k) => sum + x * (truth[k] ?? 0), 0))));
    return {
      taskId: `T${String(i).padStart(5, '0')}`,
      quarter: `2025Q${(i % quarters) + 1}`,
      area: i % 3 === 0 ? '东镇' : '西镇',
      violations: [i % 2 === 0 ? 'no-licence' : 'beyond-boundary'],
      shares,
      guilty: next() < odds,
      weight: 1,
    };
  });
}
const input = (outcomes: readonly Outcome[]): LearnInput => ({ outcomes, parts: PARTS, present: PRESENT, k: 20 });

describe('learning from verdicts', () => {
  it('finds a world in which keyzone and growth decide, shows it on quarters left out, and proposes their weights', () => {
    const report = learn(input(world([0.5, 0, 5, 6, 0.5], -6, 120, 6, 7)));
    expect(report.refused).toEqual([]);
    expect(report.auc.learned ?? 0).toBeGreaterThan((report.auc.present ?? 1) + 0.08);
    expect(report.precision.learned ?? 0).toBeGreaterThan(report.precision.present ?? 1);
    expect(report.gain?.[0]).toBeGreaterThan(0);
    expect(report.precisions.map(({ k }) => k)).toEqual([10, 20, 50, 100]);
    for (const { k, present, learned } of report.precisions) {
      for (const { value, interval } of [present, learned]) {
        expect(interval[0]).toBeLessThanOrEqual(value);
        expect(interval[1]).toBeGreaterThanOrEqual(value);
      }
      if (k === 20)
        expect([present.value, learned.value]).toEqual([report.precision.present, report.precision.learned]);
    }
    const { violation = 0, area = 100, growth = 0, keyzone = 0 } = report.weights ?? {};
    expect(keyzone).toBeGreaterThan(30);
    expect(growth).toBeGreaterThan(25);
    expect(violation).toBeLessThan(15);
    expect(area).toBeLessThan(10);
    const tenths = Object.values(report.weights ?? {}).map((weight) => Math.round(weight * 10));
    expect(tenths.reduce((sum, one) => sum + one, 0)).toBe(1000);
    expect(Math.min(...tenths)).toBeGreaterThanOrEqual(0);
    for (const { said, found, count } of report.reliability.learned) {
      if (count >= 40) expect(Math.abs(said - found)).toBeLessThan(0.15);
    }
    expect(report.byType.map(({ group }) => group)).toEqual(['beyond-boundary', 'no-licence']);
  });

  it('refuses with too few verdicts, of one kind, or of too few quarters, and says which', () => {
    expect(learn(input(world([0, 0, 5, 6, 0], -5, 20, 6, 3))).refused.join()).toMatch(/120 个，少于 150/);
    expect(learn(input(world([0, 0, 5, 6, 0], -5, 100, 3, 3))).refused.join()).toMatch(/3 个季度/);
    const guilty = world([0, 0, 0, 0, 0], 30, 60, 6, 3);
    expect(learn(input(guilty)).refused.join()).toMatch(/非违法 0 个/);
    expect(learn(input(guilty)).weights).toBeNull();
  });

  it('refuses where the present rules are right already, or verdicts have nothing to do with the score', () => {
    const right = learn(
      input(
        world(
          PRESENT.map((weight) => weight / 8),
          -6,
          100,
          6,
          11,
        ),
      ),
    );
    expect(right.refused.join()).toMatch(/不能确认/);
    const noise = learn(input(world([0, 0, 0, 0, 0], 0, 100, 6, 5)));
    expect(noise.refused.join()).toMatch(/不能确认/);
    expect(noise.weights).toBeNull();
  });

  it('gives the same whatever the order of the outcomes', () => {
    const outcomes = world([0.5, 0, 5, 6, 0.5], -6, 60, 5, 7);
    expect(learn(input([...outcomes].reverse()))).toEqual(learn(input(outcomes)));
  });

  it('never gives a part a weight below nothing, even where it speaks against', () => {
    const outcomes = world([-6, 0, 5, 6, 0], -2, 100, 6, 9);
    expect(learn(input(outcomes)).weights?.violation).toBe(0);
  });
});

describe('fit-weights', () => {
  const rows = (outcomes: readonly Outcome[]) => ({
    shares: Float64Array.from(outcomes.flatMap(({ shares }) => shares)),
    answers: Uint8Array.from(outcomes, ({ guilty }) => (guilty ? 1 : 0)),
    weights: new Float64Array(outcomes.length).fill(1),
    count: outcomes.length,
    width: PARTS.length,
  });
  it('stays at the present rules under a strong penalty and comes to the truth under none', () => {
    const truth = [0.5, 1, 4, 6, 0.5];
    const data = rows(world(truth, -6, 4000, 5, 13));
    const present = Float64Array.from(PRESENT);
    const held = fitWeights(data, present, 1e6);
    const now = calibrated(data, present);
    for (const [k, beta] of held.beta.entries()) expect(beta).toBeCloseTo(now.beta[k] ?? 0, 3);
    const free = fitWeights(data, present, 1e-6);
    for (const [k, beta] of truth.entries()) expect(Math.abs((free.beta[k] ?? 0) - beta)).toBeLessThan(0.5);
    expect(free.bias).toBeCloseTo(-6, 0);
  });
  it('stays finite where the outcomes can be told apart without error', () => {
    const outcomes = world([0, 0, 0, 0, 0], 0, 50, 4, 3).map((one) => ({ ...one, guilty: (one.shares[0] ?? 0) > 0.5 }));
    const fit = fitWeights(rows(outcomes), Float64Array.from(PRESENT), 0.01);
    expect([...fit.beta, fit.bias].every(Number.isFinite)).toBe(true);
    expect(oddsOf(fit, rows(outcomes), 0)).toBeGreaterThanOrEqual(0);
  });
});

describe('measures', () => {
  const row = (value: number, guilty: boolean, quarter = 'a') => ({ value, guilty, quarter });
  it('give the figures of small lists', () => {
    const list = [row(3, true), row(2, false), row(2, true), row(1, false)];
    expect(areaUnderCurve(list)).toBe((2 + 1.5) / 4);
    expect(areaUnderCurve([row(1, true)])).toBeNull();
    expect(precisionsAt(list, [1, 2])).toEqual([1, 0.75]);
    expect(precisionsAt([...list, row(9, false, 'b')], [1])).toEqual([0.5]);
    expect(
      reliability([
        { odds: 0.05, guilty: false },
        { odds: 0.95, guilty: true },
        { odds: 1, guilty: false },
      ]),
    ).toEqual([
      { said: 0.05, found: 0, count: 1 },
      { said: 0.975, found: 0.5, count: 2 },
    ]);
  });
});
