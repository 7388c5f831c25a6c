/** score: what a competitor's patches are worth beside the truth: found pits, right patches, area outside licences. */
import { existsSync } from 'node:fs';
import { areaOf, readPolygons } from '../accuracy/scores/geometry.mjs';

const SAME = 0.3;

/** @returns {{ patches, pits, recall, precision, outsideError }} null where there is nothing to divide by. */
export function scorePatches(out, truth) {
  const patches = existsSync(out) ? readShapes(out, 'outside_m2') : [];
  const pits = readShapes(truth, 'outside');
  const right = new Set();
  let found = 0;
  const outside = { said: 0, real: 0 };
  for (const pit of pits) {
    const same = patches.filter((patch) => overlap(patch, pit) > SAME);
    if (same.length === 0) continue;
    found++;
    for (const patch of same) right.add(patch);
    outside.said += same.reduce((sum, patch) => sum + patch.outside, 0);
    outside.real += pit.outside;
  }
  const share = (part, whole) => (whole > 0 ? part / whole : null);
  return {
    patches: patches.length,
    pits: pits.length,
    recall: share(found, pits.length),
    precision: share(right.size, patches.length),
    outsideError: outside.real > 1 ? outside.said / outside.real - 1 : null,
  };
}

function readShapes(path, outsideField) {
  return readPolygons(path).map(({ geometry, properties }) => ({
    geometry,
    box: geometry.getEnvelope(),
    area: areaOf(geometry),
    outside: properties[outsideField],
  }));
}

/** Intersection over union. */
function overlap(a, b) {
  if (a.box.maxX < b.box.minX || b.box.maxX < a.box.minX || a.box.maxY < b.box.minY || b.box.maxY < a.box.minY)
    return 0;
  const shared = areaOf(a.geometry.intersection(b.geometry));
  return shared / (a.area + b.area - shared);
}
