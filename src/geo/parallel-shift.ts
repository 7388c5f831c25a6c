/**
 * parallel-shift: the one translation of a boundary under which an excess would vanish: the sign of a licence whose coordinates
 * are off as a whole, while the digging follows its true edges.
 * Method: the far edges of the outside part are sampled evenly; a sample whose nearest boundary point lies within an edge gives
 * one equation (normal · shift = distance). Least squares, reweighted (Cauchy) so that the short ends, where the outline crosses
 * the boundary, do not pull. One straight edge leaves the shift along itself open and can as well be a true excess: then null.
 * In: edges in a plane; `part` lies outside the polygon whose edges are `boundary`. Out: the shift, or null where the offsets
 * are not constant, only one direction is seen, or the shift is longer than `maxShift`.
 */
import type { Segments } from './distance.js';

export interface ParallelShift {
  readonly dx: number;
  readonly dy: number;
}

/** An edge of the part that keeps to the boundary this closely is the cut itself. */
const ON_BOUNDARY_M = 0.01;
/** Of the evidence, at least this share must lie across the main direction (two equal edges at 37° have it). A judgement. */
const CROSS_SHARE = 0.1;
/** Offsets may scatter by this share of the shift: a round excess has .4 and more, an outline of pixels less than .15. A judgement. */
const MOST_SCATTER = 0.25;
/** Standard deviation over median absolute deviation, normal distribution. */
const NORMAL_OVER_MAD = 1.4826;
const ROUNDS = 30;

/** One equation: `nx`·dx + `ny`·dy = `offset`. */
interface Equation {
  readonly nx: number;
  readonly ny: number;
  readonly offset: number;
}

export function parallelShift(
  part: Segments,
  boundary: Segments,
  { tolerance, maxShift }: { readonly tolerance: number; readonly maxShift: number },
): ParallelShift | null {
  const step = Math.min(5, Math.max(0.5, tolerance / 4));
  const equations = equationsOf(part, boundary, step);
  const shift = solve(equations, tolerance / 2, step, tolerance);
  if (!shift) return null;
  const length = Math.hypot(shift.dx, shift.dy);
  const scatter = NORMAL_OVER_MAD * medianResidual(equations, shift);
  return length <= maxShift && scatter <= Math.min(tolerance, MOST_SCATTER * length) ? shift : null;
}

function equationsOf(edges: Segments, boundary: Segments, step: number): Equation[] {
  const equations: Equation[] = [];
  for (let i = 0; i + 3 < edges.length; i += 4) {
    const [x0, y0] = [edges[i] as number, edges[i + 1] as number];
    const [dx, dy] = [(edges[i + 2] as number) - x0, (edges[i + 3] as number) - y0];
    const middle = nearestOffset(boundary, x0 + dx / 2, y0 + dy / 2);
    if (middle.distance <= ON_BOUNDARY_M) continue;
    const samples = Math.max(1, Math.round(Math.hypot(dx, dy) / step));
    for (let k = 0; k < samples; k++) {
      const along = (k + 0.5) / samples;
      const { foot, vx, vy, distance } = nearestOffset(boundary, x0 + along * dx, y0 + along * dy);
      if (foot === 'edge' && distance > 0) equations.push({ nx: vx / distance, ny: vy / distance, offset: distance });
    }
  }
  return equations;
}

/** From the nearest point of the edges to a point. */
function nearestOffset(
  segments: Segments,
  x: number,
  y: number,
): { foot: 'edge' | 'corner'; vx: number; vy: number; distance: number } {
  let least = Number.POSITIVE_INFINITY;
  let [vx, vy, at] = [0, 0, 0];
  for (let i = 0; i + 3 < segments.length; i += 4) {
    const x0 = segments[i] as number;
    const y0 = segments[i + 1] as number;
    const dx = (segments[i + 2] as number) - x0;
    const dy = (segments[i + 3] as number) - y0;
    const length2 = dx * dx + dy * dy;
    const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length2));
    const ex = x - x0 - along * dx;
    const ey = y - y0 - along * dy;
    const d2 = ex * ex + ey * ey;
    if (d2 < least) [least, vx, vy, at] = [d2, ex, ey, along];
  }
  return { foot: at > 0 && at < 1 ? 'edge' : 'corner', vx, vy, distance: Math.sqrt(least) };
}

function solve(equations: readonly Equation[], scale: number, step: number, leastCross: number): ParallelShift | null {
  let shift: ParallelShift | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    let [xx, xy, yy, xo, yo] = [0, 0, 0, 0, 0];
    for (const equation of equations) {
      const { nx, ny, offset } = equation;
      const residual = shift ? residualOf(equation, shift) / scale : 0;
      const weight = 1 / (1 + residual * residual);
      xx += weight * nx * nx;
      xy += weight * nx * ny;
      yy += weight * ny * ny;
      xo += weight * nx * offset;
      yo += weight * ny * offset;
    }
    const across = (xx + yy) / 2 - Math.hypot((xx - yy) / 2, xy);
    if (across * step < leastCross || across < CROSS_SHARE * (xx + yy)) return null;
    const determinant = xx * yy - xy * xy;
    shift = { dx: (yy * xo - xy * yo) / determinant, dy: (xx * yo - xy * xo) / determinant };
  }
  return shift;
}

function residualOf({ nx, ny, offset }: Equation, { dx, dy }: ParallelShift): number {
  return nx * dx + ny * dy - offset;
}

function medianResidual(equations: readonly Equation[], shift: ParallelShift): number {
  const sizes = equations.map((equation) => Math.abs(residualOf(equation, shift))).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? Number.POSITIVE_INFINITY;
}
