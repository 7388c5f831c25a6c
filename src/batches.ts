/**
 * batches: patches with the boundaries whose box comes within reach of theirs, in groups of neighbours, so that a child needs a
 * boundary once and not with every patch. Only boxes are looked at, and a batch is put together when its turn comes. What is in a
 * group has no part in any result.
 */
import Flatbush from 'flatbush';
import { metresPerDegree } from './geo/ellipsoid-area.js';
import { zOrder } from './geo/z-order.js';
import type { Box } from './model/grid.js';

/** Patches of a batch. A judgement: fewer cost messages, more cost memory and leave a child idle at the end. */
const BATCH = 500;
/** About a kilometre: neighbours of one cell stay in any order. */
const CELL_DEGREES = 0.01;

export interface Batch {
  /** Places among all patches. */
  readonly patches: readonly number[];
  /** Places among all boundaries, ascending: those near one of the patches. */
  readonly boundaries: readonly number[];
  /** For each of `patches`, places in `boundaries`, ascending. */
  readonly near: readonly (readonly number[])[];
}

/** Boxes as in ports/shelf. Every patch is in one batch; those without a boundary near come last. */
export function* batchesOf(
  patches: Float64Array,
  boundaries: Float64Array,
  reachM: number,
  size: number = BATCH,
): Generator<Batch> {
  const search = nearby(boundaries);
  const count = patches.length / 4;
  const orders = Float64Array.from({ length: count }, (_, place) => {
    const box = boxAt(patches, place);
    return search(box, reachM).length === 0 ? Number.POSITIVE_INFINITY : orderOf(box);
  });
  const order = Uint32Array.from({ length: count }, (_, place) => place).sort((a, b) => {
    const [first, second] = [orders[a] as number, orders[b] as number];
    return first === second ? a - b : first - second;
  });
  for (let from = 0; from < count; from += size) {
    const members = [...order.subarray(from, from + size)];
    const found = members.map((place) => (Number.isFinite(orders[place]) ? search(boxAt(patches, place), reachM) : []));
    const met = [...new Set(found.flat())].sort((a, b) => a - b);
    const places = new Map(met.map((boundary, at) => [boundary, at]));
    yield {
      patches: members,
      boundaries: met,
      near: found.map((near) => near.flatMap((boundary) => places.get(boundary) ?? [])),
    };
  }
}

/** The boundaries whose box comes within reach of a box, in their order. */
export function nearby(boundaries: Float64Array): (box: Box, reachM: number) => number[] {
  const count = boundaries.length / 4;
  if (count === 0) return () => [];
  const index = new Flatbush(count);
  for (let place = 0; place < count; place++) index.add(...boxAt(boundaries, place));
  index.finish();
  return ([minLon, minLat, maxLon, maxLat], reachM) => {
    if (!(minLon <= maxLon)) return [];
    const scale = metresPerDegree(Math.min(89, Math.max(Math.abs(minLat), Math.abs(maxLat)) + 1));
    // a little generously: only what is measured decides
    const [dLon, dLat] = [(1.01 * reachM) / scale.lon, (1.01 * reachM) / scale.lat];
    return index.search(minLon - dLon, minLat - dLat, maxLon + dLon, maxLat + dLat).sort((a, b) => a - b);
  };
}

export function boxAt(boxes: Float64Array, place: number): [number, number, number, number] {
  const at = 4 * place;
  return [boxes[at] as number, boxes[at + 1] as number, boxes[at + 2] as number, boxes[at + 3] as number];
}

function orderOf([minLon, minLat, maxLon, maxLat]: Box): number {
  const cell = (degrees: number, from: number): number => Math.floor((degrees - from) / CELL_DEGREES);
  return zOrder(cell((minLon + maxLon) / 2, -180), cell((minLat + maxLat) / 2, -90));
}
