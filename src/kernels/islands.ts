/**
 * islands: the rectangles of a block that need a close look, from cells of a coarse grid that may hold something. A cell reaches
 * `reachPx` beyond itself; rectangles that touch or overlap become one, so that nothing that hangs together is cut.
 * In: cells (1 = may hold something), row by row. Out: disjoint rectangles in the block's pixels, in order of their first cell.
 */
export interface Rectangle {
  readonly col: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function islandsOf(
  cells: Uint8Array,
  across: number,
  cellPx: number,
  reachPx: number,
  width: number,
  height: number,
): Rectangle[] {
  const boxes: Box[] = [];
  for (let at = cells.indexOf(1); at >= 0; at = cells.indexOf(1, at + 1)) {
    const [x, y] = [(at % across) * cellPx, Math.floor(at / across) * cellPx];
    absorb(boxes, {
      left: Math.max(0, x - reachPx),
      top: Math.max(0, y - reachPx),
      right: Math.min(width, x + cellPx + reachPx),
      bottom: Math.min(height, y + cellPx + reachPx),
    });
  }
  return boxes
    .sort((a, b) => a.top - b.top || a.left - b.left)
    .map(({ left, top, right, bottom }) => ({ col: left, row: top, width: right - left, height: bottom - top }));
}

/** Adds a box, taking in all that touch it, again and again. */
function absorb(boxes: Box[], box: Box): void {
  for (let i = boxes.length - 1; i >= 0; i--) {
    const other = boxes[i]!;
    if (other.left > box.right || box.left > other.right || other.top > box.bottom || box.top > other.bottom) continue;
    boxes.splice(i, 1);
    box.left = Math.min(box.left, other.left);
    box.top = Math.min(box.top, other.top);
    box.right = Math.max(box.right, other.right);
    box.bottom = Math.max(box.bottom, other.bottom);
    i = boxes.length;
  }
  boxes.push(box);
}
