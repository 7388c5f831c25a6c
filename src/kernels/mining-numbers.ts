/**
 * mining-numbers: what a component looks like in about fifty numbers of order one, free of the sensor's units: spectra and changes
 * against the pair's own distribution (Z), contrast with the unchanged surroundings on both dates, the step across the outline,
 * roughness, size and form; and their logistic model (Cox 1958). Absolute levels are left out: they do not carry over to other scenes.
 * In:  a component (sorted runs, exact sums in the order of MEASURES), the pair's centres and spreads. Out: numbers, log-odds.
 */
import type { Component } from '../model/change.js';
import type { Logistic, MiningDetector } from '../model/mining.js';
import { hullForm } from './hull.js';
import { MEASURES, type MeasureName } from './mining-measure.js';

const INDEX = Object.fromEntries(MEASURES.map((name, i) => [name, i])) as Record<MeasureName, number>;

export type Mean = (name: MeasureName) => number;

/** Means per changed pixel, in the measures' own units (thousandths). */
export function meansOf(component: Component): Mean {
  const count = Math.max(1, component.sums[INDEX.count] ?? 0);
  return (name) => (component.sums[INDEX[name]] ?? 0) / count;
}

/** Normalised difference of two levels, −1…1. */
function difference(a: number, b: number): number {
  return a + b > 0 ? (a - b) / (a + b) : 0;
}

function clamp(value: number, limit: number): number {
  return value > limit ? limit : value < -limit ? -limit : value;
}

function spreadOf(meanSquare: number, mean: number): number {
  return Math.sqrt(Math.max(0, meanSquare - mean * mean));
}

export type Scales = Pick<MiningDetector, 'termCentre' | 'termSpread' | 'threshold' | 'stricter'>;

/** The numbers by name; their order is the order of the keys. */
export function objectNumbers(component: Component, scales: Scales): Record<string, number> {
  const mean = meansOf(component);
  const per = (name: MeasureName, of: 'edge' | 'ring') =>
    (component.sums[INDEX[name]] ?? 0) / Math.max(1, component.sums[INDEX[of]] ?? 0);
  // term numbers as in INDEX_TERMS
  const z = (term: number, value: number) =>
    clamp((value - scales.termCentre[term]!) / scales.termSpread[term]!, 10) / 4;
  const inSpreads = (term: number, value: number) => clamp(value / scales.termSpread[term]!, 10) / 4;
  const level = component.level ?? 0;
  const threshold = level === 0 ? scales.threshold : (scales.stricter[level - 1] ?? scales.threshold);
  const form = formOf(component.runs);
  const vegBefore = mean('vegBefore') / 1000;
  const vegAfter = mean('vegAfter') / 1000;
  const brightBefore = difference(mean('brightBefore'), 1000);
  const brightAfter = difference(mean('brightAfter'), 1000);
  const brightness = Math.max(mean('brightAfter'), 1);
  const gain = difference(mean('brightAfter'), mean('brightBefore'));
  const swirGain = difference(mean('swirAfter'), mean('swirBefore'));
  const bareGain = (mean('bareAfter') - mean('bareBefore')) / 1000;
  const redGain = (mean('redAfter') - mean('redBefore')) / 1000;
  const ringed = (component.sums[INDEX.ring] ?? 0) > 0 ? 1 : 0;
  const ringVegBefore = per('ringVegBefore', 'ring') / 1000;
  const ringVegAfter = per('ringVegAfter', 'ring') / 1000;
  const contrastVegBefore = ringed * (vegBefore - ringVegBefore);
  const contrastVegAfter = ringed * (vegAfter - ringVegAfter);
  const contrastBefore = ringed * difference(mean('brightBefore'), per('ringBrightBefore', 'ring'));
  const contrastAfter = ringed * difference(mean('brightAfter'), per('ringBrightAfter', 'ring'));
  const stepBefore = per('stepBefore', 'edge') / 1000;
  const stepAfter = per('stepAfter', 'edge') / 1000;
  const vegStepBefore = per('vegStepBefore', 'edge') / 1000;
  const vegStepAfter = per('vegStepAfter', 'edge') / 1000;
  const roughBefore = mean('roughBefore') / 1000;
  const roughAfter = mean('roughAfter') / 1000;
  return {
    logPixels: Math.log2(Math.max(1, component.sums[INDEX.count] ?? 0)),
    edgeShare: form.perimeter / (4 * Math.sqrt(form.pixels)),
    elongation: form.elongation,
    ellipseFill: form.ellipseFill,
    boxFill: form.boxFill,
    loss: vegBefore - vegAfter,
    gain,
    swirGain,
    bareGain,
    redGain,
    score: clamp(mean('score') / 100, 20),
    scoreOver: clamp((mean('score') - threshold) / 100, 10),
    roughBefore,
    roughAfter,
    roughGain: difference(roughAfter, roughBefore),
    // brightAfterSquare holds squares of a quarter of the brightness
    brightSpread: (4 * spreadOf(mean('brightAfterSquare'), brightness / 4)) / brightness,
    vegSpreadBefore: spreadOf(mean('vegBeforeSquare'), mean('vegBefore')) / 1000,
    vegSpreadAfter: spreadOf(mean('vegAfterSquare'), mean('vegAfter')) / 1000,
    contrastVegBefore,
    contrastVegAfter,
    contrastBefore,
    contrastAfter,
    ringLoss: ringed * (ringVegBefore - ringVegAfter),
    ringGain: ringed * difference(per('ringBrightAfter', 'ring'), per('ringBrightBefore', 'ring')),
    stepBefore,
    stepAfter,
    stepGain: difference(stepAfter, stepBefore),
    vegStepBefore,
    vegStepAfter,
    vegStepGain: difference(vegStepAfter, vegStepBefore),
    vegAfterZ: z(0, vegAfter),
    lossZ: z(1, vegBefore - vegAfter),
    brightAfterZ: z(2, brightAfter),
    gainZ: z(3, gain),
    bareAfterZ: z(4, mean('bareAfter') / 1000),
    bareGainZ: z(5, bareGain),
    swirAfterZ: z(6, difference(mean('swirAfter'), 1000)),
    swirGainZ: z(7, swirGain),
    redAfterZ: z(8, mean('redAfter') / 1000),
    redGainZ: z(9, redGain),
    vegBeforeZ: z(0, vegBefore),
    brightBeforeZ: z(2, brightBefore),
    newContrastVeg: contrastVegAfter - contrastVegBefore,
    newContrast: contrastAfter - contrastBefore,
    newContrastVegZ: inSpreads(1, contrastVegAfter - contrastVegBefore),
    newContrastZ: inSpreads(3, contrastAfter - contrastBefore),
    newStepZ: inSpreads(3, (stepAfter - stepBefore) / 2),
    newVegStepZ: inSpreads(1, vegStepAfter - vegStepBefore),
    oldContrastVeg: Math.abs(contrastVegBefore),
    oldContrast: Math.abs(contrastBefore),
    level,
    odd: mean('odd') / 1000,
    oddSpread: spreadOf(mean('oddSquare'), mean('odd')) / 1000,
    lossKind: mean('lossKind') / 1000,
    gainKind: mean('gainKind') / 1000,
    bareKind: mean('bareKind') / 1000,
    swirKind: mean('swirKind') / 1000,
    oddOver: (ringed * (mean('odd') - per('ringOdd', 'ring'))) / 1000,
    lossKindOver: (ringed * (mean('lossKind') - per('ringLossKind', 'ring'))) / 1000,
    ringOdd: (ringed * per('ringOdd', 'ring')) / 1000,
    ringScore: (ringed * per('ringScore', 'ring')) / 100,
    ringCandidates: (ringed * per('ringCandidates', 'ring')) / 1000,
    oddStep: per('oddStep', 'edge') / 1000,
    lossBySize: ((vegBefore - vegAfter) * Math.log2(Math.max(1, component.sums[INDEX.count] ?? 0))) / 8,
  };
}

/** Log-odds of an object; a number far outside what was seen in training says no more than its edge. */
export function objectLogOdds(model: Logistic, numbers: Readonly<Record<string, number>>): number {
  let sum = model.bias;
  for (let i = 0; i < model.names.length; i++) {
    const value = ((numbers[model.names[i]!] ?? 0) - model.mean[i]!) / model.scale[i]!;
    sum += model.weight[i]! * clamp(value, 4);
  }
  return sum;
}

interface Form {
  readonly pixels: number;
  readonly perimeter: number;
  /** Ratio of the axes of the ellipse with the same second moments, as log2. */
  readonly elongation: number;
  /** Pixels as a share of that ellipse: ragged or hollow forms have less. */
  readonly ellipseFill: number;
  readonly boxFill: number;
  /** Pixels as a share of the convex hull, and of the smallest rectangle around it: parcels fill theirs, pits do not. */
  readonly hullFill: number;
  readonly rectangleFill: number;
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
    ...hullForm(runs, pixels),
  };
}

/** Σ k² for k ≤ n, also for negative n (as a difference of two such sums). */
function cumulativeSquares(n: number): number {
  return (n * (n + 1) * (2 * n + 1)) / 6;
}
