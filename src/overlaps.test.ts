import { describe, expect, it } from 'vitest';
import { overlay, overlayPairs } from './adapters/gdal/overlay.js';
import { batchesOf } from './batches.js';
import type { MultiPolygonRings } from './model/grid.js';
import type { Overlap } from './model/patch.js';
import { overlapsOf } from './overlaps.js';
import type { WorkPool } from './ports/work-pool.js';
import { shelfOf } from './shelves.js';
import { rectangle } from './testing/ground-metres.js';
import { randomOf } from './testing/random.js';

const asked: number[] = [];
const pool: WorkPool = {
  size: 1,
  close: async () => undefined,
  run: (async (_: string, input: Parameters<typeof overlayPairs>[0]) => {
    asked.push(input.pairs.length / 2);
    return overlayPairs(input);
  }) as WorkPool['run'],
};

const random = randomOf(3);
const some = (count: number, side: number): { geometry: MultiPolygonRings }[] =>
  Array.from({ length: count }, () => {
    const [x, y] = [20_000 * random(), 20_000 * random()];
    return { geometry: rectangle(x, y, x + side * (0.2 + random()), y + side * (0.2 + random())) };
  });
const patches = some(1300, 300);
const boundaries = some(150, 1500).map((one, i) => ({ id: `B${i % 100}-${i}`, kind: 'licences' as const, ...one }));

async function overlaps(reachM: number, areasOnly: boolean): Promise<Overlap[][]> {
  const found: Overlap[][] = patches.map(() => []);
  const shelves = { patches: shelfOf(patches), boundaries: shelfOf(boundaries) };
  for (const batch of batchesOf(shelves.patches.boxes, shelves.boundaries.boxes, reachM)) {
    const contents = {
      patches: await shelves.patches.take(batch.patches),
      boundaries: await shelves.boundaries.take(batch.boundaries),
      near: batch.near,
    };
    const results = await overlapsOf(contents, { reachM, areasOnly }, pool);
    for (const [k, place] of batch.patches.entries()) found[place] = [...(results[k]?.overlaps ?? [])];
  }
  return found;
}

describe('overlaps in batches', () => {
  const whole = (reachM: number): Overlap[][] =>
    overlay({ patches: patches.map(({ geometry }) => geometry), boundaries, reachM });

  it('are those of all at once, bit for bit, each patch in one batch', async () => {
    asked.length = 0;
    expect(await overlaps(300, false)).toEqual(whole(300));
    expect(asked.length).toBeGreaterThan(1);
    const alone = whole(300).filter((found) => found.length === 0).length;
    expect(alone).toBeGreaterThan(100);
  });

  it('have the same areas where only areas are asked for', async () => {
    const areas = (found: Overlap[][]) =>
      found.map((of) =>
        of.map(({ boundaryId, areaInsideM2, areaOutsideM2 }) => [boundaryId, areaInsideM2, areaOutsideM2]),
      );
    expect(areas(await overlaps(0, true))).toEqual(areas(whole(0)));
    expect(areas(await overlaps(80, true))).toEqual(areas(whole(80)));
  });

  it('put neighbours together, so that a boundary goes to few batches', () => {
    const [boxes, near] = [shelfOf(patches).boxes, shelfOf(boundaries).boxes];
    const batches = [...batchesOf(boxes, near, 300)];
    expect(batches.flatMap((batch) => batch.patches).sort((a, b) => a - b)).toEqual(patches.map((_, i) => i));
    const sent = batches.reduce((sum, batch) => sum + batch.boundaries.length, 0);
    const inOrder = [0, 500, 1000].flatMap((from) => [
      ...batchesOf(boxes.slice(4 * from, 4 * (from + 500)), near, 300),
    ]);
    const sentInOrder = inOrder.reduce((sum, batch) => sum + batch.boundaries.length, 0);
    expect(sent).toBeLessThan(0.75 * sentInOrder);
  });
});
