/**
 * observe: every registered polygon gets exactly one Observation per quarter: changed, unchanged or not seen.
 * Method: the polygon is sampled on a regular lon/lat lattice, a power of two of a degree, fine enough for at least 1,000 points (down to
 * 1/262144 degree, 0.4 m) and not more than needed; each point asks which pair serves it. Rows are weighted by the cosine of their
 * latitude, so that the share is one of area. Changed area comes from the overlaps that the judgement measured.
 * In:  the coverage, judged patches, the two limits of the recipe; then boundary by boundary.
 * Out: one Observation per boundary. "Not seen" is never "unchanged": below `minSeenShare` and without change the
 * answer is not-seen with its reason; a polygon seen in part carries its share always.
 */
import { scanline } from '../../kernels/scanline.js';
import type { Boundary } from '../../model/boundary.js';
import type { Coverage } from '../../model/coverage.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { JudgedPatch } from '../../model/patch.js';
import type { Quarter } from '../../model/scene.js';
import type { Observation } from '../../model/task.js';

export interface ObserveLimits {
  readonly minSeenShare: number;
  readonly minChangedM2: number;
}

const ENOUGH_POINTS = 1_000;
const FINEST = 18;
const COARSEST = 8;

export function observe(
  coverage: Coverage,
  judged: readonly JudgedPatch[],
  quarter: Quarter,
  limits: ObserveLimits,
): (boundary: Pick<Boundary, 'id' | 'geometry' | 'excludedReason'>) => Observation {
  const changes = changesByBoundary(judged);
  return ({ id, geometry, excludedReason }) => {
    if (excludedReason !== null) return notPlaced(id, quarter, excludedReason);
    const { seenShare, pairs } = seenOf(geometry, coverage);
    const { changedM2, patches } = changes.get(id) ?? { changedM2: 0, patches: [] };
    const changed = changedM2 > 0 && changedM2 >= limits.minChangedM2;
    const result = changed ? 'changed' : seenShare < limits.minSeenShare ? 'not-seen' : 'unchanged';
    return {
      boundaryId: id,
      quarter,
      result,
      seenShare,
      changedM2: Math.round(changedM2 * 100) / 100,
      pairs,
      patches,
      reason: result === 'not-seen' ? reasonOf(seenShare, coverage) : '',
    };
  };
}

/** A polygon whose place is not known well enough cannot have been seen. */
function notPlaced(boundaryId: string, quarter: Quarter, reason: string): Observation {
  return { boundaryId, quarter, result: 'not-seen', seenShare: 0, changedM2: 0, pairs: [], patches: [], reason };
}

function reasonOf(seenShare: number, coverage: Coverage): string {
  if (coverage.pairs.length === 0) return '本季度没有可比较的影像对';
  if (seenShare === 0) return '两期影像均可见的面积为 0（云、雪、阴影、无数据、影像缺失或未能对准）';
  return `两期影像均可见的面积仅占 ${(seenShare * 100).toFixed(1)}%，且可见部分未见变化`;
}

interface Change {
  changedM2: number;
  readonly patches: string[];
}

/** Summed in the order of patch ids, so that the float sum does not depend on the order of judging. */
function changesByBoundary(judged: readonly JudgedPatch[]): Map<string, Change> {
  const found = new Map<string, Change>();
  for (const { patch, judgement } of [...judged].sort((a, b) => (a.patch.id < b.patch.id ? -1 : 1))) {
    for (const { boundaryId, areaInsideM2 } of judgement.overlaps) {
      if (areaInsideM2 <= 0) continue;
      const change = found.get(boundaryId) ?? { changedM2: 0, patches: [] };
      change.changedM2 += areaInsideM2;
      change.patches.push(patch.id);
      found.set(boundaryId, change);
    }
  }
  return found;
}

/** Share of a polygon that was seen on both dates, 0–1 to 1e-6, and the pairs that saw it, sorted. */
export function seenOf(
  geometry: MultiPolygonRings,
  coverage: Coverage,
): { seenShare: number; pairs: readonly string[] } {
  const used = new Set<number>();
  let all = 0;
  let seen = 0;
  for (const { lon, lat, weight } of samplePoints(geometry)) {
    all += weight;
    const serving = coverage.servedBy(lon, lat);
    if (serving.length > 0) seen += weight;
    for (const pair of serving) used.add(pair);
  }
  const pairs = [...used].map((pair) => coverage.pairs[pair] ?? '').sort();
  return { seenShare: all > 0 ? Math.round((seen / all) * 1e6) / 1e6 : 0, pairs };
}

function* samplePoints(geometry: MultiPolygonRings): Generator<{ lon: number; lat: number; weight: number }> {
  const { runs, step } = sampleRuns(geometry);
  if (runs.length === 0) {
    // Thinner than the finest lattice: its corners stand for it.
    for (const [lon, lat] of geometry.flat(2)) yield { lon, lat, weight: 1 };
    return;
  }
  for (let k = 0; k + 2 < runs.length; k += 3) {
    const lat = ((runs[k] ?? 0) + 0.5) * step;
    const weight = Math.cos((lat * Math.PI) / 180);
    for (let i = runs[k + 1] ?? 0; i <= (runs[k + 2] ?? -1); i++) yield { lon: (i + 0.5) * step, lat, weight };
  }
}

function sampleRuns(geometry: MultiPolygonRings): { runs: Int32Array; step: number } {
  for (let level = COARSEST; ; level++) {
    const step = 2 ** -level;
    const runs = scanline(geometry, { x0: step / 2, y0: step / 2, step });
    let points = 0;
    for (let k = 0; k + 2 < runs.length; k += 3) points += (runs[k + 2] ?? 0) - (runs[k + 1] ?? 0) + 1;
    if (points >= ENOUGH_POINTS || level >= FINEST) return { runs, step };
  }
}
