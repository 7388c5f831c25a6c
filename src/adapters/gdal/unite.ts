/**
 * unite: polygons that touch or lie within `snapM` of each other are one. The groups and their geometry depend on the set of
 * polygons only: members are taken in the order of their content, not of the call. A polygon without neighbour stays bit for bit.
 */
import Flatbush from 'flatbush';
import type gdal from 'gdal-async';
import { type LocalPlane, localPlane } from '../../geo/crs.js';
import { boxOf } from '../../geo/distance.js';
import { toWkb } from '../../geo/wkb.js';
import type { Box, MultiPolygonRings } from '../../model/grid.js';
import type { WorkCatalogue } from '../../model/work.js';
import { combine, fromGeometry } from './geometry.js';
import { PlanarCache } from './planar-cache.js';
import { reachBox } from './reach-box.js';

export function unite(input: WorkCatalogue['unite']['input']): WorkCatalogue['unite']['output'] {
  const { polygons, snapM } = input;
  if (polygons.length === 0) return { parts: [], geometry: [] };
  const boxes = polygons.map(boxOf);
  const cache = new PlanarCache(polygons);
  const groups = grouped(polygons.length, neighbours(boxes, snapM, cache));
  return { parts: groups, geometry: groups.map((group) => unionOf(group, polygons, boxes, cache)) };
}

function neighbours(boxes: readonly Box[], snapM: number, cache: PlanarCache): [number, number][] {
  const index = new Flatbush(boxes.length);
  for (const box of boxes) index.add(...box);
  index.finish();
  const pairs: [number, number][] = [];
  boxes.forEach((box, a) => {
    for (const b of index.search(...reachBox(box, snapM))) {
      if (b <= a) continue;
      const plane = planeOfBoxes([box, boxes[b] ?? box]);
      if (cache.get(a, plane).geometry.distance(cache.get(b, plane).geometry) <= snapM) pairs.push([a, b]);
    }
  });
  return pairs;
}

function planeOfBoxes(boxes: readonly Box[]): LocalPlane {
  const minX = Math.min(...boxes.map((box) => box[0]));
  const maxX = Math.max(...boxes.map((box) => box[2]));
  return localPlane((minX + maxX) / 2);
}

function grouped(count: number, pairs: readonly [number, number][]): number[][] {
  const parent = Array.from({ length: count }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] as number;
    return at;
  };
  for (const [a, b] of pairs) {
    const [ra, rb] = [root(a), root(b)];
    parent[Math.max(ra, rb)] = Math.min(ra, rb);
  }
  const groups = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const group = groups.get(root(i));
    if (group) group.push(i);
    else groups.set(root(i), [i]);
  }
  return [...groups.values()];
}

function unionOf(
  group: readonly number[],
  polygons: readonly MultiPolygonRings[],
  boxes: readonly Box[],
  cache: PlanarCache,
): MultiPolygonRings {
  const [only, second] = group;
  if (only !== undefined && second === undefined) return polygons[only] ?? [];
  const plane = planeOfBoxes(group.map((i) => boxes[i] as Box));
  const members = group
    .map((i) => ({ key: Buffer.from(toWkb(polygons[i] ?? [])), geometry: cache.get(i, plane).geometry }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  let layer: gdal.Geometry[] = members.map(({ geometry }) => geometry);
  // In pairs of pairs: the union of n polygons costs n·log n instead of n².
  while (layer.length > 1) {
    layer = layer.flatMap((geometry, i) => {
      const next = layer[i + 1];
      if (i % 2 === 1) return [];
      return [next ? combine('union', geometry, next) : geometry];
    });
  }
  return plane.toLonLat(fromGeometry(layer[0] ?? null));
}
