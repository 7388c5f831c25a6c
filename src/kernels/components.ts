/**
 * components: a change mask becomes its 4-connected components as pixel runs with sums of integer measures.
 * Method: two-pass run labelling with union-find (He, Chao, Suzuki 2008, "A run-based two-scan labeling algorithm").
 * In:  mask (1 = changed) of `width × height`, the core rectangle to label, the absolute position of the array's corner.
 * Out: components in the order of their first pixel (row, then col); runs in absolute pixel coordinates.
 */
import type { Measures } from '../model/change.js';

export const NO_MEASURES: Measures = { count: 0, add: () => undefined };

/** Measures that lie in planes, 0 where nothing changed. */
export function planeMeasures(planes: readonly Int32Array[]): Measures {
  return {
    count: planes.length,
    add: (pixel, sums) => {
      for (let m = 0; m < planes.length; m++) sums[m] = sums[m]! + planes[m]![pixel]!;
    },
  };
}

export interface LabelledComponent {
  /** row, colFrom, colTo, … absolute, sorted by row then col. */
  readonly runs: Int32Array;
  readonly pixels: number;
  readonly sums: readonly number[];
}

export interface Core {
  readonly col: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

export function findRoot(parent: Int32Array | number[], at: number): number {
  let root = at;
  while (parent[root]! !== root) root = parent[root]!;
  let walk = at;
  while (parent[walk]! !== root) {
    const up = parent[walk]!;
    parent[walk] = root;
    walk = up;
  }
  return root;
}

/** The smaller index becomes the root, so that the result does not depend on the order of unions. */
export function unite(parent: Int32Array | number[], a: number, b: number): void {
  const ra = findRoot(parent, a);
  const rb = findRoot(parent, b);
  if (ra < rb) parent[rb] = ra;
  else if (rb < ra) parent[ra] = rb;
}

export function labelComponents(
  mask: Uint8Array,
  width: number,
  core: Core,
  origin: { col: number; row: number },
  measures: Measures = NO_MEASURES,
): LabelledComponent[] {
  const rows: number[] = [];
  const froms: number[] = [];
  const tos: number[] = [];
  const parent: number[] = [];
  let previousBegin = 0;
  let previousEnd = 0;
  for (let r = 0; r < core.height; r++) {
    const begin = rows.length;
    const start = (core.row + r) * width + core.col;
    const line = mask.subarray(start, start + core.width);
    for (let from = line.indexOf(1); from >= 0; ) {
      let to = from;
      while (to + 1 < line.length && line[to + 1] === 1) to++;
      parent.push(rows.length);
      rows.push(r);
      froms.push(from);
      tos.push(to);
      from = line.indexOf(1, to + 1);
    }
    let above = previousBegin;
    for (let i = begin; i < rows.length; i++) {
      while (above < previousEnd && tos[above]! < froms[i]!) above++;
      for (let j = above; j < previousEnd && froms[j]! <= tos[i]!; j++) unite(parent, i, j);
    }
    previousBegin = begin;
    previousEnd = rows.length;
  }

  const members = new Map<number, number[]>();
  for (let i = 0; i < rows.length; i++) {
    const root = findRoot(parent, i);
    const list = members.get(root);
    if (list) list.push(i);
    else members.set(root, [i]);
  }
  const found: LabelledComponent[] = [];
  for (const list of members.values()) {
    const runs = new Int32Array(list.length * 3);
    const sums = new Array<number>(measures.count).fill(0);
    let pixels = 0;
    list.forEach((i, k) => {
      const row = rows[i]!;
      const from = froms[i]!;
      const to = tos[i]!;
      runs[k * 3] = origin.row + core.row + row;
      runs[k * 3 + 1] = origin.col + core.col + from;
      runs[k * 3 + 2] = origin.col + core.col + to;
      pixels += to - from + 1;
      const line = (core.row + row) * width + core.col;
      if (measures.count > 0) for (let c = from; c <= to; c++) measures.add(line + c, sums);
    });
    found.push({ runs, pixels, sums });
  }
  return found;
}

/** The ones of a mask of 0 and 1, as absolute runs of the core rectangle. */
export function runsOf(mask: Uint8Array, width: number, core: Core, origin: { col: number; row: number }): Int32Array {
  const flat: number[] = [];
  for (let r = 0; r < core.height; r++) {
    const start = (core.row + r) * width + core.col;
    const line = mask.subarray(start, start + core.width);
    for (let from = line.indexOf(1); from >= 0; ) {
      const end = line.indexOf(0, from);
      const to = (end < 0 ? line.length : end) - 1;
      flat.push(origin.row + core.row + r, origin.col + core.col + from, origin.col + core.col + to);
      from = end < 0 ? -1 : line.indexOf(1, end);
    }
  }
  return Int32Array.from(flat);
}
