/**
 * mining-measure: what a patch is judged by, as integers per changed pixel, so that a patch's sums are exact however it was cut.
 * Levels and changes inside, roughness, and along the outline the same numbers of the unchanged surroundings and the step across
 * the outline on both dates (a parcel's edge was there before; a pit's was not).
 * In:  final mask, planes. Out: Measures in the order of MEASURES. Context needed: `ring` + 1 pixels.
 */
import type { Measures } from '../model/change.js';
import type { IndexPlanes } from './mining-index.js';

export const MEASURES = [
  'count',
  'vegBefore',
  'vegAfter',
  'brightBefore',
  'brightAfter',
  'swirBefore',
  'swirAfter',
  'bareBefore',
  'bareAfter',
  'redBefore',
  'redAfter',
  'score',
  'roughBefore',
  'roughAfter',
  'brightAfterSquare',
  'vegAfterSquare',
  'vegBeforeSquare',
  'edge',
  'ring',
  'ringVegBefore',
  'ringVegAfter',
  'ringBrightBefore',
  'ringBrightAfter',
  'ringCandidates',
  'stepBefore',
  'stepAfter',
  'vegStepBefore',
  'vegStepAfter',
  'odd',
  'oddSquare',
  'lossKind',
  'gainKind',
  'bareKind',
  'swirKind',
  'ringOdd',
  'ringScore',
  'ringLossKind',
  'oddStep',
] as const;
export type MeasureName = (typeof MEASURES)[number];

const AT = Object.fromEntries(MEASURES.map((name, i) => [name, i])) as Record<MeasureName, number>;

/** Very low scores weigh no more than a plain no. */
const LEAST_SCORE = -600;
/** Pixels between the two samples of a step across the outline. */
const STEP = 2;

export interface MeasureInput {
  readonly mask: Uint8Array;
  /** Pixels that were candidates before the mask was tidied: changed surroundings. */
  readonly candidates: Uint8Array;
  readonly seen: Uint8Array;
  readonly scores: Int16Array;
  readonly planes: IndexPlanes;
  readonly width: number;
  readonly height: number;
  readonly ring: number;
}

/** The measures of the mask's pixels. */
export function miningMeasures(input: MeasureInput): Measures {
  const { mask, planes: p, scores, width, height } = input;
  return {
    count: MEASURES.length,
    add: (i, sums) => {
      const y = Math.floor(i / width);
      const x = i - y * width;
      sums[AT.count]!++;
      sums[AT.vegBefore]! += p.vegBefore[i]!;
      sums[AT.vegAfter]! += p.vegAfter[i]!;
      sums[AT.brightBefore]! += p.brightBefore[i]!;
      sums[AT.brightAfter]! += p.brightAfter[i]!;
      sums[AT.swirBefore]! += p.swirBefore[i]!;
      sums[AT.swirAfter]! += p.swirAfter[i]!;
      sums[AT.bareBefore]! += p.bareBefore[i]!;
      sums[AT.bareAfter]! += p.bareAfter[i]!;
      sums[AT.redBefore]! += p.redBefore[i]!;
      sums[AT.redAfter]! += p.redAfter[i]!;
      sums[AT.score]! += scores[i]!;
      sums[AT.roughBefore]! += roughness(p.brightBefore, mask, x, y, width, height);
      sums[AT.roughAfter]! += roughness(p.brightAfter, mask, x, y, width, height);
      const bright = p.brightAfter[i]! >> 2;
      sums[AT.brightAfterSquare]! += bright * bright;
      sums[AT.vegAfterSquare]! += p.vegAfter[i]! * p.vegAfter[i]!;
      sums[AT.vegBeforeSquare]! += p.vegBefore[i]! * p.vegBefore[i]!;
      sums[AT.odd]! += p.odd[i]!;
      sums[AT.oddSquare]! += p.odd[i]! * p.odd[i]!;
      sums[AT.lossKind]! += p.lossKind[i]!;
      sums[AT.gainKind]! += p.gainKind[i]!;
      sums[AT.bareKind]! += p.bareKind[i]!;
      sums[AT.swirKind]! += p.swirKind[i]!;
      if (!isEdge(mask, x, y, width, height)) return;
      sums[AT.edge]!++;
      surroundings(input, x, y, sums);
      steps(input, x, y, sums);
    },
  };
}

function isEdge(mask: Uint8Array, x: number, y: number, width: number, height: number): boolean {
  const i = y * width + x;
  return (
    (x > 0 && mask[i - 1] === 0) ||
    (x < width - 1 && mask[i + 1] === 0) ||
    (y > 0 && mask[i - width] === 0) ||
    (y < height - 1 && mask[i + width] === 0)
  );
}

/** Mean absolute difference to the right and lower neighbour inside the patch, thousandths of the pair of values. */
function roughness(plane: Int16Array, mask: Uint8Array, x: number, y: number, width: number, height: number): number {
  const i = y * width + x;
  let sum = 0;
  let count = 0;
  if (x < width - 1 && mask[i + 1] === 1) {
    sum += (2000 * Math.abs(plane[i]! - plane[i + 1]!)) / (plane[i]! + plane[i + 1]! + 1);
    count++;
  }
  if (y < height - 1 && mask[i + width] === 1) {
    sum += (2000 * Math.abs(plane[i]! - plane[i + width]!)) / (plane[i]! + plane[i + width]! + 1);
    count++;
  }
  return count === 0 ? 0 : Math.round(sum / count);
}

/** Means over the unchanged pixels of the window, every other pixel of it. */
function surroundings(input: MeasureInput, x: number, y: number, sums: number[]): void {
  const { mask, candidates, seen, scores, planes: p, width, height, ring } = input;
  let count = 0;
  let candidate = 0;
  let vegBefore = 0;
  let vegAfter = 0;
  let brightBefore = 0;
  let brightAfter = 0;
  let odd = 0;
  let score = 0;
  let lossKind = 0;
  for (let dy = -ring; dy <= ring; dy += 2) {
    const yy = y + dy;
    if (yy < 0 || yy >= height) continue;
    for (let dx = -ring; dx <= ring; dx += 2) {
      const xx = x + dx;
      if (xx < 0 || xx >= width) continue;
      const j = yy * width + xx;
      if (mask[j] === 1 || seen[j] === 0) continue;
      count++;
      candidate += candidates[j]!;
      vegBefore += p.vegBefore[j]!;
      vegAfter += p.vegAfter[j]!;
      brightBefore += p.brightBefore[j]!;
      brightAfter += p.brightAfter[j]!;
      odd += p.odd[j]!;
      lossKind += p.lossKind[j]!;
      score += scores[j]! < LEAST_SCORE ? LEAST_SCORE : scores[j]!;
    }
  }
  if (count === 0) return;
  sums[AT.ring]!++;
  sums[AT.ringVegBefore]! += Math.round(vegBefore / count);
  sums[AT.ringVegAfter]! += Math.round(vegAfter / count);
  sums[AT.ringBrightBefore]! += Math.round(brightBefore / count);
  sums[AT.ringBrightAfter]! += Math.round(brightAfter / count);
  sums[AT.ringCandidates]! += Math.round((1000 * candidate) / count);
  sums[AT.ringOdd]! += Math.round(odd / count);
  sums[AT.ringScore]! += Math.round(score / count);
  sums[AT.ringLossKind]! += Math.round(lossKind / count);
}

/** Differences between a pixel `STEP` inside and `STEP` outside, over the four directions that leave the patch. */
function steps(input: MeasureInput, x: number, y: number, sums: number[]): void {
  const { mask, seen, planes: p, width, height } = input;
  const i = y * width + x;
  let count = 0;
  let brightBefore = 0;
  let brightAfter = 0;
  let vegBefore = 0;
  let vegAfter = 0;
  let odd = 0;
  for (let d = 0; d < 4; d++) {
    const dx = d === 0 ? 1 : d === 1 ? -1 : 0;
    const dy = d === 2 ? 1 : d === 3 ? -1 : 0;
    const xo = x + dx * STEP;
    const yo = y + dy * STEP;
    const xi = x - dx * (STEP - 1);
    const yi = y - dy * (STEP - 1);
    if (xo < 0 || xo >= width || yo < 0 || yo >= height || xi < 0 || xi >= width || yi < 0 || yi >= height) continue;
    const outer = yo * width + xo;
    const inner = yi * width + xi;
    if (mask[i + dy * width + dx] === 1 || mask[outer] === 1 || seen[outer] === 0 || mask[inner] === 0) continue;
    count++;
    brightBefore += p.brightBefore[inner]! - p.brightBefore[outer]!;
    brightAfter += p.brightAfter[inner]! - p.brightAfter[outer]!;
    vegBefore += p.vegBefore[inner]! - p.vegBefore[outer]!;
    vegAfter += p.vegAfter[inner]! - p.vegAfter[outer]!;
    odd += p.odd[inner]! - p.odd[outer]!;
  }
  if (count === 0) return;
  sums[AT.stepBefore]! += Math.round(Math.abs(brightBefore) / count);
  sums[AT.stepAfter]! += Math.round(Math.abs(brightAfter) / count);
  sums[AT.vegStepBefore]! += Math.round(Math.abs(vegBefore) / count);
  sums[AT.vegStepAfter]! += Math.round(Math.abs(vegAfter) / count);
  sums[AT.oddStep]! += Math.round(odd / count);
}
