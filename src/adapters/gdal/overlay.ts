/**
 * overlay: how each patch lies to each boundary near it. Cut by GEOS in longitude and latitude, where the edges of both are
 * straight, and only where an edge of the boundary comes near the patch; areas on the ellipsoid. Distances in the patch's local
 * plane, divided by its scale there. The answer for a pair depends on the two only, so neither the order nor the grouping of the
 * inputs matters. Accuracy: areas 1e-9 relative; distances see geo/farthest.
 */
import Flatbush from 'flatbush';
import { boxOf } from '../../geo/distance.js';
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import { unpackPolygon } from '../../geo/packed.js';
import type { Box } from '../../model/grid.js';
import type { Overlap } from '../../model/patch.js';
import type { WorkCatalogue } from '../../model/work.js';
import { lieOf } from './lie.js';
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

export function overlayPairs(input: WorkCatalogue['overlayPairs']['input']): Float64Array {
  const { patches, boundaries, pairs } = input;
  const shapes = new Boundaries((place) => unpackPolygon(boundaries, place));
  const found: number[] = [];
  let patch: PatchShape | null = null;
  let patchPlace = -1;
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const [asked, boundary] = [pairs[i] as number, pairs[i + 1] as number];
    if (!patch || asked !== patchPlace) patch = new PatchShape(unpackPolygon(patches, asked));
    patchPlace = asked;
    const lie = lieOf(patch, shapes.get(boundary), input);
    if (lie) found.push(i / 2, lie.areaInsideM2, lie.areaOutsideM2, lie.greatestOutsideM, lie.distanceM);
  }
  return Float64Array.from(found);
}

/** A lon/lat box widened by metres, a little generously. */
export function reachBox(box: Box, reachM: number): [number, number, number, number] {
  const scale = metresPerDegree(Math.min(89, Math.max(Math.abs(box[1]), Math.abs(box[3]))));
  const lon = (reachM / scale.lon) * 1.01;
  const lat = (reachM / scale.lat) * 1.01;
  return [box[0] - lon, box[1] - lat, box[2] + lon, box[3] + lat];
}
