/**
 * patch: accuracy of polygons. A mine is found when patches cover at least 30 % of it; a patch is false when it covers no part of any
 * mine; IoU is that of a found mine against the union of the patches that touch it.
 */
import { areaOf, unionOf } from './geometry.mjs';

const FOUND_FROM = 0.3;

/**
 * @param mines, patches: GDAL geometries in one coordinate system. @param areaKm2 of the whole scene.
 * @param pardoned mines that are not asked for; a patch on one is not false.
 */
export function patchScores(mines, patches, areaKm2, pardoned = []) {
  const touched = new Array(patches.length).fill(false);
  const ious = [];
  for (const mine of mines) {
    const touching = patches.filter((patch, k) => {
      const touches = overlaps(patch, mine);
      if (touches) touched[k] = true;
      return touches;
    });
    if (touching.length === 0) continue;
    const cover = unionOf(touching);
    const common = areaOf(cover.intersection(mine));
    if (common >= FOUND_FROM * areaOf(mine)) ious.push(common / areaOf(cover.union(mine)));
  }
  const excused = patches.map((patch, k) => !touched[k] && pardoned.some((other) => overlaps(patch, other)));
  const falseCount = touched.filter((touches, k) => !touches && !excused[k]).length;
  return {
    mines: mines.length,
    found: ious.length,
    patches: patches.length,
    falseCount,
    falsePer100Km2: (100 * falseCount) / areaKm2,
    meanIou: ious.length > 0 ? ious.reduce((a, b) => a + b, 0) / ious.length : 0,
    touched,
    excused,
  };
}

/** More than an edge in common. */
function overlaps(a, b) {
  return a.intersects(b) && areaOf(a.intersection(b)) > 0;
}
