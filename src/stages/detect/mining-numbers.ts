/**
 * mining-numbers: what a component looks like in about forty numbers of order one, free of the sensor's units.
 * Spectra before and after, change against the pair's own spread, contrast with the unchanged surroundings, the step across the
 * outline on both dates, roughness, size and form. Sums are exact integers, runs are sorted: the numbers do not depend on blocks.
 */
import { MEASURES, type MeasureName } from '../../kernels/mining-measure.js';
import type { Component } from '../../model/change.js';
import type { MiningDetector } from '../../model/mining.js';

export const OBJECT_NUMBERS = [
  'logPixels',
  'edgeShare',
  'elongation',
  'ellipseFill',
  'boxFill',
  'vegBefore',
  'vegAfter',
  'loss',
  'lossZ',
  'brightBefore',
  'brightAfter',
  'gain',
  'gainZ',
  'swirAfter',
  'swirGain',
  'bareAfter',
  'bareGain',
  'redAfter',
  'redGain',
  'score',
  'roughBefore',
  'roughAfter',
  'roughGain',
  'brightSpread',
  'vegSpreadBefore',
  'vegSpreadAfter',
  'ringVegContrastBefore',
  'ringVegContrastAfter',
  'ringBrightContrastBefore',
  'ringBrightContrastAfter',
  'ringLoss',
  'ringGain',
  'ringCandidates',
  'stepBefore',
  'stepAfter',
  'stepGain',
  'vegStepBefore',
  'vegStepAfter',
  'vegStepGain',
] as const;

const INDEX = Object.fromEntries(MEASURES.map((name, i) => [name, i])) as Record<MeasureName, number>;

export type Mean = (name: MeasureName) => number;

/** Means per changed pixel, in the measures' own units (thousandths). */
export function meansOf(component: Component): Mean {
  const count = Math.max(1, component.sums[INDEX.count] ?? 0);
  return (name) => (component.sums[INDEX[name]] ?? 0) / count;
}

function difference(a: number, b: number): number {
  return a + b > 0 ? (a - b) / (a + b) : 0;
}

export function objectNumbers(component: Component, detector: MiningDetector): number[] {
  const count = Math.max(1, component.sums[INDEX.count] ?? 0);
  const mean = meansOf(component);
  const perEdge = (name: MeasureName, of: 'edge' | 'ring') =>
    (component.sums[INDEX[name]] ?? 0) / Math.max(1, component.sums[INDEX[of]] ?? 0);
  const spread = (square: number, value: number) => Math.sqrt(Math.max(0, square - value * value));
  const form = formOf(component.runs);
  const vegBefore = mean('vegBefore') / 1000;
  const vegAfter = mean('vegAfter') / 1000;
  const gain = difference(mean('brightAfter'), mean('brightBefore'));
  const brightAfter = Math.max(mean('brightAfter'), 1);
  const ringVegBefore = perEdge('ringVegBefore', 'ring') / 1000;
  const ringVegAfter = perEdge('ringVegAfter', 'ring') / 1000;
  const ringBrightBefore = perEdge('ringBrightBefore', 'ring');
  const ringBrightAfter = perEdge('ringBrightAfter', 'ring');
  const ringed = (component.sums[INDEX.ring] ?? 0) > 0 ? 1 : 0;
  const stepBefore = perEdge('stepBefore', 'edge') / 1000;
  const stepAfter = perEdge('stepAfter', 'edge') / 1000;
  const vegStepBefore = perEdge('vegStepBefore', 'edge') / 1000;
  const vegStepAfter = perEdge('vegStepAfter', 'edge') / 1000;
  const roughBefore = mean('roughBefore') / 1000;
  const roughAfter = mean('roughAfter') / 1000;
  return [
    Math.log2(count),
    form.perimeter / (4 * Math.sqrt(form.pixels)),
    form.elongation,
    form.ellipseFill,
    form.boxFill,
    vegBefore,
    vegAfter,
    vegBefore - vegAfter,
    clamp((vegBefore - vegAfter) / (detector.termSpread[1] ?? 1), 12) / 4,
    difference(mean('brightBefore'), 1000),
    difference(mean('brightAfter'), 1000),
    gain,
    clamp(gain / (detector.termSpread[3] ?? 1), 12) / 4,
    difference(mean('swirAfter'), 1000),
    difference(mean('swirAfter'), mean('swirBefore')),
    mean('bareAfter') / 1000,
    (mean('bareAfter') - mean('bareBefore')) / 1000,
    mean('redAfter') / 1000,
    (mean('redAfter') - mean('redBefore')) / 1000,
    clamp(mean('score') / 100, 20),
    roughBefore,
    roughAfter,
    difference(roughAfter, roughBefore),
    // brightAfterSquare holds squares of a quarter of the brightness
    (4 * spread(mean('brightAfterSquare'), brightAfter / 4)) / brightAfter,
    spread(mean('vegBeforeSquare'), mean('vegBefore')) / 1000,
    spread(mean('vegAfterSquare'), mean('vegAfter')) / 1000,
    ringed * (vegBefore - ringVegBefore),
    ringed * (vegAfter - ringVegAfter),
    ringed * difference(mean('brightBefore'), ringBrightBefore),
    ringed * difference(mean('brightAfter'), ringBrightAfter),
    ringed * (ringVegBefore - ringVegAfter),
    ringed * difference(ringBrightAfter, ringBrightBefore),
    perEdge('ringCandidates', 'ring') / 1000,
    stepBefore,
    stepAfter,
    difference(stepAfter, stepBefore),
    vegStepBefore,
    vegStepAfter,
    difference(vegStepAfter, vegStepBefore),
  ];
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

interface Form {
  readonly pixels: number;
  readonly perimeter: number;
  /** Ratio of the axes of the ellipse with the same second moments, as log2. */
  readonly elongation: number;
  /** Pixels as a share of that ellipse: ragged or hollow forms have less. */
  readonly ellipseFill: number;
  readonly boxFill: number;
}

/** Form from runs (row, colFrom, colTo): perimeter in pixel sides, moments relative to the first run so that position cancels. */
export function formOf(runs: Int32Array): Form {
  const row0 = runs[0] ?? 0;
  const col0 = runs[1] ?? 0;
  let pixels = 0;
  let sides = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let syy = 0;
  let sxy = 0;
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = row0;
  let above = 0;
  for (let k = 0; k + 2 < runs.length; k += 3) {
    const row = runs[k] ?? 0;
    const from = runs[k + 1] ?? 0;
    const to = runs[k + 2] ?? 0;
    const n = to - from + 1;
    const y = row - row0;
    const a = from - col0;
    const b = to - col0;
    const sum = ((a + b) * n) / 2;
    const squares = cumulativeSquares(b) - cumulativeSquares(a - 1);
    pixels += n;
    sx += sum;
    sy += y * n;
    sxx += squares;
    syy += y * y * n;
    sxy += y * sum;
    left = Math.min(left, from);
    right = Math.max(right, to);
    bottom = Math.max(bottom, row);
    sides += 2 + 2 * n;
    while (
      above < k &&
      ((runs[above] ?? 0) < row - 1 || ((runs[above] ?? 0) === row - 1 && (runs[above + 2] ?? 0) < from))
    )
      above += 3;
    for (let j = above; j < k && (runs[j] ?? 0) === row - 1 && (runs[j + 1] ?? 0) <= to; j += 3) {
      sides -= 2 * Math.max(0, Math.min(to, runs[j + 2] ?? 0) - Math.max(from, runs[j + 1] ?? 0) + 1);
    }
  }
  const vx = sxx / pixels - (sx / pixels) ** 2 + 1 / 12;
  const vy = syy / pixels - (sy / pixels) ** 2 + 1 / 12;
  const vxy = sxy / pixels - (sx / pixels) * (sy / pixels);
  const half = (vx + vy) / 2;
  const root = Math.sqrt(Math.max(0, half * half - (vx * vy - vxy * vxy)));
  const small = Math.max(half - root, 1 / 12);
  return {
    pixels,
    perimeter: sides,
    elongation: Math.log2((half + root) / small) / 2,
    ellipseFill: pixels / (4 * Math.PI * Math.sqrt(Math.max((half + root) * small, 1e-9))),
    boxFill: pixels / ((right - left + 1) * (bottom - row0 + 1)),
  };
}

/** Σ k² for k ≤ n, also for negative n (as a difference of two such sums). */
function cumulativeSquares(n: number): number {
  return (n * (n + 1) * (2 * n + 1)) / 6;
}
