/**
 * overlay-worker: a process that does one step when asked: `areas` (every patch against every licence it meets: areas inside and
 * outside) or `judge` (the whole judgement and score). Children of the pool are started before the clock.
 * First message: { processes } with { patches, licences, seed } (layers in memory, judged patches are kept) or { folder } (layers on
 * file, judged patches are counted and let go) → { ready }. Then { step } → { seconds, ...what came out }.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '../../dist/src/adapters/pool/pool.js';
import { batchesOf } from '../../dist/src/batches.js';
import { inTurns } from '../../dist/src/in-turns.js';
import { judgeShelves } from '../../dist/src/judge.js';
import { judgementRecipeSchema } from '../../dist/src/model/judgement-recipe.js';
import { overlapsOf } from '../../dist/src/overlaps.js';
import { makeLayers } from './layers.mjs';
import { shelvesInMemory, shelvesOnFile } from './overlay-things.mjs';

process.on('disconnect', () => process.exit());
process.once('message', async ({ processes, folder, ...options }) => {
  const shelves = folder ? shelvesOnFile(folder) : shelvesInMemory(makeLayers(options));
  const pool = createPool(processes);
  await Promise.all(Array.from({ length: pool.size }, () => pool.run('selfCheck', {})));
  process.on('message', async ({ step }) => {
    const began = performance.now();
    const result = await STEPS[step](shelves, pool, !folder);
    process.send({ seconds: (performance.now() - began) / 1000, ...result() });
  });
  process.send({ ready: true });
});

const STEPS = {
  /** Long enough to be looked at. */
  async rest() {
    globalThis.gc?.();
    await sleep(500);
    return () => ({});
  },
  async areas({ patches, boundaries }, pool) {
    const inside = new Float64Array(patches.boxes.length / 4);
    let pairs = 0;
    await inTurns(batchesOf(patches.boxes, boundaries.boxes, 0), pool.size + 1, async (batch) => {
      const contents = {
        patches: await patches.take(batch.patches),
        boundaries: await boundaries.take(batch.boundaries),
        near: batch.near,
      };
      const facts = await overlapsOf(contents, { reachM: 0, areasOnly: true }, pool);
      for (const [k, { overlaps }] of facts.entries()) {
        pairs += overlaps.length;
        for (const { areaInsideM2 } of overlaps) inside[batch.patches[k]] += areaInsideM2;
      }
    });
    return () => ({ pairs, inside });
  },
  async judge({ patches, boundaries }, pool, keeps) {
    const recipe = judgementRecipeSchema.parse({});
    const kept = [];
    const kinds = {};
    let overlaps = 0;
    await judgeShelves({ patches, boundaries, layers: ['licences'], recipe }, pool, async (judged, places) => {
      for (const [k, one] of judged.entries()) {
        if (keeps) kept[places[k]] = one;
        overlaps += one.judgement.overlaps.length;
        for (const word of one.judgement.violations) kinds[word] = (kinds[word] ?? 0) + 1;
      }
    });
    return () => ({ overlaps, kinds, kept: kept.length });
  },
};
