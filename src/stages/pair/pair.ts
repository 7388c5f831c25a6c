/**
 * pair: which earlier scenes the scenes of a quarter are compared with.
 * Rule (recipe raster.before). previous-quarter: the nearest earlier quarter with scenes that meet the footprint; where those leave
 * more than 2 % of it uncovered, the quarter before that as well, up to four back. same-season: the same quarter of last year,
 * or, where it has none, the rule above. both: the two together. Coverage is counted on a lattice of 1/128 degree (900 m).
 * In:  the scenes of all quarters, the quarter, the raster recipe.
 * Out: candidate pairs sorted by id. What ground each of them serves is decided later, by what was seen (ground.ts).
 */

import { boxOf } from '../../geo/distance.js';
import { scanline } from '../../kernels/scanline.js';
import type { Box, MultiPolygonRings } from '../../model/grid.js';
import { contentHash } from '../../model/id.js';
import { quarterIndex } from '../../model/quarter.js';
import { type RasterRecipe, rasterRecipeHash } from '../../model/recipe.js';
import type { PairRole, ScenePair } from '../../model/run.js';
import type { Quarter, Scene } from '../../model/scene.js';

/** What pairing needs to know of a scene. */
export type PairingScene = Pick<Scene, 'id' | 'quarter' | 'acquiredOn' | 'sensor' | 'footprint'>;

const QUARTERS_BACK = 4;
const UNCOVERED_SHARE = 0.02;
/** A Sentinel-2 tile has some 20,000 cells of this size: 2 % of it is told well, and a country fits into memory. */
const CELLS_PER_DEGREE = 128;

export function pairScenes(scenes: readonly PairingScene[], quarter: Quarter, recipe: RasterRecipe): ScenePair[] {
  const sorted = [...scenes].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const grounds = new Map(sorted.map((scene) => [scene.id, groundOf(scene.footprint)]));
  const hash = rasterRecipeHash(recipe);
  const pairs = new Map<string, ScenePair>();
  for (const after of sorted.filter((scene) => scene.quarter === quarter)) {
    const add = (befores: readonly PairingScene[], role: PairRole): void => {
      for (const before of befores) {
        const id = pairId(before, after, hash);
        if (pairs.has(id)) continue;
        const [beforeOn, afterOn] = [before.acquiredOn, after.acquiredOn];
        pairs.set(id, { id, role, beforeId: before.id, afterId: after.id, beforeOn, afterOn });
      }
    };
    if (recipe.before !== 'same-season') add(previous(after, sorted, grounds), 'previous');
    if (recipe.before !== 'previous-quarter') {
      const season = meeting(after, sorted, grounds, quarterIndex(quarter) - 4);
      add(season, 'season');
      if (season.length === 0 && recipe.before === 'same-season') add(previous(after, sorted, grounds), 'previous');
    }
  }
  return [...pairs.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Scene ids hold file and masks; dates and sensors come from the register and decide results as well. */
function pairId(before: PairingScene, after: PairingScene, recipeHash: string): string {
  const side = ({ id, acquiredOn, sensor }: PairingScene) => ({ id, acquiredOn, sensor });
  return `P${contentHash({ before: side(before), after: side(after), recipe: recipeHash })}`;
}

export interface Ground {
  readonly cells: ReadonlySet<number>;
  readonly box: Box;
}

function previous(
  after: PairingScene,
  scenes: readonly PairingScene[],
  grounds: ReadonlyMap<string, Ground>,
): PairingScene[] {
  const own = grounds.get(after.id)?.cells ?? new Set<number>();
  const open = new Set(own);
  const found: PairingScene[] = [];
  const earlier = [...new Set(scenes.map((scene) => quarterIndex(scene.quarter)))]
    .filter((index) => index < quarterIndex(after.quarter))
    .sort((a, b) => b - a);
  let oldest = Number.NEGATIVE_INFINITY;
  for (const index of earlier) {
    if (index < oldest || open.size <= own.size * UNCOVERED_SHARE) break;
    const serving = meeting(after, scenes, grounds, index).filter(
      (scene) => found.length === 0 || share(open, grounds.get(scene.id)?.cells ?? new Set()),
    );
    if (serving.length === 0) continue;
    if (found.length === 0) oldest = index - QUARTERS_BACK + 1;
    found.push(...serving);
    for (const scene of serving) for (const cell of grounds.get(scene.id)?.cells ?? []) open.delete(cell);
  }
  return found;
}

function meeting(
  after: PairingScene,
  scenes: readonly PairingScene[],
  grounds: ReadonlyMap<string, Ground>,
  index: number,
): PairingScene[] {
  const own = grounds.get(after.id);
  return scenes.filter(
    (scene) => quarterIndex(scene.quarter) === index && own !== undefined && meets(own, grounds.get(scene.id)),
  );
}

/** A footprint of few cells is judged by its box: whether the rasters do meet is asked of the files later. */
const FEW_CELLS = 50;

export function meets(a: Ground, b: Ground | undefined): boolean {
  if (!b) return false;
  const [west, south, east, north] = a.box;
  const [west2, south2, east2, north2] = b.box;
  if (west >= east2 || west2 >= east || south >= north2 || south2 >= north) return false;
  return Math.min(a.cells.size, b.cells.size) < FEW_CELLS || share(a.cells, b.cells);
}

function share(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const cell of small) if (large.has(cell)) return true;
  return false;
}

/** Cells whose middle the footprint covers, as one number each; of a footprint smaller than that, those of its corners. */
export function groundOf(footprint: MultiPolygonRings): Ground {
  const key = (i: number, j: number): number => (j + 90 * CELLS_PER_DEGREE) * 1_000_000 + i + 180 * CELLS_PER_DEGREE;
  const step = 1 / CELLS_PER_DEGREE;
  const runs = scanline(footprint, { x0: step / 2, y0: step / 2, step });
  const cells = new Set<number>();
  for (let k = 0; k + 2 < runs.length; k += 3) {
    for (let i = runs[k + 1] ?? 0; i <= (runs[k + 2] ?? -1); i++) cells.add(key(i, runs[k] ?? 0));
  }
  const box = boxOf(footprint);
  if (cells.size > 0) return { cells, box };
  for (const [lon, lat] of footprint.flat(2)) {
    cells.add(key(Math.floor(lon * CELLS_PER_DEGREE), Math.floor(lat * CELLS_PER_DEGREE)));
  }
  return { cells, box };
}
