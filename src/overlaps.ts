/**
 * overlaps: how many patches lie to many boundaries, measured by the children in batches. Only patches with a boundary near are
 * sent, each boundary once a batch, as flat numbers. What judging is likely to ask next comes along.
 */
import type { Batch } from './batches.js';
import { packPolygons, unpackPolygon } from './geo/packed.js';
import type { Boundary } from './model/boundary.js';
import type { MultiPolygonRings } from './model/grid.js';
import type { Overlap } from './model/patch.js';
import type { OutsideReading, PairAnswers, PairAsks, WorkCatalogue } from './model/work.js';
import type { WorkPool } from './ports/work-pool.js';

/** Numbers a pair has in the answer: its place, area inside, area outside, greatest distance outside, distance. */
const COLUMNS = 5;

interface Shaped {
  readonly geometry: MultiPolygonRings;
}

/** What a batch names, fetched. */
export interface BatchContents<P extends Shaped, B extends Pick<Boundary, 'id' | 'kind' | 'geometry'>> {
  readonly patches: readonly P[];
  readonly boundaries: readonly B[];
  readonly near: Batch['near'];
}

export interface OverlapWish<P, B> {
  readonly reachM: number;
  /** Distances are NaN where they were not needed. */
  readonly areasOnly: boolean;
  /** What is asked along with each pair. */
  asks?(pairs: readonly { readonly patch: P; readonly boundary: B }[]): PairAsks;
}

type Part = WorkCatalogue['split']['output'][number][number];

/** What is known of a patch. */
export interface PatchFacts {
  /** By boundary id. */
  readonly overlaps: readonly Overlap[];
  /** Against unions of boundaries, by `unionKey`. */
  readonly readings: ReadonlyMap<string, OutsideReading>;
  /** By boundary id: the part of the patch inside it, and the rest. */
  readonly parts: ReadonlyMap<string, readonly Part[]>;
}

export function unionKey(boundaryIds: readonly string[]): string {
  return boundaryIds.toSorted().join('\n');
}

/** For each patch of the batch. */
export async function overlapsOf<P extends Shaped, B extends Pick<Boundary, 'id' | 'kind' | 'geometry'>>(
  { patches, boundaries, near }: BatchContents<P, B>,
  { reachM, areasOnly, asks }: OverlapWish<P, B>,
  pool: WorkPool,
): Promise<PatchFacts[]> {
  const pairs = patches.flatMap((patch, place) =>
    (near[place] ?? []).flatMap((at) => {
      const boundary = boundaries[at];
      return boundary ? [{ place, at, patch, boundary }] : [];
    }),
  );
  if (pairs.length === 0) return patches.map(() => NOTHING_NEAR);
  const answers = await pool.run('overlayPairs', {
    patches: packPolygons(patches.map(({ geometry }) => geometry)),
    boundaries: packPolygons(boundaries.map(({ geometry }) => geometry)),
    pairs: Uint32Array.from(pairs.flatMap(({ place, at }) => [place, at])),
    ...{ reachM, areasOnly, asks: asks?.(pairs) ?? null },
  });
  return factsOf(patches.length, pairs, answers);
}

const NOTHING_NEAR: PatchFacts = { overlaps: [], readings: new Map(), parts: new Map() };

interface NamedPair {
  /** Of the patch, in the batch. */
  readonly place: number;
  readonly boundary: Pick<Boundary, 'id' | 'kind'>;
}

function factsOf(count: number, pairs: readonly NamedPair[], { overlaps, readings, cuts }: PairAnswers): PatchFacts[] {
  const facts = Array.from({ length: count }, () => ({
    overlaps: [] as Overlap[],
    readings: new Map<string, OutsideReading>(),
    parts: new Map<string, Part[]>(),
  }));
  const named = (place: number): NamedPair => {
    const pair = pairs[place];
    if (!pair) throw new RangeError('the answer names a pair that was not asked for');
    return pair;
  };
  for (let i = 0; i < overlaps.length; i += COLUMNS) {
    const { place, boundary } = named(overlaps[i] as number);
    facts[place]?.overlaps.push({
      boundaryId: boundary.id,
      kind: boundary.kind,
      areaInsideM2: overlaps[i + 1] as number,
      areaOutsideM2: overlaps[i + 2] as number,
      greatestOutsideM: overlaps[i + 3] as number,
      distanceM: overlaps[i + 4] as number,
    });
  }
  for (const { overlaps: found } of facts) {
    found.sort((a, b) => (a.boundaryId < b.boundaryId ? -1 : a.boundaryId > b.boundaryId ? 1 : 0));
  }
  for (const { pairs: union, reading } of readings) {
    const members = union.map(named);
    const [first] = members;
    if (first) facts[first.place]?.readings.set(unionKey(members.map(({ boundary }) => boundary.id)), reading);
  }
  for (const [k, pair] of cuts.pairs.entries()) {
    const { place, boundary } = named(pair);
    const parts = [2 * k, 2 * k + 1].map((at): Part => {
      return { geometry: unpackPolygon(cuts.parts, at), areaM2: cuts.areasM2[at] as number };
    });
    facts[place]?.parts.set(boundary.id, parts);
  }
  return facts;
}
