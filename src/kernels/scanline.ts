/**
 * scanline: which points of a regular lattice lie inside a polygon, row by row.
 * Method: even-odd crossing of each row's centre line with half-open edges (Foley, van Dam et al. 1990, 3.6), so that a point on a
 * shared edge belongs to exactly one of two neighbours and holes need no special case.
 * In:  rings of all parts of one multipolygon; the lattice: point (i, j) lies at (x0 + i·step, y0 + j·step).
 * Out: flattened runs j, iFrom, iTo (inclusive), sorted by j, then i.
 */
import type { MultiPolygonRings } from '../model/grid.js';

export interface Lattice {
  readonly x0: number;
  readonly y0: number;
  readonly step: number;
}

export function scanline(polygon: MultiPolygonRings, lattice: Lattice): Int32Array {
  const { x0, y0, step } = lattice;
  const crossings = new Map<number, number[]>();
  for (const rings of polygon) {
    for (const ring of rings) {
      for (let k = 0; k + 1 < ring.length; k++) {
        const a = ring[k]!;
        const b = ring[k + 1]!;
        if (a[1] === b[1]) continue;
        // Always from the lower to the upper end: the crossing of a shared edge is the same number for both neighbours.
        const [low, high] = a[1] < b[1] ? [a, b] : [b, a];
        const first = Math.ceil((low[1] - y0) / step);
        const slope = (high[0] - low[0]) / (high[1] - low[1]);
        for (let j = first; y0 + j * step < high[1]; j++) {
          const y = y0 + j * step;
          if (y < low[1]) continue;
          const list = crossings.get(j);
          const x = low[0] + (y - low[1]) * slope;
          if (list) list.push(x);
          else crossings.set(j, [x]);
        }
      }
    }
  }
  const flat: number[] = [];
  for (const [j, xs] of [...crossings].sort(([a], [b]) => a - b)) {
    xs.sort((a, b) => a - b);
    for (let k = 0; k + 1 < xs.length; k += 2) {
      const from = Math.ceil((xs[k]! - x0) / step);
      const to = Math.ceil((xs[k + 1]! - x0) / step) - 1;
      if (to >= from) flat.push(j, from, to);
    }
  }
  return Int32Array.from(flat);
}
