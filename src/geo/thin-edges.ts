/**
 * thinEdges: the way back from densify: positions that only divide a straight edge of a map plane are taken out, so that what is
 * written is the corners that a person gave. A corner within 0.5 mm of the line between its neighbours (the lattice of stored
 * positions leaves 0.1 mm) cannot be told from a division and goes, too: the polygon then differs by less than that.
 * In and out: closed rings in metres.
 */
import type { MultiPolygonRings, Position, Ring } from '../model/grid.js';

const STRAIGHT_M = 0.0005;

export function thinEdges(rings: MultiPolygonRings): MultiPolygonRings {
  return rings.map((polygon) => polygon.map(thinRing));
}

function thinRing(ring: Ring): Ring {
  const open = ring.slice(0, -1);
  const start = cornerOf(open);
  const turned = [...open.slice(start), ...open.slice(0, start + 1)];
  const kept: Position[] = [];
  let from = 0;
  while (from < turned.length - 1) {
    kept.push(turned[from] as Position);
    let to = from + 1;
    while (to + 1 < turned.length && straight(turned, from, to + 1)) to++;
    from = to;
  }
  if (kept.length < 3) return ring;
  // The ring begins where it began, unless that was a division.
  const [begin] = open;
  const first = begin ? Math.max(0, kept.indexOf(begin)) : 0;
  return [...kept.slice(first), ...kept.slice(0, first), kept[first] as Position];
}

/** A position that is surely a corner: the farthest from the first. */
function cornerOf(open: Ring): number {
  const [x, y] = open[0] ?? [0, 0];
  let corner = 0;
  let farthest = -1;
  for (const [i, position] of open.entries()) {
    const distance = Math.hypot(position[0] - x, position[1] - y);
    if (distance > farthest) [corner, farthest] = [i, distance];
  }
  return corner;
}

function straight(ring: Ring, from: number, to: number): boolean {
  const [ax, ay] = ring[from] as Position;
  const [bx, by] = ring[to] as Position;
  const length = Math.hypot(bx - ax, by - ay);
  if (length === 0) return false;
  let reached = 0;
  for (let i = from + 1; i < to; i++) {
    const [x, y] = ring[i] as Position;
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length;
    const aside = Math.abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) / length;
    if (aside > STRAIGHT_M || along < reached || along > length) return false;
    reached = along;
  }
  return true;
}
