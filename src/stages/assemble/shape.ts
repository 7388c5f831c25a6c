/**
 * shape: the runs of a component become a polygon in the coordinates of the pair's grid.
 * The outline is the pixels' own edge (no smoothing): its area is the area of the pixels that changed.
 */
import { outlineOf } from '../../kernels/outline.js';
import type { Component } from '../../model/change.js';
import { type GeoTransform, type PolygonRings, pixelToMap } from '../../model/grid.js';

export function shapeOf(component: Component, transform: GeoTransform): PolygonRings {
  return outlineOf(component.runs).map((ring) => ring.map(([col, row]) => pixelToMap(transform, col, row)));
}

/**
 * Fills enclosed holes of up to `maxPixels` and drops components that lie in a filled hole: a pit's floor may be its old self.
 * Out: components in the same order; those absorbed are gone. Sums stay those of the changed pixels.
 */
export function fillHoles(components: readonly Component[], maxPixels: number): Component[] {
  if (maxPixels <= 0) return [...components];
  const filled = components.map((component) => ({ component, added: holeRuns(component, maxPixels) }));
  const covered = filled.flatMap(({ added }) => added);
  const byRow = new Map<number, (readonly [number, number])[]>();
  for (const [row, from, to] of covered) {
    const list = byRow.get(row);
    if (list) list.push([from, to]);
    else byRow.set(row, [[from, to]]);
  }
  return filled
    .filter(({ component }) => {
      const [row = 0, from = 0] = component.runs;
      return !(byRow.get(row) ?? []).some(([a, b]) => a <= from && from <= b);
    })
    .map(({ component, added }) => {
      if (added.length === 0) return component;
      const all: (readonly [number, number, number])[] = [...added];
      for (let i = 0; i + 2 < component.runs.length; i += 3) {
        all.push([component.runs[i] ?? 0, component.runs[i + 1] ?? 0, component.runs[i + 2] ?? 0]);
      }
      all.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      const flat: number[] = [];
      for (const [row, from, to] of all) {
        const last = flat.length - 3;
        if (last >= 0 && flat[last] === row && (flat[last + 2] ?? 0) >= from - 1) flat[last + 2] = to;
        else flat.push(row, from, to);
      }
      const pixels = component.pixels + added.reduce((sum, [, from, to]) => sum + to - from + 1, 0);
      return { ...component, runs: Int32Array.from(flat), pixels };
    });
}

/** Runs of the gaps that no 4-connected path leads out of, gap by gap, where a gap has at most `maxPixels`. */
function holeRuns(component: Component, maxPixels: number): (readonly [number, number, number])[] {
  const rings = outlineOf(component.runs).slice(1);
  const found: (readonly [number, number, number])[] = [];
  for (const ring of rings) {
    const rows = ringRows(ring);
    const pixels = rows.reduce((sum, [, from, to]) => sum + to - from + 1, 0);
    if (pixels <= maxPixels) found.push(...rows);
  }
  return found;
}

/** Pixel runs inside a rectilinear ring on pixel corners (even-odd rule along each row). */
function ringRows(ring: readonly (readonly [number, number])[]): (readonly [number, number, number])[] {
  const crossings = new Map<number, number[]>();
  for (let i = 0; i + 1 < ring.length; i++) {
    const [col, row] = ring[i] ?? [0, 0];
    const [nextCol, nextRow] = ring[i + 1] ?? [0, 0];
    if (col !== nextCol) continue;
    for (let r = Math.min(row, nextRow); r < Math.max(row, nextRow); r++) {
      const list = crossings.get(r);
      if (list) list.push(col);
      else crossings.set(r, [col]);
    }
  }
  const rows: (readonly [number, number, number])[] = [];
  for (const [row, cols] of [...crossings].sort(([a], [b]) => a - b)) {
    cols.sort((a, b) => a - b);
    for (let i = 0; i + 1 < cols.length; i += 2) rows.push([row, cols[i] ?? 0, (cols[i + 1] ?? 0) - 1]);
  }
  return rows;
}
