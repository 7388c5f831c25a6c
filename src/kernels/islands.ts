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
  const found: Rectangle[] = [];
  for (let at = cells.indexOf(1); at >= 0; at = cells.indexOf(1, at + 1)) {
    const cell = { col: (at % across) * cellPx, row: Math.floor(at / across) * cellPx, width: cellPx, height: cellPx };
    found.push(widened(cell, reachPx, width, height));
  }
  return disjoint(found);
}

/** Rectangles that touch or overlap become their common one, again and again. */
export function disjoint(rectangles: readonly Rectangle[]): Rectangle[] {
  const boxes: Box[] = [];
  for (const { col, row, width, height } of rectangles)
    absorb(boxes, { left: col, top: row, right: col + width, bottom: row + height });
  return boxes
    .sort((a, b) => a.top - b.top || a.left - b.left)
    .map(({ left, top, right, bottom }) => ({ col: left, row: top, width: right - left, height: bottom - top }));
}

/** The rectangle with so much around it, cut at an array of that size. */
export function widened(piece: Rectangle, by: number, width: number, height: number): Rectangle {
  const col = Math.max(0, piece.col - by);
  const row = Math.max(0, piece.row - by);
  return {
    col,
    row,
    width: Math.min(width, piece.col + piece.width + by) - col,
    height: Math.min(height, piece.row + piece.height + by) - row,
  };
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
