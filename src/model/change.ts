/**
 * Change: what the comparison of two dates works on and what it gives. All arrays are row-major with `width × height`
 * entries; bands are planar and in the order of `roles`.
 */
import type { Window } from './grid.js';
import type { BandRole } from './raster.js';

export type ChangeKind = 'mining' | 'any';

/** What a pixel is in a change mask. */
export const CHANGE = { none: 0, changed: 1, notSeen: 255 } as const;

/** Both dates of one window on one grid, in the file's raw units; before is already moved by the measured shift. */
export interface AlignedPair {
  readonly width: number;
  readonly height: number;
  readonly roles: readonly BandRole[];
  readonly before: readonly Float32Array[];
  readonly after: readonly Float32Array[];
  /** 1 = seen on both dates. Where it is 0 the bands hold no meaning (finite, usually 0). */
  readonly seen: Uint8Array;
}

/** Facts of a pair that detectors may use. */
export interface PairFacts {
  readonly kind: ChangeKind;
  /** Ground size of a pixel in metres (geometric mean of x and y); null without a coordinate system. */
  readonly gsdM: number | null;
  /** Area of a pixel in m² at the middle of the scene; null without a coordinate system. */
  readonly pixelAreaM2: number | null;
  readonly minAreaM2: number;
  readonly sensorBefore: string;
  readonly sensorAfter: string;
  readonly dateBefore: string | null;
  readonly dateAfter: string | null;
}

/**
 * A shift that varies over the scene: nodes every `step` pixels from (col, row) of AFTER's grid, row by row; between them
 * straight lines both ways. The nodes reach to the extent's edges or beyond them.
 */
export interface ShiftField {
  readonly col: number;
  readonly row: number;
  readonly step: number;
  readonly cols: number;
  readonly rows: number;
  /** Whole 64ths of a pixel, signs as in Shift. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** 1 where the dates cannot be brought to lie on each other: pixels nearest to such a node are not seen. */
  readonly refused: readonly number[];
}

export interface Shift {
  /** The content of BEFORE lies this many pixels right of (x) and below (y) the same content in AFTER. */
  readonly x: number;
  readonly y: number;
  /** Robust spread of the local measurements after correction, pixels. */
  readonly residualPx: number;
  /** How many tiles could be measured. */
  readonly tiles: number;
  /** Where the shift is not the same everywhere, or part of the scene is refused; x and y are then its median. */
  readonly field?: ShiftField;
  /** Share of the extent that is refused; absent = 0. */
  readonly refusedShare?: number;
}

/** Everything global that is fitted once per pair. Plain JSON; doubles survive the round trip. */
export interface PairModel {
  readonly facts: PairFacts;
  readonly roles: readonly BandRole[];
  readonly shift: Shift;
  /** Name and version of the detector, e.g. `any-optical/1`. */
  readonly method: string;
  /** The detector's own numbers (gains, transform, thresholds, cut-offs). */
  readonly detector: Readonly<Record<string, unknown>>;
  /** Pixels of context that a block needs on every side for its result not to depend on where it begins. */
  readonly haloPx: number;
  /** Enclosed holes of a component up to this many pixels belong to it; absent = none. */
  readonly fillHolesPx?: number;
  /** Kept objects are read again with this much around them and their outlines drawn anew (kernel recut); absent = not done. */
  readonly recutMarginPx?: number;
  /** Numbers of the built-in detector of cloud, shadow, snow and saturation; absent where the bands for it are missing. */
  readonly quality?: Readonly<Record<string, unknown>>;
}

/** Per-pixel measurements that patches are described by: whole numbers, so that sums over a patch are exact however it was cut. */
export interface Measures {
  readonly count: number;
  /** Adds the measurements of a changed pixel to `sums`. */
  add(pixel: number, sums: number[]): void;
}

/** The detector's answer for one window: score with NaN = not seen, change as CHANGE. */
export interface BlockChange {
  readonly score: Float32Array;
  readonly change: Uint8Array;
  readonly measures: Measures;
  /** The same change drawn more strictly, each mask within the one before; absent = none. */
  readonly stricter?: readonly { readonly change: Uint8Array; readonly measures: Measures }[];
}

/** A horizontal run of pixels of a component in absolute pixel coordinates of the pair's grid: row, first col, last col. */
export type Run = readonly [row: number, colFrom: number, colTo: number];

/** A part of a patch inside one block: 4-connected changed pixels. */
export interface BlockPatch {
  /** 0 or absent = of `change`; n = of the n-th stricter mask. */
  readonly level?: number;
  /** Flattened runs: row, colFrom, colTo, row, … sorted by row, then col. */
  readonly runs: Int32Array;
  readonly pixels: number;
  /** Sums of the block's measures over the pixels, in the detector's order of measure names. Exact integers. */
  readonly sums: readonly number[];
}

/** What a compared block gives back. Small: no pixels. */
export interface BlockResult {
  readonly window: Window;
  readonly patches: readonly BlockPatch[];
  /** Seen pixels as flattened runs (row, colFrom, colTo …) in absolute pixel coordinates. */
  readonly seenRuns: Int32Array;
  readonly seenPixels: number;
  readonly changedPixels: number;
  /** How far the dates still lie apart at places of a fixed lattice, pixels: x, y, x, y, … of those that could be measured; absent = not looked at. */
  readonly checks?: readonly number[];
  /** Boxes around what a cloud, its shadow, snow or saturation hides, in absolute pixels; absent = not looked at. */
  readonly hidden?: readonly Window[];
}

/** A whole connected change of one pair's grid, before geometry: the union of block parts over seams. */
export interface Component {
  /** 0 or absent = of the widest mask; n = of the n-th stricter one. */
  readonly level?: number;
  readonly runs: Int32Array;
  readonly pixels: number;
  readonly sums: readonly number[];
}

export type ChangeType =
  | 'vegetation-to-bare'
  | 'bare-deeper'
  | 'bare-to-water'
  | 'spoil'
  | 'building-like'
  | 'road-like'
  | 'other';

/** What the object stage of a detector says of one component. */
export interface ObjectJudgement {
  readonly keep: boolean;
  /** Which of several components over each other is believed most; absent = the confidence. */
  readonly rank?: number;
  /** 0–1: how sure the detector is that this is a change of the asked kind. */
  readonly confidence: number;
  readonly changeType: ChangeType;
  /** Chinese sentences, the officer's language. */
  readonly reasons: readonly string[];
}

export interface JudgedComponent {
  readonly component: Component;
  readonly judgement: ObjectJudgement;
}

/**
 * Smallest patch that is worth a report where nobody says otherwise, m². Mining: 9 pixels (900 m² at 10 m, the recipe's
 * default), but not under 400 m², the smallest land patch of key areas. Any change: 40 pixels, but no more than 4,000 m² while
 * that is at least 4 pixels: smaller ones are mostly sub-pixel edges and single trees (measured: docs/accuracy.md).
 * Without a ground size the unit is the pixel.
 */
export function defaultMinAreaM2(kind: ChangeKind, gsdM: number | null): number {
  if (gsdM === null) return kind === 'mining' ? 9 : 15;
  const pixelM2 = gsdM * gsdM;
  if (kind === 'mining') return Math.max(400, 9 * pixelM2);
  return Math.min(40 * pixelM2, Math.max(4000, 4 * pixelM2));
}
