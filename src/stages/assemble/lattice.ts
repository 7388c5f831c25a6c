/**
 * lattice: components of several pairs whose grids share their pixels become one set of components.
 * Method: every pair keeps the pixels of the ground that it serves; those of one lattice are put into common pixel coordinates and
 * joined by union-find over their runs (assemble), so that a change across scenes is one patch, counted once, and equals what one
 * large scene would have given.
 * In:  judged components per pair, the coverage. Out: joined components with what each pair contributed, sorted by first pixel.
 */
import type { Component, ObjectJudgement } from '../../model/change.js';
import type { Coverage } from '../../model/coverage.js';
import type { GeoTransform, Grid } from '../../model/grid.js';
import { assemble, pixelsOf } from './assemble.js';

interface Judged {
  readonly component: Component;
  readonly judgement: ObjectJudgement;
}

export interface PairComponents {
  /** Position of the pair in the coverage. */
  readonly pair: number;
  readonly grid: Grid;
  readonly judged: readonly Judged[];
}

export interface Contribution {
  readonly pair: number;
  readonly pixels: number;
  /** The pair's own component, in its own pixels, before ownership cut it. */
  readonly component: Component;
  readonly judgement: ObjectJudgement;
}

export interface JoinedComponent {
  readonly component: Component;
  /** Largest first; of equal ones that of the earlier pair. */
  readonly from: readonly Contribution[];
}

export interface JoinedLattice {
  readonly crs: string;
  readonly transform: GeoTransform;
  readonly joined: readonly JoinedComponent[];
}

export function joinLattices(pairs: readonly PairComponents[], coverage: Coverage): JoinedLattice[] {
  const lattices: { reference: Grid; members: { pair: PairComponents; col: number; row: number }[] }[] = [];
  for (const pair of pairs) {
    const shared = lattices
      .map((lattice) => ({ lattice, offset: pixelOffset(lattice.reference, pair.grid) }))
      .find(({ offset }) => offset !== null);
    if (shared?.offset) shared.lattice.members.push({ pair, ...shared.offset });
    else lattices.push({ reference: pair.grid, members: [{ pair, col: 0, row: 0 }] });
  }
  return lattices.map(({ reference, members }) => ({
    crs: reference.crs,
    transform: reference.transform,
    joined: join(members, coverage),
  }));
}

/** Where the first pixel of `grid` lies in `reference`, whole pixels; null where the two do not share their pixels. */
export function pixelOffset(reference: Grid, grid: Grid): { col: number; row: number } | null {
  if (reference.crs !== grid.crs) return null;
  const [a, b] = [reference.transform, grid.transform];
  for (const i of [1, 2, 4, 5] as const) {
    // Over 100,000 pixels a difference below this stays under a hundredth of a pixel.
    if (Math.abs(a[i] - b[i]) > 1e-7 * Math.max(Math.abs(a[1]), Math.abs(a[2]))) return null;
  }
  const det = a[1] * a[5] - a[2] * a[4];
  const [dx, dy] = [b[0] - a[0], b[3] - a[3]];
  const col = (dx * a[5] - dy * a[2]) / det;
  const row = (dy * a[1] - dx * a[4]) / det;
  const whole = { col: Math.round(col), row: Math.round(row) };
  return Math.abs(col - whole.col) < 0.01 && Math.abs(row - whole.row) < 0.01 ? whole : null;
}

interface OwnedRun {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly pair: number;
  readonly source: Judged;
}

function join(
  members: readonly { readonly pair: PairComponents; readonly col: number; readonly row: number }[],
  coverage: Coverage,
): JoinedComponent[] {
  const runs: OwnedRun[] = members.flatMap(({ pair, col, row }) =>
    pair.judged.flatMap((source) =>
      ownedRuns(source.component, pair.pair, coverage).map(([r, from, to]) => ({
        row: r + row,
        from: from + col,
        to: to + col,
        pair: pair.pair,
        source,
      })),
    ),
  );
  // Each run is a part of its own: what ownership cut in two is two components unless another pair fills the gap.
  const components = assemble(
    runs.map(({ row, from, to }) => ({ runs: Int32Array.of(row, from, to), pixels: to - from + 1, sums: [] })),
  ).sort((a, b) => (a.runs[0] ?? 0) - (b.runs[0] ?? 0) || (a.runs[1] ?? 0) - (b.runs[1] ?? 0));
  const find = finder(components);
  const contributions = components.map(() => new Map<Judged, { pair: number; pixels: number }>());
  for (const { row, from, to, pair, source } of runs) {
    const shares = contributions[find(row, from)];
    if (!shares) continue;
    const share = shares.get(source) ?? { pair, pixels: 0 };
    share.pixels += to - from + 1;
    shares.set(source, share);
  }
  return components.map((component, i) => ({
    component: { ...component, pixels: pixelsOf(component.runs) },
    from: [...(contributions[i] ?? [])]
      .map(([source, { pair, pixels }]) => ({ pair, pixels, ...source }))
      .sort((a, b) => b.pixels - a.pixels || a.pair - b.pair),
  }));
}

/** Runs of the component's pixels that lie on ground which the pair serves. */
function ownedRuns(component: Component, pair: number, coverage: Coverage): (readonly [number, number, number])[] {
  const owned: (readonly [number, number, number])[] = [];
  for (let k = 0; k + 2 < component.runs.length; k += 3) {
    const row = component.runs[k] ?? 0;
    const last = component.runs[k + 2] ?? -1;
    let begin = -1;
    for (let col = component.runs[k + 1] ?? 0; col <= last + 1; col++) {
      const mine = col <= last && coverage.owns(pair, col, row);
      if (mine && begin < 0) begin = col;
      else if (!mine && begin >= 0) {
        owned.push([row, begin, col - 1]);
        begin = -1;
      }
    }
  }
  return owned;
}

/** Position of the component that holds a pixel. */
function finder(components: readonly Component[]): (row: number, col: number) => number {
  const byRow = new Map<number, { from: number; to: number; index: number }[]>();
  components.forEach(({ runs }, index) => {
    for (let k = 0; k + 2 < runs.length; k += 3) {
      const run = { from: runs[k + 1] ?? 0, to: runs[k + 2] ?? 0, index };
      const list = byRow.get(runs[k] ?? 0);
      if (list) list.push(run);
      else byRow.set(runs[k] ?? 0, [run]);
    }
  });
  for (const list of byRow.values()) list.sort((a, b) => a.from - b.from);
  return (row, col) => {
    const list = byRow.get(row) ?? [];
    let low = 0;
    let high = list.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.to ?? 0) < col) low = middle + 1;
      else high = middle;
    }
    return list[low]?.index ?? -1;
  };
}
