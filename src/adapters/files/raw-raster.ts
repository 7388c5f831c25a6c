/** raw-raster: scratch files of plain row-major pixels that become a GeoTIFF at the end. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Fault } from '../../model/fault.js';
import type { Window } from '../../model/grid.js';

/** A folder for scratch files beside `path` (same disk), or in the system's place; the caller removes it. */
export function scratchFolder(path: string | null): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(path === null ? tmpdir() : dirname(path), '.tuban-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

function writing<T>(path: string, work: (file: number) => T): T {
  const file = openSync(path, 'w');
  try {
    return work(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(
      'files.scratch',
      `无法写入临时文件 ${path}：${why}。请检查磁盘空间 (cannot write a temporary file)`,
      { blame: 'system', cause },
    );
  } finally {
    closeSync(file);
  }
}

/** A float32 file of the whole grid in which everything outside `extent` is NaN; the extent is left for others to write. */
export function startScores(path: string, size: { width: number; height: number }, extent: Window): void {
  writing(path, (file) => {
    ftruncateSync(file, size.width * size.height * 4);
    if (extent.width === size.width && extent.height === size.height) return;
    const line = new Uint8Array(new Float32Array(size.width).fill(Number.NaN).buffer);
    for (let row = 0; row < size.height; row++) writeSync(file, line, 0, line.length, row * line.length);
  });
}

/** A uint8 file of the whole grid: 255, except 0 on the seen runs and 1 on the changed ones (row, colFrom, colTo …). */
export function writeChange(
  path: string,
  size: { width: number; height: number },
  seen: readonly Int32Array[],
  changed: readonly Int32Array[],
): void {
  const zeros = byRow(seen);
  const ones = byRow(changed);
  writing(path, (file) => {
    const line = new Uint8Array(size.width);
    for (let row = 0; row < size.height; row++) {
      line.fill(255);
      const clear = zeros.get(row) ?? [];
      for (let i = 0; i + 1 < clear.length; i += 2) line.fill(0, clear[i], (clear[i + 1] ?? 0) + 1);
      const mark = ones.get(row) ?? [];
      for (let i = 0; i + 1 < mark.length; i += 2) line.fill(1, mark[i], (mark[i + 1] ?? 0) + 1);
      writeSync(file, line, 0, line.length);
    }
  });
}

function byRow(all: readonly Int32Array[]): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (const runs of all) {
    for (let i = 0; i + 2 < runs.length; i += 3) {
      const row = runs[i] ?? 0;
      const list = rows.get(row);
      if (list) list.push(runs[i + 1] ?? 0, runs[i + 2] ?? 0);
      else rows.set(row, [runs[i + 1] ?? 0, runs[i + 2] ?? 0]);
    }
  }
  return rows;
}
