/**
 * overlaps: how many patches lie to many boundaries, measured by the children in batches. Only patches with a boundary near are
 * sent, each boundary once a batch, as flat numbers.
 */
import type { Batch } from './batches.js';
import { packPolygons } from './geo/packed.js';
import type { Boundary } from './model/boundary.js';
import type { MultiPolygonRings } from './model/grid.js';
import type { Overlap } from './model/patch.js';
import type { WorkPool } from './ports/work-pool.js';

/** Numbers a pair has in the answer: its place, area inside, area outside, greatest distance outside, distance. */
const COLUMNS = 5;

export interface OverlayLayers {
  readonly patches: readonly { readonly geometry: MultiPolygonRings }[];
  readonly boundaries: readonly Pick<Boundary, 'id' | 'kind' | 'geometry'>[];
}

/** For each patch of the batch, by boundary id. With `areasOnly` the distances are NaN where they were not needed. */
export async function overlapsOf(
  { patches, boundaries }: OverlayLayers,
  batch: Batch,
  asked: { readonly reachM: number; readonly areasOnly: boolean },
  pool: WorkPool,
): Promise<Overlap[][]> {
  const overlaps: Overlap[][] = batch.patches.map(() => []);
  const sent = placesOf(batch.near);
  const pairs = batch.near.flatMap((near, k) => near.map((boundary) => ({ k, boundary })));
  if (pairs.length === 0) return overlaps;
  const geometry = (of: readonly { readonly geometry: MultiPolygonRings }[], place: number): MultiPolygonRings =>
    of[place]?.geometry ?? [];
  const answer = await pool.run('overlayPairs', {
    patches: packPolygons(batch.patches.map((place) => geometry(patches, place))),
    boundaries: packPolygons([...sent.keys()].map((place) => geometry(boundaries, place))),
    pairs: Uint32Array.from(pairs.flatMap(({ k, boundary }) => [k, sent.get(boundary) ?? 0])),
    ...asked,
  });
  for (let i = 0; i < answer.length; i += COLUMNS) {
    const [place = 0, areaInsideM2 = 0, areaOutsideM2 = 0, greatestOutsideM = 0, distanceM = 0] = answer.subarray(
      i,
      i + COLUMNS,
    );
    const pair = pairs[place];
    const boundary = pair && boundaries[pair.boundary];
    if (!boundary) throw new RangeError('the answer names a pair that was not asked for');
    const { id: boundaryId, kind } = boundary;
    overlaps[pair.k]?.push({ boundaryId, kind, areaInsideM2, areaOutsideM2, greatestOutsideM, distanceM });
  }
  for (const found of overlaps) {
    found.sort((a, b) => (a.boundaryId < b.boundaryId ? -1 : a.boundaryId > b.boundaryId ? 1 : 0));
  }
  return overlaps;
}

/** Places among the boundaries → places among those that are sent. */
function placesOf(near: readonly (readonly number[])[]): Map<number, number> {
  const sent = new Map<number, number>();
  for (const place of near.flat()) if (!sent.has(place)) sent.set(place, sent.size);
  return sent;
}
