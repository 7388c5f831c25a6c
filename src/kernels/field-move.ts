/**
 * field-move: BEFORE moved by a shift that varies over the scene. Each pixel's displacement, in whole 64ths of a pixel, comes from
 * its absolute place, so that its value does not depend on the window asked for.
 * In: a field and a window of AFTER's grid. Out: which windows of BEFORE must be read, then their pixels moved onto the window.
 */
import type { ShiftField } from '../model/change.js';
import type { Window } from '../model/grid.js';
import { moveBandBy, weightTable } from './resample.js';
import { fieldAt, refusedAt } from './shift-field.js';

const UNIT = 64;

interface Axis {
  /** Displacement of each pixel, whole 64ths. */
  readonly shift: Int32Array;
  /** Whole pixels and the rest of one, by the phase of the displacement. */
  readonly wholes: readonly number[];
  readonly parts: readonly number[];
  readonly least: number;
  readonly most: number;
}

export interface FieldMove {
  readonly window: Window;
  readonly x: Axis;
  readonly y: Axis;
  /** What of BEFORE's pixels must be read. */
  readonly bandWindow: Window;
}

/** `offset` = BEFORE's pixel that lies on AFTER's pixel (0, 0). */
export function planMove(
  window: Window,
  field: ShiftField,
  offset: { readonly x: number; readonly y: number },
): FieldMove {
  const x = axis(displacements(window, field, field.x), offset.x);
  const y = axis(displacements(window, field, field.y), offset.y);
  const bandWindow = {
    col: window.col + x.least - 1,
    row: window.row + y.least - 1,
    width: window.width + x.most - x.least + 3,
    height: window.height + y.most - y.least + 3,
  };
  return { window, x, y, bandWindow };
}

function displacements(window: Window, field: ShiftField, values: readonly number[]): Int32Array {
  const { width, height } = window;
  const out = new Int32Array(width * height);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) out[r * width + c] = fieldAt(field, values, window.col + c, window.row + r);
  }
  return out;
}

function axis(shift: Int32Array, offset: number): Axis {
  const places = Array.from({ length: UNIT }, (_, phase) => offset + phase / UNIT);
  const wholes = places.map(Math.floor);
  const parts = places.map((place, i) => place - wholes[i]!);
  let least = Infinity;
  let most = -Infinity;
  for (const v of shift) {
    const whole = (v >> 6) + wholes[v & (UNIT - 1)]!;
    if (whole < least) least = whole;
    if (whole > most) most = whole;
  }
  return { shift, wholes, parts, least, most };
}

/** `source` = what `bandWindow` holds. A pixel is as valid as the source pixel nearest to its place. */
export function moveByField(
  { window, x, y, bandWindow }: FieldMove,
  source: { readonly bands: readonly Float32Array[]; readonly valid: Uint8Array },
): { bands: readonly Float32Array[]; valid: Uint8Array } {
  const count = window.width * window.height;
  const corner = new Int32Array(count);
  const valid = new Uint8Array(count);
  const phaseX = new Uint8Array(count);
  const phaseY = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const [px, py] = [x.shift[i]! & (UNIT - 1), y.shift[i]! & (UNIT - 1)];
    const col = (i % window.width) + (x.shift[i]! >> 6) + x.wholes[px]! - x.least;
    const row = Math.floor(i / window.width) + (y.shift[i]! >> 6) + y.wholes[py]! - y.least;
    corner[i] = row * bandWindow.width + col;
    phaseX[i] = px;
    phaseY[i] = py;
    const [nearCol, nearRow] = [col + 1 + Math.round(x.parts[px]!), row + 1 + Math.round(y.parts[py]!)];
    valid[i] = source.valid[nearRow * bandWindow.width + nearCol]!;
  }
  const [tableX, tableY] = [weightTable(x.parts), weightTable(y.parts)];
  const bands = source.bands.map((band) => {
    const moved = new Float32Array(count);
    moveBandBy(band, bandWindow.width, { corner, phaseX, phaseY }, tableX, tableY, moved);
    for (let i = 0; i < count; i++) if (valid[i] === 0) moved[i] = 0;
    return moved;
  });
  return { bands, valid };
}

/** Masks of BEFORE lie on AFTER's pixels before they are moved: the window of them that the move needs. */
export function maskWindow({ window, x, y }: FieldMove): Window {
  const [across, down] = [wholeRange(x.shift), wholeRange(y.shift)];
  return {
    col: window.col + across.least,
    row: window.row + down.least,
    width: window.width + across.most - across.least,
    height: window.height + down.most - down.least,
  };
}

function wholeRange(shift: Int32Array): { least: number; most: number } {
  let least = Infinity;
  let most = -Infinity;
  for (const v of shift) {
    const whole = Math.round(v / UNIT);
    if (whole < least) least = whole;
    if (whole > most) most = whole;
  }
  return { least, most };
}

/** A mask moved to the nearest pixel; `mask` = what `maskWindow` holds. */
export function moveMaskByField(move: FieldMove, mask: Uint8Array): Uint8Array {
  const { window, x, y } = move;
  const from = maskWindow(move);
  return Uint8Array.from(x.shift, (v, i) => {
    const col = window.col + (i % window.width) + Math.round(v / UNIT) - from.col;
    const row = window.row + Math.floor(i / window.width) + Math.round(y.shift[i]! / UNIT) - from.row;
    return mask[row * from.width + col]!;
  });
}

/** Pixels of the refused part of the scene are not seen. */
export function hideRefused(field: ShiftField, window: Window, seen: Uint8Array): void {
  if (!field.refused.includes(1)) return;
  for (let i = 0; i < seen.length; i++) {
    if (refusedAt(field, window.col + (i % window.width), window.row + Math.floor(i / window.width))) seen[i] = 0;
  }
}
