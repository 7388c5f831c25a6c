/**
 * lattice: which cells of a coarse lattice hold a valid pixel. A cell is set as soon as one of its pixels is valid, so the
 * set of cells contains every valid pixel whatever the decimation.
 * In:  validity (1/0) of a window, the window's place in absolute pixels.
 * Out: the lattice, marked in place; the number of valid pixels is returned. The order of windows does not matter.
 */
export interface Lattice {
  readonly cols: number;
  readonly rows: number;
  /** Pixels of a side of a cell; the last column and row may hold fewer. */
  readonly step: number;
  /** 1 = holds a valid pixel. */
  readonly cells: Uint8Array;
}

/** At most `maxCells` cells on the longer side. */
export function makeLattice(width: number, height: number, maxCells: number): Lattice {
  const step = Math.max(1, Math.ceil(Math.max(width, height) / maxCells));
  const cols = Math.ceil(width / step);
  const rows = Math.ceil(height / step);
  return { cols, rows, step, cells: new Uint8Array(cols * rows) };
}

export function markValid(
  lattice: Lattice,
  valid: Uint8Array,
  window: { readonly col: number; readonly row: number; readonly width: number; readonly height: number },
): number {
  const { cells, cols, step } = lattice;
  let count = 0;
  for (let r = 0; r < window.height; r++) {
    const line = Math.floor((window.row + r) / step) * cols;
    const from = r * window.width;
    for (let c = 0; c < window.width; c++) {
      if (valid[from + c]! === 0) continue;
      count++;
      cells[line + Math.floor((window.col + c) / step)] = 1;
    }
  }
  return count;
}

/** Every set cell and its eight neighbours. */
export function grown(lattice: Lattice): Lattice {
  const { cols, rows, cells } = lattice;
  const wide = new Uint8Array(cells.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) {
      if (cells[r * cols + c]! === 0) continue;
      for (let y = Math.max(0, r - 1); y <= Math.min(rows - 1, r + 1); y++) {
        wide.fill(1, y * cols + Math.max(0, c - 1), y * cols + Math.min(cols - 1, c + 1) + 1);
      }
    }
  }
  return { ...lattice, cells: wide };
}

/** The lattice of cells twice as large. */
export function coarser(lattice: Lattice): Lattice {
  const cols = Math.ceil(lattice.cols / 2);
  const rows = Math.ceil(lattice.rows / 2);
  const cells = new Uint8Array(cols * rows);
  for (let r = 0; r < lattice.rows; r++) {
    for (let c = 0; c < lattice.cols; c++) {
      if (lattice.cells[r * lattice.cols + c]! === 1) cells[(r >> 1) * cols + (c >> 1)] = 1;
    }
  }
  return { cols, rows, step: lattice.step * 2, cells };
}
