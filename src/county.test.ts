/**
 * The built county (fixtures/county): every case of the six types, those that are and those that nearly are, read from the files an
 * analyst would have and judged together.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { outside } from './adapters/gdal/outside.js';
import { overlayPairs } from './adapters/gdal/overlay.js';
import { readLayer } from './adapters/gdal/read-layer.js';
import { split } from './adapters/gdal/split.js';
import { packageRoot } from './config.js';
import { perimeterM, polygonAreaM2 } from './geo/ellipsoid-area.js';
import { interiorPoint } from './geo/interior-point.js';
import { judgePatches } from './judge.js';
import type { BoundaryKind } from './model/boundary.js';
import type { ChangeType } from './model/change.js';
import type { PolygonRings } from './model/grid.js';
import { judgementRecipeSchema } from './model/judgement-recipe.js';
import type { JudgedPatch, Patch } from './model/patch.js';
import { VIOLATION_CODES } from './model/violation.js';
import type { WorkPool } from './ports/work-pool.js';

interface Case {
  readonly properties: {
    readonly id: string;
    readonly type: string;
    readonly near_miss: boolean;
    readonly about: string;
    readonly date_before: string;
    readonly date_after: string;
    readonly change: ChangeType;
    readonly expect: string;
    readonly rules: string;
  };
  readonly geometry: { readonly coordinates: PolygonRings };
}

const folder = join(packageRoot(), 'fixtures', 'county');
const cases = (JSON.parse(readFileSync(join(folder, 'patches.geojson'), 'utf8')) as { features: Case[] }).features;
const kinds: readonly BoundaryKind[] = ['licences', 'exploration', 'plans', 'restoration', 'lawful', 'closed'];
const work: Readonly<Record<string, (input: never) => unknown>> = { overlayPairs, outside, split };
const pool: WorkPool = {
  size: 1,
  close: async () => undefined,
  run: (async (name: string, input: never) => work[name]?.(input)) as WorkPool['run'],
};
const judged = new Map<string, JudgedPatch>();

function patchOf({ properties, geometry }: Case): Patch {
  const rings = [geometry.coordinates];
  return {
    id: properties.id,
    pairs: ['made'],
    geometry: rings,
    areaM2: polygonAreaM2(rings),
    perimeterM: perimeterM(rings),
    ...interiorPoint(rings),
    confidence: 0.9,
    changeType: properties.change,
    seenShare: 1,
    sigmaM: 7.5,
    // 2 m imagery, shifted by a quarter of a pixel: a tolerance of 15 m
    image: { gsdM: 2, shiftM: 0.5 },
    dateBefore: properties.date_before,
    dateAfter: properties.date_after,
    reasons: [],
  };
}

beforeAll(async () => {
  const boundaries = kinds.flatMap((kind) => [
    ...readLayer({ path: join(folder, `${kind}.geojson`), kind, crs: null, encoding: null, validFrom: null })
      .boundaries,
  ]);
  const recipe = judgementRecipeSchema.parse({});
  for (const one of await judgePatches({ patches: cases.map(patchOf), boundaries, layers: kinds, recipe }, pool)) {
    judged.set(one.patch.id, one);
  }
});

describe('the built county', () => {
  it('has at least three cases of each of the six types, and three near misses', () => {
    for (const type of VIOLATION_CODES.slice(0, 6)) {
      const of = cases.filter(({ properties }) => properties.type === type);
      expect(of.filter(({ properties }) => !properties.near_miss).length, type).toBeGreaterThanOrEqual(3);
      expect(of.filter(({ properties }) => properties.near_miss).length, type).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(cases.map(({ properties }) => [properties.id, properties.about, properties] as const))(
    'case %s: %s',
    (id, _about, { expect: expected, rules }) => {
      const judgement = judged.get(id)?.judgement;
      expect(judgement?.violations.join(',')).toBe(expected);
      const spoke = judgement?.findings.map(({ rule }) => rule as string) ?? [];
      for (const rule of rules.split(',')) expect(spoke).toContain(rule);
      for (const reason of judgement?.reasons ?? []) expect(reason).not.toMatch(/构成违法|确认违法|已违法/);
    },
  );

  it('tells the parts of a patch under different titles apart', () => {
    const two = cases.find(({ properties }) => properties.about.startsWith('跨两家'));
    const pieces = judged.get(two?.properties.id ?? '')?.judgement.pieces ?? [];
    expect(pieces.map(({ violations }) => violations)).toEqual([['lawful'], ['other-holder']]);
    expect(pieces.reduce((sum, { areaM2 }) => sum + areaM2, 0)).toBeCloseTo(8000, -1);
    const over = cases.find(({ properties }) => properties.about.startsWith('一边越出'));
    expect(
      judged.get(over?.properties.id ?? '')?.judgement.pieces.map(({ title, violations }) => [title, violations]),
    ).toEqual([
      [null, ['beyond-boundary']],
      [expect.stringContaining('案例证'), ['lawful']],
    ]);
  });
});
