/** shelves: lists that are in memory anyway as shelves, and boxes put side by side. */
import { boxOf } from './geo/distance.js';
import type { Box, MultiPolygonRings } from './model/grid.js';
import type { Shelf } from './ports/shelf.js';

export function shelfOf<T extends { readonly geometry: MultiPolygonRings }>(things: readonly T[]): Shelf<T> {
  return {
    boxes: flatBoxes(things.map(({ geometry }) => boxOf(geometry))),
    take: async (places) => places.flatMap((place) => things[place] ?? []),
  };
}

export function flatBoxes(boxes: readonly Box[]): Float64Array {
  const flat = new Float64Array(4 * boxes.length);
  for (const [i, box] of boxes.entries()) flat.set(box, 4 * i);
  return flat;
}
