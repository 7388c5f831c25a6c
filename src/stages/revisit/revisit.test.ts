import { describe, expect, it } from 'vitest';
import type { IssuedPatch } from '../../model/issued.js';
import { parsePhase } from '../../model/issued-phase.js';
import type { GroundLook } from '../../model/work.js';
import { horizonOf, newestOrder, referenceIs, referenceOrder } from './images.js';
import { type RevisitInput, revisit } from './revisit.js';

const patch = (before: string | null, after: string | null): IssuedPatch => ({
  source: '部',
  quarter: '2025Q3',
  keyId: 'I1',
  contentId: 'c',
  batchId: 'B',
  row: 1,
  facts: {
    number: '7',
    countyCode: null,
    countyName: null,
    typeCode: null,
    typeName: null,
    before: parsePhase(before),
    after: parsePhase(after),
    issuedM2: null,
    farmland: null,
    redLine: null,
    remark: null,
    notes: [],
  },
  geometry: [],
  areaM2: 10_000,
  refused: null,
  attributes: {},
});
const look = (more: Partial<GroundLook>): GroundLook => ({
  telling: 'open',
  outlinePixels: 100,
  seenPixels: 100,
  openPixels: 95,
  openThenShare: 1,
  grownPixels: 0,
  cut: false,
  gsdM: 10,
  pixelM2: 100,
  measured: [],
  measuredM2: 9500,
  vegInside: 100,
  vegAround: 600,
  ...more,
});
const image = (on: string) => ({ sceneId: `S${on}`, on, sensor: 'gf2', gsdM: 10 });
const input = (more: Partial<RevisitInput>): RevisitInput => ({
  patch: patch('20250301', '20250710'),
  near: [{ acquiredOn: '2025-09-01' }],
  hidden: [],
  newest: image('2025-09-01'),
  reference: image('2025-07-01'),
  referenceRefused: null,
  look: look({}),
  measured: { geometry: [], areaM2: 9500, outsideM2: 0, beyondM2: 0 },
  own: [],
  toleranceM: 22.4,
  minGrownM2: 400,
  ...more,
});

describe('revisit', () => {
  it('is grown from the limit on, beyond the tolerance, and not below', () => {
    const measured = { geometry: [], areaM2: 12_000, outsideM2: 2000, beyondM2: 400 };
    expect(revisit(input({ measured }))).toMatchObject({ result: 'grown', grownM2: 2000, measuredM2: 12_000 });
    const less = revisit(input({ measured: { ...measured, beyondM2: 399.9 } }));
    expect(less).toMatchObject({ result: 'no-visible-change', grownM2: 0 });
    expect(less.reasons.join()).toContain('未达下限（容差 22.4 m，下限 400 m²）');
  });

  it('is recovered up to a fifth open, and says when it may never have been dug', () => {
    expect(revisit(input({ look: look({ openPixels: 20 }) })).result).toBe('recovered');
    expect(revisit(input({ look: look({ openPixels: 21 }) })).reasons.join()).toContain('仅 21% 仍为裸地');
    const never = revisit(input({ look: look({ telling: 'vegetated', openPixels: 0, openThenShare: 0.1 }) }));
    expect(never.reasons.join()).toContain('可能从未开挖（疑似伪变化）');
  });

  it('never reads what was not seen as no change', () => {
    const none = { newest: null, look: null, measured: null };
    expect(revisit(input({ ...none, near: [] })).reasons).toEqual(['[IP-2] 没有覆盖该图斑的影像']);
    const older = revisit(input({ ...none, near: [{ acquiredOn: '2025-07-09' }] }));
    expect([older.result, older.reasons[0]]).toEqual([
      'not-seen',
      '[IP-3] 最新影像 2025-07-09 早于后时相 2025-07-10，不能说明此后情况',
    ]);
    const cloud = revisit(input({ ...none, hidden: [{ on: '2025-09-01', reached: true }] }));
    expect(cloud.reasons.join()).toContain('2025-09-01 图斑或其周围被云、阴影遮挡或无数据');
    expect(revisit(input({ look: look({ telling: 'alike' }) }))).toMatchObject({ result: 'not-seen', openShare: null });
  });

  it('takes the word of an own patch where the image alone cannot tell', () => {
    const own = [{ id: '2025Q3-a', quarter: '2025Q3', beyondM2: 900 }];
    const measured = { geometry: [], areaM2: 3000, outsideM2: 1200, beyondM2: 900 };
    const grown = revisit(input({ look: look({ telling: 'alike' }), own, measured }));
    expect(grown).toMatchObject({ result: 'grown', ownPatches: ['2025Q3-a'] });
    expect(grown.reasons.join()).toContain('其中含本系统图斑 2025Q3-a');
  });

  it('says when there was no reference, and when the outline cannot serve', () => {
    expect(revisit(input({ reference: null })).reasons.join()).toContain('界外裸地是否为新增不能确定');
    const broken = revisit(input({ patch: { ...patch(null, null), geometry: null, refused: '没有几何' } }));
    expect([broken.result, broken.reasons.length]).toEqual(['no-outline', 1]);
  });
});

describe('images', () => {
  const scenes = ['2025-01-05', '2025-06-20', '2025-07-10', '2025-08-01', '2025-10-01'].map((acquiredOn) => ({
    id: acquiredOn,
    acquiredOn,
  }));
  const days = (all: readonly { acquiredOn: string }[]): string[] => all.map(({ acquiredOn }) => acquiredOn.slice(5));

  it('asks from HSX on, newest first, and for the reference back from HSX, then after it', () => {
    const horizon = horizonOf(patch('20250301', '20250710'));
    expect(days(newestOrder(scenes, horizon))).toEqual(['10-01', '08-01', '07-10']);
    expect(days(referenceOrder(scenes, horizon, '2025-10-01'))).toEqual(['07-10', '06-20', '01-05', '08-01']);
    expect(horizonOf(patch(null, '不详'))).toEqual({ on: '2025-09-30', assumed: true });
  });

  it('knows what a reference shows by its date', () => {
    const one = patch('20250301', '2025Q3');
    expect(['2025-03-01', '2025-06-20', '2025-07-10'].map((on) => referenceIs(one, on))).toEqual([
      'before',
      'between',
      'after',
    ]);
    expect(referenceIs(patch(null, null), '2025-01-01')).toBe('between');
  });
});
