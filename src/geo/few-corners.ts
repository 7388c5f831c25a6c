/**
 * few-corners: the corners that say most of a ring, for lists on paper. Method: greedy insertion of the vertex farthest from the outline so
 * far (D. H. Douglas and T. K. Peucker, 1973, by count instead of by tolerance). In: a closed ring in a plane, metres. Out: at most `most`
 * of its own vertices in their order, not closed, and how far the ring goes astray from them at most.
 */
import type { Position, Ring } from '../model/grid.js';
import { distanceToSegments } from './distance.js';

export interface FewCorners {
  /** Numbers of the vertices in the ring. */
  readonly kept: readonly number[];
  readonly astrayM: number;
}

export function fewCorners(ring: Ring, most: number): FewCorners {
  const count = Math.max(0, ring.length - 1);
  if (count <= most) return { kept: Array.from({ length: count }, (_, i) => i), astrayM: 0 };
  const kept = new Set([0, farthestFrom(ring, count, [0])]);
  for (;;) {
    const { at, astrayM } = worst(
      ring,
      count,
      [...kept].sort((a, b) => a - b),
    );
    if (kept.size >= most || astrayM < 0.01) return { kept: [...kept].sort((a, b) => a - b), astrayM };
    kept.add(at);
  }
}

const pointOf = (ring: Ring, i: number) => ring[i] as Position;

function farthestFrom(ring: Ring, count: number, [from]: readonly [number]): number {
  const [x, y] = pointOf(ring, from);
  let [at, most] = [from, -1];
  for (let i = 0; i < count; i++) {
    const distance = Math.hypot(pointOf(ring, i)[0] - x, pointOf(ring, i)[1] - y);
    if (distance > most) [at, most] = [i, distance];
  }
  return at;
}

/** The vertex farthest from the edge that now stands for it. */
function worst(ring: Ring, count: number, kept: readonly number[]): { at: number; astrayM: number } {
  let [at, astrayM] = [0, 0];
  for (const [n, from] of kept.entries()) {
    const to = kept[n + 1] ?? count;
    const edge = Float64Array.of(...pointOf(ring, from), ...pointOf(ring, to % count));
    for (let i = from + 1; i < to; i++) {
      const distance = distanceToSegments(edge, ...pointOf(ring, i));
      if (distance > astrayM) [at, astrayM] = [i, distance];
    }
  }
  return { at, astrayM };
}
