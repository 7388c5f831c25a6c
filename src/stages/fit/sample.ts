/**
 * sample: which part of a pair everything global is fitted on. All of it while it is small; else windows of 256 × 256 pixels
 * spread over the extent along a Z-order curve. The choice depends on the extent and a seed only, never on block size or jobs.
 */
import { zOrder } from '../../geo/z-order.js';
import type { Window } from '../../model/grid.js';
import { contentHash } from '../../model/id.js';

export const SAMPLE_TILE_PX = 256;
/** Samples (pixels × bands) of one date up to which all of it is taken, and that are taken of more. */
const WHOLE = 14e6;
const BUDGET = 6.3e6;

export function sampleWindows(extent: Window, bands: number, seed: string): Window[] {
  if (extent.width * extent.height * Math.max(1, bands) <= WHOLE) return [extent];
  const budgetPx = BUDGET / Math.max(1, bands);
  const cols = Math.ceil(extent.width / SAMPLE_TILE_PX);
  const rows = Math.ceil(extent.height / SAMPLE_TILE_PX);
  const tiles = Array.from({ length: cols * rows }, (_, i) => ({ col: i % cols, row: Math.floor(i / cols) }));
  tiles.sort((a, b) => zOrder(a.col, a.row) - zOrder(b.col, b.row));
  const wanted = Math.max(1, Math.min(tiles.length, Math.floor(budgetPx / SAMPLE_TILE_PX ** 2)));
  const stride = tiles.length / wanted;
  const phase = Number.parseInt(contentHash({ seed, extent }, 8), 16) / 0x1_0000_0000;
  return Array.from({ length: wanted }, (_, i) => tiles[Math.floor((i + phase) * stride)]).flatMap((tile) => {
    if (!tile) return [];
    const col = extent.col + tile.col * SAMPLE_TILE_PX;
    const row = extent.row + tile.row * SAMPLE_TILE_PX;
    const width = Math.min(SAMPLE_TILE_PX, extent.col + extent.width - col);
    const height = Math.min(SAMPLE_TILE_PX, extent.row + extent.height - row);
    return [{ col, row, width, height }];
  });
}
