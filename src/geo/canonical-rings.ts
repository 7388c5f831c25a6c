/**
 * canonicalRings: one way to write down a polygon, whichever way its file turned its rings and wherever it began them: outer
 * rings counter-clockwise, holes clockwise, each from its smallest position, holes and parts sorted. Formats differ in
 * all of this; what is stored, hashed and measured must not.
 */
import type { MultiPolygonRings, PolygonRings, Position, Ring } from '../model/grid.js';

export function canonicalRings(rings: MultiPolygonRings): MultiPolygonRings {
  return rings.map(canonicalPolygon).sort((a, b) => compareRings(a[0] ?? [], b[0] ?? []));
}

function canonicalPolygon([outer, ...holes]: PolygonRings): PolygonRings {
  if (!outer) return [];
  return [canonicalRing(outer, true), ...holes.map((hole) => canonicalRing(hole, false)).sort(compareRings)];
}

function canonicalRing(ring: Ring, counterClockwise: boolean): Ring {
  const open = ring.slice(0, -1);
  if (open.length === 0) return ring;
  const turned = twiceArea(ring) > 0 === counterClockwise ? open : open.toReversed();
  let start = 0;
  for (let i = 1; i < turned.length; i++) {
    if (comparePositions(turned[i] as Position, turned[start] as Position) < 0) start = i;
  }
  const begun = [...turned.slice(start), ...turned.slice(0, start)];
  return [...begun, begun[0] as Position];
}

function twiceArea(ring: Ring): number {
  const [x0, y0] = ring[0] ?? [0, 0];
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1] as Position;
    const [bx, by] = ring[i] as Position;
    twice += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return twice;
}

function comparePositions(a: Position, b: Position): number {
  return a[0] - b[0] || a[1] - b[1];
}

function compareRings(a: Ring, b: Ring): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = comparePositions(a[i] as Position, b[i] as Position);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
