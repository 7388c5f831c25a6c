/**
 * ground: which pair serves which ground, where several pairs of a quarter overlap.
 * Rule (docs/adr "which pair serves which ground"). The ground is cut into fixed cells of 1/1024 degree (EPSG:4490). In each cell the
 * pairs are ranked: first by the share of the cell that was seen (95 % and more count as all of it); then by AFTER's date, nearest
 * to the quarter's end first; then the later BEFORE; then the pair's id. A point of the ground is served by the first pair of
 * its cell's ranking that saw it, so that ground on the edge of two scenes is neither lost nor counted twice. Pairs with the season of last
 * year are ranked apart from those with the previous quarter: a place may have one of each.
 * In:  per pair its dates, ground map, seen pixels and cell counts. Out: a Coverage that answers for points and pixels.
 */
import { CELLS_PER_DEGREE, type CellCounts } from '../../kernels/cells.js';
import { type GroundMap, toGround, toPixel } from '../../kernels/ground-map.js';
import { isSeen, type SeenMap } from '../../kernels/seen-map.js';
import type { Coverage } from '../../model/coverage.js';
import type { ScenePair } from '../../model/run.js';

export interface PairGround {
  readonly pair: ScenePair;
  readonly map: GroundMap;
  readonly seen: SeenMap;
  readonly counts: CellCounts;
}

/** Cells per side of a stored tile of rankings. */
const TILE = 64;
const NO_PAIR: readonly number[] = [];

export function serveGround(grounds: readonly PairGround[], quarterEnd: string): Coverage {
  const roles = [...new Set(grounds.map(({ pair }) => pair.role))].sort();
  const rankings = roles.map((role) =>
    rankCells(
      grounds,
      inRuleOrder(grounds, quarterEnd).filter((index) => grounds[index]?.pair.role === role),
    ),
  );
  const sees = (index: number, lon: number, lat: number): boolean => {
    const ground = grounds[index];
    if (!ground) return false;
    const [x, y] = toPixel(ground.map, lon, lat);
    return isSeen(ground.seen, Math.floor(x), Math.floor(y));
  };
  return {
    pairs: grounds.map(({ pair }) => pair.id),
    owns(index, col, row) {
      const ground = grounds[index];
      if (!ground) return false;
      const point = { lon: 0, lat: 0 };
      toGround(ground.map, col + 0.5, row + 0.5, point);
      for (const other of rankings[roles.indexOf(ground.pair.role)]?.(point.lon, point.lat) ?? NO_PAIR) {
        if (other === index) return true;
        if (sees(other, point.lon, point.lat)) return false;
      }
      return true;
    },
    servedBy(lon, lat) {
      const found: number[] = [];
      for (const ranking of rankings) {
        const first = ranking(lon, lat).find((index) => sees(index, lon, lat));
        if (first !== undefined) found.push(first);
      }
      return found;
    },
  };
}

/** Positions of the pairs by everything of the rule that is the same in all cells. */
function inRuleOrder(grounds: readonly PairGround[], quarterEnd: string): number[] {
  const end = Date.parse(quarterEnd);
  const fromEnd = (pair: ScenePair): number => Math.abs(end - Date.parse(pair.afterOn));
  return grounds
    .map(({ pair }, index) => ({ pair, index }))
    .sort(
      (a, b) =>
        fromEnd(a.pair) - fromEnd(b.pair) ||
        Date.parse(b.pair.beforeOn) - Date.parse(a.pair.beforeOn) ||
        (a.pair.id < b.pair.id ? -1 : 1),
    )
    .map(({ index }) => index);
}

type Ranking = (lon: number, lat: number) => readonly number[];

/** Rankings are few and cells are many: each cell holds the number of its ranking. */
function rankCells(grounds: readonly PairGround[], members: readonly number[]): Ranking {
  const known = new Map<string, number>();
  const rankings: (readonly number[])[] = [];
  const intern = (ranking: readonly number[]): number => {
    const key = ranking.join(',');
    const at = known.get(key);
    if (at !== undefined) return at;
    known.set(key, rankings.length);
    rankings.push(ranking);
    return rankings.length - 1;
  };
  const tiles = new Map<string, Int32Array>();
  for (const [key, list] of tileMembers(grounds, members)) {
    const [tileI = 0, tileJ = 0] = key.split(',').map(Number);
    const tile = new Int32Array(TILE * TILE);
    for (let k = 0; k < tile.length; k++) {
      tile[k] = intern(rankOf(grounds, list, tileI * TILE + (k % TILE), tileJ * TILE + Math.floor(k / TILE)));
    }
    tiles.set(key, tile);
  }
  return (lon, lat) => {
    const i = Math.floor(lon * CELLS_PER_DEGREE);
    const j = Math.floor(lat * CELLS_PER_DEGREE);
    const tileI = Math.floor(i / TILE);
    const tileJ = Math.floor(j / TILE);
    const ranking = tiles.get(`${tileI},${tileJ}`)?.[(j - tileJ * TILE) * TILE + (i - tileI * TILE)];
    return ranking === undefined ? NO_PAIR : (rankings[ranking] ?? NO_PAIR);
  };
}

function tileMembers(grounds: readonly PairGround[], members: readonly number[]): Map<string, number[]> {
  const tiles = new Map<string, number[]>();
  for (const index of members) {
    const counts = grounds[index]?.counts;
    if (!counts) continue;
    for (let j = Math.floor(counts.j0 / TILE); j * TILE < counts.j0 + counts.height; j++) {
      for (let i = Math.floor(counts.i0 / TILE); i * TILE < counts.i0 + counts.width; i++) {
        const list = tiles.get(`${i},${j}`);
        if (list) list.push(index);
        else tiles.set(`${i},${j}`, [index]);
      }
    }
  }
  return tiles;
}

/** Members come in the rule's order and sorting is stable, so only the seen share is left to compare. */
function rankOf(grounds: readonly PairGround[], members: readonly number[], i: number, j: number): readonly number[] {
  const candidates: { index: number; share: number }[] = [];
  for (const index of members) {
    const counts = grounds[index]?.counts;
    if (!counts) continue;
    const [ci, cj] = [i - counts.i0, j - counts.j0];
    if (ci < 0 || cj < 0 || ci >= counts.width || cj >= counts.height) continue;
    const total = counts.total[cj * counts.width + ci] ?? 0;
    const seen = counts.seen[cj * counts.width + ci] ?? 0;
    // A cell without a pixel centre (pixels larger than cells): the pair comes last, if it saw the point at all.
    if (total === 0) candidates.push({ index, share: 0 });
    else if (seen > 0) candidates.push({ index, share: seen * 20 >= total * 19 ? 1 : seen / total });
  }
  if (candidates.length === 0) return NO_PAIR;
  return candidates.sort((a, b) => b.share - a.share).map(({ index }) => index);
}
