import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../model/coverage.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { JudgedPatch } from '../../model/patch.js';
import { observe, seenOf } from './observe.js';

const box = (lon: number, lat: number, w: number, h: number): MultiPolygonRings => [
  [
    [
      [lon, lat],
      [lon + w, lat],
      [lon + w, lat + h],
      [lon, lat + h],
      [lon, lat],
    ],
  ],
];
/** Pair 0 sees west of 106.5, pair 1 north of 30 east of it. */
const coverage: Coverage = {
  pairs: ['Pwest', 'Peast'],
  owns: () => true,
  servedBy: (lon, lat) => (lon < 106.5 ? [0] : lat > 30 ? [1] : []),
};
const nothing: Coverage = { pairs: [], owns: () => false, servedBy: () => [] };
const limits = { minSeenShare: 0.5, minChangedM2: 100 };
const boundary = (id: string, geometry: MultiPolygonRings, excludedReason: string | null = null) => ({
  id,
  geometry,
  excludedReason,
});
const patch = (id: string, overlaps: Record<string, number>): JudgedPatch =>
  ({
    patch: { id },
    judgement: {
      overlaps: Object.entries(overlaps).map(([boundaryId, areaInsideM2]) => ({ boundaryId, areaInsideM2 })),
    },
  }) as unknown as JudgedPatch;

describe('seenOf', () => {
  it('measures the share by area and names the pairs', () => {
    expect(seenOf(box(106.4, 29.9, 0.05, 0.05), coverage)).toEqual({ seenShare: 1, pairs: ['Pwest'] });
    expect(seenOf(box(106.6, 29.8, 0.05, 0.05), coverage)).toEqual({ seenShare: 0, pairs: [] });
    const half = seenOf(box(106.49, 29.99, 0.02, 0.02), coverage);
    expect(half.pairs).toEqual(['Peast', 'Pwest']);
    expect(half.seenShare).toBeCloseTo(0.75, 1);
  });

  it('samples small and thin polygons too', () => {
    expect(seenOf(box(106.4, 29.9, 0.0001, 0.0001), coverage).seenShare).toBe(1);
    expect(seenOf(box(106.4, 29.9, 1e-8, 1e-8), coverage).seenShare).toBe(1);
    expect(seenOf(box(106.49995, 29.9, 0.0001, 0.0001), coverage).seenShare).toBeCloseTo(0.5, 1);
  });
});

describe('observe', () => {
  const seen = boundary('seen', box(106.4, 29.9, 0.01, 0.01));
  const unseen = boundary('unseen', box(106.6, 29.9, 0.01, 0.01));
  const few = boundary('few', box(106.499, 29.9, 0.01, 0.01));

  it('answers once per polygon; what was hardly seen is not unchanged', () => {
    const [a, b, c] = [seen, unseen, few].map(observe(coverage, [], '2026Q3', limits));
    expect([a?.result, a?.seenShare, a?.reason]).toEqual(['unchanged', 1, '']);
    expect([b?.result, b?.seenShare, b?.pairs]).toEqual(['not-seen', 0, []]);
    expect(c?.result).toBe('not-seen');
    expect(c?.seenShare).toBeCloseTo(0.1, 1);
    expect(c?.reason).toMatch(/1\d\.\d%|9\.\d%/);
  });

  it('change that was seen counts, however little was seen; slivers do not', () => {
    const judged = [patch('p2', { seen: 60, few: 4000 }), patch('p1', { seen: 39.5, unseen: 0 })];
    const [a, b, c] = [seen, unseen, few].map(observe(coverage, judged, '2026Q3', limits));
    expect([a?.result, a?.changedM2, a?.patches]).toEqual(['unchanged', 99.5, ['p1', 'p2']]);
    expect([b?.result, b?.changedM2]).toEqual(['not-seen', 0]);
    expect([c?.result, c?.changedM2, c?.patches, c?.reason]).toEqual(['changed', 4000, ['p2'], '']);
    const turned = [seen, unseen, few].map(observe(coverage, judged.toReversed(), '2026Q3', limits));
    expect(turned[0]).toEqual(a);
  });

  it('says why: no pairs at all, or a place that is not known well enough', () => {
    expect(observe(nothing, [], '2026Q3', limits)(seen).reason).toBe('本季度没有可比较的影像对');
    const one = observe(coverage, [], '2026Q3', limits)(boundary('x', seen.geometry, '坐标系保密'));
    expect([one.result, one.reason]).toEqual(['not-seen', '坐标系保密']);
  });
});
