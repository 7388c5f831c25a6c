/**
 * cloud-shadow: where the shadows of one date's clouds lie. All clouds of a picture cast them in one direction and, nearly, to one
 * distance (Zhu & Woodcock 2012 match each cloud by the sun's angles, which are not known here): the displacement that brings most
 * of the cloud upon dark ground, over all clouds of the sample, on cells of some pixels.
 * In: pairs and their clouds. Out: a displacement in pixels, null where none stands out.
 */
import type { AlignedPair } from '../model/change.js';
import { boxSum } from './box.js';
import { type Bands, type CastShadow, type DateQuality, markDark, type Side } from './quality-marks.js';

const CELL_PX = 4;
/** Farther shadows are not looked for: blocks would need too much context. */
const REACH_CELLS = 24;
const NEAREST_CELLS = 2;
const FEWEST_CELLS = 40;
/** Dark share under the clouds' projection: over the share of dark ground elsewhere by this much, and this many times. */
const MORE_DARK = 0.15;
const TIMES_DARKER = 1.6;
const SLACK_SHARE = 0.25;
const LEAST_SLACK_PX = 6;

interface Cells {
  readonly cols: number;
  readonly rows: number;
  /** Cells that are mostly cloud. */
  readonly cloud: readonly number[];
  readonly isCloud: Uint8Array;
  /** Sixteenths of a cell that are dark. */
  readonly dark: Uint8Array;
  readonly seen: Uint8Array;
}

export function shadowOffset(
  sample: readonly AlignedPair[],
  clouds: readonly (Uint8Array | null)[],
  numbers: Bands & Readonly<Record<Side, DateQuality>>,
  date: Side,
): CastShadow | null {
  const tiles = sample.flatMap((pair, t) => {
    const cloud = clouds[t];
    if (!cloud) return [];
    const dark = new Uint8Array(pair.seen.length);
    markDark(pair, numbers, numbers[date], date, dark);
    return [cellsOf(pair, cloud, dark)];
  });
  if (tiles.reduce((sum, tile) => sum + tile.cloud.length, 0) < FEWEST_CELLS) return null;
  const base = darkShare(tiles);
  let best = { x: 0, y: 0, share: 0 };
  for (let y = -REACH_CELLS; y <= REACH_CELLS; y++) {
    for (let x = -REACH_CELLS; x <= REACH_CELLS; x++) {
      if (Math.max(Math.abs(x), Math.abs(y)) < NEAREST_CELLS) continue;
      const share = shareUnder(tiles, x, y);
      if (share > best.share) best = { x, y, share };
    }
  }
  if (best.share < base + MORE_DARK || best.share < TIMES_DARKER * base) return null;
  const distance = CELL_PX * Math.hypot(best.x, best.y);
  const slack = Math.max(LEAST_SLACK_PX, Math.round(SLACK_SHARE * distance));
  return { x: CELL_PX * best.x, y: CELL_PX * best.y, slack };
}

function cellsOf(pair: AlignedPair, cloud: Uint8Array, marked: Uint8Array): Cells {
  const cols = Math.floor(pair.width / CELL_PX);
  const rows = Math.floor(pair.height / CELL_PX);
  const area = CELL_PX * CELL_PX;
  const [covered, dark, seen] = [0, 1, 2].map(() => new Uint8Array(cols * rows)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  for (let row = 0; row < rows * CELL_PX; row++) {
    for (let col = 0; col < cols * CELL_PX; col++) {
      const i = row * pair.width + col;
      const cell = Math.floor(row / CELL_PX) * cols + Math.floor(col / CELL_PX);
      covered[cell]! += cloud[i]!;
      seen[cell]! += pair.seen[i]!;
      if (marked[i] !== 0) dark[cell]!++;
    }
  }
  const isCloud = covered.map((c) => (2 * c > area ? 1 : 0));
  const list: number[] = [];
  isCloud.forEach((c, i) => {
    if (c === 1) list.push(i);
  });
  return { cols, rows, cloud: list, isCloud, dark, seen: seen.map((s) => (2 * s > area ? 1 : 0)) };
}

function darkShare(tiles: readonly Cells[]): number {
  let [dark, all] = [0, 0];
  for (const tile of tiles) {
    for (let i = 0; i < tile.dark.length; i++) {
      if (tile.isCloud[i] === 1 || tile.seen[i] === 0) continue;
      dark += tile.dark[i]!;
      all += CELL_PX * CELL_PX;
    }
  }
  return all > 0 ? dark / all : 0;
}

/** Dark share of what lies under the clouds moved by (x, y) cells; 0 where too little of it can be seen. */
function shareUnder(tiles: readonly Cells[], x: number, y: number): number {
  let [dark, all, clouds] = [0, 0, 0];
  for (const { cols, rows, cloud, isCloud, dark: shade, seen } of tiles) {
    clouds += cloud.length;
    for (const i of cloud) {
      const col = (i % cols) + x;
      const row = Math.floor(i / cols) + y;
      if (col < 0 || row < 0 || col >= cols || row >= rows) continue;
      const at = row * cols + col;
      if (isCloud[at] === 1 || seen[at] === 0) continue;
      dark += shade[at]!;
      all++;
    }
  }
  return all > 0 && 5 * all >= clouds ? dark / (all * CELL_PX * CELL_PX) : 0;
}

/** Larger than 0 where a cloud's shadow may lie. */
export function castShadow(clouds: Uint8Array, width: number, height: number, { x, y, slack }: CastShadow): Int32Array {
  const cast = new Int32Array(clouds.length);
  for (let row = Math.max(0, y); row < Math.min(height, height + y); row++) {
    for (let col = Math.max(0, x); col < Math.min(width, width + x); col++) {
      cast[row * width + col] = clouds[(row - y) * width + col - x]!;
    }
  }
  boxSum(cast, width, height, slack, new Int32Array(cast.length));
  return cast;
}
