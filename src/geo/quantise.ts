/** quantise: lon/lat geometry on a lattice of 1e-9 degree (0.1 mm), so that exported bytes do not depend on the last bits. */
import type { MultiPolygonRings, PolygonRings, Position, Ring } from '../model/grid.js';

const STEPS_PER_DEGREE = 1e9;

export function quantiseDegrees(degrees: number): number {
  // Adding zero turns -0 into 0, which JSON and hashes would tell apart.
  return Math.round(degrees * STEPS_PER_DEGREE) / STEPS_PER_DEGREE + 0;
}

function quantiseRing(ring: Ring): Ring {
  const kept: Position[] = [];
  for (const [lon, lat] of ring) {
    const position: Position = [quantiseDegrees(lon), quantiseDegrees(lat)];
    const last = kept.at(-1);
    if (!last || last[0] !== position[0] || last[1] !== position[1]) kept.push(position);
  }
  return kept;
}

/** Rounds every position; positions that fall together are merged, rings and polygons that vanish by it are dropped. */
export function quantise(rings: MultiPolygonRings): MultiPolygonRings {
  const polygons: PolygonRings[] = [];
  for (const polygon of rings) {
    const [outer, ...holes] = polygon.map(quantiseRing);
    if (outer && outer.length >= 4) polygons.push([outer, ...holes.filter((hole) => hole.length >= 4)]);
  }
  return polygons;
}
