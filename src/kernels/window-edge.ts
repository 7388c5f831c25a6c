/** window-edge: windows in one another, and objects (runs: row, first col, last col …) that end where their window does. */
import type { Window } from '../model/grid.js';

export function contains(outer: Window, inner: Window): boolean {
  return (
    inner.col >= outer.col &&
    inner.row >= outer.row &&
    inner.col + inner.width <= outer.col + outer.width &&
    inner.row + inner.height <= outer.row + outer.height
  );
}

/** Whether an object of the window ends at an edge of it that is no edge of the extent: it may go on beyond. */
export function reachesEdge(runs: Int32Array, window: Window, extent: Window): boolean {
  const right = window.col + window.width - 1;
  const bottom = window.row + window.height - 1;
  if (runs[0] === window.row && window.row > extent.row) return true;
  if (runs[runs.length - 3] === bottom && bottom < extent.row + extent.height - 1) return true;
  for (let i = 0; i + 2 < runs.length; i += 3) {
    if (runs[i + 1] === window.col && window.col > extent.col) return true;
    if (runs[i + 2] === right && right < extent.col + extent.width - 1) return true;
  }
  return false;
}
