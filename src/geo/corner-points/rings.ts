/**
 * rings: the rings of a plot, kept and deducted, become polygons with holes. Each kept ring is a polygon; a deducted ring is a
 * hole in every kept ring that contains it, so that an island inside a hole stays. A deducted ring that crosses a kept one or
 * overlaps another deduction is handed over to be cut out; one that lies in no kept ring has no effect. What a person should look
 * at is said, above all a remark that contradicts its flag.
 * In: rings of a plot and what their numbers mean. Out: positions x, y in the frame's units, rings closed.
 */
import type { CornerFrame, CornerPoint, CornerRing } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import type { PolygonRings, Position, Ring } from '../../model/grid.js';
import { boxOf } from '../distance.js';
import { boxesMeet } from '../map-frame.js';
import { plainNumber } from './angle.js';
import { cornerPosition } from './frame.js';

export interface AssembledRings {
  readonly polygons: readonly PolygonRings[];
  /** Deducted rings that are no plain holes: to be cut out of `polygons`. */
  readonly cuts: readonly Ring[];
  /** Chinese. */
  readonly warnings: readonly string[];
}

/** Without the closing point, where the last repeats the first. */
export function openRing(points: readonly CornerPoint[]): readonly CornerPoint[] {
  const [first] = points;
  const last = points.at(-1);
  return points.length > 1 && first && last && samePlace(first, last) ? points.slice(0, -1) : points;
}

export function samePlace(a: CornerPoint, b: CornerPoint): boolean {
  return sameValue(a.first, b.first) && sameValue(a.second, b.second);
}

/** 3810331.42 and 3810331.420 are one place. */
function sameValue(a: string, b: string): boolean {
  if (a.trim() === b.trim()) return true;
  const value = plainNumber(a);
  return value !== null && value === plainNumber(b);
}

/** Faults: corners.ring (fewer than three different points, no kept ring), corners.value. */
export function assembleRings(rings: readonly CornerRing[], frame: CornerFrame): AssembledRings {
  const warnings = rings.flatMap(remarkWarning);
  const placed = rings.map((ring, i) => ({
    number: i + 1,
    deduct: ring.deduct,
    ring: closedRing(ring, i + 1, frame, warnings),
  }));
  const kept = placed.filter(({ deduct }) => !deduct);
  if (kept.length === 0) {
    throw new Fault('corners.ring', '没有保留圈：所有圈都标为扣除，请核对 (every ring is a deduction)');
  }
  const holes = new Map<number, Ring[]>();
  const cuts: Ring[] = [];
  for (const { number, deduct, ring } of placed) {
    if (!deduct) continue;
    const relations = kept.map((shell) => ({ shell: shell.number, relation: relationOf(ring, shell.ring) }));
    const inside = relations.filter(({ relation }) => relation === 'inside');
    // A kept ring inside the deduction is an island where the deduction is itself a hole, else it is taken out whole.
    const covers = inside.length === 0 && relations.some(({ relation }) => relation === 'covers');
    if (covers || relations.some(({ relation }) => relation === 'crosses')) {
      cuts.push(ring);
      warnings.push(`第 ${number} 圈（扣除）超出保留圈的范围，只扣除重叠部分，请核对`);
      continue;
    }
    if (inside.length === 0) warnings.push(`第 ${number} 圈（扣除）不在任何保留圈之内，未起作用，请核对`);
    const others = inside.flatMap(({ shell }) => holes.get(shell) ?? []);
    if (others.some((other) => relationOf(ring, other) !== 'outside')) cuts.push(ring);
    else for (const { shell } of inside) holes.set(shell, [...(holes.get(shell) ?? []), ring]);
  }
  const polygons = kept.map(({ number, ring }) => [ring, ...(holes.get(number) ?? [])]);
  for (const { number, ring } of kept) {
    const around = kept.find((other) => other.number !== number && covers(other, ring, holes.get(other.number) ?? []));
    if (around)
      warnings.push(`第 ${number} 圈（保留）完全在第 ${around.number} 圈之内，对范围没有影响，请核对是否应为扣除`);
  }
  return { polygons, cuts, warnings };
}

function covers(shell: { readonly ring: Ring }, ring: Ring, holes: readonly Ring[]): boolean {
  return relationOf(ring, shell.ring) === 'inside' && !holes.some((hole) => relationOf(ring, hole) === 'inside');
}

function remarkWarning({ remark, deduct }: CornerRing, index: number): string[] {
  if (remark === null || !/扣除|扣减|剔除|挖除/.test(remark)) return [];
  const saysDeduct = !/不[予再]?(?:扣除|扣减|剔除|挖除)/.test(remark);
  if (saysDeduct === deduct) return [];
  const flag = deduct ? '扣除，按扣除处理' : '保留，按保留处理';
  return [`第 ${index + 1} 圈的说明为“${remark}”，与标志不符：标志为${flag}，请人工核对`];
}

function closedRing({ points }: CornerRing, number: number, frame: CornerFrame, warnings: string[]): Ring {
  const ring: Position[] = [];
  let repeated = 0;
  for (const point of openRing(points)) {
    const position = cornerPosition(point, frame);
    const last = ring.at(-1);
    if (last && last[0] === position[0] && last[1] === position[1]) repeated++;
    else ring.push(position);
  }
  if (repeated > 0) warnings.push(`第 ${number} 圈有 ${repeated} 个与前一点重复的点，已略去`);
  const different = new Set(ring.map(([x, y]) => `${x},${y}`)).size;
  const [first] = ring;
  if (different < 3 || !first) {
    throw new Fault(
      'corners.ring',
      `第 ${number} 圈只有 ${different} 个不同的点，至少要 3 个 (a ring needs three different points)`,
    );
  }
  return [...ring, first];
}

type Relation = 'inside' | 'outside' | 'covers' | 'crosses';

/** Where `ring` lies to `shell`, both closed; touching counts as neither in nor out. */
function relationOf(ring: Ring, shell: Ring): Relation {
  const [box, shellBox] = [boxOf([[ring]]), boxOf([[shell]])];
  if (!boxesMeet(box, shellBox)) return 'outside';
  const near = edgesOf(shell).filter((edge) => boxesMeet(boxOf([[edge]]), box));
  if (edgesCross(edgesOf(ring), near)) return 'crosses';
  // Where no edge of the shell comes near, all of the ring lies on one side.
  const sides = (near.length === 0 ? ring.slice(0, 1) : probes(ring)).map((position) => sideOf(position, shell));
  const inside = sides.some((side) => side > 0);
  const outside = sides.some((side) => side < 0);
  if (inside && outside) return 'crosses';
  if (!outside) return 'inside';
  return probes(shell).some((position) => sideOf(position, ring) > 0) ? 'covers' : 'outside';
}

type Edge = readonly [from: Position, to: Position];

function edgesOf(ring: Ring): Edge[] {
  return ring.slice(1).map((to, i) => [ring[i] ?? to, to]);
}

/** Corners and middles of edges. */
function probes(ring: Ring): Position[] {
  return edgesOf(ring).flatMap(([from, to]) => [to, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const]);
}

/** Twice the area of the triangle, positive to the left. */
function turn(a: Position, b: Position, c: Position): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function edgesCross(edges: readonly Edge[], others: readonly Edge[]): boolean {
  return edges.some(([a, b]) =>
    others.some(([c, d]) => turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0),
  );
}

/** 1 inside, −1 outside, 0 on the edge. */
function sideOf(position: Position, ring: Ring): number {
  let inside = false;
  for (const [i, b] of ring.entries()) {
    const a = ring[i - 1];
    if (!a) continue;
    if (onEdge(position, a, b)) return 0;
    const [x, y] = position;
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside ? 1 : -1;
}

function onEdge([x, y]: Position, a: Position, b: Position): boolean {
  return (
    turn(a, b, [x, y]) === 0 &&
    x >= Math.min(a[0], b[0]) &&
    x <= Math.max(a[0], b[0]) &&
    y >= Math.min(a[1], b[1]) &&
    y <= Math.max(a[1], b[1])
  );
}
