/**
 * cells: least and greatest value of every band, and the number of valid pixels, of each square of 16 pixels of a raster, kept beside it
 * (FILE.cells.tif). They say what may be ruled out without decoding (kernels cell-bound, cell-need). A file that is not the one they were
 * made from is told by its size and its first and last bytes; then they are as if they were not there.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import gdal from 'gdal-async';
import type { CellRanges } from '../../kernels/cell-bound.js';
import { openRaster } from './open.js';

export const CELL_PX = 16;
const VERSION = '1';
const END_BYTES = 65536;

export interface FileCells extends CellRanges {
  readonly cols: number;
  readonly rows: number;
  /** Pixels of the cell that are valid in every band of the file. */
  readonly valid: Float32Array;
}

function cellsPath(path: string): string {
  return `${path}.cells.tif`;
}

/** Reads the raster once, row of cells by row of cells. */
export function writeCells(path: string): void {
  const dataset = openRaster(path);
  const { x: width, y: height } = dataset.rasterSize;
  const bands = dataset.bands.map((band) => band);
  const declared = bands.some((band) => band.noDataValue !== null);
  const [cols, rows] = [Math.ceil(width / CELL_PX), Math.ceil(height / CELL_PX)];
  const partial = `${cellsPath(path)}.part`;
  const small = bands.every((band) => band.dataType === 'Byte' || band.dataType === 'UInt16');
  const options = ['TILED=YES', 'COMPRESS=DEFLATE', `PREDICTOR=${small ? 2 : 3}`, 'BIGTIFF=IF_SAFER'];
  const type = small ? gdal.GDT_UInt16 : gdal.GDT_Float32;
  const out = gdal.open(partial, 'w', 'GTiff', cols, rows, 2 * bands.length + 1, type, options);
  try {
    const pixels = new Float32Array(width * CELL_PX);
    for (let row = 0; row < rows; row++) {
      const tall = Math.min(CELL_PX, height - row * CELL_PX);
      const valid = new Uint8Array(width * tall).fill(1);
      bands.forEach((band, b) => {
        const plane = pixels.subarray(0, width * tall);
        band.pixels.read(0, row * CELL_PX, width, tall, plane);
        const none = band.noDataValue === null ? null : Math.fround(band.noDataValue);
        const low = new Float32Array(cols).fill(Number.POSITIVE_INFINITY);
        const high = new Float32Array(cols).fill(Number.NEGATIVE_INFINITY);
        for (let i = 0; i < plane.length; i++) {
          const value = plane[i] as number;
          // without a declared value a zero may be the fill of a border
          const missing = value === none || !Number.isFinite(value) || (!declared && value === 0);
          if (missing) {
            valid[i] = 0;
            continue;
          }
          const cell = Math.floor((i % width) / CELL_PX);
          if (value < (low[cell] as number)) low[cell] = value;
          if (value > (high[cell] as number)) high[cell] = value;
        }
        const empty = (plane: Float32Array) => plane.map((value) => (Number.isFinite(value) ? value : 0));
        out.bands.get(2 * b + 1).pixels.write(0, row, cols, 1, empty(low));
        out.bands.get(2 * b + 2).pixels.write(0, row, cols, 1, empty(high));
      });
      const count = new Float32Array(cols);
      for (let i = 0; i < valid.length; i++) {
        const cell = Math.floor((i % width) / CELL_PX);
        count[cell] = (count[cell] as number) + (valid[i] as number);
      }
      out.bands.get(2 * bands.length + 1).pixels.write(0, row, cols, 1, count);
    }
    out.setMetadata({ TUBAN_CELLS: VERSION, TUBAN_CELL_PX: String(CELL_PX), TUBAN_OF: stampOf(path) });
    out.close();
    renameSync(partial, cellsPath(path));
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Whether the file has cells that were made from it as it is now. */
export function cellsAreOf(path: string): boolean {
  return readCells(path, []) !== null;
}

/** Of the named bands; null where there are none, or they belong to another state of the file. */
export function readCells(path: string, indices: readonly number[]): FileCells | null {
  if (path.startsWith('/vsi') || !existsSync(cellsPath(path))) return null;
  const dataset = opened(cellsPath(path));
  if (dataset === null) return null;
  const said = dataset.getMetadata() as Record<string, string>;
  const fits =
    said.TUBAN_CELLS === VERSION && said.TUBAN_CELL_PX === String(CELL_PX) && said.TUBAN_OF === stampOf(path);
  if (!fits) return null;
  const { x: cols, y: rows } = dataset.rasterSize;
  const plane = (band: number) =>
    dataset.bands.get(band).pixels.read(0, 0, cols, rows, new Float32Array(cols * rows)) as Float32Array;
  return {
    cols,
    rows,
    low: indices.map((index) => plane(2 * index - 1)),
    high: indices.map((index) => plane(2 * index)),
    valid: plane(dataset.bands.count()),
  };
}

/** What was left behind by a crash is as if it were not there. */
function opened(path: string): gdal.Dataset | null {
  try {
    return openRaster(path);
  } catch {
    return null;
  }
}

function stampOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const hash = createHash('sha256').update(String(size));
    for (const at of [0, Math.max(0, size - END_BYTES)]) {
      const bytes = new Uint8Array(Math.min(END_BYTES, size));
      readSync(file, bytes, 0, bytes.length, at);
      hash.update(bytes);
    }
    return hash.digest('hex').slice(0, 32);
  } finally {
    closeSync(file);
  }
}
