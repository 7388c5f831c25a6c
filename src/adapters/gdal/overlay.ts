/**
 * overlay: how each patch lies to each boundary near it. Cut by GEOS in longitude and latitude, where the edges of both are
 * straight, and only where an edge of the boundary comes near the patch; areas on the ellipsoid. Distances in the patch's local
 * plane, divided by its scale there. The answer for a pair depends on the two only, so neither the order nor the grouping of the
 * inputs matters. Accuracy: areas 1e-9 relative; distances see geo/farthest.
 */
import Flatbush from 'flatbush';
import { boxOf } from '../../geo/distance.js';
import { packPolygons, unpackPolygon } from '../../geo/packed.js';
import type { Overlap } from '../../model/patch.js';
import type { PairAnswers, WorkCatalogue } from '../../model/work.js';
import { lieOf } from './lie.js';
import { type MetPair, PairReadings } from './pair-readings.js';
import { reachBox } from './reach-box.js';
import { Boundaries, PatchShape } from './shapes.js';

export function overlay({ patches, boundaries, reachM }: WorkCatalogue['overlay']['input']): Overlap[][] {
  if (boundaries.length === 0) return patches.map(() => []);
  const index = new Flatbush(boundaries.length);
  for (const { geometry } of boundaries) index.add(...boxOf(geometry));
  index.finish();
  const shapes = new Boundaries((place) => boundaries[place]?.geometry ?? []);
  return patches.map((geometry) => {
    if (geometry.length === 0) return [];
    const patch = new PatchShape(geometry);
    const found: Overlap[] = [];
    for (const place of index.search(...reachBox(patch.shape.box, reachM))) {
      const boundary = boundaries[place];
      const lie = boundary && lieOf(patch, shapes.get(place), { reachM, areasOnly: false });
      if (boundary && lie) found.push({ boundaryId: boundary.id, kind: boundary.kind, ...lie });
    }
    return found.sort((a, b) => (a.boundaryId < b.boundaryId ? -1 : a.boundaryId > b.boundaryId ? 1 : 0));
  });
}

export function overlayPairs(input: WorkCatalogue['overlayPairs']['input']): PairAnswers {
  const { patches, boundaries, pairs, asks } = input;
  const shapes = new Boundaries((place) => unpackPolygon(boundaries, place));
  const found: number[] = [];
  const readings = asks && new PairReadings(asks);
  for (let first = 0, next = 0; first < pairs.length; first = next) {
    const patch = new PatchShape(unpackPolygon(patches, pairs[first] as number));
    const met: MetPair[] = [];
    for (next = first; next < pairs.length && pairs[next] === pairs[first]; next += 2) {
      const boundary = shapes.get(pairs[next + 1] as number);
      const lie = lieOf(patch, boundary, input);
      if (!lie) continue;
      const pair = next / 2;
      found.push(pair, lie.areaInsideM2, lie.areaOutsideM2, lie.greatestOutsideM, lie.distanceM);
      met.push({ pair, boundary, lie });
    }
    readings?.add(patch, met);
  }
  return { overlaps: Float64Array.from(found), ...(readings?.answers() ?? NOTHING_ASKED) };
}

const NOTHING_ASKED: Omit<PairAnswers, 'overlaps'> = {
  readings: [],
  cuts: { pairs: [], parts: packPolygons([]), areasM2: new Float64Array(0) },
};
