/**
 * components: a change mask becomes its 4-connected components as pixel runs with sums of integer measures.
 * Method: two-pass run labelling with union-find (He, Chao, Suzuki 2008, "A run-based two-scan labeling algorithm").
 * In:  mask (1 = changed) of `width × height`, the core rectangle to label, the absolute position of the array's corner.
 * Out: components in the order of their first pixel (row, then col); runs in absolute pixel coordinates.
 */
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
  measures: readonly Int32Array[],
): LabelledComponent[] {
  const rows: number[] = [];
  const froms: number[] = [];
  const tos: number[] = [];
  const parent: number[] = [];
  let previousBegin = 0;
  let previousEnd = 0;
  for (let r = 0; r < core.height; r++) {
    const begin = rows.length;
    const line = (core.row + r) * width + core.col;
    let c = 0;
    while (c < core.width) {
      if (mask[line + c]! !== 1) {
        c++;
        continue;
      }
      const from = c;
      while (c < core.width && mask[line + c]! === 1) c++;
      parent.push(rows.length);
      rows.push(r);
      froms.push(from);
      tos.push(c - 1);
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
    const sums = measures.map(() => 0);
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
      for (let m = 0; m < measures.length; m++) {
        const plane = measures[m]!;
        let sum = 0;
        for (let c = from; c <= to; c++) sum += plane[line + c]!;
        sums[m] = sums[m]! + sum;
      }
    });
    found.push({ runs, pixels, sums });
  }
  return found;
}

/** Pixels of `mask` that satisfy `value`, as absolute runs of the core rectangle. */
export function runsOf(
  mask: Uint8Array,
  value: number,
  width: number,
  core: Core,
  origin: { col: number; row: number },
): Int32Array {
  const flat: number[] = [];
  for (let r = 0; r < core.height; r++) {
    const line = (core.row + r) * width + core.col;
    let c = 0;
    while (c < core.width) {
      if (mask[line + c]! !== value) {
        c++;
        continue;
      }
      const from = c;
      while (c < core.width && mask[line + c]! === value) c++;
      flat.push(origin.row + core.row + r, origin.col + core.col + from, origin.col + core.col + c - 1);
    }
  }
  return Int32Array.from(flat);
}
