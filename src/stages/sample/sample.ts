/**
 * sample: a simple random sample without replacement, the same for the same seed and members whatever their order.
 *   drawIds      of named members: those whose hash with the seed is lowest
 *   groundCells  seen ground without a patch, as cells of a fixed lon/lat lattice (1/512 degree, about 4 ha: what one visit can look over)
 *   drawCells    of such cells
 * In:  a seed, members or a Coverage with the boxes to look in, and the boxes of what was found. Out: what was drawn, with the stratum's size.
 */
import Flatbush from 'flatbush';
import type { Coverage } from '../../model/coverage.js';
import type { Box, MultiPolygonRings } from '../../model/grid.js';
import { contentHash } from '../../model/id.js';

/** A power of two of a degree: corners are exact. */
const CELLS_PER_DEGREE = 512;

export interface GroundCell {
  /** Column east of the meridian of Greenwich, row north of the equator. */
  readonly col: number;
  readonly row: number;
}

/** Lowest hash first; `count` at most. */
export function drawIds(seed: string, ids: readonly string[], count: number): string[] {
  return [...new Set(ids)]
    .map((id) => ({ id, hash: contentHash({ seed, id }) }))
    .sort((a, b) => (a.hash + a.id < b.hash + b.id ? -1 : 1))
    .slice(0, count)
    .map(({ id }) => id);
}

/** Cells whose middle was seen and that no box of a patch touches, by row, then column. */
export function groundCells(coverage: Coverage, within: readonly Box[], patches: readonly Box[]): GroundCell[] {
  const touches = indexOf(patches);
  const rows = new Map<number, Set<number>>();
  for (const box of within) {
    const [left, bottom, right, top] = box.map((v) => Math.floor(v * CELLS_PER_DEGREE)) as [
      number,
      number,
      number,
      number,
    ];
    for (let row = bottom; row <= top; row++) {
      const cols = rows.get(row) ?? new Set<number>();
      rows.set(row, cols);
      for (let col = left; col <= right; col++) {
        if (cols.has(col)) continue;
        const [lon, lat] = [(col + 0.5) / CELLS_PER_DEGREE, (row + 0.5) / CELLS_PER_DEGREE];
        if (coverage.servedBy(lon, lat).length > 0 && !touches(cellBox({ col, row }))) cols.add(col);
      }
    }
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .flatMap(([row, cols]) => [...cols].sort((a, b) => a - b).map((col) => ({ col, row })));
}

function indexOf(boxes: readonly Box[]): (box: Box) => boolean {
  if (boxes.length === 0) return () => false;
  const index = new Flatbush(boxes.length);
  for (const box of boxes) index.add(...box);
  index.finish();
  return (box) => index.search(...box).length > 0;
}

/** Floyd's algorithm (Bentley 1987, "Programming Pearls: a sample of brilliance"): `count` different places of the list, in its order. */
export function drawCells(seed: string, cells: readonly GroundCell[], count: number): GroundCell[] {
  const chosen = new Set<number>();
  for (let upper = Math.max(0, cells.length - count); upper < cells.length; upper++) {
    const place = Number(BigInt(`0x${contentHash({ seed, upper })}`) % BigInt(upper + 1));
    chosen.add(chosen.has(place) ? upper : place);
  }
  return [...chosen].sort((a, b) => a - b).flatMap((place) => cells[place] ?? []);
}

export function cellBox({ col, row }: GroundCell): Box {
  return [col / CELLS_PER_DEGREE, row / CELLS_PER_DEGREE, (col + 1) / CELLS_PER_DEGREE, (row + 1) / CELLS_PER_DEGREE];
}

export function cellOutline(cell: GroundCell): MultiPolygonRings {
  const [west, south, east, north] = cellBox(cell);
  return [
    [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  ];
}
