/**
 * pair: which earlier scenes the scenes of a quarter are compared with.
 * Rule (recipe raster.before). previous-quarter: the nearest earlier quarter with scenes that meet the footprint; where those leave
 * more than 2 % of it uncovered, the quarter before that as well, up to four back. same-season: the same quarter of last year,
 * or, where it has none, the rule above. both: the two together. Coverage is counted on the cells of the ground lattice.
 * In:  the scenes of all quarters, the quarter, the raster recipe.
 * Out: candidate pairs sorted by id. What ground each of them serves is decided later, by what was seen (ground.ts).
 */
import { CELLS_PER_DEGREE } from '../../kernels/cells.js';
import { scanline } from '../../kernels/scanline.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { contentHash } from '../../model/id.js';
import { quarterIndex } from '../../model/quarter.js';
import { type RasterRecipe, rasterRecipeHash } from '../../model/recipe.js';
import type { PairRole, ScenePair } from '../../model/run.js';
import type { Quarter, Scene } from '../../model/scene.js';

/** What pairing needs to know of a scene. */
export type PairingScene = Pick<Scene, 'id' | 'quarter' | 'acquiredOn' | 'sensor' | 'footprint'>;

const QUARTERS_BACK = 4;
const UNCOVERED_SHARE = 0.02;

export function pairScenes(scenes: readonly PairingScene[], quarter: Quarter, recipe: RasterRecipe): ScenePair[] {
  const sorted = [...scenes].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const cells = new Map(sorted.map((scene) => [scene.id, cellsOf(scene.footprint)]));
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
    if (recipe.before !== 'same-season') add(previous(after, sorted, cells), 'previous');
    if (recipe.before !== 'previous-quarter') {
      const season = meeting(after, sorted, cells, quarterIndex(quarter) - 4);
      add(season, 'season');
      if (season.length === 0 && recipe.before === 'same-season') add(previous(after, sorted, cells), 'previous');
    }
  }
  return [...pairs.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Scene ids hold file and masks; dates and sensors come from the register and decide results as well. */
function pairId(before: PairingScene, after: PairingScene, recipeHash: string): string {
  const side = ({ id, acquiredOn, sensor }: PairingScene) => ({ id, acquiredOn, sensor });
  return `P${contentHash({ before: side(before), after: side(after), recipe: recipeHash })}`;
}

type CellSet = ReadonlySet<number>;

function previous(
  after: PairingScene,
  scenes: readonly PairingScene[],
  cells: ReadonlyMap<string, CellSet>,
): PairingScene[] {
  const own = cells.get(after.id) ?? new Set<number>();
  const open = new Set(own);
  const found: PairingScene[] = [];
  const earlier = [...new Set(scenes.map((scene) => quarterIndex(scene.quarter)))]
    .filter((index) => index < quarterIndex(after.quarter))
    .sort((a, b) => b - a);
  let oldest = Number.NEGATIVE_INFINITY;
  for (const index of earlier) {
    if (index < oldest || open.size <= own.size * UNCOVERED_SHARE) break;
    const serving = meeting(after, scenes, cells, index).filter(
      (scene) => found.length === 0 || meets(open, cells.get(scene.id)),
    );
    if (serving.length === 0) continue;
    if (found.length === 0) oldest = index - QUARTERS_BACK + 1;
    found.push(...serving);
    for (const scene of serving) for (const cell of cells.get(scene.id) ?? []) open.delete(cell);
  }
  return found;
}

function meeting(
  after: PairingScene,
  scenes: readonly PairingScene[],
  cells: ReadonlyMap<string, CellSet>,
  index: number,
): PairingScene[] {
  const own = cells.get(after.id);
  return scenes.filter(
    (scene) => quarterIndex(scene.quarter) === index && own !== undefined && meets(own, cells.get(scene.id)),
  );
}

function meets(a: CellSet, b: CellSet | undefined): boolean {
  if (!b) return false;
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const cell of small) if (large.has(cell)) return true;
  return false;
}

/** Cells whose middle the footprint covers, as one number each; of a footprint smaller than that, those of its corners. */
function cellsOf(footprint: MultiPolygonRings): CellSet {
  const key = (i: number, j: number): number => (j + 90 * CELLS_PER_DEGREE) * 1_000_000 + i + 180 * CELLS_PER_DEGREE;
  const step = 1 / CELLS_PER_DEGREE;
  const runs = scanline(footprint, { x0: step / 2, y0: step / 2, step });
  const cells = new Set<number>();
  for (let k = 0; k + 2 < runs.length; k += 3) {
    for (let i = runs[k + 1] ?? 0; i <= (runs[k + 2] ?? -1); i++) cells.add(key(i, runs[k] ?? 0));
  }
  for (const [lon, lat] of footprint.flat(2)) {
    cells.add(key(Math.floor(lon * CELLS_PER_DEGREE), Math.floor(lat * CELLS_PER_DEGREE)));
  }
  return cells;
}
