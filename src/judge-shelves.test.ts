/** Judging batch by batch: what is held at once, and that batches decide nothing. */
import { describe, expect, it } from 'vitest';
import { outside } from './adapters/gdal/outside.js';
import { overlayPairs } from './adapters/gdal/overlay.js';
import { split } from './adapters/gdal/split.js';
import { polygonAreaM2 } from './geo/ellipsoid-area.js';
import { judgePatches, judgeShelves } from './judge.js';
import type { Boundary } from './model/boundary.js';
import type { MultiPolygonRings } from './model/grid.js';
import { judgementRecipeSchema } from './model/judgement-recipe.js';
import type { JudgedPatch, Patch } from './model/patch.js';
import type { Shelf } from './ports/shelf.js';
import type { WorkPool } from './ports/work-pool.js';
import { shelfOf } from './shelves.js';
import { rectangle } from './testing/ground-metres.js';
import { randomOf } from './testing/random.js';

const pool: WorkPool = {
  size: 2,
  close: async () => undefined,
  run: (async (name: string, input: never) =>
    name === 'overlayPairs'
      ? overlayPairs(input)
      : name === 'split'
        ? split(input)
        : outside(input)) as WorkPool['run'],
};
const terms = { layers: ['licences' as const], recipe: judgementRecipeSchema.parse({}) };

const random = randomOf(11);
function some(count: number, side: number): MultiPolygonRings[] {
  return Array.from({ length: count }, () => {
    const [x, y] = [8000 * random(), 8000 * random()];
    return rectangle(x, y, x + side * (0.3 + random()), y + side * (0.3 + random()));
  });
}
const patches = some(120, 200).map(
  (geometry, i): Patch => ({
    ...{ id: `p${i}`, pairs: ['p'], geometry, areaM2: polygonAreaM2(geometry), perimeterM: 400, lon: 0, lat: 0 },
    ...{ confidence: 0.8, changeType: 'vegetation-to-bare', seenShare: 1, sigmaM: 5, reasons: [] },
    ...{ dateBefore: '2026-05-01', dateAfter: '2026-08-01' },
  }),
);
const boundaries = some(60, 900).map(
  (geometry, i): Boundary => ({
    ...{ id: `B${i}`, kind: 'licences', row: i, number: `C${i}`, name: null, holder: `${i % 7}`, method: '露天' },
    ...{ status: null, validFrom: '2020-01-01', validTo: '2030-01-01', zoneKind: null, geometry },
    ...{ areaM2: polygonAreaM2(geometry), excludedReason: null, attributes: {} },
  }),
);

async function inBatchesOf(batch: number): Promise<JudgedPatch[]> {
  const judged: JudgedPatch[] = [];
  const shelves = { ...terms, patches: shelfOf(patches), boundaries: shelfOf(boundaries), batch };
  await judgeShelves(shelves, pool, async (results, places) => {
    for (const [k, one] of results.entries()) judged[places[k] ?? -1] = one;
  });
  return judged;
}

describe('judging batch by batch', () => {
  it('gives the same whatever the size of the batches, byte for byte', async () => {
    const whole = JSON.stringify(await judgePatches({ ...terms, patches, boundaries }, pool));
    expect(JSON.parse(whole)).toHaveLength(patches.length);
    for (const size of [1, 7, 50]) expect(JSON.stringify(await inBatchesOf(size))).toBe(whole);
    const codes = new Set((JSON.parse(whole) as JudgedPatch[]).flatMap(({ judgement }) => judgement.violations));
    expect([...codes].sort()).toEqual(['beyond-boundary', 'cannot-say', 'lawful', 'no-licence', 'other-holder']);
  });

  it('asks afterwards what was not answered along with the overlaps', async () => {
    const names = new Set<string>();
    const plain: WorkPool = {
      ...pool,
      run: (async (name: string, input: never) => {
        names.add(name);
        return pool.run(
          name as 'overlayPairs',
          name === 'overlayPairs' ? ({ ...(input as object), asks: null } as never) : input,
        );
      }) as WorkPool['run'],
    };
    const [asked, along] = [plain, pool].map((one) => judgePatches({ ...terms, patches, boundaries }, one));
    const said = (all: readonly JudgedPatch[]) =>
      all.map(({ judgement }) => [judgement.violations, judgement.findings.map(({ rule }) => rule), judgement.pieces]);
    expect(said((await asked) ?? [])).toEqual(said((await along) ?? []));
    expect([...names].sort()).toEqual(['outside', 'overlayPairs', 'split']);
  });

  it('takes no more from the shelves than some batches need, however many there are', async () => {
    let [held, most, polygons] = [0, 0, 0];
    const counted: Shelf<Patch> = {
      ...shelfOf(patches),
      async take(places) {
        held += places.length;
        most = Math.max(most, held);
        return places.flatMap((place) => patches[place] ?? []);
      },
    };
    const shelf = shelfOf(boundaries);
    const near: Shelf<Boundary> = {
      ...shelf,
      take: async (places) => {
        polygons = Math.max(polygons, places.length);
        return shelf.take(places);
      },
    };
    await judgeShelves({ ...terms, patches: counted, boundaries: near, batch: 10 }, pool, async (results) => {
      // what takes its time keeps further batches waiting
      await new Promise((resolve) => setImmediate(resolve));
      held -= results.length;
    });
    expect(most).toBe((pool.size + 1) * 10);
    expect(polygons).toBeLessThan(boundaries.length);
  });

  it('ends at the first failure of what keeps the results', async () => {
    let batches = 0;
    const shelves = { ...terms, patches: shelfOf(patches), boundaries: shelfOf(boundaries), batch: 10 };
    const work = judgeShelves(shelves, { ...pool, size: 0 }, async () => {
      batches++;
      if (batches === 2) throw new RangeError('full');
    });
    await expect(work).rejects.toThrow('full');
    expect(batches).toBe(2);
  });
});
