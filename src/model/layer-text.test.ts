import { describe, expect, it } from 'vitest';
import { parseDateText, parsePeriodText } from './date-text.js';
import { mapFields } from './layer-fields.js';

describe('parseDateText', () => {
  it.each([
    ['2026-08-01', 'from', '2026-08-01'],
    ['2026/8/1', 'from', '2026-08-01'],
    ['2026.8.1', 'to', '2026-08-01'],
    ['20260801', 'to', '2026-08-01'],
    ['2026年8月1日', 'to', '2026-08-01'],
    ['２０２６年８月１日', 'to', '2026-08-01'],
    ['2026-08-01T10:20:30+08:00', 'to', '2026-08-01'],
    ['2026/8/1 0:00:00', 'to', '2026-08-01'],
    ['2026年8月', 'from', '2026-08-01'],
    ['2026年2月', 'to', '2026-02-28'],
    ['202402', 'to', '2024-02-29'],
    ['2026', 'to', '2026-12-31'],
    ['长期', 'to', '9999-12-31'],
    ['长期', 'from', null],
    ['2026-02-30', 'to', null],
    ['2026-13', 'to', null],
    ['0001-01-01', 'from', null],
    ['12/31/2026', 'to', null],
    ['', 'to', null],
  ] as const)('%s (%s) → %s', (text, end, expected) => {
    expect(parseDateText(text, end)).toBe(expected);
  });

  it('reads periods', () => {
    expect(parsePeriodText('自2020年1月5日至2030年1月5日')).toEqual({ from: '2020-01-05', to: '2030-01-05' });
    expect(parsePeriodText('2020-01-05 - 2030-01-05')).toEqual({ from: '2020-01-05', to: '2030-01-05' });
    expect(parsePeriodText('2020.1.5～长期')).toEqual({ from: '2020-01-05', to: '9999-12-31' });
    expect(parsePeriodText('十年')).toBeNull();
  });
});

describe('mapFields', () => {
  it('finds the documented names and aliases without regard to case', () => {
    expect(mapFields(['LID', 'kyqr', '矿山名称', 'Method', 'YXQQ', 'yxqz', '状态', 'zone_kind'])).toEqual({
      number: 'LID',
      holder: 'kyqr',
      name: '矿山名称',
      method: 'Method',
      validFrom: 'YXQQ',
      validTo: 'yxqz',
      status: '状态',
      zoneKind: 'zone_kind',
    });
  });

  it('prefers the more telling name', () => {
    expect(mapFields(['名称', '矿山名称', 'number', 'licence_no'])).toEqual({ name: '矿山名称', number: 'licence_no' });
  });
});
