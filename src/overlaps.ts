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

/** What a batch names, fetched. */
export interface BatchContents {
  readonly patches: readonly { readonly geometry: MultiPolygonRings }[];
  readonly boundaries: readonly Pick<Boundary, 'id' | 'kind' | 'geometry'>[];
  readonly near: Batch['near'];
}

/** For each patch of the batch, by boundary id. With `areasOnly` the distances are NaN where they were not needed. */
export async function overlapsOf(
  { patches, boundaries, near }: BatchContents,
  asked: { readonly reachM: number; readonly areasOnly: boolean },
  pool: WorkPool,
): Promise<Overlap[][]> {
  const overlaps: Overlap[][] = patches.map(() => []);
  const pairs = near.flatMap((found, patch) => found.map((boundary) => ({ patch, boundary })));
  if (pairs.length === 0) return overlaps;
  const answer = await pool.run('overlayPairs', {
    patches: packPolygons(patches.map(({ geometry }) => geometry)),
    boundaries: packPolygons(boundaries.map(({ geometry }) => geometry)),
    pairs: Uint32Array.from(pairs.flatMap(({ patch, boundary }) => [patch, boundary])),
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
    overlaps[pair.patch]?.push({ boundaryId, kind, areaInsideM2, areaOutsideM2, greatestOutsideM, distanceM });
  }
  for (const found of overlaps) {
    found.sort((a, b) => (a.boundaryId < b.boundaryId ? -1 : a.boundaryId > b.boundaryId ? 1 : 0));
  }
  return overlaps;
}
