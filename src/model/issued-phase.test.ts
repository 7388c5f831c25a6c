import { describe, expect, it } from 'vitest';
import { parsePhase } from './issued-phase.js';

describe('parsePhase', () => {
  it.each([
    ['20250315', '2025-03-15', '2025-03-15'],
    ['2025-03-15', '2025-03-15', '2025-03-15'],
    ['2025/3/15', '2025-03-15', '2025-03-15'],
    ['2025年3月15日', '2025-03-15', '2025-03-15'],
    ['2025Q1', '2025-01-01', '2025-03-31'],
    ['2025 q4', '2025-10-01', '2025-12-31'],
    ['2025年第三季度', '2025-07-01', '2025-09-30'],
    ['2025年1季度', '2025-01-01', '2025-03-31'],
    ['202502', '2025-02-01', '2025-02-28'],
    ['2024', '2024-01-01', '2024-12-31'],
    ['20250315,20250402', '2025-03-15', '2025-04-02'],
    ['20250402、20250315', '2025-03-15', '2025-04-02'],
    ['20250315-20250402', '2025-03-15', '2025-04-02'],
    ['2025年3月至2025年5月', '2025-03-01', '2025-05-31'],
  ])('reads %s', (raw, from, to) => {
    expect(parsePhase(raw)).toEqual({ raw, from, to });
  });

  it('reads a number, and keeps what is no date as it came', () => {
    expect(parsePhase(20250315)).toEqual({ raw: '20250315', from: '2025-03-15', to: '2025-03-15' });
    expect(parsePhase('不详')).toEqual({ raw: '不详', from: null, to: null });
    expect(parsePhase('20250315,不详')).toEqual({ raw: '20250315,不详', from: null, to: null });
    expect(parsePhase('2025Q5')).toEqual({ raw: '2025Q5', from: null, to: null });
    expect(parsePhase(' ')).toBeNull();
  });
});
