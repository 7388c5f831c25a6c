/**
 * assemble: parts of patches found block by block become whole components; seams close exactly.
 * Method: union-find over the pixel runs of all parts (4-connected), so the result depends on the set of changed pixels only,
 * never on where blocks begin, how many there were or in which order they came.
 * In:  the parts of one lattice of pixels (one pair, or several pairs whose grids share their pixels).
 * Out: components sorted by their first pixel, each with all its runs, its pixel count and the sums of its measures.
 */
import { findRoot, unite } from '../../kernels/components.js';
import type { BlockPatch, Component } from '../../model/change.js';

interface PlacedRun {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly part: number;
}

/** Components of every strictness, widest first; [] where there are no parts. */
export function assembleLevels(parts: readonly BlockPatch[]): Component[][] {
  const levels = parts.reduce((most, { level = 0 }) => Math.max(most, level + 1), 0);
  return Array.from({ length: levels }, (_, level) =>
    assemble(parts.filter((part) => (part.level ?? 0) === level)).map((component) =>
      level === 0 ? component : { ...component, level },
    ),
  );
}

export function assemble(parts: readonly BlockPatch[]): Component[] {
  const runs: PlacedRun[] = [];
  parts.forEach((part, index) => {
    for (let i = 0; i + 2 < part.runs.length; i += 3) {
      runs.push({ row: part.runs[i] ?? 0, from: part.runs[i + 1] ?? 0, to: part.runs[i + 2] ?? 0, part: index });
    }
  });
  runs.sort((a, b) => a.row - b.row || a.from - b.from || a.to - b.to);
  const parent = Int32Array.from(parts, (_, i) => i);
  joinNeighbours(runs, parent);

  const byRoot = new Map<number, PlacedRun[]>();
  for (const run of runs) {
    const root = findRoot(parent, run.part);
    const list = byRoot.get(root);
    if (list) list.push(run);
    else byRoot.set(root, [run]);
  }
  const sums = new Map<number, number[]>();
  parts.forEach((part, index) => {
    const root = findRoot(parent, index);
    const sum = sums.get(root);
    if (sum)
      part.sums.forEach((value, m) => {
        sum[m] = (sum[m] ?? 0) + value;
      });
    else sums.set(root, [...part.sums]);
  });
  return [...byRoot].map(([root, list]) => {
    const joined = joinRuns(list);
    return { runs: joined, pixels: pixelsOf(joined), sums: sums.get(root) ?? [] };
  });
}

/** Unites parts whose runs touch: side by side in a row, or over each other in neighbouring rows. */
function joinNeighbours(runs: readonly PlacedRun[], parent: Int32Array): void {
  let above = 0;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i];
    if (!run) continue;
    const left = runs[i - 1];
    if (left && left.row === run.row && left.to >= run.from - 1) unite(parent, left.part, run.part);
    for (;;) {
      const candidate = runs[above];
      if (!candidate || candidate.row > run.row - 1 || (candidate.row === run.row - 1 && candidate.to >= run.from))
        break;
      above++;
    }
    for (let j = above; ; j++) {
      const over = runs[j];
      if (!over || over.row !== run.row - 1 || over.from > run.to) break;
      unite(parent, over.part, run.part);
    }
  }
}

/** Sorted runs with those that touch or overlap within a row made one: no seam stays. */
function joinRuns(list: readonly PlacedRun[]): Int32Array {
  const flat: number[] = [];
  for (const run of list) {
    const last = flat.length - 3;
    if (last >= 0 && flat[last] === run.row && (flat[last + 2] ?? 0) >= run.from - 1) {
      flat[last + 2] = Math.max(flat[last + 2] ?? 0, run.to);
    } else flat.push(run.row, run.from, run.to);
  }
  return Int32Array.from(flat);
}

export function pixelsOf(runs: Int32Array): number {
  let pixels = 0;
  for (let i = 0; i + 2 < runs.length; i += 3) pixels += (runs[i + 2] ?? 0) - (runs[i + 1] ?? 0) + 1;
  return pixels;
}
