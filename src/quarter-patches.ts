/**
 * quarter-patches: the patches of a quarter from its compared pairs.
 *   per pair components → object judgement → outlines drawn again → ground that the pair serves → joined within a lattice of pixels → outlines in lon/lat
 *   → joined across lattices where they touch → measured, and named by their content.
 * Nothing depends on blocks, workers or the order of jobs.
 */
import { componentsOf, imageFacts, recutComponents, seenShares, sigmaOf } from './comparison.js';
import { perimeterM, polygonAreaM2 } from './geo/ellipsoid-area.js';
import { interiorPoint } from './geo/interior-point.js';
import { quantise } from './geo/quantise.js';
import type { Component } from './model/change.js';
import type { MultiPolygonRings } from './model/grid.js';
import { contentHash } from './model/id.js';
import type { Patch } from './model/patch.js';
import type { RunRecord } from './model/run.js';
import type { WorkPool } from './ports/work-pool.js';
import type { ComparedPair, QuarterGround } from './quarter-ground.js';
import { type Contribution, joinLattices } from './stages/assemble/lattice.js';
import { shapeOf } from './stages/assemble/shape.js';

/** An outline with what it was made of. */
interface Piece {
  readonly geometry: MultiPolygonRings;
  readonly from: readonly Contribution[];
  readonly lattice: number;
}

export async function quarterPatches(run: RunRecord, ground: QuarterGround, pool: WorkPool): Promise<Patch[]> {
  const { compared, coverage } = ground;
  const judged = await Promise.all(
    compared.map(({ pair, model, blocks }) =>
      recutComponents(pool, { pair: pair.use, extent: pair.extent, model }, componentsOf(blocks, model)),
    ),
  );
  const lattices = joinLattices(
    compared.map(({ pair }, index) => ({ pair: index, grid: pair.grid, judged: judged[index] ?? [] })),
    coverage,
  );
  const pieces: Piece[] = [];
  for (const [lattice, { crs, transform, joined }] of lattices.entries()) {
    const outlines = joined.map(({ component }): MultiPolygonRings => [shapeOf(component, transform)]);
    const placed = outlines.length > 0 ? await pool.run('toLonLat', { crs, polygons: outlines }) : [];
    joined.forEach(({ from }, i) => {
      pieces.push({ geometry: quantise(placed[i] ?? []), from, lattice });
    });
  }
  const whole = lattices.length > 1 ? await joinAcross(pieces, compared, pool) : pieces;
  const shares = compared.map(({ pair, blocks }) => seenShares(blocks, pair.extent));
  return whole
    .filter(({ from }) => areaOf(from, compared) >= run.recipe.raster.minAreaM2 * (1 - 1e-9))
    .map((piece) => describe(run, piece, ground, shares))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** m² by the pixels' nominal area, as the smallest patch of a pair is defined. */
function areaOf(from: readonly Contribution[], compared: readonly ComparedPair[]): number {
  return from.reduce((sum, { pair, pixels }) => sum + pixels * (compared[pair]?.model.facts.pixelAreaM2 ?? 0), 0);
}

/**
 * Pieces of different lattices that lie within a pixel of each other are one patch. Pieces of one lattice are joined only
 * through a piece of another: among themselves they are already as connected as their pixels.
 */
async function joinAcross(
  pieces: readonly Piece[],
  compared: readonly ComparedPair[],
  pool: WorkPool,
): Promise<Piece[]> {
  const snapM = Math.max(...compared.map(({ model }) => model.facts.gsdM ?? 0));
  const touching = await pool.run('overlay', {
    patches: pieces.map(({ geometry }) => geometry),
    boundaries: pieces.map(({ geometry }, i) => ({ id: String(i), kind: 'lawful' as const, geometry })),
    reachM: snapM,
  });
  const parent = pieces.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] ?? at;
    return at;
  };
  touching.forEach((overlaps, i) => {
    for (const { boundaryId } of overlaps) {
      const j = Number(boundaryId);
      if (pieces[i]?.lattice === pieces[j]?.lattice) continue;
      const [a, b] = [root(i), root(j)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  });
  const groups = new Map<number, Piece[]>();
  pieces.forEach((piece, i) => {
    const at = root(i);
    groups.set(at, [...(groups.get(at) ?? []), piece]);
  });
  return Promise.all(
    [...groups.values()].map(async (group) => {
      const [only, second] = group;
      if (only && !second) return only;
      const united = await pool.run('unite', { polygons: group.map(({ geometry }) => geometry), snapM: snapM * 2 });
      return {
        geometry: quantise(united.geometry.flat()),
        from: group.flatMap(({ from }) => from).sort((a, b) => b.pixels - a.pixels || a.pair - b.pair),
        lattice: -1,
      };
    }),
  );
}

/** The words and the confidence are those of the pair that saw the largest part; the dates span all of them. */
function describe(
  run: RunRecord,
  { geometry, from }: Piece,
  { compared }: QuarterGround,
  shares: readonly ((component: Component) => number)[],
): Patch {
  const used = from.flatMap(({ pair }) => compared[pair] ?? []);
  const [first] = from;
  const main = first ? compared[first.pair] : undefined;
  if (!first || !main) throw new RangeError('a patch comes from at least one pair');
  const pairs = [...new Set(used.map(({ pair }) => pair.id))].sort();
  const inside = interiorPoint(geometry);
  const image = coarsest(used.map(({ model }) => imageFacts(model)));
  const named = contentHash({ pairs, recipe: run.plan.rasterHash, geometry });
  return {
    id: `${run.quarter}-${named}`,
    pairs,
    geometry,
    areaM2: polygonAreaM2(geometry),
    perimeterM: perimeterM(geometry),
    lon: inside.lon,
    lat: inside.lat,
    confidence: first.judgement.confidence,
    changeType: first.judgement.changeType,
    seenShare: shares[first.pair]?.(first.component) ?? 0,
    sigmaM: sigmaOf(image),
    image,
    dateBefore: used.map(({ pair }) => pair.beforeOn).sort()[0] ?? null,
    dateAfter:
      used
        .map(({ pair }) => pair.afterOn)
        .sort()
        .at(-1) ?? null,
    reasons: first.judgement.reasons,
  };
}

/** Of the pairs that saw a patch, the one whose outline may be off the most. */
function coarsest(images: readonly NonNullable<Patch['image']>[]): NonNullable<Patch['image']> {
  const [first, ...others] = images;
  if (!first) throw new RangeError('a patch comes from at least one pair');
  return others.reduce((worst, image) => (sigmaOf(image) > sigmaOf(worst) ? image : worst), first);
}
