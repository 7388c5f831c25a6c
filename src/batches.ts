/**
 * batches: patches with the boundaries whose box comes within reach of theirs, in groups of neighbours, so that a child needs a
 * boundary once and not with every patch. What is in a group has no part in any result.
 */
import Flatbush from 'flatbush';
import { boxOf } from './geo/distance.js';
import { metresPerDegree } from './geo/ellipsoid-area.js';
import { zOrder } from './geo/z-order.js';
import type { Box, MultiPolygonRings } from './model/grid.js';

/** Patches of a batch. A judgement: fewer cost messages, more cost memory and leave a child idle at the end. */
const BATCH = 500;
/** About a kilometre: neighbours of one cell stay in any order. */
const CELL_DEGREES = 0.01;

export interface Batch {
  /** Places among the patches. */
  readonly patches: readonly number[];
  /** For each of them, places among the boundaries, ascending. */
  readonly near: readonly (readonly number[])[];
}

interface Shaped {
  readonly geometry: MultiPolygonRings;
}

/** Every patch is in one batch; those without a boundary near come last. */
export function batchesOf(
  patches: readonly MultiPolygonRings[],
  boundaries: readonly MultiPolygonRings[],
  reachM: number,
): Batch[] {
  const search = searchOf(boundaries);
  const found = patches.map((rings, patch) => {
    const box = boxOf(rings);
    const near = rings.length === 0 ? [] : search(box, reachM);
    return { patch, near, order: near.length === 0 ? Number.POSITIVE_INFINITY : orderOf(box) };
  });
  found.sort((a, b) => (a.order === b.order ? a.patch - b.patch : a.order - b.order));
  return Array.from({ length: Math.ceil(found.length / BATCH) }, (_, i) => {
    const members = found.slice(i * BATCH, (i + 1) * BATCH);
    return { patches: members.map(({ patch }) => patch), near: members.map(({ near }) => near) };
  });
}

/** The boundaries whose box comes within reach of the box of one of the patches, in their order. */
export function nearby<T extends Shaped>(
  boundaries: readonly T[],
): (patches: readonly Shaped[], reachM: number) => T[] {
  const search = searchOf(boundaries.map(({ geometry }) => geometry));
  return (patches, reachM) => {
    const found = new Set(patches.flatMap(({ geometry }) => search(boxOf(geometry), reachM)));
    return [...found].sort((a, b) => a - b).flatMap((place) => boundaries[place] ?? []);
  };
}

function orderOf([minLon, minLat, maxLon, maxLat]: Box): number {
  const cell = (degrees: number, from: number): number => Math.floor((degrees - from) / CELL_DEGREES);
  return zOrder(cell((minLon + maxLon) / 2, -180), cell((minLat + maxLat) / 2, -90));
}

function searchOf(boundaries: readonly MultiPolygonRings[]): (box: Box, reachM: number) => number[] {
  if (boundaries.length === 0) return () => [];
  const index = new Flatbush(boundaries.length);
  for (const rings of boundaries) index.add(...boxOf(rings));
  index.finish();
  return ([minLon, minLat, maxLon, maxLat], reachM) => {
    const scale = metresPerDegree(Math.min(89, Math.max(Math.abs(minLat), Math.abs(maxLat)) + 1));
    // a little generously: only what is measured decides
    const [dLon, dLat] = [(1.01 * reachM) / scale.lon, (1.01 * reachM) / scale.lat];
    return index.search(minLon - dLon, minLat - dLat, maxLon + dLon, maxLat + dLat).sort((a, b) => a - b);
  };
}
