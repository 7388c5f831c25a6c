/**
 * shift-field: a shift between the dates that is not the same everywhere (rotation, scale, terrain, mosaics of pieces).
 * Method: measurements on a lattice of windows; a robust affine map (iteratively reweighted, Tukey 1977) plus a grid of what it
 * leaves: at each node the mean of those measurements around it that agree with their median (Lucchese & Mitra 2000 compare such
 * local fits). The simplest of one shift, affine map and grid is taken: the next one must foretell each measurement clearly
 * better, the grid from the other windows (tapered ones, half overlapping, hardly share noise).
 * Where the measurements around a node contradict what was chosen by more than the limit, the node is refused, not guessed. A
 * node without measurements takes the smooth field; far from all of them, where no affine map holds, it is refused too.
 * In: a lattice, a measurement or null per node, the shift of the whole pair. Out: that Shift, with a field where one is needed.
 */
import type { Shift, ShiftField } from '../model/change.js';
import type { Window } from '../model/grid.js';
import { median } from './robust.js';

export interface Lattice {
  readonly col: number;
  readonly row: number;
  readonly step: number;
  readonly cols: number;
  readonly rows: number;
  /** Side of the square window around a node. */
  readonly windowPx: number;
}

export interface Vector {
  readonly x: number;
  readonly y: number;
}

/** Nodes at most: bounds what a large scene costs. */
const MOST_NODES = 289;
const SMALL_EXTENT_PX = 560;
/** Measurements from which an affine map, and a grid, is fitted at all. */
const MIN_AFFINE = 12;
const MIN_GRID = 16;
/** Distances are cut here, pixels, so that wild measurements do not decide between the choices. */
const CUT_PX = 3;
/** A richer choice must bring the distances under this share of the simpler one's, and by this many pixels. */
const BETTER_SHARE = 0.75;
const BETTER_PX = 0.06;
/** The same for the middle distance alone, with a wider margin. */
const STEP_SHARE = 0.6;
const STEP_PX = 0.12;
/** A measurement is off from this distance, pixels. */
const OFF_PX = 0.75;
/** Agreement that is always granted around a median, pixels. */
const AGREE_PX = 0.5;
const AROUND = 3;
/** Share of the windows around a node that must match after the move for a refusal to be taken back. */
const PROOF_SHARE = 0.6;
/** Rings of nodes that are searched for measurements before the affine map alone serves. */
const REACH_NODES = 4;
const UNIT = 64;

/** Nodes on absolute multiples of the step, so that they do not depend on any block; null where the extent is too small. */
export function latticeOf(extent: Window): Lattice | null {
  const shortest = Math.min(extent.width, extent.height);
  const windowPx = shortest >= SMALL_EXTENT_PX ? 128 : 64;
  if (shortest < 2 * windowPx) return null;
  for (let step = windowPx / 2; ; step += 32) {
    const col = Math.floor(extent.col / step) * step;
    const row = Math.floor(extent.row / step) * step;
    const cols = Math.ceil((extent.col + extent.width - col) / step) + 1;
    const rows = Math.ceil((extent.row + extent.height - row) / step) + 1;
    if (cols * rows <= MOST_NODES) return { col, row, step, cols, rows, windowPx };
  }
}

/** Window around a node; null where it is not whole inside the extent. */
export function nodeWindow(lattice: Lattice, node: number, extent: Window): Window | null {
  const { step, cols, windowPx } = lattice;
  const col = lattice.col + (node % cols) * step - windowPx / 2;
  const row = lattice.row + Math.floor(node / cols) * step - windowPx / 2;
  const inside =
    col >= extent.col &&
    row >= extent.row &&
    col + windowPx <= extent.col + extent.width &&
    row + windowPx <= extent.row + extent.height;
  return inside ? { col, row, width: windowPx, height: windowPx } : null;
}

type Measures = readonly (Vector | null)[];

export interface FittedShift {
  readonly shift: Shift;
  /** Whether the field is a grid, which is worth refining. */
  readonly local: boolean;
}

export function fitShiftField(
  lattice: Lattice,
  measures: Measures,
  whole: Shift,
  limitPx: number,
  extent: Window,
): FittedShift {
  const asBefore: FittedShift = { shift: whole, local: false };
  const measured = measures.flatMap((m, i) => (m ? [i] : []));
  if (measured.length < AROUND) return asBefore;
  const distances = (field: readonly Vector[]) =>
    measured.map((i) => Math.hypot(measures[i]!.x - field[i]!.x, measures[i]!.y - field[i]!.y));
  let field: readonly Vector[] = measures.map(() => ({ x: whole.x, y: whole.y }));
  let foretold = distances(field);
  let varies = false;
  let local = false;
  if (measured.length >= MIN_AFFINE) {
    const affine = affineField(lattice, measures, measured);
    const byAffine = distances(affine);
    if (whole.tiles === 0 || better(byAffine, foretold)) {
      field = affine;
      foretold = byAffine;
      varies = true;
    }
    if (measured.length >= MIN_GRID) {
      // around one level two pieces are told apart best, around the affine map what bends slowly
      for (const base of [levelField(measures, measured), affine]) {
        const byOthers = distances(gridField(lattice, measures, base, 1));
        if (!(local ? cutSize(byOthers) < cutSize(foretold) : better(byOthers, foretold))) continue;
        field = gridField(lattice, measures, base, 0);
        foretold = byOthers;
        varies = true;
        local = true;
      }
    }
  } else if (whole.tiles === 0) return asBefore;
  const refused = refusals(lattice, distancesFrom(measures, field), limitPx, local);
  if (!varies && !refused.includes(1)) return asBefore;
  return { shift: summed(lattice, measures, field, refused, extent), local };
}

/**
 * The field of `shift` mended by what was measured after BEFORE had been moved by it (image deformation as in particle image
 * velocimetry, Scarano 2002): windows that hold a bent piece of ground match only then, and what is left is the true residual.
 */
export function refineShiftField(
  lattice: Lattice,
  before: Measures,
  left: Measures,
  shift: Shift,
  limitPx: number,
  extent: Window,
): Shift {
  const { field } = shift;
  if (!field) return shift;
  const moved = field.x.map((x, i): Vector => ({ x: x / UNIT, y: field.y[i]! / UNIT }));
  const measures = left.map((m, i) => m && { x: moved[i]!.x + m.x, y: moved[i]!.y + m.y });
  const mended = gridField(lattice, measures, moved, 0);
  const off = distancesFrom(measures, mended).map((d, i) => d ?? (before[i] ? Infinity : null));
  const refused = refusals(lattice, off, limitPx, true).map((r, i) => {
    if (r === 1 || field.refused[i] === 0) return r;
    // refused before the move: only windows that match nearly everywhere around prove otherwise
    const near = around(lattice, i, 1, 0);
    return near.filter(({ node }) => (off[node] ?? Infinity) < limitPx).length < PROOF_SHARE * near.length ? 1 : 0;
  });
  return summed(lattice, measures, mended, refused, extent);
}

/** Whether `next` foretells the measurements clearly better than `now`, over all or in a part of the scene. */
function better(next: readonly number[], now: readonly number[]): boolean {
  const [a, b] = [cutSize(next), cutSize(now)];
  if (a < BETTER_SHARE * b && b - a > BETTER_PX) return true;
  // A step between two pieces is foretold badly at the step only: half of the others then fit much better.
  if (median(next) < STEP_SHARE * median(now) && median(now) - median(next) > STEP_PX) return true;
  let won = 0;
  next.forEach((v, i) => {
    const other = now[i]!;
    if (other > OFF_PX && v < other / 2) won++;
    if (v > OFF_PX && other < v / 2) won--;
  });
  return won >= Math.max(4, next.length / 25);
}

function cutSize(distances: readonly number[]): number {
  return Math.sqrt(distances.reduce((sum, d) => sum + Math.min(d, CUT_PX) ** 2, 0) / distances.length);
}

function levelField(measures: Measures, measured: readonly number[]): Vector[] {
  const level = { x: median(measured.map((i) => measures[i]!.x)), y: median(measured.map((i) => measures[i]!.y)) };
  return measures.map(() => level);
}

function affineField(lattice: Lattice, measures: Measures, measured: readonly number[]): Vector[] {
  const at = (i: number): [number, number] => [
    (i % lattice.cols) / lattice.cols - 0.5,
    Math.floor(i / lattice.cols) / lattice.rows - 0.5,
  ];
  let weights = measured.map(() => 1);
  let x: readonly number[] = [];
  let y: readonly number[] = [];
  for (let round = 0; round < 12; round++) {
    x = plane(measured, weights, at, (i) => measures[i]!.x);
    y = plane(measured, weights, at, (i) => measures[i]!.y);
    const off = measured.map((i) => {
      const [u, v] = at(i);
      return Math.hypot(measures[i]!.x - heightAt(x, u, v), measures[i]!.y - heightAt(y, u, v));
    });
    const cut = Math.max(AGREE_PX, 4.685 * 1.4826 * median(off));
    weights = off.map((d) => (d < cut ? (1 - (d / cut) ** 2) ** 2 : 0));
  }
  return measures.map((_, i) => {
    const [u, v] = at(i);
    return { x: heightAt(x, u, v), y: heightAt(y, u, v) };
  });
}

function heightAt(p: readonly number[], u: number, v: number): number {
  return p[0]! + p[1]! * u + p[2]! * v;
}

/** Weighted least squares of a plane by Cramer's rule; level where the nodes do not span one. */
function plane(
  nodes: readonly number[],
  weights: readonly number[],
  at: (node: number) => [number, number],
  value: (node: number) => number,
): readonly [number, number, number] {
  let [n, su, sv, suu, suv, svv, sz, suz, svz] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  nodes.forEach((node, k) => {
    const w = weights[k]!;
    const [u, v] = at(node);
    const z = value(node);
    n += w;
    su += w * u;
    sv += w * v;
    suu += w * u * u;
    suv += w * u * v;
    svv += w * v * v;
    sz += w * z;
    suz += w * u * z;
    svz += w * v * z;
  });
  const det = (a: number[]) =>
    a[0]! * (a[4]! * a[8]! - a[5]! * a[7]!) -
    a[1]! * (a[3]! * a[8]! - a[5]! * a[6]!) +
    a[2]! * (a[3]! * a[7]! - a[4]! * a[6]!);
  const d = det([n, su, sv, su, suu, suv, sv, suv, svv]);
  if (!(Math.abs(d) > 1e-9)) return [n > 0 ? sz / n : 0, 0, 0];
  return [
    det([sz, su, sv, suz, suu, suv, svz, suv, svv]) / d,
    det([n, sz, sv, su, suz, suv, sv, svz, svv]) / d,
    det([n, su, sz, su, suu, suz, sv, suv, svz]) / d,
  ];
}

/** `base` plus the local agreement of what it leaves; nodes nearer than `apart` steps in both directions are left out. */
function gridField(lattice: Lattice, measures: Measures, base: readonly Vector[], apart: number): Vector[] {
  return base.map((b, i) => {
    for (let ring = Math.max(1, apart); ring <= REACH_NODES; ring++) {
      const near = around(lattice, i, ring, apart).filter(({ node }) => measures[node] !== null);
      if (near.length < AROUND) continue;
      const off = near.map(({ node, weight }) => ({
        x: measures[node]!.x - base[node]!.x,
        y: measures[node]!.y - base[node]!.y,
        weight: ring === 1 ? weight : 1,
      }));
      const mean = agreed(off);
      return { x: b.x + mean.x, y: b.y + mean.y };
    }
    return b;
  });
}

function agreed(off: readonly (Vector & { readonly weight: number })[]): Vector {
  const x = median(off.map((o) => o.x));
  const y = median(off.map((o) => o.y));
  const far = off.map((o) => Math.hypot(o.x - x, o.y - y));
  const limit = Math.max(AGREE_PX, 3 * 1.4826 * median(far));
  let [sum, sx, sy] = [0, 0, 0];
  off.forEach((o, i) => {
    if (far[i]! > limit) return;
    sum += o.weight;
    sx += o.weight * o.x;
    sy += o.weight * o.y;
  });
  return sum > 0 ? { x: sx / sum, y: sy / sum } : { x, y };
}

/** Nodes up to `ring` steps away, with the weights 1 2 1 of the nearest; without those nearer than `apart` steps both ways. */
function around(lattice: Lattice, node: number, ring: number, apart: number): { node: number; weight: number }[] {
  const { cols, rows } = lattice;
  const [c, r] = [node % cols, Math.floor(node / cols)];
  const list: { node: number; weight: number }[] = [];
  for (let y = Math.max(0, r - ring); y <= Math.min(rows - 1, r + ring); y++) {
    for (let x = Math.max(0, c - ring); x <= Math.min(cols - 1, c + ring); x++) {
      const [dx, dy] = [Math.abs(x - c), Math.abs(y - r)];
      if (dx < apart && dy < apart) continue;
      list.push({ node: y * cols + x, weight: (dx === 0 ? 2 : 1) * (dy === 0 ? 2 : 1) });
    }
  }
  return list;
}

/**
 * Nodes whose surroundings contradict the field: more measurements (and windows that matched before the move and not after it:
 * Infinity) are off by over the limit than agree. A single wild one among agreeing ones is none.
 */
function refusals(lattice: Lattice, off: readonly (number | null)[], limitPx: number, local: boolean): number[] {
  return off.map((_, i) => {
    for (let ring = 1; ring <= (local ? REACH_NODES : 1); ring++) {
      const near = around(lattice, i, ring, 0).flatMap(({ node }) => (off[node] === null ? [] : [off[node]!]));
      const against = near.filter((d) => d > limitPx).length;
      if (near.length >= AROUND) return 2 * against >= near.length ? 1 : 0;
      if (local && near.length > 0 && against === near.length) return 1;
    }
    return local ? 1 : 0;
  });
}

function distancesFrom(measures: Measures, field: readonly Vector[]): (number | null)[] {
  return measures.map((m, i) => m && Math.hypot(m.x - field[i]!.x, m.y - field[i]!.y));
}

function summed(
  lattice: Lattice,
  measures: Measures,
  field: readonly Vector[],
  refused: readonly number[],
  extent: Window,
): Shift {
  const { col, row, step, cols, rows } = lattice;
  const kept = field.filter((_, i) => refused[i] === 0);
  const used = kept.length > 0 ? kept : field;
  const off = distancesFrom(measures, field);
  const all = off.filter((d) => d !== null);
  const good = off.filter((d, i): d is number => d !== null && refused[i] === 0);
  const quantised = (values: readonly number[]) => values.map((v) => Math.round(v * UNIT));
  return {
    x: Math.round(median(used.map((v) => v.x)) * UNIT) / UNIT,
    y: Math.round(median(used.map((v) => v.y)) * UNIT) / UNIT,
    residualPx: Math.round(1.4826 * median(good.length > 0 ? good : all) * 1000) / 1000,
    tiles: all.length,
    field: {
      ...{ col, row, step, cols, rows },
      x: quantised(field.map((v) => v.x)),
      y: quantised(field.map((v) => v.y)),
      refused,
    },
    refusedShare: refusedShare(lattice, refused, extent),
  };
}

/** Share of the extent's pixels whose nearest node is refused. */
function refusedShare(lattice: Lattice, refused: readonly number[], extent: Window): number {
  const { col, row, step, cols } = lattice;
  const span = (first: number, node: number, from: number, size: number) => {
    const middle = first + node * step;
    return Math.max(0, Math.min(from + size, middle + step / 2) - Math.max(from, middle - step / 2));
  };
  let pixels = 0;
  refused.forEach((r, i) => {
    if (r === 1) {
      pixels +=
        span(col, i % cols, extent.col, extent.width) * span(row, Math.floor(i / cols), extent.row, extent.height);
    }
  });
  return Math.round((pixels / (extent.width * extent.height)) * 1e4) / 1e4;
}

/** Whether the field moves every pixel alike. */
export function isLevel(field: ShiftField): boolean {
  return field.x.every((v) => v === field.x[0]) && field.y.every((v) => v === field.y[0]);
}

/** Shift of one pixel in whole 64ths; beyond the nodes the nearest edge serves. */
export function fieldAt(field: ShiftField, values: readonly number[], col: number, row: number): number {
  const { step, cols, rows } = field;
  const u = Math.max(0, Math.min((cols - 1) * step, col - field.col));
  const v = Math.max(0, Math.min((rows - 1) * step, row - field.row));
  const c = Math.min(cols - 2, Math.floor(u / step));
  const r = Math.min(rows - 2, Math.floor(v / step));
  const [fu, fv] = [u - c * step, v - r * step];
  const i = r * cols + c;
  const top = values[i]! * (step - fu) + values[i + 1]! * fu;
  const bottom = values[i + cols]! * (step - fu) + values[i + cols + 1]! * fu;
  return Math.round((top * (step - fv) + bottom * fv) / (step * step));
}

/** Whether the node nearest to a pixel is refused. */
export function refusedAt(field: ShiftField, col: number, row: number): boolean {
  const { step, cols, rows } = field;
  const c = Math.max(0, Math.min(cols - 1, Math.floor((col - field.col) / step + 0.5)));
  const r = Math.max(0, Math.min(rows - 1, Math.floor((row - field.row) / step + 0.5)));
  return field.refused[r * cols + c] === 1;
}
