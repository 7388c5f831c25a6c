import { describe, expect, it } from 'vitest';
import type { GroundReading } from '../../model/history.js';
import type { SiteState } from '../../model/site.js';
import { siteState, writeOffProposals } from './regrow.js';

function reading(place: number | null, around: number | null, seenPixels = 40): GroundReading {
  const numbers = (veg: number | null) => ({ veg, bright: 0, bare: 0, white: 0 });
  return { seenPixels, numbers: { patch: numbers(place), ring: numbers(around) } };
}
const stateOf = (readings: readonly (GroundReading | null)[], earlier: readonly SiteState[] = []) =>
  siteState('A', '2026Q3', readings, earlier);
const state = (quarter: SiteState['quarter'], told: SiteState['state'], siteId = 'A'): SiteState => ({
  siteId,
  quarter,
  state: told,
  contrast: null,
  reason: '',
});

describe('siteState', () => {
  it('tells open, recovering and recovered ground by its surroundings, and says the numbers', () => {
    expect(stateOf([reading(150, 600)])).toMatchObject({ state: 'unchanged', contrast: -450 });
    expect(stateOf([reading(500, 600)])).toMatchObject({ state: 'recovering', contrast: -100 });
    expect(stateOf([reading(540, 600)])).toEqual({
      siteId: 'A',
      quarter: '2026Q3',
      state: 'recovered',
      contrast: -60,
      reason: '植被指数 0.54，周边 0.60：与周边相当',
    });
    // Known to have been barer, it is on its way.
    expect(stateOf([reading(400, 600)]).state).toBe('unchanged');
    expect(stateOf([reading(400, 600)], [{ ...state('2025Q3', 'unchanged'), contrast: -450 }]).state).toBe(
      'recovering',
    );
  });

  it('never reads what was not seen, or winter, as anything', () => {
    for (const readings of [
      [],
      [null],
      [{ seenPixels: 0, numbers: null }],
      [reading(null, 500)],
      [reading(120, 150)],
    ]) {
      const told = stateOf(readings);
      expect(told.state).toBe('not-seen');
      expect(told.reason).not.toBe('');
    }
    expect(stateOf([reading(100, 600, 10), reading(580, 600, 30)]).state).toBe('recovered');
  });
});

describe('writeOffProposals', () => {
  const recovered = (['2025Q2', '2025Q3', '2026Q2', '2026Q3'] as const).map((quarter) => state(quarter, 'recovered'));

  it('asks for the newest quarters in a row to be recovered, those not seen left out', () => {
    const states = [state('2024Q3', 'changed'), ...recovered, state('2025Q4', 'not-seen'), state('2026Q1', 'not-seen')];
    expect(writeOffProposals(states, new Map(), 4)).toMatchObject([
      { siteId: 'A', quarters: ['2025Q2', '2025Q3', '2026Q2', '2026Q3'] },
    ]);
    expect(writeOffProposals(states.toReversed(), new Map(), 4)).toEqual(writeOffProposals(states, new Map(), 4));
    expect(writeOffProposals([...states, state('2026Q4', 'recovering')], new Map(), 4)).toEqual([]);
    expect(writeOffProposals(states, new Map(), 5)).toEqual([]);
  });

  it('does not propose what a person has written off', () => {
    const signed = { kind: 'written-off', on: '2026-11-01', quarter: '2026Q3', by: '李四' } as never;
    expect(writeOffProposals(recovered, new Map([['A', [signed]]]), 4)).toEqual([]);
    expect(writeOffProposals(recovered, new Map([['B', [signed]]]), 4)).toHaveLength(1);
  });
});
