/**
 * overlay-worker: a process that holds the made layers and does one step when asked: `areas` (every patch against every licence it
 * meets: areas inside and outside) or `judge` (the whole judgement and score). Children of the pool are started before the clock.
 * Message: { step } → { seconds, cpuSeconds, ...what came out }; the first message is { ready }.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '../../dist/src/adapters/pool/pool.js';
import { batchesOf } from '../../dist/src/batches.js';
import { localPlane } from '../../dist/src/geo/crs.js';
import { perimeterM, polygonAreaM2 } from '../../dist/src/geo/ellipsoid-area.js';
import { interiorPoint } from '../../dist/src/geo/interior-point.js';
import { inTurns } from '../../dist/src/in-turns.js';
import { judgePatches } from '../../dist/src/judge.js';
import { judgementRecipeSchema } from '../../dist/src/model/judgement-recipe.js';
import { overlapsOf } from '../../dist/src/overlaps.js';
import { shelfOf } from '../../dist/src/shelves.js';
import { MERIDIAN, makeLayers } from './layers.mjs';

const plane = localPlane(MERIDIAN);
/** Corners stay where they are: the same ground as in the plane, but for the edges' straightness (less than .1 mm). */
const onEarth = (polygon) => plane.toLonLat([polygon]);

process.on('disconnect', () => process.exit());
process.once('message', async (options) => {
  const made = makeLayers(options);
  const layers = { patches: made.patches.map(patchOf), boundaries: made.licences.map(licenceOf) };
  const pool = createPool(options.processes);
  await Promise.all(Array.from({ length: pool.size }, () => pool.run('selfCheck', {})));
  process.on('message', async ({ step }) => {
    const began = performance.now();
    const result = await STEPS[step](layers, pool);
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
    const shelves = { patches: shelfOf(patches), boundaries: shelfOf(boundaries) };
    const inside = new Float64Array(patches.length);
    let pairs = 0;
    const batches = batchesOf(shelves.patches.boxes, shelves.boundaries.boxes, 0);
    await inTurns(batches, pool.size + 1, async (batch) => {
      const contents = {
        patches: await shelves.patches.take(batch.patches),
        boundaries: await shelves.boundaries.take(batch.boundaries),
        near: batch.near,
      };
      const overlaps = await overlapsOf(contents, { reachM: 0, areasOnly: true }, pool);
      for (const [k, found] of overlaps.entries()) {
        pairs += found.length;
        for (const { areaInsideM2 } of found) inside[batch.patches[k]] += areaInsideM2;
      }
    });
    return () => ({ pairs, inside });
  },
  async judge({ patches, boundaries }, pool) {
    const recipe = judgementRecipeSchema.parse({});
    const judged = await judgePatches({ patches, boundaries, layers: ['licences'], recipe }, pool);
    return () => ({
      overlaps: judged.reduce((sum, { judgement }) => sum + judgement.overlaps.length, 0),
      kinds: count(judged.flatMap(({ judgement }) => judgement.violations)),
    });
  },
};

function count(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function patchOf(polygon, i) {
  const geometry = onEarth(polygon);
  const { lon, lat } = interiorPoint(geometry);
  return {
    ...{
      id: `2026Q3-${i}`,
      pairs: ['a>b'],
      geometry,
      areaM2: polygonAreaM2(geometry),
      perimeterM: perimeterM(geometry),
    },
    ...{ lon, lat, confidence: 0.8, changeType: 'vegetation-to-bare', seenShare: 1, sigmaM: [2, 3, 5][i % 3] },
    ...{ dateBefore: '2026-05-01', dateAfter: '2026-08-01', reasons: [] },
  };
}

function licenceOf(polygon, i) {
  const geometry = onEarth(polygon);
  return {
    ...{
      id: `L${i}`,
      kind: 'licences',
      row: i,
      number: `C${i}`,
      name: `${i}矿`,
      holder: `${i % 500}公司`,
      method: '露天开采',
    },
    ...{ status: null, validFrom: '2020-01-01', validTo: '2030-01-01', zoneKind: null, geometry },
    ...{ areaM2: polygonAreaM2(geometry), excludedReason: null, attributes: {} },
  };
}
