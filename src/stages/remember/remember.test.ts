import { describe, expect, it } from 'vitest';
import type { Decision, DecisionKind } from '../../model/decision.js';
import type { Quarter } from '../../model/scene.js';
import { type PlaceRecord, remember, standingDismissal } from './remember.js';

function decision(kind: DecisionKind, on: string, quarter: Quarter, more: Partial<Decision> = {}): Decision {
  return {
    id: `${kind}${on}`,
    siteId: 'A',
    taskId: null,
    kind,
    by: '张三',
    on,
    quarter,
    note: '养殖场扩建',
    expires: null,
    limitM2: null,
    ...more,
  };
}
const dismissed = decision('dismissed', '2026-02-10', '2025Q4', { expires: '2026Q4', limitM2: 900 });

function record(decisions: readonly Decision[], more: Partial<PlaceRecord> = {}): PlaceRecord {
  return {
    quarter: '2026Q3',
    dateBefore: '2026-05-10',
    dateAfter: '2026-08-12',
    earlierQuarters: ['2025Q4'],
    decisions,
    grownM2: 10,
    grownSinceM2: 120,
    drawn: null,
    ...more,
  };
}

describe('remember', () => {
  it('keeps a dismissed place quiet, with who, when, why and how far', () => {
    const { quiet, notes, facts } = remember(record([dismissed]));
    expect(quiet).toBe(
      '误报记忆：2025Q4 的变化由 张三 于 2026-02-10 认定为误报（养殖场扩建）；其后新增 120.0 m²（限值 900 m²），有效至 2026Q4，不再派发任务',
    );
    expect(notes).toEqual([]);
    expect(facts).toEqual({
      earlierQuarters: ['2025Q4'],
      resumed: null,
      repeats: 0,
      grownM2: 10,
      lastVisit: null,
    });
  });

  it('raises it again when it grew to the limit, when the memory ended, when something else was decided', () => {
    const grown = remember(record([dismissed], { grownSinceM2: 900 }));
    expect(grown.quiet).toBeNull();
    expect(grown.notes[0]).toContain('其后新增 900.0 m²，达到限值 900 m²，重新列入');
    const late = remember(record([dismissed], { quarter: '2027Q1' }));
    expect([late.quiet, late.notes.length]).toEqual([null, 1]);
    expect(late.notes[0]).toContain('记忆至 2026Q4 已到期');
    expect(remember(record([dismissed], { quarter: '2026Q4' })).quiet).not.toBeNull();
    for (const kind of ['confirmed', 'closed', 'reopened'] as const) {
      expect(remember(record([dismissed, decision(kind, '2026-02-11', '2025Q4')])).quiet).toBeNull();
    }
    expect(remember(record([dismissed, decision('visited', '2026-02-11', '2025Q4')])).quiet).not.toBeNull();
    // What was dismissed last counts.
    expect(remember(record([decision('confirmed', '2026-02-10', '2025Q4'), dismissed])).quiet).not.toBeNull();
  });

  it('does not hear in a quarter what was decided about its own ground or a later one', () => {
    expect(standingDismissal([dismissed], '2025Q4')).toBeNull();
    expect(standingDismissal([dismissed], '2026Q1')).toBe(dismissed);
    const seen = [decision('confirmed', '2026-09-01', '2026Q3'), decision('visited', '2026-10-01', '2026Q3')];
    expect(remember(record(seen)).facts).toMatchObject({ repeats: 0, lastVisit: null });
    const facts = remember(record(seen, { quarter: '2026Q4' })).facts;
    expect(facts).toMatchObject({ repeats: 1, lastVisit: '2026-10-01' });
  });

  it('counts violations by the quarter they were found in', () => {
    const found = [
      decision('confirmed', '2025-05-01', '2025Q1'),
      decision('penalty', '2025-07-01', '2025Q1'),
      decision('confirmed', '2026-02-01', '2025Q4'),
    ];
    expect(remember(record(found)).facts.repeats).toBe(2);
  });

  it('says resumed only where both images are younger than the signature', () => {
    const closed = (on: string, kind: DecisionKind = 'closed') => remember(record([decision(kind, on, '2026Q1')]));
    expect(closed('2026-05-10').facts.resumed).toEqual({ event: 'closed', on: '2026-05-10' });
    expect(closed('2026-05-10', 'written-off').notes).toEqual([
      '死灰复燃：该地点已于 2026-05-10 销号（张三），其后的影像又见变化',
    ]);
    expect(closed('2026-05-11').facts.resumed).toBeNull();
    expect(closed('2026-05-11').notes[0]).toContain('不能认定为死灰复燃');
    expect(closed('2026-08-13')).toMatchObject({ notes: [], facts: { resumed: null } });
    const reopened = [decision('closed', '2026-04-01', '2026Q1'), decision('reopened', '2026-04-02', '2026Q1')];
    expect(remember(record(reopened))).toMatchObject({ notes: [], facts: { resumed: null } });
  });
});
